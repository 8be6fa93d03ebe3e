"""What a refund makes owed of benefits that were used: of the level it takes, of the order itself; returned when the use is given back."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from regulars.domains.loyalty import document, service
from regulars.domains.loyalty.model import BenefitReversed, BenefitUsed, Fact
from regulars.domains.loyalty.service import perking
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.domains.loyalty.conftest import done
from tests.domains.loyalty.test_applying import refund
from tests.support import factories
from tests.support.engine import Machine

BENEFITS = """
benefits:
  - {id: delivery, label: {en: Free delivery, zh: 免运费}, kind: free_delivery, tiers: [silver], unit_cost: 305, claw_back: charge}
  - {id: lounge, label: {en: Lounge, zh: 休息室}, kind: event_access, tiers: [silver], unit_cost: 900}
"""
AT_ONCE = ("  keep: {months: 12}", "  on_refund: at_once\n  keep: {months: 12}")
WAITS = (AT_ONCE[1], "  on_refund: at_review\n  keep: {months: 12}")
TENTH = ("redeem: {points: 1, worth: 1}", "redeem: {points: 1, worth: 10}")


def text(*pairs: tuple[str, str]) -> str:
    """A programme whose silver members have free delivery at 3.05, owed in points that are worth 10 pence."""
    return programmes.changed(AT_ONCE, TENTH, more_rules=BENEFITS.replace(*pairs[0]) if pairs else BENEFITS)


def silver(*pairs: tuple[str, str], name: str | None = None, waits: bool = False) -> Machine:
    """60 points and 60 growth by order 1, a day later 40 by order 2 that makes silver, then a day later two deliveries and the lounge."""
    document_ = text(*pairs)
    m = Machine(factories.programme(document_.replace(*WAITS) if waits else document_))
    m.order("1", factories.line(1, 6_000))
    m.wait(days=1)
    m.order("2", factories.line(1, 4_000))
    m.wait(days=1)
    for ref in (1, 2):
        m.take(BenefitUsed(member_id=m.member, at=m.now, ref=UUID(int=ref), benefit="delivery", order_ref=name))
    m.benefit("lounge", 3)
    m.wait(days=1)
    return m


def states(m: Machine) -> list[tuple[str, int]]:
    return [(use.state.value, use.charged) for _, use in sorted(m.standing.uses.items())]


def sums(m: Machine) -> tuple[int, int]:
    """(available, owed) points."""
    totals = m.standing.wallet.total("points")
    return totals.available, totals.debt


def proved(m: Machine) -> None:
    m.check()
    assert m.replayed().standing == m.standing


def test_edge_16_a_refund_that_takes_the_tier_charges_what_was_used_of_it_in_whole_points() -> None:
    m = silver()
    assert m.refund("2", (1, 4_000)).answer["charged"] == {"points": 60}
    assert (m.level(), sums(m), states(m)) == ("member", (0, 0), [("charged", 305), ("charged", 305), ("used", 0)])
    proved(m)
    assert "charged" not in m.refund("1", (1, 6_000)).answer
    proved(m)


def test_what_is_not_there_is_owed_and_a_use_given_back_returns_its_charge() -> None:
    m = silver()
    m.redeem(40, 9)
    m.refund("2", (1, 4_000))
    assert sums(m) == (0, 40)
    assert [(e.kind, e.amount) for e in m.entries if e.unit == "points" and e.why.get("benefit")] == [
        ("deduct", 20),
        ("owe", 10),
        ("owe", 30),
    ]
    m.give_benefit_back(1)
    assert (sums(m), states(m)[0]) == ((0, 10), ("reversed", 305))
    m.give_benefit_back(2)
    assert (sums(m), states(m)[1]) == ((20, 0), ("reversed", 305))
    assert m.give_benefit_back(2).entries == []
    assert sum(m.standing.wallet.usage.values()) == 0
    proved(m)


def test_edge_16_a_level_that_stays_until_its_review_does_not_keep_what_was_used_from_being_charged() -> None:
    m = silver(waits=True)
    assert m.refund("2", (1, 4_000)).answer["charged"] == {"points": 60}
    assert (m.level(), sums(m), states(m)) == ("silver", (0, 0), [("charged", 305), ("charged", 305), ("used", 0)])
    # The ladder is patient: what is used of the level from now on is not charged, neither by another refund nor at the review.
    m.benefit("delivery", 4)
    assert "charged" not in m.refund("1", (1, 5_000), refund="b").answer
    m.wait(days=400)
    assert (m.level(), states(m)[3], m.standing.wallet.total("points").debt) == ("member", ("used", 0), 50)
    proved(m)


def test_what_other_orders_carry_or_nothing_carried_before_the_refund_is_not_charged() -> None:
    m = silver(waits=True)
    m.order("3", factories.line(1, 4_000))
    assert "charged" not in m.refund("2", (1, 4_000)).answer
    assert (m.level(), sums(m)) == ("silver", (100, 0))
    proved(m)
    # Growth lapses after 365 days, the level is kept for twelve months and its day: the refund finds a level that nothing carries.
    m = silver(waits=True)
    m.wait(days=363)
    m.benefit("delivery", 4)
    assert (m.level(), m.standing.wallet.total("growth").available) == ("silver", 40)
    assert "charged" not in m.refund("2", (1, 4_000)).answer
    assert states(m)[3] == ("used", 0)
    proved(m)


def test_a_refund_that_leaves_the_level_charges_nothing() -> None:
    m = silver()
    m.order("3", factories.line(1, 4_000))
    assert "charged" not in m.refund("2", (1, 4_000)).answer
    assert (m.level(), sums(m)) == ("silver", (100, 0))
    proved(m)


def test_what_was_used_before_the_refunded_order_did_not_rest_on_it() -> None:
    m = silver()
    m.order("3", factories.line(1, 4_000))
    m.benefit("delivery", 4)
    m.refund("1", (1, 6_000), refund="a")
    assert (m.level(), states(m)) == ("member", [("charged", 305), ("charged", 305), ("used", 0), ("charged", 305)])
    m = silver()
    m.order("3", factories.line(1, 4_000))
    m.wait(days=1)
    m.benefit("delivery", 4)
    m.refund("2", (1, 4_000), refund="a")
    m.refund("3", (1, 4_000), refund="b")
    assert (m.level(), states(m)) == ("member", [("used", 0), ("used", 0), ("used", 0), ("charged", 305)])
    proved(m)


@pytest.mark.parametrize("name", ["2", "shop:2"])
def test_what_was_used_for_an_order_is_charged_with_its_last_line(name: str) -> None:
    m = silver(("tiers: [silver], unit_cost: 305", "unit_cost: 305"), name=name)
    assert "charged" not in m.refund("2", (1, 3_999), refund="a").answer
    assert m.refund("2", (1, 1), refund="b").answer["charged"] == {"points": 60}
    assert states(m) == [("charged", 305), ("charged", 305), ("used", 0)]
    proved(m)


def test_keep_charges_nothing_and_a_cost_below_one_point_is_not_charged() -> None:
    for pair in ((", claw_back: charge", ""), ("unit_cost: 305", "unit_cost: 9")):
        m = silver(pair)
        assert "charged" not in m.refund("2", (1, 4_000)).answer
        assert [state for state, _ in states(m)] == ["used", "used", "used"]
        proved(m)


def test_stored_value_is_charged_as_far_as_it_is_there_and_never_owed() -> None:
    purse = "  purse: {label: {en: purse, zh: 储值}, money: true}\nladder:"
    of = text(("claw_back: charge", "claw_back: charge, charge_unit: purse")).replace("ladder:", purse, 1)
    m = silver()
    m = replace(m, programme=factories.programme(of), entries=[], facts=[], under=[], orders={}, taken={})
    m.order("1", factories.line(1, 10_000))
    m.load("purse", 400, ref=8)
    m.benefit("delivery", 1)
    m.benefit("delivery", 2)
    assert m.refund("1", (1, 10_000)).answer["charged"] == {"purse": 610}
    totals = m.standing.wallet.total("purse")
    assert (totals.available, totals.debt, totals.reversed) == (0, 0, 400)
    proved(m)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("claw_back: charge", "claw_back: charge, charge_unit: growth", "benefits[0].charge_unit"),
        ("claw_back: charge", "claw_back: charge, charge_unit: miles", "benefits[0].charge_unit"),
        ("claw_back: charge", "claw_back: keep, charge_unit: points", "benefits[0]"),
    ],
)
def test_a_charge_names_a_unit_that_has_a_worth(old: str, new: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        document.read(text((old, new)))
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_charge_needs_a_unit_that_can_be_owed() -> None:
    with pytest.raises(Problem) as refused:
        document.read(text().replace("    redeem: {points: 1, worth: 10}\n", ""))
    assert [fault.field for fault in refused.value.faults] == ["benefits[0].claw_back"]


def test_it_is_recorded_in_one_batch_or_in_several_and_verify_agrees(db: Database, clock: MovableClock) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, text()).version)
        one, other = factories.enrol(ctx, 2)
    for member in (one, other):
        use = BenefitUsed(member_id=member.member_id, at=factories.NOON + timedelta(minutes=1), ref=UUID(int=1), benefit="delivery")
        number = "1" if member is one else "2"
        facts: list[Fact] = [
            factories.paid(member, number, [factories.line(1, 10_000)]),
            replace(use, ref=UUID(int=int(number))),
            refund(member, number, (1, 10_000), number=f"r{number}", at=factories.NOON + timedelta(minutes=2)),
            BenefitReversed(member_id=member.member_id, at=factories.NOON + timedelta(minutes=3), ref=UUID(int=int(number)), reason="x"),
        ]
        # All at once for one member, each by itself for the other: what is loaded has to be what was decided.
        groups = [facts] if member is one else [[fact] for fact in facts]
        answers = [answer for group in groups for answer in done(batching.run(db, service.handle, group))]
        assert answers[2].answer["charged"] == {"points": 30}
        with db.reading() as ctx:
            (used,) = perking.uses_of(ctx, member.member_id, after=None, limit=9)
            totals = service.standing(ctx, member.member_id).wallet.total("points")
            words = [row.text["en"] for row in service.journal(ctx, member.member_id)]
            assert list(service.verify(ctx)) == []
        assert (used.state, used.charged, totals.available, totals.debt) == ("reversed", 305, 0, 0)
        assert "30 points owed for a benefit after a refund" in words
        assert "Free delivery charged: a refund took away what its use rested on (cost 3.05 GBP)" in words
