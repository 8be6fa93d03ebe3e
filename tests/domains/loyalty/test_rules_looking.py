"""How often somebody looks must not matter: time changes a standing at its own moments."""

import hypothesis.strategies as st
from hypothesis import given

from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import passing, tracing
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, Entry
from regulars.domains.tiers.model import TierStanding
from tests.support import factories
from tests.support.wallets import MEMBER, NOON, brief, day, entry, ladder, lot, multiply, per_amount, programme, standing, wallet

Journal = list[tuple[str, int, object]]


def advanced(own: list[Entry], *tos: float, tier: TierStanding | None = None) -> tuple[TierStanding, Journal]:
    found, said = standing(*own, tier=tier), []
    for to in tos:
        said += passing.advance(programme(), found, day(to))
    return found.tier, [(e.kind, e.amount, e.at) for e in said]


def growth(amount: int, expires: float, available: float) -> Entry:
    return lot(amount, day(expires), day(available), unit="growth")


def test_a_review_uses_the_balance_of_its_own_moment() -> None:
    # Released on day 5 it makes gold, lapsed on day 100 it carries nothing: a review on day 10 of the next year finds nothing.
    silver = TierStanding("silver", day(-355), day(10))
    own = [growth(300, 100, 5)]
    assert advanced(own, 400, tier=silver) == advanced(own, 5, 400, tier=silver)


def test_released_growth_lifts_the_level_even_if_it_lapsed_before_anybody_looked() -> None:
    own = [growth(300, 300, 7)]
    tier, said = advanced(own, 310)
    assert (tier.level, tier.since) == ("gold", day(7))
    assert (tier, said) == advanced(own, 7, 310)


def test_a_level_is_reached_at_the_release_that_carried_it_not_at_the_last_one() -> None:
    tier, _ = advanced([growth(300, 365, 7), growth(1, 365, 30)], 30)
    assert (tier.level, tier.since) == ("gold", day(7))


moments = st.integers(0, 60).map(lambda n: n * 10.0)
lots = st.lists(
    st.builds(
        lambda n, e, a, u: lot(n, day(e), day(min(a, e)) if a > 0 else ALWAYS, u),
        st.integers(1, 400),
        moments.filter(lambda m: m > 0),
        moments,
        st.sampled_from(["points", "growth"]),
    ),
    max_size=6,
)


@given(
    own=lots,
    level=st.sampled_from(["member", "silver", "gold"]),
    until=moments.filter(lambda m: m > 0),
    looks=st.lists(moments, max_size=5),
    months=st.sampled_from([1, 12]),
    downgrade=st.sampled_from(["reassess", "one_step"]),
)
def test_looking_once_or_often_gives_the_same_standing_and_journal(
    own: list[Entry], level: str, until: float, looks: list[float], months: int, downgrade: str
) -> None:
    of = programme(ladder_=ladder(keep_months=months, downgrade=downgrade))
    tier = TierStanding(level, NOON, day(until)) if level != "member" else None
    once, often = standing(*own, tier=tier), standing(*own, tier=tier)
    first = passing.advance(of, once, day(700))
    second = [e for to in (*sorted(looks), 700) for e in passing.advance(of, often, day(to))]
    assert (once, first) == (often, second)
    assert [e.at for e in first] == sorted(e.at for e in first)


def test_what_an_order_earned_too_late_lapses_when_it_is_recorded_not_before_it_was_given() -> None:
    made = rules.decide(programme(per_amount()), standing(), factories.paid(MEMBER, "1", at=day(-500)))
    assert [(e.kind, e.at) for e in made.entries] == [("grant", NOON), ("expire", NOON)]


def test_returned_points_that_have_lapsed_pay_no_debt() -> None:
    found = wallet(lot(10, day(1)))
    spent = points.take(found, "spend", unit="points", amount=10, at=NOON, ref=None, why={})
    points.post(found, entry("owe", 4))
    assert brief(points.restore(found, spent, skip=0, amount=10, at=day(5), why={})) == [("restore", 10)]


def test_taking_nothing_posts_nothing() -> None:
    assert points.take(wallet(lot(5)), "deduct", unit="points", amount=0, at=NOON, ref=None, why={}) == []


def test_a_multiplier_without_a_rival_is_not_outdone() -> None:
    of = programme(per_amount(when=("line.category", "tea")), multiply("cake", 20_000, when=("line.category", "cake")))
    lines = [factories.line(1, 1_000, category="tea"), factories.line(2, 1_000, category="cake")]
    assert [each.state for each in tracing.trace(of, standing(), factories.order(MEMBER, "1", lines), {})] == ["granted", "nothing"]
