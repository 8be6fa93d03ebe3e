"""Edge cases of tiers: refunds, grace, edited ladders, and what does not count."""

from datetime import UTC, datetime

import pytest

from regulars.kernel.problem import Problem
from tests.domains.loyalty import programmes, whole
from tests.support import factories
from tests.support.engine import Machine


def machine(*pairs: tuple[str, str]) -> Machine:
    return Machine(factories.programme(programmes.changed(*pairs)))


KEEP = "keep: {months: 12}"


@pytest.mark.parametrize(("policy", "level"), [("at_once", "silver"), ("at_review", "gold")])
def test_edge_16_a_refund_lowers_the_level_at_once_or_at_the_review_but_never_below_what_other_orders_carry(
    policy: str, level: str
) -> None:
    m = machine((KEEP, f"{KEEP}\n  on_refund: {policy}"))
    m.order("1", factories.line(1, 15_000))
    m.order("2", factories.line(1, 20_000))
    assert m.level() == "gold"
    m.refund("2", (1, 20_000))
    assert m.level() == level
    assert m.changes()[2:] == ([("gold", "silver", "refund")] if policy == "at_once" else [])
    m.check()


def test_edge_16_a_refund_that_leaves_enough_changes_no_level() -> None:
    m = machine((KEEP, f"{KEEP}\n  on_refund: at_once"))
    m.order("1", factories.line(1, 35_000))
    m.refund("1", (1, 5_000))
    assert (m.level(), m.standing.wallet.total("growth").available) == ("gold", 300)
    m.refund("1", (1, 100), refund="r2")
    assert (m.level(), m.standing.wallet.total("growth").available) == ("silver", 299)


def test_edge_16_a_floor_holds_whatever_is_refunded() -> None:
    m = machine((KEEP, f"{KEEP}\n  on_refund: at_once"), ("from: 100,", "from: 100, floor: true,"))
    m.order("1", factories.line(1, 35_000))
    m.refund("1", (1, 35_000))
    assert (m.level(), m.standing.wallet.total("growth").available) == ("silver", 0)


def test_edge_17_who_qualifies_again_within_grace_keeps_the_level_for_a_new_term() -> None:
    m = machine((KEEP, "keep: {months: 1}\n  grace_days: 30"), ("{rolling: {days: 365}}", "{rolling: {days: 20}}"))
    m.order("1", factories.line(1, 10_000))
    since = m.standing.tier.since
    m.wait(days=35)
    assert (m.level(), m.standing.tier.state, m.standing.tier.keep_until) == ("silver", "grace", datetime(2026, 5, 1, 23, tzinfo=UTC))
    m.order("2", factories.line(1, 10_000))
    assert (m.level(), m.standing.tier.state, m.standing.tier.since) == ("silver", "", since)
    assert m.standing.tier.keep_until == datetime(2026, 5, 5, 23, tzinfo=UTC)
    assert m.changes() == [("member", "silver", "upgrade"), ("silver", "silver", "grace"), ("silver", "silver", "recovered")]
    assert m.replayed().standing == m.standing


def test_edge_17_who_does_not_drops_when_grace_is_over() -> None:
    m = machine((KEEP, "keep: {months: 1}\n  grace_days: 30"), ("{rolling: {days: 365}}", "{rolling: {days: 20}}"))
    m.order("1", factories.line(1, 30_000))
    m.wait(days=35)
    m.order("2", factories.line(1, 10_000))
    assert (m.level(), m.standing.tier.state) == ("gold", "grace")
    m.wait(days=40)
    assert m.changes()[1:] == [("gold", "gold", "grace"), ("gold", "member", "review")]


def test_edge_17_spending_points_leaves_every_ladder_alone() -> None:
    m = Machine(factories.programme(whole.text()))
    m.order("1", factories.line(1, 15_000))
    m.order("2", factories.line(1, 15_000))
    before = dict(m.standing.tiers)
    m.redeem(240)
    m.reward("cup", 2, address="home")
    assert m.points == 0
    assert m.standing.tiers == before
    assert {name: tier.level for name, tier in before.items()} == {
        "main": "gold",
        "visits": "known",
        "years": "first",
        "circle": "outside",
    }


EDITED = (("from: 100,", "from: 200,"), ("from: 300,", "from: 900,"))


def test_edge_18_an_edited_table_moves_nobody_until_levels_are_looked_at_again() -> None:
    m = machine()
    m.order("1", factories.line(1, 15_000))
    assert m.level() == "silver"
    m.programme = factories.programme(programmes.changed(*EDITED), 2)
    m.wait(days=1)
    assert m.level() == "silver"
    assert (m.reassess(1, down=False).answer["moves"], m.level()) == ({}, "silver")
    assert (m.reassess(2, down=True).answer["moves"], m.level()) == ({"main": ["silver", "member"]}, "member")
    assert (m.reassess(3, down=True).answer["moves"], m.changes()[-1]) == ({}, ("silver", "member", "reassessed"))
    assert m.replayed().standing == m.standing


def test_edge_18_a_lower_table_raises_whom_it_carries() -> None:
    m = machine()
    m.order("1", factories.line(1, 15_000))
    m.programme = factories.programme(programmes.changed(("from: 300,", "from: 150,")), 2)
    assert m.reassess(1, down=False).answer["moves"] == {"main": ["silver", "gold"]}
    assert m.level() == "gold"


def test_edge_18_a_level_that_the_table_dropped_is_left_by_everybody() -> None:
    m = machine()
    m.order("1", factories.line(1, 35_000))
    m.programme = factories.programme(programmes.changed(("id: gold", "id: black"), ("from: 300,", "from: 400,")), 2)
    assert m.reassess(1, down=False).answer["moves"] == {"main": ["gold", "silver"]}


def test_edge_18_pending_growth_counts_for_nothing_in_a_re_evaluation() -> None:
    m = machine(("label: {en: growth value, zh: 成长值}", "label: {en: growth value, zh: 成长值}\n    pending_days: 7"))
    m.order("1", factories.line(1, 15_000))
    assert (m.reassess(1, down=True).answer["moves"], m.level()) == ({}, "member")
    m.wait(days=8)
    assert m.level() == "silver"


def test_edge_18_an_invited_level_stays() -> None:
    m = machine(("{en: Gold, zh: 金卡}}", "{en: Gold, zh: 金卡}, invited: true}"))
    m.order("1", factories.line(1, 90_000))
    assert m.level() == "silver"
    m.invite("gold")
    assert (m.reassess(1, down=True).answer["moves"], m.level()) == ({}, "gold")
    m.wait(days=800)
    assert m.level() == "gold"
    with pytest.raises(Problem, match=r"tiers\.level_unknown"):
        m.invite("diamond", ref=2)
    with pytest.raises(Problem, match=r"tiers\.ladder_unknown"):
        m.invite("gold", "other", ref=2)
