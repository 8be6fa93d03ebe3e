"""What acts earn, release and give back; units that wait, slide and are extended."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import CouponUse, ExpiryExtended
from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine

WAITS = ("{months: 12}}\n    redeem", "{months: 12}}\n    pending_until: {act: delivered, cancel_after_days: 30}\n    redeem")
SLIDES = ("expiry: {rolling: {months: 12}}\n    redeem", "expiry: {rolling: {months: 12, slides: true}}\n    redeem")


def machine(*pairs: tuple[str, str], held_out: bool = False) -> Machine:
    return Machine(factories.programme(whole.text(*pairs)), held_out=held_out)


def sums(m: Machine) -> tuple[int, int, int]:
    """(available, pending, expired) points."""
    totals = m.standing.wallet.total("points")
    return totals.available, totals.pending, totals.expired


@pytest.mark.parametrize(
    ("act", "value", "granted"),
    [("check_in", 0, 5), ("review", 5, 25), ("review", 1, 5), ("review", 0, 0), ("share", 0, 20), ("birthday", 0, 0), ("sneezed", 9, 0)],
)
def test_an_act_earns_what_its_rules_say(act: str, value: int, granted: int) -> None:
    m = machine()
    assert m.act(act, value=value).answer["granted"] == ({"points": granted} if granted else {})
    assert m.points == granted


def test_a_condition_reads_the_member_as_it_is() -> None:
    m = machine()
    m.order("1", factories.line(1, 10_000))
    assert m.act("birthday").answer["granted"] == {"points": 100}


def test_a_cap_counts_in_the_period_of_the_acts_own_time() -> None:
    m = machine()
    given = [m.act("check_in", ref, at=m.now - timedelta(days=back)).answer["granted"] for ref, back in ((1, 0), (2, 0), (3, 1), (4, 1))]
    assert given == [{"points": 5}, {}, {"points": 5}, {}]
    m.check()


def test_an_act_that_does_not_count_gives_back_what_it_gave_and_leaves_a_debt() -> None:
    m = machine()
    m.act("review", 1, value=5)
    m.redeem(20, 2)
    assert m.reverse_act(1).answer["reversed"] == {"points": 25}
    assert (sums(m), m.standing.wallet.total("points").debt) == ((0, 0, 0), 20)
    assert m.reverse_act(9).answer["reversed"] == {}
    m.check()


def test_what_an_order_earned_waits_for_its_delivery_and_then_lapses_by_the_day_it_was_earned() -> None:
    m = machine(WAITS)
    m.order("1", factories.line(1, 10_000))
    m.order("2", factories.line(1, 5_000))
    assert sums(m) == (0, 150, 0)
    m.wait(days=3)
    m.act("delivered", 1, order="1")
    assert (sums(m), m.lots()[1]) == ((100, 50, 0), ("2027-03-02T00:00:00+00:00", 100))
    m.act("delivered", 2, order="1")
    assert sums(m) == (100, 50, 0)
    m.wait(days=40)
    assert sums(m) == (100, 0, 50)
    m.act("delivered", 3, order="2")
    assert sums(m) == (100, 0, 50)
    m.check()
    assert m.replayed().standing == m.standing


def test_of_what_was_refunded_before_the_delivery_only_the_rest_arrives() -> None:
    m = machine(WAITS)
    m.order("1", factories.line(1, 10_000))
    m.refund("1", (1, 4_000))
    m.act("delivered", 1, order="1")
    assert sums(m) == (60, 0, 0)
    m.refund("1", (1, 6_000), refund="b")
    assert (sums(m), m.standing.wallet.total("points").reversed) == ((0, 0, 0), 100)
    m.check()


def test_what_an_act_earned_waits_for_nothing() -> None:
    m = machine(WAITS)
    m.act("review", 1, value=5)
    assert sums(m) == (25, 0, 0)


def test_what_is_earned_renews_all_that_slides() -> None:
    m = machine(SLIDES)
    m.order("1", factories.line(1, 10_000))
    m.wait(days=360)
    m.act("check_in")
    assert m.lots() == [("2028-02-25T00:00:00+00:00", 105)]
    m.wait(days=300)
    assert sums(m) == (105, 0, 0)
    m.refund("1", (1, 5_000))
    assert sums(m) == (55, 0, 0)
    m.wait(days=100)
    assert sums(m) == (0, 0, 55)
    m.check()


def test_goodwill_extends_what_would_lapse_earlier_and_nothing_that_has_lapsed() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    m.wait(days=200)
    m.order("2", factories.line(1, 2_000))
    until = datetime(2027, 6, 1, tzinfo=UTC)

    def extended(ref: int) -> object:
        fact = ExpiryExtended(member_id=m.member, at=m.now, ref=UUID(int=ref), unit="points", until=until, reason="sorry")
        return m.take(fact).answer["extended"]

    assert (extended(1), m.lots()) == (10, [("2027-06-01T00:00:00+00:00", 10), ("2027-09-17T23:00:00+00:00", 20)])
    assert extended(2) == 0
    m.wait(days=265)
    assert sums(m) == (20, 0, 10)
    m.check()


def test_money_is_loaded_with_its_bonus_and_only_where_money_is() -> None:
    m = machine()
    assert m.load("purse", 10_000, 1_500).answer["loaded"] == 11_500
    with pytest.raises(Problem, match=r"points\.not_money"):
        m.load("points", 100, ref=2)
    totals = m.standing.wallet.total("purse")
    assert (totals.available, totals.granted, m.level()) == (11_500, 11_500, "member")
    m.check()


WELCOME = """
coupons:
  - {id: welcome, label: {en: Welcome, zh: 新人券}, cash: {face: 300}, lane: shop, validity: {days: 30}, stock: 2,
     given_on: registration, incentive: true}
"""


def welcoming(*, held_out: bool = False) -> Machine:
    return Machine(factories.programme(whole.text().replace("\ncoupons:\n", WELCOME)), held_out=held_out)


def in_hand(m: Machine) -> list[tuple[str, str, str]]:
    return sorted((held.definition, held.state, held.source) for held in m.standing.coupons.values())


def test_an_act_brings_its_coupons_and_no_other_act_does() -> None:
    m = welcoming()
    assert "given" not in m.act("review", 1, value=5).answer
    assert m.act("registration", 2).answer["given"] == ["welcome"]
    assert in_hand(m) == [("welcome", "issued", "rule")]
    m.check()
    assert m.replayed().standing == m.standing


def test_who_may_have_no_coupon_gets_the_rest_of_what_the_act_brings() -> None:
    m = welcoming(held_out=True)
    assert m.act("registration", 1).answer == {"granted": {}, "level": "member"}
    assert in_hand(m) == []
    m = welcoming()
    given = [m.act("registration", ref).answer.get("given") for ref in (1, 2, 3)]
    assert given == [["welcome"], ["welcome"], None]


def test_an_act_that_does_not_count_takes_its_coupon_back_unless_it_was_used() -> None:
    m = welcoming()
    m.act("registration", 1)
    m.act("registration", 2)
    (used, kept) = sorted(m.standing.coupons)
    m.order("1", factories.line(1, 10_000), coupons=(CouponUse(str(used), 300, 0),))
    for ref in (1, 2):
        m.reverse_act(ref)
    assert {one: held.state for one, held in m.standing.coupons.items()} == {used: "used", kept: "void"}
    m.check()
    assert m.replayed().standing == m.standing
