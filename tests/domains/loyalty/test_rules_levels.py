"""What is written when a level changes by wish: by hand, by an edited ladder, or taken over from an earlier system."""

from datetime import UTC, datetime
from uuid import UUID

from regulars.domains.loyalty.model import StandingOpened
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers.model import TierStanding
from regulars.domains.tiers.rules import NO_REVIEW
from tests.domains.loyalty import programmes, whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import NOON, day

PLAIN = factories.programme(programmes.PLAIN)
IN_A_YEAR = datetime(2027, 3, 2, tzinfo=UTC)


def changed(to: str, reason: str, *, since: datetime = NOON, until: datetime = IN_A_YEAR, **more: object) -> Entry:
    why = {"from": "member", "to": to, "since": since.isoformat(), "until": until.isoformat(), "reason": reason, "balance": 0}
    return Entry("main", "tier", 0, NOON, NEVER, ALWAYS, None, {**why, **more})


def opened(level: str, **more: datetime) -> Machine:
    m = Machine(PLAIN)
    m.take(StandingOpened(member_id=m.member, at=NOON, ref=UUID(int=1), lots=(), level=level, **more))
    return m


def test_a_level_given_by_hand_lasts_its_term_and_keeps_the_words() -> None:
    m = Machine(PLAIN)
    assert m.invite("gold").entries == [changed("gold", "given", words="test")]
    assert m.standing.tier == TierStanding("gold", NOON, IN_A_YEAR)


def test_a_level_given_for_a_while_lasts_so_long() -> None:
    m = Machine(PLAIN)
    assert m.invite("gold", lasts=day(9)).entries == [changed("gold", "given", until=day(9), words="test")]


def test_a_level_of_another_ladder_leaves_the_first_alone() -> None:
    m = Machine(factories.programme(whole.text()))
    (entry,) = m.invite("inside", "circle").entries
    assert (entry.unit, entry.why["from"], entry.why["to"], m.level(), m.level("circle")) == (
        "circle",
        "outside",
        "inside",
        "member",
        "inside",
    )


def test_what_an_earlier_system_gave_keeps_its_own_dates() -> None:
    m = opened("gold", since=day(-90), keep_until=day(30))
    assert m.entries == [changed("gold", "opening", since=day(-90), until=day(30))]
    assert m.standing.tier == TierStanding("gold", day(-90), day(30))


def test_what_an_earlier_system_gave_without_dates_begins_now() -> None:
    assert opened("silver").standing.tier == TierStanding("silver", NOON, IN_A_YEAR)


def test_the_term_of_a_level_taken_over_begins_when_the_level_did() -> None:
    assert opened("silver", since=day(-365)).standing.tier.keep_until == datetime(2026, 3, 2, tzinfo=UTC)


def test_the_lowest_level_of_an_earlier_system_needs_no_review() -> None:
    assert opened("member", keep_until=day(30)).standing.tier == TierStanding("member", NOON, NO_REVIEW)


def test_every_ladder_is_looked_at_again_and_each_move_is_written_and_said() -> None:
    m = Machine(factories.programme(whole.text()))
    for no in range(2):
        m.order(str(no), factories.line(1, 7_500))
    m.programme = factories.programme(whole.text(("from: 100,", "from: 200,")).replace("from: 2,", "from: 3,"), 2)
    decision = m.reassess(1, down=True)
    assert decision.answer["moves"] == {"main": ["silver", "member"], "visits": ["known", "new"]}
    written = [(e.unit, e.why["from"], e.why["to"], e.why["reason"], e.why["balance"], e.at) for e in decision.entries]
    assert written == [("main", "silver", "member", "reassessed", 150, NOON), ("visits", "known", "new", "reassessed", 2, NOON)]
