"""Rows of one number become one order or one refund."""

from regulars.domains.orders.intake.assembly import Wanted
from regulars.domains.orders.intake.model import Bad, Profile
from regulars.domains.orders.model import Line
from tests.domains.orders.intake_files import HEADER, checked, grouped, refund, row, sale


def test_the_earliest_line_is_the_time_of_the_order() -> None:
    rows, _ = checked([row(when="2009-12-01 07:46:00"), row(when="2009-12-01 07:45:00", product="22041")])
    (group,) = grouped(rows)
    assert sale(group).at.isoformat() == "2009-12-01T07:45:00+00:00"
    assert sale(group).rows == [2, 3]


def test_lines_are_numbered_by_product_so_that_another_sorting_of_the_file_is_the_same_order() -> None:
    lines = [row(product="b", quantity="1"), row(product="a", quantity="2"), row(product="b", quantity="1", price="3")]
    for order in (lines, lines[::-1]):
        rows, _ = checked(order)
        (group,) = grouped(rows)
        assert sale(group).lines == [Line(1, "a", 2, 1390), Line(2, "b", 1, 300), Line(3, "b", 1, 695)]
        assert sale(group).prices == ["6.95", "3", "6.95"]


def test_identical_lines_are_kept_their_quantities_add_up_and_they_are_counted() -> None:
    rows, _ = checked([row(), row(product="22041"), row(), row()])
    (group,) = grouped(rows)
    assert sale(group).lines == [Line(1, "22041", 12, 8340), Line(2, "85048", 36, 25020)]
    assert (sale(group).rows, sale(group).repeated, sale(group).bad) == ([2, 3, 4, 5], 2, [])


def test_lines_that_differ_in_anything_are_lines_of_their_own() -> None:
    rows, _ = checked([row(), row(quantity="1"), row(price="7"), row(when="2009-12-01 07:46:00")])
    (group,) = grouped(rows)
    assert [line.no for line in sale(group).lines] == [1, 2, 3, 4]
    assert sale(group).repeated == 0


def test_identical_lines_can_be_dropped() -> None:
    profile = Profile(drop_repeats=True)
    rows, _ = checked([row(), row(), row(number="C1", quantity="-1"), row(number="C1", quantity="-1")], profile=profile)
    sold, back = grouped(rows, profile)
    assert (sale(sold).rows, sale(sold).repeated) == ([2], 0)
    assert sale(sold).bad == [Bad(3, "", "85048", "repeated")]
    assert [wanted.row_no for wanted in refund(back).wanted] == [4]
    assert refund(back).bad == [Bad(5, "", "85048", "repeated")]


def test_rows_without_a_customer_go_with_the_order_and_rows_of_another_are_quarantined() -> None:
    rows, _ = checked([row(customer=""), row(customer="1"), row(customer="2", product="x"), row(customer="1", product="y")])
    (group,) = grouped(rows)
    assert (sale(group).owner, sale(group).rows) == ("1", [2, 3, 5])
    assert sale(group).bad == [Bad(4, "customer", "2", "customer_differs", "1")]


def test_rows_in_another_currency_are_quarantined() -> None:
    header = (*HEADER, "currency")
    rows, _ = checked([(*row(), "GBP"), (*row(product="x"), "EUR")], header)
    (group,) = grouped(rows)
    assert (sale(group).currency, sale(group).rows) == ("GBP", [2])
    assert sale(group).bad == [Bad(3, "currency", "EUR", "currency_differs", "GBP")]


def test_what_belongs_to_the_whole_order_is_taken_once() -> None:
    header = (*HEADER, "freight", "store", "channel")
    rows, _ = checked([(*row(), "4.95", "", "web"), (*row(product="x"), "4.95", "London", "till"), (*row(product="y"), "", "", "")], header)
    (group,) = grouped(rows)
    assert (sale(group).freight, sale(group).store, sale(group).channel) == (495, "London", "web")


def test_numbers_with_the_prefix_are_refunds_in_the_order_of_the_file() -> None:
    rows, _ = checked([row(number="C1", product="b", quantity="-2"), row(number="C1", product="a", quantity="-1")])
    (group,) = grouped(rows)
    assert refund(group).wanted == [Wanted(2, "b", "6.95", 2, 1390), Wanted(3, "a", "6.95", 1, 695)]


def test_free_lines_are_counted() -> None:
    rows, _ = checked([row(price="0"), row()])
    (group,) = grouped(rows)
    assert sale(group).free == 1
