"""Reading and writing: JSON out and in again, the sentence in both languages, what is read, what each leaf says."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from regulars.kernel import conditions
from regulars.kernel.attributes import Registry
from regulars.kernel.conditions import Behaviour, Comparison, Group, LeafResult, Match, Operator, Predicate, Values, Window
from regulars.kernel.problem import Problem

DID = Behaviour("order.paid", Match.at_least, 2, Window(days=90), Group("and", (Comparison("total", Operator.more, 500),)))
TREE = Group(
    "and",
    (
        Comparison("member.tier", Operator.equal, "gold"),
        Comparison("order.total", Operator.at_least, 10_000),
        Group(
            "or", (Comparison("member.city", Operator.in_, ("London", "Leeds")), Comparison("member.adult", Operator.null)), negated=True
        ),
        DID,
    ),
)
JSON = {
    "combinator": "and",
    "not": False,
    "rules": [
        {"field": "member.tier", "operator": "=", "value": "gold"},
        {"field": "order.total", "operator": ">=", "value": 10_000},
        {
            "combinator": "or",
            "not": True,
            "rules": [
                {"field": "member.city", "operator": "in", "value": ["London", "Leeds"]},
                {"field": "member.adult", "operator": "null", "value": None},
            ],
        },
        {
            "field": "order.paid",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 2},
            "window": {"days": 90},
            "value": {"combinator": "and", "not": False, "rules": [{"field": "total", "operator": ">", "value": 500}]},
        },
    ],
}


def test_a_tree_is_written_as_the_json_it_is_read_from(registry: Registry) -> None:
    assert conditions.to_json(TREE) == JSON
    assert conditions.parse(json.loads(json.dumps(JSON)), registry) == TREE


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (Comparison("member.churn", Operator.more, Decimal("0.25")), "0.25"),
        (Comparison("member.birthday", Operator.between, (date(2026, 1, 1), date(2026, 2, 1))), ["2026-01-01", "2026-02-01"]),
        (Comparison("member.seen", Operator.less, datetime(2026, 3, 1, tzinfo=UTC)), "2026-03-01T00:00:00+00:00"),
        (Comparison("member.adult", Operator.equal, value=True), True),
        (Comparison("member.tags", Operator.contains_all, ("a",)), ["a"]),
    ],
)
def test_typed_values_become_json_and_come_back(rule: Comparison, written: object, registry: Registry) -> None:
    source = conditions.to_json(Group("or", (rule,)))
    assert source == {"combinator": "or", "not": False, "rules": [{"field": rule.field, "operator": rule.operator.value, "value": written}]}
    assert conditions.parse(json.loads(json.dumps(source)), registry) == Group("or", (rule,))


@pytest.mark.parametrize(
    ("window", "written"), [(Window(), {}), (Window(months=3), {"window": {"months": 3}}), (Window(days=1), {"window": {"days": 1}})]
)
def test_a_window_is_written_only_where_there_is_one(window: Window, written: dict[str, Any], registry: Registry) -> None:
    tree = Group("and", (Behaviour("order.paid", Match.at_most, 0, window, Group("and", ())),))
    (rule,) = conditions.to_json(tree)["rules"]
    assert {key: value for key, value in rule.items() if key == "window"} == written
    assert conditions.parse(conditions.to_json(tree), registry) == tree


def test_a_tree_reads_as_one_sentence(registry: Registry) -> None:
    assert conditions.sentence(TREE, registry, "en") == (
        "tier is gold and order total is at least 100.00 GBP and not (city is “London” or “Leeds” or of age is unknown)"
        " and paid an order at least 2 times in the last 90 days (where total is more than 5.00 GBP)"
    )
    assert conditions.sentence(TREE, registry, "zh-CN") == (
        "等级为gold，且订单金额不低于100.00 GBP，且不满足（城市为「London」或「Leeds」，或成年未知），且最近90天内下单至少2次（其中金额大于5.00 GBP）"
    )


@pytest.mark.parametrize(
    ("field", "operator", "value", "en", "zh"),
    [
        ("member.orders", "=", 5, "number of orders is 5", "订单数为5"),
        ("member.orders", "!=", 5, "number of orders is not 5", "订单数不为5"),
        ("member.age", "<", 18, "age is less than 18 years", "年龄小于18 年"),
        ("member.age", "<=", 18, "age is at most 18 years", "年龄不超过18 年"),
        ("member.age", ">", 18, "age is more than 18 years", "年龄大于18 年"),
        ("member.age", ">=", 18, "age is at least 18 years", "年龄不低于18 年"),
        ("member.orders", "in", (1,), "number of orders is 1", "订单数为1"),
        ("member.orders", "in", (1, 2, 3), "number of orders is 1, 2 or 3", "订单数为1、2或3"),
        ("member.orders", "in", (1, 2, 3, 4, 5), "number of orders is 1, 2, 3, 4 or 5", "订单数为1、2、3、4或5"),
        ("member.orders", "in", tuple(range(6)), "number of orders is 0, 1, 2, 3, 4, … (6 in all)", "订单数为0、1、2、3、4……（共6个）"),
        ("member.orders", "notIn", (1, 2), "number of orders is none of 1, 2", "订单数不为1、2中的任何一个"),
        ("member.orders", "between", (1, 2), "number of orders is between 1 and 2", "订单数在1到2之间"),
        ("member.orders", "notBetween", (1, 2), "number of orders is not between 1 and 2", "订单数不在1到2之间"),
        ("member.city", "contains", "ee", "city contains “ee”", "城市包含「ee」"),
        ("member.city", "beginsWith", "Le", "city begins with “Le”", "城市以「Le」开头"),
        ("member.city", "endsWith", "ds", "city ends with “ds”", "城市以「ds」结尾"),
        ("member.city", "null", None, "city is unknown", "城市未知"),
        ("member.city", "notNull", None, "city is known", "城市已知"),
        ("member.tags", "containsAny", ("a", "b"), "tags contains any of a, b", "标签包含a、b中的任意一个"),
        ("member.tags", "containsAll", ("a", "b"), "tags contains all of a, b", "标签包含全部a、b"),
        ("member.adult", "=", True, "of age is yes", "成年为是"),
        ("member.adult", "!=", False, "of age is not no", "成年不为否"),
        ("member.churn", "<", Decimal("0.25"), "churn risk is less than 0.25", "流失风险小于0.25"),
        ("order.base", "=", 1230, "base is 1,230", "基数为1,230"),
        ("order.yen", "=", 1230, "yen is 1,230 JPY", "日元为1,230 JPY"),
        ("member.birthday", "=", date(2026, 3, 1), "birthday is 2026-03-01", "生日为2026-03-01"),
        ("member.birthday", "<", date(2026, 3, 1), "birthday is before 2026-03-01", "生日早于2026-03-01"),
        ("member.birthday", "<=", date(2026, 3, 1), "birthday is not after 2026-03-01", "生日不晚于2026-03-01"),
        ("member.birthday", ">", date(2026, 3, 1), "birthday is after 2026-03-01", "生日晚于2026-03-01"),
        (
            "member.seen",
            ">=",
            datetime(2026, 3, 1, tzinfo=UTC),
            "last visit is not before 2026-03-01 00:00:00 UTC",
            "最近到访不早于2026-03-01 00:00:00 UTC",
        ),
    ],
)
def test_each_operator_is_said_in_both_languages(field: str, operator: str, value: Any, en: str, zh: str, registry: Registry) -> None:
    tree = Group("and", (Comparison(field, Operator(operator), value),))
    assert (conditions.sentence(tree, registry, "en-GB"), conditions.sentence(tree, registry, "zh")) == (en, zh)


YES, FIVE = Comparison("member.adult", Operator.equal, value=True), Comparison("member.orders", Operator.equal, 5)


@pytest.mark.parametrize(
    ("tree", "en", "zh"),
    [
        (Group("and", ()), "always", "任何情况下"),
        (Group("or", (YES, FIVE)), "of age is yes or number of orders is 5", "成年为是，或订单数为5"),
        (Group("and", (YES,), negated=True), "not (of age is yes)", "不满足（成年为是）"),
        (Group("and", (Group("or", (YES, FIVE)),)), "of age is yes or number of orders is 5", "成年为是，或订单数为5"),
        (Group("and", (YES, Group("or", (FIVE,)))), "of age is yes and number of orders is 5", "成年为是，且订单数为5"),
        (
            Group("or", (YES, Group("and", (YES, FIVE)))),
            "of age is yes or (of age is yes and number of orders is 5)",
            "成年为是，或（成年为是，且订单数为5）",
        ),
        (
            Group("or", (YES, Group("and", (FIVE,), negated=True))),
            "of age is yes or not (number of orders is 5)",
            "成年为是，或不满足（订单数为5）",
        ),
    ],
)
def test_groups_are_bracketed_where_they_would_be_misread(tree: Group, en: str, zh: str, registry: Registry) -> None:
    assert (conditions.sentence(tree, registry, "en"), conditions.sentence(tree, registry, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("match", "times", "window", "en", "zh"),
    [
        (Match.at_least, 1, Window(), "paid an order at least 1 time", "下单至少1次"),
        (Match.at_most, 2, Window(days=1), "paid an order at most 2 times in the last 1 day", "最近1天内下单至多2次"),
        (Match.exactly, 0, Window(months=1), "paid an order exactly 0 times in the last 1 month", "最近1个月内下单恰好0次"),
        (Match.exactly, 3, Window(months=6), "paid an order exactly 3 times in the last 6 months", "最近6个月内下单恰好3次"),
    ],
)
def test_behaviour_is_said_in_both_languages(match: Match, times: int, window: Window, en: str, zh: str, registry: Registry) -> None:
    tree = Group("and", (Behaviour("order.paid", match, times, window, Group("and", ())),))
    assert (conditions.sentence(tree, registry, "en"), conditions.sentence(tree, registry, "zh")) == (en, zh)


def test_a_sentence_needs_to_know_its_words(registry: Registry) -> None:
    unknown: list[Comparison | Behaviour] = [
        Comparison("member.teir", Operator.null),
        Behaviour("order.payd", Match.exactly, 1, Window(), TREE),
    ]
    for rule in unknown:
        with pytest.raises(Problem) as caught:
            conditions.sentence(Group("and", (rule,)), registry, "en")
        assert caught.value.faults[0].value == rule.field


def test_the_attributes_a_tree_reads_are_known(registry: Registry) -> None:
    assert conditions.attributes_read(TREE) == frozenset({"member.tier", "order.total", "member.city", "member.adult"})
    assert conditions.attributes_read(Group("and", ())) == frozenset()


def test_explain_gives_every_leaf_its_own_result() -> None:
    def provider(behaviour: Behaviour, where: Predicate) -> Any:
        assert behaviour == DID
        return lambda values: values["bought"] + int(where({"total": 501}))

    values: Values = {"member.tier": "gold", "order.total": 9_999, "member.city": "Leeds", "bought": 1}
    assert conditions.explain(TREE, values, provider) == [
        LeafResult("rules[0]", "member.tier", "=", "gold", "gold", holds=True),
        LeafResult("rules[1]", "order.total", ">=", 10_000, 9_999, holds=False),
        LeafResult("rules[2].rules[0]", "member.city", "in", ("London", "Leeds"), "Leeds", holds=True),
        LeafResult("rules[2].rules[1]", "member.adult", "null", None, None, holds=True),
        LeafResult("rules[3]", "order.paid", "atLeast", 2, 2, holds=True),
    ]


def test_explaining_behaviour_needs_a_provider() -> None:
    with pytest.raises(ValueError, match="no provider was given"):
        conditions.explain(TREE, {})
