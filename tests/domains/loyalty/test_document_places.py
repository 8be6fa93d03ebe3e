"""Each wrong place of units, ladders and earning rules is named; words that YAML would take for truth values are words."""

import pytest

from regulars.domains.loyalty import document
from regulars.kernel.problem import Problem
from tests.domains.loyalty import programmes, whole

LADDER = """
ladders:
  - id: ID
    label: {en: Other, zh: 其他}
    counts: COUNTS
    levels:
      - {id: low, from: FIRST, label: {en: Low, zh: 低}}
      - {id: high, from: 10, label: {en: High, zh: 高}}
"""
RULE = "\n  - {id: extra, label: {en: Extra, zh: 加}, unit: points, "


def faults(text: str) -> list[tuple[str, str]]:
    """(place, value) of everything that is wrong."""
    with pytest.raises(Problem, match=r"programme\.invalid") as refused:
        document.build(document.read(text), 1)
    assert [fault.field for fault in refused.value.faults if fault.wanted("zh") == fault.expected] == []
    return [(fault.field, fault.value) for fault in refused.value.faults]


def unit(more: str) -> str:
    return programmes.changed(("redeem: {points: 1, worth: 1}", more))


def ladder(**words: str) -> str:
    text = LADDER
    for name, word in {"ID": "other", "COUNTS": "visits", "FIRST": "0", **words}.items():
        text = text.replace(name, word)
    return programmes.PLAIN + text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (unit("pending_days: 7\n    pending_until: {act: delivered}"), "units.points"),
        (unit("pending_days: 366"), "units.points.pending_days"),
        (unit("pending_until: {act: Delivered}"), "units.points.pending_until.act"),
        (unit("pending_until: {act: delivered, cancel_after_days: 0}"), "units.points.pending_until.cancel_after_days"),
        (unit("money: true\n    redeem: {points: 100, worth: 1}"), "units.points"),
        (programmes.changed(("{rolling: {days: 365}}", "{rolling: {slides: true}}")), "units.growth.expiry.rolling"),
        (programmes.changed(("{rolling: {days: 365}}", "{rolling: {round_to: day}}")), "units.growth.expiry.rolling"),
        (programmes.changed(("{rolling: {days: 365}}", "{}")), "units.growth.expiry"),
        (programmes.changed(("keep: {months: 12}", "keep: {months: 0}")), "ladder.keep"),
        (programmes.changed(("keep: {months: 12}", "keep: {round_to: year, until: {month: 12, day: 31}}")), "ladder.keep"),
        (programmes.changed(("keep: {months: 12}", "keep: {until: {month: 13, day: 31}}")), "ladder.keep.until.month"),
        (programmes.changed(("keep: {months: 12}", "grace_days: 366")), "ladder.grace_days"),
        (programmes.changed(("keep: {months: 12}", "counts: spend")), "ladder"),
        (programmes.changed(("keep: {months: 12}", "window: {kind: lifetime}")), "ladder"),
        (programmes.changed(("keep: {months: 12}", "upgrade: never")), "ladder.upgrade"),
        (programmes.changed(("unit: growth\n  keep", "unit: karma\n  keep")), "ladder.unit"),
        (programmes.changed(("from: 300,", "from: 100,")), "ladder.levels[2].from"),
        (programmes.changed(("from: 0,", "from: 1,")), "ladder.levels[0].from"),
        (programmes.changed(("from: 0,", "from: 0, invited: true,")), "ladder.levels[0].from"),
        (programmes.changed(("id: gold", "id: silver")), "ladder.levels[2].id"),
        (ladder(ID="main"), "ladders[0].id"),
        (ladder(ID="points"), "ladders[0].id"),
        (ladder(ID="Other"), "ladders[0].id"),
        (ladder(COUNTS="stars"), "ladders[0].counts"),
        (ladder(COUNTS="unit"), "ladders[0]"),
        (ladder(COUNTS="tenure\n    window: {kind: lifetime}"), "ladders[0]"),
        (ladder(COUNTS="visits\n    window: {kind: rolling}"), "ladders[0].window"),
        (ladder(COUNTS="visits\n    window: {kind: calendar, months: 3}"), "ladders[0].window"),
        (ladder(FIRST="5"), "ladders[0].levels[0].from"),
        (programmes.PLAIN + RULE + "on: check_in, multiply: {factor_bp: 20000}}", "earning[2]"),
        (programmes.PLAIN + RULE + "on: Check, fixed: 5}", "earning[2].on"),
        (programmes.PLAIN + RULE + "fixed: 5, budget: 0}", "earning[2].budget"),
        (programmes.PLAIN + RULE + "fixed: 5, cap: {per: decade, amount: 1}}", "earning[2].cap.per"),
        (programmes.PLAIN + RULE + "fixed: 5, per_amount: {every: 1, give: 1}}", "earning[2]"),
    ],
)
def test_the_wrong_place_is_named(text: str, place: str) -> None:
    assert [where for where, _ in faults(text)] == [place]


@pytest.mark.parametrize(
    ("trigger", "attribute", "known"),
    [
        ("check_in", "order.total", False),
        ("check_in", "line.amount", False),
        ("check_in", "act.value", True),
        ("check_in", "member.orders", True),
        ("order", "act.value", False),
        ("order", "order.total", True),
    ],
)
def test_a_condition_asks_only_what_its_trigger_knows(trigger: str, attribute: str, known: bool) -> None:
    when = f'when: {{combinator: and, rules: [{{field: {attribute}, operator: ">", value: 3}}]}}'
    text = programmes.PLAIN + RULE + f"on: {trigger}, fixed: 5, {when}}}"
    if known:
        assert "extra" in {rule.id for rule in document.build(document.read(text), 1).rules}
    else:
        assert faults(text) == [("earning[2].when", attribute)]


def test_every_wrong_place_is_named_at_once() -> None:
    text = programmes.changed(
        ("GBP", "XXQ"), ("Europe/London", "Mars/Base"), ("from: 300,", "from: 50,"), more_rules=RULE + "fixed: 5, id: base}"
    ).replace("id: extra, ", "")
    assert [where for where, _ in faults(text)] == ["currency", "time_zone", "earning[2].id", "ladder.levels[2].from"]


def test_on_is_a_word_and_a_written_document_reads_as_it_was() -> None:
    made = document.read(whole.text())
    assert made.earning[2].on == "check_in"
    assert document.read(document.write(made)) == made
    assert faults(programmes.PLAIN + RULE + "fixed: 5, incentive: yes}") == [("earning[2].incentive", "yes")]
