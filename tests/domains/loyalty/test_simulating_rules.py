"""Replay and outcome as rules: what merges merges exactly, nothing is lost on the way, and each verdict has its reason."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.loyalty.model import HoldCancelled, HoldPlaced, OrderPaid, PointsRedeemed, StandingOpened
from regulars.domains.loyalty.model.simulation import Flow, Outcome, Replayed, Told, Verdict
from regulars.domains.loyalty.rules import outcome, replaying
from regulars.domains.points.model import ALWAYS, NEVER
from regulars.kernel.ids import HoldId, MemberId
from tests.domains.loyalty import programmes
from tests.support import factories
from tests.support.factories import NOON

RUNNING = factories.programme(programmes.PLAIN)
DRAFT = factories.programme(
    programmes.changed(
        ("from: 300", "from: 200"),
        (
            "unit: points, per_amount: {every: 100, give: 1}",
            "unit: points, per_amount: {every: 70, give: 1}, cap: {per: order, amount: 90}",
        ),
    )
)
TERMS = outcome.Terms(RUNNING, DRAFT)

Buys = list[tuple[int, int]]
"""(day, minor units), and a redemption of a fifth of what it earned the day after."""


def told(member: MemberId, buys: Buys) -> list[Told]:
    listed: list[Told] = []
    for n, (day, amount) in enumerate(sorted(buys)):
        at = NOON + timedelta(days=day)
        order = factories.order(member, f"{member.int}-{n}", [factories.line(1, amount)], at=at)
        listed.append(Told(OrderPaid(order=order), 24_000 + day // 30, amount, counted=True))
        spent = PointsRedeemed(member_id=member, at=at, ref=UUID(int=n), unit="points", points=max(1, amount // 500))
        listed.append(Told(spent, 24_000 + day // 30, 0, counted=True))
    return listed


def replayed(member: MemberId, buys: Buys, programme: object = RUNNING) -> Replayed:
    chosen = DRAFT if programme is DRAFT else RUNNING
    start = replaying.opened(chosen, member, NOON, held_out=False)
    return replaying.replay(chosen, start, told(member, buys), as_of=NOON + timedelta(days=900))


def added(members: dict[int, Buys]) -> Outcome:
    found = Outcome()
    for number, buys in members.items():
        member = MemberId(UUID(int=number))
        spend = sum(amount for _, amount in buys)
        outcome.add(found, TERMS, member, spend=spend, before=replayed(member, buys), after=replayed(member, buys, DRAFT))
    return found


HISTORIES = st.dictionaries(
    st.integers(1, 10**6), st.lists(st.tuples(st.integers(0, 800), st.integers(1, 50_000)), max_size=5), min_size=1, max_size=6
)


@given(HISTORIES, st.integers(0, 6))
def test_parts_merge_to_what_one_look_finds(members: dict[int, Buys], cut: int) -> None:
    items = list(members.items())
    whole = added(members)
    halves = Outcome()
    # The second half first: which part is done first is chance.
    for half in (items[cut:], items[:cut]):
        outcome.merge(halves, added(dict(half)))
    assert halves == whole


@given(HISTORIES)
def test_what_was_granted_is_accounted_for_on_both_sides(members: dict[int, Buys]) -> None:
    found = added(members)
    for side in (found.before, found.after):
        for unit, flow in side.flows.items():
            assert flow.granted == flow.outstanding + flow.spent + flow.expired + flow.reversed
            assert flow.granted == sum(amount for (_, of), amount in side.months.items() if of == unit)
        points = side.flows.get("points", Flow())
        assert points.granted == side.rules["base"].units if "base" in side.rules else points.granted == 0
        assert sum(side.levels.values()) == len(members)
        assert sum(one.spend for one in side.at_level.values()) == sum(amount for buys in members.values() for _, amount in buys)
    assert sum(found.verdicts.values()) == sum(found.histogram.values()) == len(members)
    assert sum(found.differences.values()) == sum(
        outcome.lasting_value(TERMS.worth_after, replayed(MemberId(UUID(int=n)), b, DRAFT).flows)
        - outcome.lasting_value(TERMS.worth_before, replayed(MemberId(UUID(int=n)), b).flows)
        for n, b in members.items()
    )


@pytest.mark.parametrize(
    ("difference", "rise", "found"),
    [
        (5, 0, Verdict.better),
        (5, 1, Verdict.better),
        (0, 1, Verdict.better),
        (0, 0, Verdict.same),
        (-5, 0, Verdict.worse),
        (0, -1, Verdict.worse),
        (5, -1, Verdict.mixed),
        (-5, 1, Verdict.mixed),
    ],
)
def test_value_decides_then_the_level_and_both_may_disagree(difference: int, rise: int, found: Verdict) -> None:
    assert outcome.verdict(difference, rise) is found


def test_levels_of_one_name_are_the_same_and_new_ones_are_placed_where_both_are_known() -> None:
    more = programmes.changed(
        ("    - {id: silver", "    - {id: bronze, from: 50, label: {en: Bronze, zh: 铜卡}}\n    - {id: silver"),
    )
    terms = outcome.Terms(RUNNING, factories.programme(more))
    assert outcome.rise(terms, {"main": "silver"}, {"main": "silver"}) == 0
    assert outcome.rise(terms, {"main": "member"}, {"main": "bronze"}) == 1
    assert outcome.rise(terms, {"main": "silver"}, {"main": "bronze"}) == -1
    assert outcome.rise(terms, {"main": "gold"}, {"main": "silver"}) == -1


@given(st.integers(-(10**10), 10**10))
def test_bands_of_the_histogram_mirror_each_other_and_hold_their_value(difference: int) -> None:
    band = outcome.band(difference)
    assert outcome.band(-difference) == -band
    if band > 0:
        assert outcome.EDGES[band - 1] <= difference
        assert band == len(outcome.EDGES) or difference < outcome.EDGES[band]


def test_a_hold_that_the_draft_refuses_leaves_its_order_and_is_counted_once() -> None:
    member, hold = MemberId(UUID(int=1)), HoldId(UUID(int=5))
    placed = HoldPlaced(member_id=member, at=NOON, ref=hold, unit="points", points=40, until=NOON + timedelta(minutes=15))
    order = factories.order(member, "held", [factories.line(1, 1_000)], at=NOON)
    facts = [Told(placed, 24_000, 0, counted=True), Told(OrderPaid(order=order, hold_id=hold), 24_000, 1_000, counted=True)]
    found = replaying.replay(RUNNING, replaying.opened(RUNNING, member, NOON, held_out=False), facts, as_of=NOON)
    assert found.refused == {"hold": 1}
    assert (found.flows["points"].granted, found.flows["points"].spent) == (10, 0)
    given_back = [facts[0], Told(HoldCancelled(member_id=member, at=NOON, ref=hold), 24_000, 0, counted=True)]
    again = replaying.replay(RUNNING, replaying.opened(RUNNING, member, NOON, held_out=False), given_back, as_of=NOON)
    assert again.refused == {"hold": 1}


def test_an_opening_keeps_what_the_draft_knows() -> None:
    member = MemberId(UUID(int=1))
    opening = StandingOpened(
        member_id=member, at=NOON, ref=UUID(int=1), lots=(("points", NEVER, ALWAYS, 10), ("miles", NEVER, ALWAYS, 9)), level="diamond"
    )
    start = replaying.opened(RUNNING, member, NOON, held_out=False)
    found = replaying.replay(RUNNING, start, [Told(opening, 24_000, 0, counted=True)], as_of=NOON + timedelta(days=1))
    assert {unit: flow.outstanding for unit, flow in found.flows.items()} == {"points": 10}
    assert found.levels == {"main": "member"}


def test_what_the_cap_cut_is_told_by_rule() -> None:
    member = MemberId(UUID(int=1))
    found = replayed(member, [(1, 70_000)], DRAFT)
    assert (found.rules["base"].units, found.rules["base"].cut, found.rules["base"].orders) == (90, 910, 1)
    assert found.at_level[("main", "member")].spend == 70_000
    assert found.levels == {"main": "member"}, "a year of growth lapsed by then"
