"""First in, first out: which sale a refund gives back, and what it is worth."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.orders.intake.assembly import GivenBack, Group, Sale, Wanted
from regulars.domains.orders.intake.matching import History, Matched, Part, Shelf, base, histories
from regulars.domains.orders.intake.records import refunds
from regulars.domains.orders.model import Line, Order, Refund, Refunded, RefundLine
from regulars.kernel import ids
from regulars.kernel.ids import OrderId, RefundId, SubjectId

DAY = datetime(2010, 1, 1, tzinfo=UTC)
SUBJECT = SubjectId(UUID(int=7))


def sale(number: str, day: int, *lines: tuple[str, str, int, int], discount: int = 0) -> Sale:
    """Lines are (product, price, quantity, amount)."""
    made = [Line(no, product, quantity, amount, discount) for no, (product, _, quantity, amount) in enumerate(lines, 1)]
    prices = [price for _, price, _, _ in lines]
    return Sale(number, "1", DAY + timedelta(days=day), "GBP", made, prices, 0, "", "", list(range(len(lines))))


def back(number: str, day: int, *rows: tuple[str, str, int, int]) -> GivenBack:
    """Rows are (product, price, quantity, amount), numbered from 1."""
    return GivenBack(number, "1", DAY + timedelta(days=day), "GBP", [Wanted(at, *row) for at, row in enumerate(rows, 1)])


def played(*groups: Group, shelf: Shelf | None = None) -> list[Matched]:
    """What becomes of the refunds among the groups."""
    shelf = shelf or Shelf()
    found = []
    for group in groups:
        if isinstance(group, Sale):
            shelf.add(group)
        else:
            found.append(shelf.match(group))
    return found


def test_the_oldest_line_is_given_back_first_and_a_row_may_take_from_several() -> None:
    (found,) = played(
        sale("1", 0, ("cup", "2.5", 4, 1000)),
        sale("2", 1, ("cup", "2.5", 4, 1000)),
        back("C1", 2, ("cup", "2.5", 6, 1500)),
    )
    assert (found.matched, found.unmatched) == ([1], [])
    assert found.parts == [Part("1", [RefundLine(1, 1000, 4)], [1]), Part("2", [RefundLine(1, 500, 2)], [1])]


def test_another_price_product_or_a_later_sale_does_not_match() -> None:
    found = played(
        sale("1", 0, ("cup", "2.5", 4, 1000)),
        back("C1", 1, ("cup", "2.4", 1, 240)),
        back("C2", 1, ("mug", "2.5", 1, 250)),
        sale("2", 2, ("mug", "2.5", 1, 250)),
        back("C3", 1, ("mug", "2.5", 1, 250)),
    )
    assert [one.unmatched for one in found] == [[1], [1], [1]]
    assert found[0].parts == [Part("", [RefundLine(1, 240, 1)], [1])]


def test_a_sale_of_the_same_moment_counts_as_earlier() -> None:
    (found,) = played(sale("1", 0, ("cup", "2.5", 1, 250)), back("C1", 0, ("cup", "2.5", 1, 250)))
    assert found.matched == [1]


def test_a_row_whose_whole_quantity_is_not_there_takes_nothing() -> None:
    first, second = played(
        sale("1", 0, ("cup", "2.5", 4, 1000)), back("C1", 1, ("cup", "2.5", 5, 1250)), back("C2", 2, ("cup", "2.5", 4, 1000))
    )
    assert (first.unmatched, second.matched) == ([1], [1])


def test_rows_of_one_refund_that_take_from_the_same_line_are_one_line_of_the_refund() -> None:
    (found,) = played(sale("1", 0, ("cup", "2.5", 4, 1000)), back("C1", 1, ("cup", "2.5", 1, 250), ("cup", "2.5", 2, 500)))
    assert found.parts == [Part("1", [RefundLine(1, 750, 3)], [1, 2])]


def test_a_discounted_line_gives_back_what_was_paid_for_it_and_the_last_piece_the_rest() -> None:
    found = played(
        sale("1", 0, ("cup", "3.34", 3, 1002), discount=2),
        *(back(f"C{n}", n, ("cup", "3.34", 1, 334)) for n in (1, 2, 3)),
    )
    assert [one.parts[0].lines[0].amount for one in found] == [334, 333, 333]


def test_one_refund_becomes_one_for_each_order_and_one_for_what_has_none() -> None:
    (found,) = played(
        sale("1", 0, ("cup", "2.5", 4, 1000)), back("C1", 1, ("cup", "2.5", 4, 1000), ("mug", "1", 1, 100), ("cup", "2.5", 1, 250))
    )
    made = [refund for _, refund in refunds(found, "shop", None)]
    assert [(one.number, one.order_number, one.lines, base(one)) for one in made] == [
        ("C1", "", (RefundLine(2, 100, 1), RefundLine(3, 250, 1)), "C1"),
        ("C1:1", "1", (RefundLine(1, 1000, 4),), "C1"),
    ]
    assert made == [refund for _, refund in refunds(found, "shop", None)]


# What the database knows from earlier files.


def recorded(one: Sale, by_line: dict[int, int] | None = None) -> Refunded:
    order_id = OrderId(ids.derived(one.at, "order", "shop", one.number))
    order = Order(
        order_id=order_id,
        subject_id=SUBJECT,
        member_id=None,
        source="shop",
        number=one.number,
        paid_at=one.at,
        currency=one.currency,
        lines=tuple(one.lines),
    )
    return Refunded(order, by_line or {}, 0)


def given_back(number: str, state: Refunded | None, *lines: RefundLine) -> Refund:
    return Refund(
        refund_id=RefundId(ids.derived(DAY, "refund", "shop", number)),
        subject_id=SUBJECT,
        member_id=None,
        source="shop",
        number=number,
        refunded_at=DAY,
        currency="GBP",
        order_id=state.order.order_id if state else None,
        order_number=state.order.number if state else "",
        lines=lines,
    )


def known(orders: Sequence[Refunded], given: Sequence[Refund] = ()) -> Shelf:
    shelf = Shelf()
    shelf.remember(History(orders, given))
    return shelf


def test_sales_of_an_earlier_file_are_given_back_too() -> None:
    shelf = known([recorded(sale("1", 0, ("cup", "2.5", 4, 1000)))])
    (found,) = played(back("C1", 5, ("cup", "2.5", 3, 750)), shelf=shelf)
    assert found.parts == [Part("1", [RefundLine(1, 750, 3)], [1])]


def test_a_sale_that_is_recorded_and_in_the_file_is_there_once() -> None:
    one = sale("1", 0, ("cup", "2.5", 4, 1000))
    (found,) = played(one, back("C1", 5, ("cup", "2.5", 5, 1250)), shelf=known([recorded(one)]))
    assert found.unmatched == [1]


def test_what_was_given_back_elsewhere_cannot_be_again() -> None:
    state = recorded(sale("1", 0, ("cup", "2.5", 4, 1000)), {1: 500})
    for lines in ([RefundLine(1, 500, 2)], [RefundLine(1, 500, 0)]):
        shelf = known([state], [given_back("R9", state, *lines)])
        first, second = played(back("C1", 5, ("cup", "2.5", 3, 750)), back("C2", 5, ("cup", "2.5", 2, 500)), shelf=shelf)
        assert (first.unmatched, second.matched) == ([1], [1])


def test_a_line_of_an_earlier_file_is_told_by_its_amount() -> None:
    shelf = known([recorded(sale("1", 0, ("cup", "0.333", 10, 333)))])
    assert [m.matched for m in played(back("C1", 5, ("cup", "0.34", 1, 34)), back("C2", 5, ("cup", "0.333", 1, 33)), shelf=shelf)] == [
        [],
        [1],
    ]
    shelf = known([recorded(sale("1", 0, ("cup", "1000/3", 3, 1000)))])
    assert played(back("C1", 5, ("cup", "1000/3", 1, 333)), shelf=shelf)[0].matched == [1]


def test_a_recorded_refund_keeps_its_match_whatever_came_to_light_since() -> None:
    state = recorded(sale("2", 1, ("cup", "2.5", 4, 1000)), {1: 500})
    given = [given_back("C1:2", state, RefundLine(1, 500, 2)), given_back("C1", None, RefundLine(2, 100, 1))]
    earlier = sale("1", 0, ("cup", "2.5", 4, 1000), ("mug", "1", 1, 100))
    again = back("C1", 5, ("cup", "2.5", 2, 500), ("mug", "1", 1, 100))
    (found,) = played(earlier, again, shelf=known([state], given))
    assert (found.known, found.changed, found.parts, found.matched, found.unmatched) == (True, False, [], [1], [2])


def test_a_recorded_refund_with_other_content_is_a_conflict() -> None:
    state = recorded(sale("2", 1, ("cup", "2.5", 4, 1000)), {1: 500})
    given = [given_back("C1:2", state, RefundLine(1, 500, 2)), given_back("C1", None, RefundLine(2, 100, 1))]
    for rows in (
        [("cup", "2.5", 3, 750), ("mug", "1", 1, 100)],
        [("cup", "2.5", 2, 500), ("mug", "1", 2, 200)],
        [("cup", "2.5", 2, 500)],
        [("jug", "2.5", 2, 500), ("mug", "1", 1, 100)],
    ):
        (found,) = played(back("C1", 5, *rows), shelf=known([state], given))
        assert (found.known, found.changed) == (True, True)


def test_what_is_recorded_is_sorted_by_customer() -> None:
    state = recorded(sale("1", 0, ("cup", "1", 1, 100)))
    found = histories([state], [], {SUBJECT: "13085", SubjectId(UUID(int=8)): "2"})
    assert found == {"13085": History([state], []), "2": History([], [])}


# Whatever happens in whatever order.

PRICES = {"1": 100, "0.335": 33.5, "2.5": 250}
EVENT = st.tuples(
    st.booleans(), st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(sorted(PRICES)), st.integers(1, 9)), min_size=1, max_size=3)
)


@given(events=st.lists(EVENT, max_size=14), cut=st.integers(0, 14))
def test_nothing_is_given_back_twice_and_every_row_is_matched_whole_or_not_at_all(
    events: list[tuple[bool, list[tuple[str, str, int]]]], cut: int
) -> None:
    groups: list[Group] = []
    for at, (sold, rows) in enumerate(events):
        if sold:
            groups.append(sale(f"{at:02}", at, *((p, price, q, round(q * PRICES[price])) for p, price, q in rows)))
        else:
            groups.append(back(f"C{at:02}", at, *((p, price, q, round(q * PRICES[price])) for p, price, q in rows)))
    found = played(*groups)
    pieces: Counter[tuple[str, int]] = Counter()
    worth: Counter[tuple[str, int]] = Counter()
    for one in found:
        assert sorted(one.matched + one.unmatched) == [row.row_no for row in one.refund.wanted]
        taken = sum(line.quantity for part in one.parts if part.order for line in part.lines)
        assert taken == sum(row.quantity for row in one.refund.wanted if row.row_no in one.matched)
        for part in one.parts:
            for line in part.lines if part.order else ():
                pieces[part.order, line.no] += line.quantity
                worth[part.order, line.no] += line.amount
    for group in groups:
        if isinstance(group, Sale):
            for sold_line in group.lines:
                there, cost = pieces[group.number, sold_line.no], worth[group.number, sold_line.no]
                assert there <= sold_line.quantity
                assert cost <= sold_line.amount
                assert there < sold_line.quantity or cost == sold_line.amount
    assert _unmatched(found) == _by_the_book(groups)
    # A second run over the same rows, also one that begins again in the middle, says the same.
    assert played(*groups) == found
    shelf = Shelf()
    assert played(*groups[:cut], shelf=shelf) + played(*groups[cut:], shelf=shelf) == found


def _unmatched(found: Sequence[Matched]) -> list[tuple[str, int]]:
    return [(one.refund.number, row) for one in found for row in one.unmatched]


def _by_the_book(groups: Sequence[Group]) -> list[tuple[str, int]]:
    """The definition, said again in the plainest way: how many pieces are there is all that decides."""
    left: defaultdict[tuple[str, str], int] = defaultdict(int)
    unmatched = []
    for group in groups:
        if isinstance(group, Sale):
            for line, price in zip(group.lines, group.prices, strict=True):
                left[line.product, price] += line.quantity
        else:
            for row in group.wanted:
                if left[row.product, row.price] >= row.quantity:
                    left[row.product, row.price] -= row.quantity
                else:
                    unmatched.append((group.number, row.row_no))
    return unmatched
