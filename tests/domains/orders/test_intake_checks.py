"""Rows, one by one: what they become, or why not."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.orders.intake import checks, columns, reasons, times
from regulars.domains.orders.intake.model import Bad, Person, Profile, SpoolRow
from regulars.kernel import money, periods
from regulars.kernel.problem import Problem
from regulars.platform.files import model as files
from tests.domains.orders.intake_files import HEADER, NOW, checked, row

MORE = (*HEADER, "discount", "tax", "freight", "currency", "category", "store", "channel", "phone", "email", "customer_name")


def test_a_row_of_the_retail_file() -> None:
    good, bad = checked([row()])
    assert bad == []
    assert good == [
        SpoolRow(
            row_no=2,
            order_no="1001",
            customer="13085",
            at=datetime(2009, 12, 1, 7, 45, tzinfo=UTC),
            product="85048",
            quantity=12,
            price="6.95",
            amount=8340,
            discount=0,
            tax=0,
            freight=0,
            currency="GBP",
            category="",
            store="",
            channel="",
        )
    ]


def test_everything_a_row_can_say() -> None:
    values = (*row(quantity="2", price="10.00"), "3.50", "-2.00", "4.95", "eur", "cups", "北京", "web", "13800138000", "a@b.cn", "李雷")
    ((good,), bad) = checked([values], MORE)
    assert bad == []
    assert good[7:] == (2000, 350, 200, 495, "EUR", "cups", "北京", "web")


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        (row(number=""), "order_number", "missing"),
        (row(number="  "), "order_number", "missing"),
        (row(number="x" * 65), "order_number", "text"),
        (row(number="10\x001"), "order_number", "text"),
        (row(number="A506401", price="-53594.36", quantity="1"), "order_number", "adjustment"),
        (row(when=""), "time", "missing"),
        (row(when="2009-02-30 10:00"), "time", "time"),
        (row(when="1/12/2009"), "time", "time"),
        (row(when="1969-12-31 22:00"), "time", "time_range"),
        (row(when="2026-03-01 13:00"), "time", "time_range"),
        (row(customer="x" * 129), "customer", "text"),
        (row(price=""), "price", "missing"),
        (row(price="free"), "price", "number"),
        (row(price="1,50"), "price", "number"),
        (row(price="£6.95"), "price", "number"),
        (row(price="1e3"), "price", "number"),
        (row(price="nan"), "price", "number"),
        (row(price="-0.01"), "price", "negative_price"),
        (row(price="1000000000000"), "price", "amount"),
        (row(price="9999999999", quantity="1001"), "price", "amount"),
        (row(quantity=""), "quantity", "missing"),
        (row(quantity="a dozen"), "quantity", "quantity"),
        (row(quantity="1.5"), "quantity", "quantity"),
        (row(quantity="1000000000"), "quantity", "quantity"),
        (row(quantity="0"), "quantity", "quantity_not_positive"),
        (row(quantity="-96", price="0.0"), "quantity", "quantity_not_positive"),
        (row(number="C1", quantity="0"), "quantity", "quantity_zero"),
    ],
)
def test_a_bad_value_is_named_with_its_reason(values: tuple[str, ...], field: str, reason: str) -> None:
    good, (bad,) = checked([values])
    assert good == []
    assert (bad.row_no, bad.field, bad.reason, bad.kept) == (2, field, reason, False)
    assert bad.value or reason == "missing"
    for language in ("en", "zh"):
        assert reasons.wrong(bad.reason, bad.detail, language)
        assert "{" not in reasons.expected(bad.reason, bad.detail, language)


@pytest.mark.parametrize(
    ("values", "field", "reason", "detail"),
    [
        (("23.40", "", "", "", "", "", "", "", "", ""), "discount", "part_too_large", "20.00"),
        (("", "20.01", "", "", "", "", "", "", "", ""), "tax", "part_too_large", "20.00"),
        (("", "", "-1", "", "", "", "", "", "", ""), "freight", "negative", ""),
        (("", "", "", "XAU", "", "", "", "", "", ""), "currency", "currency", ""),
        (("", "", "", "Pounds", "", "", "", "", "", ""), "currency", "currency", ""),
        (("", "", "", "", "x" * 201, "", "", "", "", ""), "product", "text", "200"),
    ],
)
def test_a_bad_value_of_the_rarer_columns_is_named_too(values: tuple[str, ...], field: str, reason: str, detail: str) -> None:
    good, (bad,) = checked([(*row(quantity="2", price="10.00"), *values)], MORE)
    assert (good, bad.field, bad.reason, bad.detail) == ([], field, reason, detail)


def test_only_the_currency_of_the_programme_is_taken() -> None:
    header = (*HEADER, "currency")
    good, bad = checked([(*row(), "GBP"), (*row(), "CNY"), (*row(), "")], header, settlement="GBP")
    assert [one.row_no for one in good] == [2, 4]
    assert [(one.row_no, one.reason, one.detail) for one in bad] == [(3, "currency_other", "GBP")]


def test_ids_are_what_they_were_before_a_spreadsheet_touched_them() -> None:
    ((good,), _) = checked([row(number="489434.0", customer="13085.0", product=" 85048 ")])
    assert (good.order_no, good.customer, good.product) == ("489434", "13085", "85048")


@pytest.mark.parametrize("customer", ["", "0", "00", "-1", "null", "NaN", "Guest", "undefined", "匿名", "散客", "N/A"])
def test_edge_23_what_stands_for_nobody_is_nobody(customer: str) -> None:
    ((good,), _) = checked([row(customer=customer)])
    assert good.customer == ""


def test_a_refund_counts_what_is_given_back_whatever_its_sign() -> None:
    good, _ = checked([row(number="C1", quantity="-3"), row(number="C1", quantity="3")])
    assert [(one.quantity, one.amount) for one in good] == [(3, 2085), (3, 2085)]


def test_a_price_of_zero_is_kept() -> None:
    ((good,), _) = checked([row(price="0.00")])
    assert (good.price, good.amount) == ("0", 0)


def test_equal_prices_have_one_spelling() -> None:
    good, _ = checked([row(price=text) for text in ("2.1", "2.10", "02.100", "2.1000000")])
    assert {one.price for one in good} == {"2.1"}


def test_zero_prefixes_can_be_turned_off() -> None:
    good, bad = checked([row(number="A1"), row(number="C1")], profile=Profile(refund_prefix="", adjustment_prefix=""))
    assert ([one.order_no for one in good], bad) == (["A1", "C1"], [])


def test_amounts_with_thousands_or_a_decimal_comma_need_to_be_announced() -> None:
    good, _ = checked([row(price="1,234.50")], profile=Profile(numbers="1,234.56"))
    assert good[0].amount == 12 * 123450
    good, _ = checked([row(price="1.234,50", quantity="1.000")], profile=Profile(numbers="1.234,56"))
    assert good[0].amount == 1000 * 123450


def test_a_file_may_state_amounts_instead_of_prices() -> None:
    header = ("order_no", "date", "qty", "amount")
    good, bad = checked(
        [("1", "2009-12-01", "3", "10.00"), ("2", "2009-12-01", "3", "-1.00"), ("C3", "2009-12-01", "-6", "-20.00")], header
    )
    assert [(one.order_no, one.quantity, one.amount, one.price) for one in good] == [("1", 3, 1000, "1000/3"), ("C3", 6, 2000, "1000/3")]
    assert [(one.field, one.reason) for one in bad] == [("amount", "negative")]


def test_one_row_may_be_a_whole_order() -> None:
    ((good,), _) = checked([("1", "2009-12-01", "9.99")], ("order_no", "date", "total"))
    assert (good.quantity, good.amount, good.product, good.customer) == (1, 999, "", "")


def test_faults_of_whole_lines_hide_what_may_be_personal() -> None:
    header = (*HEADER, "phone")
    reader = times.Times("ymd", periods.zone("Europe/London"))
    batch = files.Batch([], [], [files.RowFault(7, files.COLUMNS, "1001;13800138000", "7")])
    for names, value in ((header, "(16 characters, hidden)"), (HEADER, "1001;13800138000")):
        checker = checks.Checker(names, columns.chosen(names, {}), Profile(), now=NOW, times=reader)
        assert checker.check(batch) == ([], [Bad(7, "", value, "columns", "7")])


def test_personal_values_are_gathered_by_customer() -> None:
    header = (*HEADER, "phone", "姓名")
    checker = checks.Checker(
        header, columns.chosen(header, {}), Profile(), now=NOW, times=times.Times("ymd", periods.zone("Europe/London"))
    )
    checker.check(files.Batch([[*row(), " 13800138000", "李雷", ""], [*row(customer=""), "13900139000", "", ""]], [2, 3]))
    assert checker.people == {"13085": Person(2, "13800138000", "", "李雷")}


PRICE = st.decimals(0, 10**7, places=4).map(lambda d: format(d, "f"))


@given(quantity=st.integers(1, 10**6), price=PRICE, currency=st.sampled_from(["GBP", "JPY", "KWD", "CNY"]))
def test_edge_13_amounts_are_rounded_once_half_to_even_as_everywhere_in_the_house(quantity: int, price: str, currency: str) -> None:
    good, bad = checked([row(quantity=str(quantity), price=price)], profile=Profile(currency=currency))
    try:
        expected = money.parse_product(quantity, price, currency)
    except Problem:
        assert [one.reason for one in bad] == ["amount"]
    else:
        assert [one.amount for one in good] == [expected]
        assert Fraction(good[0].price) == Fraction(price)


@given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), max_size=8))
def test_whatever_stands_in_a_row_it_is_good_or_bad_and_never_both(rows: list[list[str]]) -> None:
    good, bad = checked(rows)
    assert sorted([one.row_no for one in good] + [one.row_no for one in bad]) == list(range(2, len(rows) + 2))
    for one in good:
        assert all(text.isprintable() for text in (one.order_no, one.customer, one.product))


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        (Profile(zone="Europe/Londn"), "Europe/London"),
        (Profile(currency="POUND"), "ISO 4217"),
        (Profile(numbers="1 234"), "1,234.56"),
        (Profile(source=""), "source"),
        (Profile(source="my shop"), "source"),
        (Profile(refund_prefix="X", adjustment_prefix="X"), "another one"),
    ],
)
def test_settings_that_cannot_be_are_refused(profile: Profile, named: str) -> None:
    with pytest.raises(Problem, match=named):
        checks.checked(profile)
