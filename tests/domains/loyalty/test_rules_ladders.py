"""Several ladders in one decision: what each counts, hidden units, tenure, invitations, notices; how they are called."""

from datetime import UTC, date, datetime

import pytest

from regulars.domains.loyalty.rules import naming, passing, reading
from regulars.domains.tiers.rules import NO_REVIEW
from regulars.kernel.text import Text
from tests.domains.loyalty import programmes, whole
from tests.support import factories
from tests.support.engine import Machine

SPEND = """
ladders:
  - id: money
    label: {en: Spend, zh: 消费}
    counts: spend
    window: {kind: WINDOW}
    on_refund: at_once
    levels:
      - {id: low, from: 0, label: {en: Low, zh: 低}}
      - {id: high, from: 10000, label: {en: High, zh: 高}}
"""


def machine() -> Machine:
    return Machine(factories.programme(whole.text()))


def spending(window: str) -> Machine:
    return Machine(factories.programme(programmes.PLAIN + SPEND.replace("WINDOW", window)))


def test_every_order_is_a_visit_and_its_refund_takes_the_visit_back() -> None:
    m = machine()
    answers = [m.order(str(n), factories.line(1, 100)).answer["granted"] for n in range(2)]
    assert (answers, m.level("visits")) == ([{"points": 1, "growth": 1}] * 2, "known")
    m.refund("1", (1, 99))
    assert m.level("visits") == "known"
    m.refund("1", (1, 1), refund="rest")
    assert (m.level("visits"), m.changes("visits")[-1]) == ("new", ("known", "new", "refund"))
    m.check()


def test_a_visit_stays_as_long_as_anything_of_its_order_does() -> None:
    m = machine()
    for n in range(2):
        m.order(str(n), factories.line(1, 100), factories.line(2, 200))
    m.refund("1", (1, 100))
    assert m.level("visits") == "known"
    m.refund("1", (2, 200), refund="rest")
    assert (m.level("visits"), m.standing.wallet.total("visits:visits").available) == ("new", 1)
    m.check()


@pytest.mark.parametrize(
    ("window", "level"),
    [("lifetime", "high"), ("rolling, months: 3", "low"), ("calendar, period: quarter", "low"), ("anniversary", "low")],
)
def test_spend_counts_inside_its_window(window: str, level: str) -> None:
    m = spending(window)
    m.order("1", factories.line(1, 12_000, discount=1_000), freight=700)
    assert (m.level("money"), m.standing.wallet.total("spend:money").available) == ("high", 11_000)
    m.wait(days=400)
    assert (m.level("money"), m.standing.wallet.total("spend:money").available) == (level, 11_000 if level == "high" else 0)
    m.check()


def test_an_hidden_unit_is_counted_and_never_shown() -> None:
    m = spending("lifetime")
    assert m.order("1", factories.line(1, 12_000)).answer["granted"] == {"points": 120, "growth": 120}
    assert [unit.id for unit in m.programme.shown_units] == ["points", "growth"]
    assert m.refund("1", (1, 5_000)).answer["reversed"] == {"points": 50, "growth": 50}
    assert (m.level("money"), m.standing.wallet.total("spend:money").available) == ("low", 7_000)


def test_years_alone_reach_the_next_level_on_the_day_itself() -> None:
    m = machine()
    m.wait(days=364, hours=11)
    assert (m.level("years"), passing.next_due(m.programme, m.standing)) == ("first", datetime(2027, 3, 1, tzinfo=UTC))
    m.wait(hours=1)
    assert (m.level("years"), m.standing.tiers["years"].since) == ("second", datetime(2027, 3, 1, tzinfo=UTC))
    assert m.changes("years") == [("first", "second", "upgrade")]


def test_a_review_at_the_end_of_the_year_finds_the_year_and_a_notice_says_what_is_missing() -> None:
    m = machine()
    for n in range(2):
        m.order(str(n), factories.line(1, 100))
    m.now = datetime(2026, 12, 31, 23, tzinfo=UTC)
    m.wait(hours=2)
    # What counts until the end of the year carries the level at its end, and no longer.
    assert (m.level("visits"), m.standing.wallet.total("visits:visits").available) == ("known", 0)
    assert m.standing.tiers["visits"].keep_until == datetime(2027, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    m.wait(days=400)
    changes = m.changes("visits")[1:]
    assert changes == [("known", "known", "notice"), ("known", "known", "kept"), *changes[2:]]
    assert changes[2:] == [("known", "known", "notice"), ("known", "known", "grace"), ("known", "new", "review")]
    notices = [(e.at.date(), e.why["missing"]) for e in m.entries if e.why.get("reason") == "notice"]
    assert notices == [(date(2026, 12, 1), 0), (date(2027, 12, 1), 2)]
    assert m.replayed().standing == m.standing


def test_an_invitation_alone_leads_into_the_circle_for_as_long_as_it_lasts() -> None:
    m = machine()
    m.order("1", factories.line(1, 900_000))
    assert m.level("circle") == "outside"
    m.invite("inside", "circle", lasts=datetime(2026, 6, 1, tzinfo=UTC))
    m.wait(days=60)
    assert m.level("circle") == "inside"
    m.wait(days=60)
    assert (m.level("circle"), m.standing.tiers["circle"].keep_until) == ("outside", NO_REVIEW)
    assert m.replayed().standing == m.standing


def test_a_ladder_that_a_newer_version_brings_begins_on_its_lowest_level() -> None:
    m = Machine(factories.programme(programmes.PLAIN))
    m.order("1", factories.line(1, 100))
    m.programme = factories.programme(whole.text(), 2)
    m.order("2", factories.line(1, 100))
    assert {name: tier.level for name, tier in m.standing.tiers.items()} == {
        "main": "member",
        "visits": "new",
        "years": "first",
        "circle": "outside",
    }
    assert m.replayed().standing == m.standing


def test_what_a_ladder_counts_and_how_much_are_said_in_words() -> None:
    made, spends = factories.programme(whole.text()), spending("lifetime").programme
    counted = [naming.counted(made, ladder).en for ladder in made.ladders]
    assert counted == ["growth value", "visits", "months since joining", "invitation"]
    assert naming.unit(made, "gone") == Text("gone", "gone")
    assert (naming.amount(made, "points", 1200), naming.amount(spends, "spend:money", 1200)) == ("1,200", "12.00 GBP")
    assert naming.amount(made, "gone", 7) == "7"
    assert (naming.level(made.ladder, "gold").id, naming.level(made.ladder, "gone").id) == ("gold", "member")


def test_everything_of_the_member_and_the_moment_can_be_read() -> None:
    m = machine()
    m.order("1", factories.line(1, 10_000))
    at = datetime(2026, 3, 7, 22, 30, tzinfo=UTC)
    values = reading.member_values(m.programme, m.standing, at)
    wanted = {
        "member.tier": "silver",
        "member.orders": 1,
        "member.spend": 10_000,
        "member.first_order": False,
        "member.days_since_joined": 6,
        "time.weekday": 6,
        "time.hour": 22,
        "time.month": 3,
        "time.day_of_month": 7,
        "member.tier.visits": "new",
        "member.tier.years": "first",
        "member.tier.circle": "outside",
        "member.tier.main": "silver",
    }
    assert {name: values[name] for name in wanted} == wanted
