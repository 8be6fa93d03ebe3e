"""Edge cases of coupons and of budgets, in the engine: what is used on an order, what comes back, what runs out."""

from uuid import UUID

import pytest

from regulars.domains.loyalty.model import CouponPassed, CouponRedeemed, CouponUse, CouponVoided, HoldPlaced
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine

FRIEND = MemberId(UUID(int=8))


def machine(*pairs: tuple[str, str]) -> Machine:
    return Machine(factories.programme(whole.text(*pairs)))


def use(ref: int, discount: int) -> CouponUse:
    return CouponUse(str(UUID(int=ref)), discount)


def states(m: Machine) -> list[str]:
    """The coupons' states by id."""
    return [held.state for _, held in sorted(m.standing.coupons.items())]


def told(decision: object) -> list[tuple[str, str | None]]:
    """(state, reason in English) of each coupon in an order's answer."""
    answer = decision.answer["coupons"]  # type: ignore[attr-defined]  # a decision; its answer is JSON
    return [(one["state"], one["reason"] and one["reason"]["en"]) for one in answer]


def test_edge_19_on_an_order_the_good_coupons_are_used_and_the_bad_ones_named() -> None:
    m = machine()
    m.coupon("ten", 1)
    m.coupon("tenth", 2)
    m.coupon("ten", 3)
    asked = (use(1, 1_000), use(2, 900), use(3, 1_000), use(4, 100), use(1, 1_000))
    decision = m.order("1", factories.line(1, 10_000, discount=1_900), coupons=asked)
    assert told(decision) == [
        ("used", None),
        ("used", None),
        ("refused", "the member has used it as often as allowed"),
        ("refused", "this member does not hold it"),
        ("refused", "this member does not hold it"),
    ]
    assert (states(m), m.taken) == (["used", "used", "issued"], {"coupon:tenth:budget": 900})
    m.check()


def test_edge_19_a_cart_that_was_promised_its_coupon_refuses_the_whole_order() -> None:
    m = machine()
    m.coupon("ten", 1)
    until = factories.NOON.replace(hour=13)
    held = HoldPlaced(member_id=m.member, at=m.now, ref=UUID(int=9), unit="points", points=0, until=until, coupons=(use(1, 1_000),))
    m.take(held)
    assert states(m) == ["reserved"]
    assert told(m.order("1", coupons=(use(1, 1_000),))) == [("refused", "another cart holds it")]
    with pytest.raises(Problem, match=r"coupons\.not_usable"):
        m.order("2", coupons=(use(1, 1_000), use(7, 1)), hold=UUID(int=9))
    assert told(m.order("2", coupons=(use(1, 1_000),), hold=UUID(int=9))) == [("used", None)]
    m.check()


def test_edge_19_a_coupon_without_effect_is_not_burnt_at_the_counter() -> None:
    m = machine()
    m.coupon("ten", 1)
    with pytest.raises(Problem, match=r"coupons\.not_usable"):
        m.take(CouponRedeemed(member_id=m.member, at=m.now, ref=UUID(int=5), coupon=str(UUID(int=1)), amount=0))
    assert states(m) == ["issued"]
    bill = CouponRedeemed(member_id=m.member, at=m.now, ref=UUID(int=6), coupon=str(UUID(int=1)), amount=700)
    assert (m.take(bill).answer["discount"], states(m)) == (700, ["used"])
    m.check()


def test_edge_20_a_budget_that_runs_out_in_the_middle_of_an_award_grants_the_rest() -> None:
    m = machine()
    m.taken["rule:share:budget"] = 15
    decision = m.act("share")
    granted = next(entry for entry in decision.entries if entry.kind == "grant")
    assert (decision.answer["granted"], granted.why["cut"]) == ({"points": 15}, [("share", 20, 15)])
    assert (m.act("share", 2).answer["granted"], m.taken["rule:share:budget"]) == ({}, 30)


def test_edge_20_the_last_coupon_in_stock_goes_once_and_its_price_is_not_taken_twice() -> None:
    m = machine()
    m.adjust(100)
    m.taken["coupon:bought:stock"] = 1
    m.coupon("bought", 1, source="claim")
    assert (m.points, m.taken["coupon:bought:stock"]) == (60, 2)
    with pytest.raises(Problem, match=r"coupons\.not_claimed"):
        m.coupon("bought", 2, source="claim")
    assert (m.points, states(m)) == (60, ["issued"])


def test_edge_20_a_coupon_budget_refuses_what_it_cannot_pay_and_a_full_refund_gives_it_back() -> None:
    m = machine()
    m.coupon("tenth", 1)
    m.coupon("tenth", 2)
    m.order("1", factories.line(1, 10_000, discount=1_000), coupons=(use(1, 1_000),))
    decision = m.order("2", factories.line(1, 6_000, discount=600), coupons=(use(2, 600),))
    assert told(decision) == [("refused", "its budget is used up")]
    m.refund("1", (1, 4_000), refund="a")
    assert (states(m), m.taken) == (["used", "issued"], {"coupon:tenth:budget": 1_000})
    m.refund("1", (1, 5_000), refund="b")
    assert (states(m), m.taken) == (["issued", "issued"], {"coupon:tenth:budget": 0})
    assert told(m.order("3", factories.line(1, 6_000, discount=600), coupons=(use(2, 600),))) == [("used", None)]
    m.check()
    assert m.replayed().standing == m.standing


def test_edge_20_what_never_comes_back_stays_used() -> None:
    m = machine()
    m.coupon("bought", 1)
    m.order("1", factories.line(1, 5_000, discount=500), coupons=(use(1, 500),))
    m.refund("1", (1, 4_500))
    assert states(m) == ["used"]


def test_edge_21_a_use_that_was_refunded_counts_no_more_against_the_members_limit() -> None:
    m = machine()
    m.coupon("ten", 1)
    m.coupon("ten", 2)
    m.order("1", factories.line(1, 5_000, discount=1_000), coupons=(use(1, 1_000),))
    m.refund("1", (1, 4_000))
    assert told(m.order("2", factories.line(1, 5_000, discount=1_000), coupons=(use(2, 1_000),))) == [("used", None)]
    assert states(m) == ["issued", "used"]
    m.check()


def test_a_coupon_is_passed_on_once_and_withdrawn_once() -> None:
    m = machine()
    m.coupon("bought", 1)
    m.coupon("ten", 2)
    decision = m.take(CouponPassed(member_id=m.member, at=m.now, ref=UUID(int=3), coupon_id=UUID(int=1), receiver=FRIEND))
    friend = Machine(m.programme, member=FRIEND)
    assert decision.follow_up is not None
    friend.take(decision.follow_up)
    held = friend.standing.coupons[UUID(int=1)]
    assert (states(m)[0], held.state, held.passed, held.source) == ("passed_on", "issued", 1, "gift")
    with pytest.raises(Problem, match=r"coupons\.not_passed_on"):
        friend.take(CouponPassed(member_id=FRIEND, at=m.now, ref=UUID(int=4), coupon_id=UUID(int=1), receiver=m.member))
    void = CouponVoided(member_id=m.member, at=m.now, ref=UUID(int=2), reason="sent by mistake")
    m.take(void)
    assert states(m) == ["passed_on", "void"]
    with pytest.raises(Problem, match=r"coupons\.gone"):
        m.take(void)
    m.check()
    friend.check()


def test_a_coupon_is_valid_through_its_last_day_and_lapses_after_it() -> None:
    m = machine()
    m.coupon("ten", 1)
    m.wait(days=30, hours=10)
    assert states(m) == ["issued"]
    m.wait(hours=1)
    assert states(m) == ["lapsed"]
    assert told(m.order("1", coupons=(use(1, 1_000),))) == [("refused", "this member does not hold it")]
