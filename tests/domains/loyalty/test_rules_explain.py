"""Journal rows in words, in both languages: what happened, by which rules, what was cut, and why a level changed."""

from typing import Any

import pytest

from regulars.domains.loyalty.rules import explain
from regulars.domains.points import rules as points
from regulars.domains.points.model import Entry
from tests.support.wallets import entry, fixed, multiply, per_amount, programme

PROGRAMME = programme(per_amount(), fixed("gift", 5), multiply("double", 20_000))


def moved(old: str, new: str, reason: str, balance: int) -> Entry:
    """The row of a change of level."""
    why: dict[str, Any] = {"from": old, "to": new, "reason": reason, "balance": balance}
    return entry("tier", 0, unit="main", **why)


@pytest.mark.parametrize(
    ("kind", "en", "zh"),
    [
        ("grant", "Earned 7 Points", "获得 7 〔points〕"),
        ("receive", "Received 7 Points from another member", "收到其他会员转赠 7 〔points〕"),
        ("send", "Gave 7 Points to another member", "转赠给其他会员 7 〔points〕"),
        ("settle", "7 Points paid a debt", "7 〔points〕 用于偿还欠分"),
        ("spend", "Redeemed 7 Points", "兑换 7 〔points〕"),
        ("restore", "7 Points returned with their old expiry", "退回 7 〔points〕，有效期不变"),
        ("hold", "7 Points set aside for a cart", "购物车冻结 7 〔points〕"),
        ("unhold", "7 Points released from a cart", "解冻 7 〔points〕"),
        ("confirm", "7 Points paid a part of the order", "订单抵扣 7 〔points〕"),
        ("expire", "7 Points lapsed", "7 〔points〕 已过期"),
        ("reverse", "7 Points taken back for a refund", "退款冲回 7 〔points〕"),
        ("deduct", "7 Points taken by hand", "人工扣减 7 〔points〕"),
        ("owe", "7 Points owed: refunded after they were spent", "欠 7 〔points〕：退款时已被使用"),
        ("waive", "7 Points not taken back: already lapsed or waived", "7 〔points〕 不予冲回：已过期或免除"),
        ("release", "7 Points became available", "7 〔points〕 已生效"),
    ],
)
def test_each_kind_has_its_sentence(kind: str, en: str, zh: str) -> None:
    assert explain.sentence(PROGRAMME, entry(kind, 7), "en") == en
    assert explain.sentence(PROGRAMME, entry(kind, 7), "zh") == zh


def test_no_kind_is_without_words() -> None:
    for kind in points.KINDS:
        assert explain.sentence(PROGRAMME, entry(kind, 1), "en")


def test_a_unit_that_the_programme_does_not_know_is_called_by_its_id() -> None:
    assert explain.sentence(PROGRAMME, entry("expire", 2, unit="miles"), "en") == "2 miles lapsed"


@pytest.mark.parametrize(
    ("row", "en", "zh"),
    [
        (
            entry("grant", 19, parts=[(1, "base", 7), (2, "base", 5), (1, "double", 7)]),
            "Earned 19 Points (Base +12; Double +7)",
            "获得 19 〔points〕 (〔base〕 +12; 〔double〕 +7)",
        ),
        (entry("grant", 5, parts=(("1", "gift", 5),)), "Earned 5 Points (Gift +5)", "获得 5 〔points〕 (〔gift〕 +5)"),
        (entry("grant", 5, parts=[(1, "old", 5)]), "Earned 5 Points (old +5)", "获得 5 〔points〕 (old +5)"),
        (entry("grant", 5, parts=[]), "Earned 5 Points", "获得 5 〔points〕"),
        (
            entry("grant", 3, parts=[(1, "gift", 3)], cut=[("gift", 5, 3), ("other", 2, 0)]),
            "Earned 3 Points (Gift +3; Gift: 3 of 5, limit reached; other: 0 of 2, limit reached)",
            "获得 3 〔points〕 (〔gift〕 +3; 〔gift〕：达到上限，5 中发放 3; other：达到上限，2 中发放 0)",
        ),
        (
            entry("grant", 3, cut=(("gift", 5, 3),), withheld=(("win", 50),)),
            "Earned 3 Points (Gift: 3 of 5, limit reached; win: 50 withheld, control group)",
            "获得 3 〔points〕 (〔gift〕：达到上限，5 中发放 3; win：对照组，未发放 50)",
        ),
        (
            entry("grant", 3, withheld=[("win", 50), ("back", 2)], reason="sorry"),
            "Earned 3 Points (win: 50 withheld, control group; back: 2 withheld, control group; sorry)",
            "获得 3 〔points〕 (win：对照组，未发放 50; back：对照组，未发放 2; sorry)",
        ),
        (entry("deduct", 3, reason="a mug", adjustment=True), "3 Points taken by hand (a mug)", "人工扣减 3 〔points〕 (a mug)"),
        (entry("spend", 3, reason=""), "Redeemed 3 Points", "兑换 3 〔points〕"),
    ],
)
def test_the_details_follow_in_brackets(row: Entry, en: str, zh: str) -> None:
    assert explain.sentence(PROGRAMME, row, "en") == en
    assert explain.sentence(PROGRAMME, row, "zh") == zh


@pytest.mark.parametrize(
    ("reason", "en", "zh"),
    [
        ("upgrade", "Up from Silver to Gold: 310 reached", "由 〔silver〕 升至 〔gold〕：已达 310"),
        ("kept", "Gold kept: 310 at the review", "保级 〔gold〕：评定时为 310"),
        ("review", "From Silver to Gold: only 310 at the review", "由 〔silver〕 变为 〔gold〕：评定时仅有 310"),
        ("opening", "Gold taken over from the earlier system", "由原系统带入 〔gold〕"),
    ],
)
def test_a_change_of_level_names_both_levels_and_the_balance(reason: str, en: str, zh: str) -> None:
    row = moved("silver", "gold", reason, 310)
    assert explain.sentence(PROGRAMME, row, "en") == en
    assert explain.sentence(PROGRAMME, row, "zh") == zh


@pytest.mark.parametrize(
    ("why", "en", "zh"),
    [
        ({"missing": 1_200}, "Gold will be lost at its review unless 1,200 more are reached", "距离保级 〔gold〕 还差 1,200"),
        ({"missing": 0}, "Gold looked at before its review: it will be kept", "〔gold〕 评定前检查：可以保级"),
        ({"words": "as agreed", "missing": 3}, "Gold will be lost at its review unless 3 more are reached (as agreed)", None),
    ],
)
def test_a_look_before_the_review_says_what_is_missing_or_that_nothing_is(why: dict[str, Any], en: str, zh: str | None) -> None:
    row = moved("gold", "gold", "notice", 310)._replace(why={"from": "gold", "to": "gold", "reason": "notice", **why})
    assert explain.sentence(PROGRAMME, row, "en") == en
    assert zh is None or explain.sentence(PROGRAMME, row, "zh") == zh


def test_without_a_balance_none_is_counted() -> None:
    row = moved("silver", "gold", "upgrade", 0)._replace(why={"from": "silver", "to": "gold", "reason": "upgrade"})
    assert explain.sentence(PROGRAMME, row, "en") == "Up from Silver to Gold: 0 reached"


@pytest.mark.parametrize(
    ("kind", "en"),
    [
        ("deduct", "7 Points taken for a benefit after a refund"),
        ("owe", "7 Points owed for a benefit after a refund"),
        ("waive", "7 Points for a benefit waived after a refund"),
        ("return", "7 Points returned: the benefit they paid for was given back"),
        ("expire", "7 Points lapsed"),
    ],
)
def test_what_pays_for_a_benefit_says_so(kind: str, en: str) -> None:
    assert explain.sentence(PROGRAMME, entry(kind, 7, benefit="delivery"), "en") == en


def test_what_the_control_group_does_not_get_is_called_by_its_label() -> None:
    row = entry("grant", 3, withheld=[("gift", 1_500)])
    assert explain.sentence(PROGRAMME, row, "en") == "Earned 3 Points (Gift: 1,500 withheld, control group)"


def test_a_level_that_the_programme_dropped_is_called_by_its_id() -> None:
    row = moved("black", "white", "review", 5)
    assert explain.sentence(PROGRAMME, row, "en") == "From black to white: only 5 at the review"


def test_any_language_but_chinese_is_english() -> None:
    row = entry("grant", 3, cut=[("gift", 5, 3)])
    assert explain.sentence(PROGRAMME, row, "en-GB") == explain.sentence(PROGRAMME, row, "en")


def test_chinese_may_be_asked_for_by_region() -> None:
    assert (
        explain.sentence(PROGRAMME, entry("grant", 3, cut=[("gift", 5, 3)]), "zh-CN")
        == "获得 3 〔points〕 (〔gift〕：达到上限，5 中发放 3)"
    )
