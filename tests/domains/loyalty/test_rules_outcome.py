"""What one member adds to a simulation's outcome, what makes its difference, and who is kept as an example."""

from uuid import UUID

import pytest

from regulars.domains.loyalty.model.simulation import (
    Example,
    Flow,
    LevelSum,
    Outcome,
    Reason,
    Replayed,
    RuleSum,
    Side,
    SpendBin,
    Verdict,
)
from regulars.domains.loyalty.rules import outcome
from regulars.domains.loyalty.rules.outcome import Terms
from regulars.kernel.ids import MemberId
from tests.domains.loyalty import programmes, whole
from tests.support import factories

RUNNING = factories.programme(programmes.PLAIN)
SAME = Terms(RUNNING, RUNNING)
REDEEM = "redeem: {points: 1, worth: 1}"
DEARER = Terms(RUNNING, factories.programme(programmes.changed((REDEEM, "redeem: {points: 2, worth: 3}"))))
MEMBER = MemberId(UUID(int=7))


def side(granted: int = 0, *, rule: str = "base", level: str = "member", expired: int = 0, reversed_: int = 0) -> Replayed:
    """So many points by one rule, of which some lapsed and some were taken back."""
    left = granted - expired - reversed_
    return Replayed(
        flows={"points": Flow(granted=granted, expired=expired, reversed=reversed_, outstanding=left)},
        rules={rule: RuleSum(units=granted, orders=1, members=1)},
        levels={"main": level},
    )


def added(
    before: Replayed, after: Replayed, terms: Terms = SAME, *, spend: int = 1_000, into: Outcome | None = None, no: int = 7
) -> Outcome:
    found = Outcome() if into is None else into
    outcome.add(found, terms, MemberId(UUID(int=no)), spend=spend, before=before, after=after)
    return found


def test_a_member_is_added_to_both_sides_and_to_what_lies_between_them() -> None:
    before, after = side(100), side(140, level="silver")
    before.months, before.refused = {(24_000, "points"): 100}, {"redeem": 2}
    before.at_level = {("main", "member"): LevelSum(1, 1_000, {"points": 100})}
    example = Example(
        member_id=MEMBER,
        spend=1_000,
        before=100,
        after=140,
        levels_before=(("main", "member"),),
        levels_after=(("main", "silver"),),
        reason=Reason(kind="rule", rule="base", value=40),
    )
    assert added(before, after) == Outcome(
        members=1,
        buyers=1,
        revenue=1_000,
        before=Side(
            flows={"points": Flow(granted=100, outstanding=100)},
            rules={"base": RuleSum(100, 1, 1)},
            months={(24_000, "points"): 100},
            at_level={("main", "member"): LevelSum(1, 1_000, {"points": 100})},
            levels={("main", "member"): 1},
            bins={outcome.spend_bin(1_000): SpendBin(1, 1_000, 100, 0)},
            refused={"redeem": 2},
        ),
        after=Side(
            flows={"points": Flow(granted=140, outstanding=140)},
            rules={"base": RuleSum(140, 1, 1)},
            levels={("main", "silver"): 1},
            bins={outcome.spend_bin(1_000): SpendBin(1, 1_000, 140, 0)},
        ),
        moves={("main", "member", "silver"): 1},
        verdicts={Verdict.better: 1},
        differences={Verdict.better: 40},
        histogram={1: 1},
        winners=[example],
    )


def test_a_second_member_adds_to_the_first() -> None:
    found = added(side(100), side(100))
    added(side(100), side(100), into=found)
    assert (found.members, found.buyers, found.revenue) == (2, 2, 2_000)
    assert (found.moves, found.verdicts, found.differences) == ({("main", "member", "member"): 2}, {Verdict.same: 2}, {Verdict.same: 0})
    assert found.before.bins == {outcome.spend_bin(1_000): SpendBin(2, 2_000, 200, 0)}
    assert (found.histogram, found.winners, found.losers) == ({0: 2}, [], [])


@pytest.mark.parametrize(("spend", "buyers"), [(1, 1), (0, 0), (-500, 0)])
def test_who_returned_everything_is_no_buyer(spend: int, buyers: int) -> None:
    found = added(side(1), side(1), spend=spend)
    assert (found.buyers, found.revenue, len(found.before.bins)) == (buyers, spend, buyers)


@pytest.mark.parametrize(("granted", "lapsed", "nothing"), [(0, 0, 1), (1, 0, 0), (10, 10, 1)])
def test_a_buyer_without_any_value_got_nothing(granted: int, lapsed: int, nothing: int) -> None:
    found = added(side(granted, expired=lapsed), side())
    assert [one.nothing for one in found.before.bins.values()] == [nothing]


def test_a_ladder_that_only_one_side_has_leads_from_nowhere() -> None:
    before, after = side(1), side(1)
    before.levels, after.levels = {"old": "low"}, {"new": "high"}
    assert added(before, after).moves == {("old", "low", ""): 1, ("new", "", "high"): 1}


@pytest.mark.parametrize(("amount", "worth"), [(5, 7), (4, 6), (1, 1), (0, 0), (-1, -1), (-5, -7)])
def test_worth_is_rounded_towards_zero(amount: int, worth: int) -> None:
    assert outcome.worth(DEARER.after) == {"points": (2, 3)}
    assert (outcome.value(DEARER.worth_after, "points", amount), outcome.value(DEARER.worth_after, "growth", amount)) == (worth, 0)


def test_what_lasts_is_what_was_neither_taken_back_nor_lapsed() -> None:
    flows = {"points": Flow(granted=10, spent=4, expired=2, reversed=3, outstanding=1), "growth": Flow(granted=99)}
    assert outcome.lasting_value(DEARER.worth_after, flows) == 7


@pytest.mark.parametrize(
    ("spend", "band"), [(0, 0), (31, 31), (32, 48), (33, 48), (34, 49), (63, 63), (64, 80), (67, 80), (68, 81), (1_000, 191), (1_024, 208)]
)
def test_bands_of_spend_are_exact_below_thirty_two_and_sixteen_for_each_doubling(spend: int, band: int) -> None:
    assert outcome.spend_bin(spend) == band


@pytest.mark.parametrize(("difference", "band"), [(0, 0), (1, 1), (99, 1), (100, 2), (-1, -1), (-100, -2), (10**9, 23), (10**11, 25)])
def test_bands_of_differences_begin_at_their_edges(difference: int, band: int) -> None:
    assert outcome.band(difference) == band


def test_what_makes_a_gain_is_the_rule_that_gave_most_more() -> None:
    before, after = side(100), side(100)
    before.rules = {"base": RuleSum(units=60), "more": RuleSum(units=40)}
    after.rules = {"base": RuleSum(units=90), "more": RuleSum(units=60)}
    more = programmes.PLAIN + "  - {id: more, label: {en: M, zh: 多}, unit: points, per_amount: {every: 100, give: 1}}\n"
    terms = Terms(factories.programme(more), factories.programme(more))
    before.value, after.value = 100, 150
    assert outcome.reason(terms, before, after) == Reason(kind="rule", rule="base", value=30)
    assert outcome.reason(terms, after, before) == Reason(kind="rule", rule="base", value=-30)


@pytest.mark.parametrize(
    ("before", "after", "terms", "wanted"),
    [
        (side(100), side(60), SAME, Reason(kind="rule", rule="base", value=-40)),
        (side(100), side(100), DEARER, Reason(kind="worth", rule="base", value=50)),
        (side(100), side(100, expired=30), SAME, Reason(kind="expired", value=-30)),
        (side(100, expired=30), side(100), SAME, Reason(kind="expired", value=30)),
        (side(100), side(100, reversed_=30), SAME, Reason(kind="reversed", value=-30)),
        (side(100, rule="growth"), side(100, rule="growth", level="gold"), SAME, Reason(kind="tier")),
        (side(100, rule="dropped"), side(100), SAME, Reason(kind="rule", rule="base", value=100)),
    ],
)
def test_what_makes_most_of_the_difference(before: Replayed, after: Replayed, terms: Terms, wanted: Reason) -> None:
    before.value = outcome.lasting_value(terms.worth_before, before.flows)
    after.value = outcome.lasting_value(terms.worth_after, after.flows)
    if wanted.rule == "base" and "dropped" in before.rules:
        after.value += 1
    assert outcome.reason(terms, before, after) == wanted


@pytest.mark.parametrize(
    ("was", "now", "leads"),
    [
        ("gold", "black", 0),
        ("gold", "bronze", -1),
        ("silver", "black", 1),
        ("gold", "silver", -1),
        ("bronze", "black", 1),
        ("unknown", "bronze", 1),
        ("silver", "unknown", -1),
    ],
)
def test_levels_of_two_tables_are_compared_where_both_are_known_or_by_their_place(was: str, now: str, leads: int) -> None:
    renamed = programmes.changed(("id: silver", "id: bronze"), ("id: gold", "id: black"))
    terms = Terms(RUNNING, factories.programme(renamed))
    assert outcome.rise(terms, {"main": was}, {"main": now}) == leads


def test_several_ladders_are_weighed_against_each_other() -> None:
    made = factories.programme(whole.text())
    terms = Terms(made, made)
    low = {"main": "member", "visits": "new", "years": "first"}
    assert outcome.rise(terms, low, {**low, "main": "gold", "visits": "known"}) == 1
    assert outcome.rise(terms, {**low, "visits": "known"}, {**low, "main": "gold"}) == 0
    assert outcome.rise(terms, {**low, "visits": "friend"}, {"main": "member"}) == -1


def test_the_largest_differences_are_kept_and_of_equals_the_lower_ids() -> None:
    found = Outcome()
    for no in range(30, 0, -1):
        added(side(100), side(100 + (no if no > 25 else 5)), into=found, no=no)
        added(side(100), side(100 - (no if no > 25 else 5)), into=found, no=no)
    wanted = [30, 29, 28, 27, 26, *range(1, 16)]
    assert [one.member_id.int for one in found.winners] == wanted
    assert [one.member_id.int for one in found.losers] == wanted
    assert {one.difference > 0 for one in found.winners} == {True}


def test_what_history_could_not_tell_is_merged_too() -> None:
    one = Outcome(orders=2, refunds=1, assumed={"a": 1})
    outcome.merge(one, Outcome(orders=3, refunds=4, assumed={"a": 2, "b": 5}))
    assert (one.orders, one.refunds, one.assumed) == (5, 5, {"a": 3, "b": 5})


def test_merging_keeps_the_furthest_of_both_and_no_more_than_one_look_does() -> None:
    halves = Outcome(), Outcome()
    for no in range(1, 41):
        added(side(100), side(100 + no), into=halves[no % 2], no=no)
        added(side(100), side(100 - no), into=halves[no % 2], no=no)
    outcome.merge(*halves)
    assert [one.member_id.int for one in halves[0].winners] == list(range(40, 20, -1))
    assert [one.member_id.int for one in halves[0].losers] == list(range(40, 20, -1))


def test_a_band_that_lies_across_tenths_is_shared_in_proportion() -> None:
    tenths = outcome.deciles({2: SpendBin(5, 1_000, 100, 1), 1: SpendBin(15, 150, 30, 15)})
    assert [(one.members, one.spend, one.value, one.nothing) for one in tenths] == [
        *[(2, 20, 4, 2)] * 7,
        (2, 210, 22, 1),
        (2, 400, 40, 0),
        (2, 400, 40, 1),
    ]


def test_every_level_of_every_ladder_has_its_place() -> None:
    assert outcome.places(RUNNING) == [("main", "member"), ("main", "silver"), ("main", "gold")]
