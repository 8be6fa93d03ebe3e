"""What a refund takes back and returns, line by line and part by part; and undoing a redemption."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import Decision, LinesRefunded, RedemptionCancelled, Standing
from regulars.domains.loyalty.rules import refund
from regulars.domains.orders.model import Line, Order, Refund, Refunded, RefundLine
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.kernel.ids import RefundId, SubjectId
from regulars.kernel.problem import Kind, Problem
from tests.support import factories
from tests.support.wallets import MEMBER, NOON, brief, day, decision, entry, lot, programme, standing, totals, unit

A, B, C = day(10), day(20), day(30)
REFUND = UUID(int=2)
WHY: dict[str, object] = {"refund": str(REFUND)}
LINES = (factories.line(1, 1_100, discount=100), factories.line(2, 500), factories.line(3, 0))


def bought(*lines: Line) -> Order:
    return factories.order(MEMBER, "1", lines or LINES)


def given_back(of: Order, *lines: tuple[int, int], taken: dict[int, int] | None = None) -> LinesRefunded:
    """These (line, amount) are given back of the order, of which ``taken`` was before."""
    made = Refund(
        refund_id=RefundId(REFUND),
        subject_id=SubjectId(MEMBER),
        member_id=MEMBER,
        source="shop",
        number="r",
        refunded_at=NOON,
        currency="GBP",
        order_id=of.order_id,
        order_number=of.number,
        lines=tuple(RefundLine(no, amount) for no, amount in lines),
    )
    return LinesRefunded(refund=made, state=Refunded(of, taken or {}, 1))


def with_history(of: Order, *entries: Entry, **more: Any) -> Standing:
    """A member whose journal knows these entries of the order; what they granted is in the wallet."""
    own = [each._replace(ref=of.order_id) for each in entries]
    return standing(*own, history={of.order_id: own}, spend=5_000, **more)


def refunded(found: Standing, fact: LinesRefunded, **more: Any) -> Decision:
    made = decision(found)
    refund.lines_refunded(programme(**more), made, fact, NOON)
    return made


@pytest.mark.parametrize(
    ("carried", "taken", "share"),
    [
        ({1: 10}, {}, 0),
        ({1: 10}, {1: 99}, 0),
        ({1: 10}, {1: 100}, 1),
        ({1: 10}, {1: 333}, 3),
        ({1: 10}, {1: 999}, 9),
        ({1: 10}, {1: 1_000}, 10),
        # More than the line cost counts as all of it.
        ({1: 10}, {1: 1_001}, 10),
        ({1: 10}, {1: 5_000}, 10),
        ({1: 10}, {2: 500}, 0),
        # A line of which nothing was given back keeps everything, however much it carries.
        ({1: 5_000}, {2: 500}, 0),
        ({1: 5_000}, {1: 1}, 5),
        ({1: 10, 2: 3}, {1: 500, 2: 400}, 7),
        # Rounded down on each line, not on the sum: 0.9 and 0.9 are nothing.
        ({1: 1, 2: 1}, {1: 900, 2: 450}, 0),
        # A line that cost nothing cannot be given back.
        ({3: 7}, {3: 1}, 0),
        ({}, {1: 1_000}, 0),
        ({9: 10}, {9: 1_000}, 0),
    ],
)
def test_the_share_of_a_line_is_rounded_down_of_what_it_cost(carried: dict[int, int], taken: dict[int, int], share: int) -> None:
    assert refund.share(Refunded(bought(), {}, 0), carried, taken) == share


def test_the_share_goes_on_after_a_line_that_carries_nothing_and_counts_a_line_of_one_unit() -> None:
    order = bought(factories.line(1, 0), factories.line(2, 700), factories.line(3, 1))
    assert refund.share(Refunded(order, {}, 0), {1: 4, 3: 5}, {1: 1, 2: 700, 3: 1}) == 5


GRANT = entry("grant", 13, B, parts=[(1, "base", 8), (1, "tea", 2), (2, "base", 3)])


def test_a_refund_takes_back_what_its_lines_were_granted_by_every_rule_and_counts_the_money() -> None:
    order = bought()
    made = refunded(with_history(order, GRANT), given_back(order, (1, 500)))
    assert made.entries == [Entry("points", "reverse", 5, NOON, B, ALWAYS, order.order_id, WHY)]
    assert made.answer == {"reversed": {"points": 5}}
    assert made.standing.spend == 4_500
    assert made.standing.wallet.lots == {("points", B, ALWAYS): 8}


def test_every_part_takes_the_difference_to_the_parts_before_and_the_last_takes_the_rest() -> None:
    order = bought()
    found = with_history(order, GRANT)
    taken: dict[int, int] = {}
    reversed_ = []
    for part in (333, 333, 1, 333):
        reversed_.append(refunded(found, given_back(order, (1, part), taken=taken)).answer["reversed"])
        taken[1] = taken.get(1, 0) + part
    assert reversed_ == [{"points": 3}, {"points": 3}, {}, {"points": 4}]
    assert found.wallet.lots == {("points", B, ALWAYS): 3}


@pytest.mark.parametrize(("amount", "reversed_"), [(99, {}), (100, {"points": 1}), (199, {"points": 1}), (1_000, {"points": 10})])
def test_the_first_part_takes_the_next_unit_only_when_it_is_full(amount: int, reversed_: dict[str, int]) -> None:
    order = bought()
    assert refunded(with_history(order, GRANT), given_back(order, (1, amount))).answer == {"reversed": reversed_}


def test_a_line_named_twice_in_one_refund_counts_together() -> None:
    order = bought()
    found = refunded(with_history(order, GRANT), given_back(order, (1, 150), (1, 150), (2, 500)))
    assert found.answer == {"reversed": {"points": 6}}
    assert found.standing.spend == 4_200


def test_several_grants_of_one_order_are_taken_back_unit_by_unit() -> None:
    order = bought()
    grants = (GRANT, entry("grant", 4, C, parts=[(1, "late", 4)]), entry("grant", 10, A, unit="growth", parts=[[1, "growth", 10]]))
    made = refunded(with_history(order, *grants), given_back(order, (1, 1_000)))
    assert made.answer == {"reversed": {"points": 14, "growth": 10}}
    assert [(each.unit, each.kind, each.amount, each.expires_at) for each in made.entries] == [
        ("points", "reverse", 10, B),
        ("points", "reverse", 4, C),
        ("growth", "reverse", 10, A),
    ]


@pytest.mark.parametrize(
    ("unit_id", "owes", "kind", "debt"),
    [("points", True, "owe", 6), ("points", False, "waive", 0), ("stamps", True, "waive", 0)],
)  # a unit that a newer programme dropped is never owed
def test_what_was_spent_meanwhile_is_owed_or_waived_as_the_unit_says(unit_id: str, owes: bool, kind: str, debt: int) -> None:
    order = bought()
    found = with_history(order, GRANT._replace(unit=unit_id))
    points.take(found.wallet, "spend", unit=unit_id, amount=9, at=NOON, ref=None, why={})
    made = refunded(found, given_back(order, (1, 1_000)), units=[unit(owes=owes)])
    assert made.entries == [
        Entry(unit_id, "reverse", 4, NOON, B, ALWAYS, order.order_id, WHY),
        Entry(unit_id, kind, 6, NOON, NEVER, ALWAYS, order.order_id, WHY),
    ]
    assert found.wallet.total(unit_id).debt == debt
    assert made.answer == {"reversed": {unit_id: 10}}


def test_only_grants_of_this_order_are_taken_back() -> None:
    order = bought()
    found = with_history(order, GRANT, entry("restore", 0, B, parts=[(1, "base", 10)]))
    found.history[UUID(int=99)] = [GRANT]
    assert refunded(found, given_back(order, (1, 1_000))).answer == {"reversed": {"points": 10}}


@pytest.mark.parametrize("why", [{}, {"parts": None}, {"opening": True}])
def test_a_grant_that_belongs_to_no_line_is_not_taken_back(why: dict[str, Any]) -> None:
    order = bought()
    made = refunded(with_history(order, entry("grant", 5, B, **why)), given_back(order, (1, 1_000)))
    assert (made.entries, made.answer) == ([], {"reversed": {}})


def test_an_order_that_earned_nothing_still_counts_its_refund() -> None:
    order = bought()
    made = refunded(standing(spend=5_000), given_back(order, (1, 1_000), (2, 1)))
    assert (made.entries, made.answer, made.standing.spend) == ([], {"reversed": {}}, 3_999)


def test_a_refund_without_its_order_changes_nothing() -> None:
    order = bought()
    found = with_history(order, GRANT)
    before = found.copy()
    made = refunded(found, replace(given_back(order, (1, 1_000)), state=None))
    assert (made.entries, made.answer, made.standing) == ([], {}, before)


def paid_with(order: Order, kind: str = "confirm", **grants: Any) -> Standing:
    """A member who paid a part of the order with 2 points of lot A, 5 of B and 3 of C."""
    found = standing(lot(2, A), lot(5, B), lot(3, C), spend=5_000, **grants)
    spent = points.take(found.wallet, "spend", unit="points", amount=10, at=day(-1), ref=order.order_id, why={})
    found.history[order.order_id] = [each._replace(kind=kind) for each in spent]
    return found


@pytest.mark.parametrize("kind", ["confirm", "spend"])
def test_points_that_paid_for_the_lines_return_in_parts_the_latest_expiry_first(kind: str) -> None:
    order = bought(factories.line(1, 1_000, points_paid=600), factories.line(2, 1_000, points_paid=400))
    found = paid_with(order, kind)
    # Line 1 carries six of the ten points, line 2 four.
    first = refunded(found, given_back(order, (1, 500)))
    assert first.entries == [Entry("points", "restore", 3, NOON, C, ALWAYS, order.order_id, WHY)]
    assert first.answer == {"reversed": {}, "returned": 3}
    second = refunded(found, given_back(order, (1, 500), (2, 250), taken={1: 500}))
    assert second.entries == [Entry("points", "restore", 4, NOON, B, ALWAYS, order.order_id, WHY)]
    last = refunded(found, given_back(order, (2, 750), taken={1: 1_000, 2: 250}))
    assert [(each.amount, each.expires_at) for each in last.entries] == [(1, B), (2, A)]
    assert last.answer == {"reversed": {}, "returned": 3}
    assert found.wallet.lots == {("points", A, ALWAYS): 2, ("points", B, ALWAYS): 5, ("points", C, ALWAYS): 3}
    assert totals(found.wallet) == {"available": 10, "granted": 10}


def test_points_that_no_line_claims_are_spread_over_what_the_lines_cost() -> None:
    order = bought(factories.line(1, 800, discount=100), factories.line(2, 300))
    assert refunded(paid_with(order), given_back(order, (1, 700))).answer["returned"] == 7
    assert refunded(paid_with(order), given_back(order, (2, 300))).answer["returned"] == 3


def test_a_line_that_no_points_paid_for_returns_none() -> None:
    order = bought(factories.line(1, 1_000, points_paid=600), factories.line(2, 1_000))
    made = refunded(paid_with(order), given_back(order, (2, 1_000)))
    assert (made.entries, made.answer) == ([], {"reversed": {}, "returned": 0})


def test_grants_are_taken_back_before_points_that_paid_return() -> None:
    order = bought(factories.line(1, 1_000, points_paid=600))
    found = paid_with(order)
    grant = entry("grant", 4, NEVER, ref=order.order_id, parts=[(1, "base", 4)])
    points.post(found.wallet, grant)
    found.history[order.order_id].append(grant)
    points.take(found.wallet, "spend", unit="points", amount=1, at=NOON, ref=None, why={})
    made = refunded(found, given_back(order, (1, 1_000)))
    # Three are left of the grant, one is owed, and the first points that return pay it.
    assert brief(made.entries) == [("reverse", 3), ("owe", 1), ("restore", 3), ("settle", 1), ("restore", 5), ("restore", 2)]
    assert made.answer == {"reversed": {"points": 4}, "returned": 10}


def cancelled(found: Standing, ref: UUID = REFUND) -> Decision:
    made = decision(found)
    refund.redemption_cancelled(made, RedemptionCancelled(member_id=MEMBER, at=NOON, ref=ref), NOON)
    return made


def redeemed() -> Standing:
    found = standing(lot(2, A), lot(5, B))
    found.history[REFUND] = points.take(found.wallet, "spend", unit="points", amount=6, at=day(-1), ref=REFUND, why={})
    return found


def test_a_cancelled_redemption_returns_every_point_to_its_lot() -> None:
    made = cancelled(redeemed())
    assert made.entries == [
        Entry("points", "restore", 4, NOON, B, ALWAYS, REFUND, {"cancelled": True}),
        Entry("points", "restore", 2, NOON, A, ALWAYS, REFUND, {"cancelled": True}),
    ]
    assert made.answer == {"returned": 6}
    assert made.standing.wallet.lots == {("points", A, ALWAYS): 2, ("points", B, ALWAYS): 5}


@pytest.mark.parametrize("case", ["never made", "another kind", "cancelled before"])
def test_a_redemption_that_is_not_open_is_unknown(case: str) -> None:
    found = redeemed()
    if case == "never made":
        found.history.clear()
    elif case == "another kind":
        found.history[REFUND] = [each._replace(kind="confirm") for each in found.history[REFUND]]
    else:
        found.history[REFUND] += cancelled(found).entries
    before = found.copy()
    with pytest.raises(Problem) as refused:
        cancelled(found)
    assert (refused.value.code, refused.value.kind) == ("points.redemption_unknown", Kind.not_found)
    assert refused.value.fields == {"redemption": str(REFUND)}
    assert found == before
