"""The document in words: every item says what it does, and no difference between two documents goes unsaid."""

import copy
from contextlib import suppress
from typing import Any

import pytest
import yaml

from regulars.domains.loyalty import document
from regulars.kernel.problem import Problem
from tests.domains.loyalty import programmes
from tests.support import factories

DEMO = document.read(factories.demo_document())


def said(path: str, typed: document.Document = DEMO) -> tuple[str, str]:
    found = next(item for item in document.outline(typed) if item.path == path)
    return found.sentence.en, found.sentence.zh


def test_a_capped_rule_with_a_condition_is_one_sentence() -> None:
    assert said("earning.weekend") == (
        "When Weekday (1 Monday – 7 Sunday) is at least 6: 10 points an order; at most 20 a month.",
        "当星期（1 周一 – 7 周日）不低于6时，每单 10 积分；每月最多 20。",
    )


def test_a_unit_says_when_it_lapses_what_it_pays_and_who_may_have_it() -> None:
    assert said("units.points") == (
        (
            "Lapses 12 months after it was earned, to the end of that month. A refund takes it back, as a debt when it is spent. "
            "Every 100 pay 1.00 GBP, from 100, up to 50 % of a cart. Members give away 10 to 5,000 of it a day."
        ),
        "获得后 12 个月过期，至当月末。退款时收回；已使用的计为欠分。每 100 可抵 1.00 GBP，至少 100，最多抵订单的 50 %。会员每天最多可转赠 5,000，每次至少 10。",
    )


NAMED = """
  - {id: a, label: {en: Shiny, zh: 闪亮}, unit: points, multiply: {factor_bp: 15000, lane: tier},
     when: {combinator: and, rules: [{field: member.tier, operator: in, value: [silver, gold]}]}}
  - {id: b, label: {en: Heavy, zh: 豪爽}, unit: points, multiply: {factor_bp: 20000, lane: tier},
     when: {combinator: and, rules: [{field: order.total, operator: ">=", value: 123456}]}}
  - {id: c, label: {en: Hello, zh: 你好}, unit: points, on: check_in, fixed: 5}
"""


def test_levels_lanes_acts_and_money_are_said_by_their_names() -> None:
    typed = document.read(programmes.changed(more_rules=NAMED.lstrip("\n")))
    assert said("earning.a", typed) == (
        "When Tier is Silver or Gold: 1.5 times the points that amounts give (of this and “Heavy” the highest counts).",
        "当等级为银卡或金卡时，按金额所得积分的 1.5 倍（与“豪爽”取最高）。",
    )
    assert said("earning.b", typed)[1] == "当订单金额不低于1,234.56 GBP时，按金额所得积分的 2 倍（与“闪亮”取最高）。"
    assert said("earning.c", typed) == ("For checking in: 5 points each time.", "签到时：每次 5 积分。")
    assert said("ladder.levels.member", typed) == ("For everybody.", "面向所有会员。")


CIRCLE = """ladders:
  - id: circle
    label: {en: Tea circle, zh: 茶友圈}
    counts: invitation
    levels:
      - {id: outside, from: 0, label: {en: Outside, zh: 圈外}}
      - {id: inside, from: 0, label: {en: Inside, zh: 圈内}}
"""


def test_a_level_of_an_invited_circle_is_for_the_invited_only() -> None:
    typed = document.read(programmes.changed(("earning:", f"{CIRCLE}earning:")))
    assert said("ladders.circle.levels.outside", typed) == ("For everybody.", "面向所有会员。")
    assert said("ladders.circle.levels.inside", typed) == ("By invitation only.", "仅限邀请。")


def test_a_calendar_expiry_names_its_day() -> None:
    text = programmes.changed(("{rolling: {months: 12}}", "{calendar: {month: 12, day: 31, min_months: 3}}"))
    en, zh = said("units.points", document.read(text))
    assert en.startswith("Lapses at the end of the next 12/31 that is at least 3 months away.")
    assert zh.startswith("在下一个 12 月 31 日（至少 3 个月后）结束时过期。")


def test_a_document_does_not_differ_from_itself_however_it_is_written() -> None:
    assert document.changes(DEMO, document.read(document.write(DEMO))) == []


def test_a_raised_threshold_a_new_rule_and_a_lost_one_are_told() -> None:
    text = programmes.changed(
        ("from: 300", "from: 400"),
        ("  - {id: growth, label: {en: Growth, zh: 成长}, unit: growth, per_amount: {every: 100, give: 1}}\n", ""),
        more_rules="  - {id: gift, label: {en: Gift, zh: 礼}, unit: points, fixed: 5}\n",
    )
    found = document.changes(document.read(programmes.PLAIN), document.read(text))
    assert [(c.path, c.kind, c.before and c.before.en, c.after and c.after.en) for c in found] == [
        ("ladder.levels.gold", "changed", "From 300 growth value.", "From 400 growth value."),
        ("earning.gift", "added", None, "5 points an order."),
        (
            "earning.growth",
            "removed",
            "1 growth value for every 1.00 GBP of the order without discounts, what points paid, freight.",
            None,
        ),
    ]


def test_a_renamed_level_shows_both_names() -> None:
    found = document.changes(document.read(programmes.PLAIN), document.read(programmes.changed(("en: Gold", "en: Golden"))))
    assert [(c.before and c.before.en, c.after and c.after.en) for c in found] == [
        ("Gold: From 300 growth value.", "Golden: From 300 growth value.")
    ]


def test_rules_in_another_order_have_moved() -> None:
    raw = yaml.safe_load(programmes.PLAIN)
    raw["earning"].reverse()
    (moved,) = document.changes(document.read(programmes.PLAIN), document.read(yaml.safe_dump(raw, allow_unicode=True)))
    assert (moved.kind, moved.before and moved.before.en, moved.after and moved.after.en) == ("moved", "Base → Growth", "Growth → Base")


def leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in leaves(value, (*path, key))]
    if isinstance(node, list):
        return [found for i, value in enumerate(node) for found in leaves(value, (*path, i))]
    return [path]


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return {
        "GBP": "CNY",
        "Europe/London": "Asia/Shanghai",
        "month": "year",
        "owe": "waive",
        "waive": "owe",
        "reassess": "one_step",
        "discount": "tax",
        "points": "growth",
        "growth": "points",
        ">=": "<=",
    }.get(value, f"{value}x")


def neighbours() -> dict[str, document.Document]:
    """Every valid document that differs from the demo's in one leaf, by that leaf's place."""
    raw = yaml.safe_load(factories.demo_document())
    found = {}
    for path in leaves(raw):
        changed = copy.deepcopy(raw)
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = _another(place[path[-1]])
        with suppress(Problem):
            typed = document.read(yaml.safe_dump(changed, allow_unicode=True))
            document.build(typed, 0)
            found[".".join(map(str, path))] = typed
    return found


NEIGHBOURS = neighbours()


def test_there_are_neighbours_to_compare_with() -> None:
    assert len(NEIGHBOURS) > 60


@pytest.mark.parametrize("path", NEIGHBOURS)
def test_no_single_difference_goes_unsaid(path: str) -> None:
    found = document.changes(DEMO, NEIGHBOURS[path])
    assert found
    assert all(change.before != change.after for change in found)
