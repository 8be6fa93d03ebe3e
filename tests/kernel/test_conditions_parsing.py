"""Parsing: what is accepted becomes a typed tree; what is not is refused with every mistake named by its path."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from regulars.kernel import conditions
from regulars.kernel.attributes import Registry
from regulars.kernel.conditions import Comparison, Group, Operator
from regulars.kernel.problem import Problem
from tests.kernel.written import ADULT, GROUP, Json, all_of, faults, nested, rule

ORDERED = "=, !=, <, <=, >, >=, in, notIn, between, notBetween, null, notNull"


@pytest.mark.parametrize(
    ("field", "operator", "written", "typed"),
    [
        ("member.adult", "=", True, True),
        ("member.adult", "!=", False, False),
        ("member.orders", "=", 5, 5),
        ("member.orders", "<", -(2**63) + 1, -(2**63) + 1),
        ("member.orders", "in", [3, 1, 2], (3, 1, 2)),
        ("member.orders", "notIn", [0], (0,)),
        ("member.orders", "between", [1, 1], (1, 1)),
        ("member.orders", "notBetween", [1, 5], (1, 5)),
        ("member.churn", "<=", 0.1, Decimal("0.1")),
        ("member.churn", ">", "0.250", Decimal("0.250")),
        ("member.churn", ">=", 1, Decimal(1)),
        ("order.total", ">=", 10_000, 10_000),
        ("order.total", ">=", "100.00 GBP", 10_000),
        ("order.yen", "<", "1200 JPY", 1200),
        ("order.base", "<", 10**15 - 1, 10**15 - 1),
        ("member.city", "=", "", ""),
        ("member.city", "contains", "ee", "ee"),
        ("member.city", "beginsWith", "Le", "Le"),
        ("member.city", "endsWith", "上海", "上海"),
        ("member.city", "in", ["x" * 1000], ("x" * 1000,)),
        ("member.tier", "=", "gold", "gold"),
        ("member.store", "!=", "S-17", "S-17"),
        ("member.birthday", ">=", "2024-02-29", date(2024, 2, 29)),
        ("member.birthday", "=", date(2024, 2, 29), date(2024, 2, 29)),
        ("member.seen", "<", "2026-03-01T08:00:00+08:00", datetime(2026, 3, 1, tzinfo=UTC)),
        ("member.seen", "<", "2026-03-01T00:00:00Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("member.seen", "=", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("member.tags", "containsAny", ["vip", "new"], ("vip", "new")),
        ("member.channels", "containsAll", ["sms"], ("sms",)),
        ("member.city", "null", None, None),
        ("member.city", "notNull", "", None),
        ("member.tags", "null", None, None),
    ],
)
def test_a_value_is_read_as_its_attributes_type(field: str, operator: str, written: object, typed: object, registry: Registry) -> None:
    tree = conditions.parse(all_of(rule(field, operator, written)), registry)
    assert tree == Group("and", (Comparison(field, Operator(operator), typed),), negated=False)  # type: ignore[arg-type]  # any of them
    (comparison,) = tree.rules
    assert isinstance(comparison, Comparison)
    assert type(comparison.value) is type(typed)


INTEGER = "a whole number without quotes, like 5"
DECIMAL = "a number, like 0.25"
POUNDS = 'minor units without quotes, like 1230, or an amount with its currency, like "12.30 GBP"'
DAY = 'an existing day like "2026-03-01"'
TIME = 'an existing time with its offset, like "2026-03-01T08:00:00+08:00"'


@pytest.mark.parametrize(
    ("field", "operator", "written", "shown", "expected"),
    [
        ("member.adult", "=", "true", "true", "true or false, without quotes"),
        ("member.adult", "=", 1, "1", "true or false, without quotes"),
        ("member.orders", "=", "5", "5", INTEGER),
        ("member.orders", "=", 5.0, "5.0", INTEGER),
        ("member.orders", "=", True, "true", INTEGER),
        ("member.orders", "=", None, "null", INTEGER),
        ("member.orders", "=", 2**63, str(2**63), INTEGER),
        ("member.orders", "=", -(2**63), str(-(2**63)), INTEGER),
        ("member.orders", "=", 10**2000, "a number of more than 1,000 digits", INTEGER),
        ("member.churn", "=", "x", "x", DECIMAL),
        ("member.churn", "=", "1" * 16, "1" * 16, DECIMAL),
        ("member.churn", "=", "0." + "1" * 13, "0." + "1" * 13, DECIMAL),
        ("member.churn", "=", float("nan"), "nan", DECIMAL),
        ("member.churn", "=", float("inf"), "inf", DECIMAL),
        ("member.churn", "=", True, "true", DECIMAL),
        ("member.churn", "=", 10**15, str(10**15), DECIMAL),
        ("member.churn", "=", -(10**15), str(-(10**15)), DECIMAL),
        ("order.total", "=", "100.00", "100.00", POUNDS),
        ("order.total", "=", "100.00 EUR", "100.00 EUR", POUNDS),
        ("order.total", "=", 12.5, "12.5", POUNDS),
        ("order.total", "=", True, "true", POUNDS),
        ("order.total", "=", 10**15, str(10**15), POUNDS),
        ("order.total", "=", -(10**15), str(-(10**15)), POUNDS),
        ("order.total", "=", "1.005 GBP", "1.005 GBP", "at most 2 decimals for GBP"),
        ("order.base", "=", "1.00 GBP", "1.00 GBP", "a whole number of minor units without quotes, like 1230 for 12.30"),
        ("member.city", "=", 5, "5", "a text of at most 1000 characters"),
        ("member.city", "=", "x" * 1001, "x" * 120, "a text of at most 1000 characters"),
        ("member.city", "=", "a\0b", "a\0b", "a text of at most 1000 characters"),
        ("member.city", "=", "\ud800", "?", "a text of at most 1000 characters"),
        ("member.city", "=", "x\udfff", "x?", "a text of at most 1000 characters"),
        ("member.city", "contains", "", "", "a text of at least one character"),
        ("member.city", "beginsWith", "", "", "a text of at least one character"),
        ("member.city", "endsWith", "", "", "a text of at least one character"),
        ("member.city", "contains", ["a"], "a list of 1", "a text of at most 1000 characters"),
        ("member.city", "=", {"a": 1}, "an object", "a text of at most 1000 characters"),
        ("member.tier", "=", "god", "god", "one of silver, gold, platinum; did you mean gold?"),
        ("member.tier", "=", "zzz", "zzz", "one of silver, gold, platinum"),
        ("member.tier", "=", 3, "3", "a text of at most 1000 characters"),
        ("member.birthday", "=", "2025-02-29", "2025-02-29", DAY),
        ("member.birthday", "=", "20250228", "20250228", DAY),
        ("member.birthday", "=", "2025-W01-1", "2025-W01-1", DAY),
        ("member.birthday", "=", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01 00:00:00+00:00", DAY),
        ("member.birthday", "=", 20250228, "20250228", DAY),
        ("member.seen", "=", "2026-03-01T08:00:00", "2026-03-01T08:00:00", TIME),
        ("member.seen", "=", "2026-03-01", "2026-03-01", TIME),
        ("member.seen", "=", "yesterday", "yesterday", TIME),
        ("member.seen", "=", "0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00", TIME),
        ("member.seen", "=", date(2026, 3, 1), "2026-03-01", TIME),
        ("member.seen", "=", 5, "5", TIME),
        ("member.city", "null", "x", "x", "no value: null takes none"),
        ("member.city", "notNull", 0, "0", "no value: notNull takes none"),
        ("member.orders", "in", 5, "5", "a list of 1 to 10,000 values"),
        ("member.orders", "in", [], "a list of 0", "a list of 1 to 10,000 values"),
        ("member.orders", "in", "1,2", "1,2", "a list of 1 to 10,000 values"),
        ("member.orders", "in", [1] * 10_001, "a list of 10001", "a list of 1 to 10,000 values"),
        ("member.orders", "between", [1], "a list of 1", "a list of two values, the lower one first"),
        ("member.orders", "between", [1, 2, 3], "a list of 3", "a list of two values, the lower one first"),
        ("member.orders", "between", [5, 1], "5 … 1", "a list of two values, the lower one first"),
        (
            "member.birthday",
            "notBetween",
            ["2026-02-01", "2026-01-31"],
            "2026-02-01 … 2026-01-31",
            "a list of two values, the lower one first",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(
    field: str, operator: str, written: object, shown: str, expected: str, registry: Registry
) -> None:
    assert faults(all_of(rule(field, operator, written)), registry) == [("rules[0].value", shown, expected)]


def test_a_list_of_the_greatest_length_is_read(registry: Registry) -> None:
    (comparison,) = conditions.parse(all_of(rule("member.orders", "in", [1] * 10_000)), registry).rules
    assert isinstance(comparison, Comparison)
    assert comparison.value == (1,) * 10_000


def test_each_wrong_element_of_a_list_is_named(registry: Registry) -> None:
    assert faults(all_of(rule("member.orders", "in", [1, "2", 3, None])), registry) == [
        ("rules[0].value[1]", "2", INTEGER),
        ("rules[0].value[3]", "null", INTEGER),
    ]
    assert faults(all_of(rule("member.orders", "between", ["9", 1])), registry) == [("rules[0].value[0]", "9", INTEGER)]


def test_only_the_first_ten_choices_are_listed(registry: Registry) -> None:
    many = registry.with_choices({"member.store": [f"S{i}" for i in range(11)]})
    assert faults(all_of(rule("member.store", "=", "??")), many)[0][2] == "one of S0, S1, S2, S3, S4, S5, S6, S7, S8, S9, …"
    ten = registry.with_choices({"member.store": [f"S{i}" for i in range(10)]})
    assert faults(all_of(rule("member.store", "=", "??")), ten)[0][2] == "one of S0, S1, S2, S3, S4, S5, S6, S7, S8, S9"


@pytest.mark.parametrize(
    ("field", "operator", "accepted", "type_"),
    [
        ("member.adult", "<", "=, !=, null, notNull", "boolean"),
        ("member.adult", "in", "=, !=, null, notNull", "boolean"),
        ("member.orders", "contains", ORDERED, "integer"),
        ("member.churn", "beginsWith", ORDERED, "decimal"),
        ("order.total", "containsAny", ORDERED, "money"),
        ("member.birthday", "endsWith", ORDERED, "date"),
        ("member.seen", "containsAll", ORDERED, "datetime"),
        ("member.city", "<", "=, !=, in, notIn, contains, beginsWith, endsWith, null, notNull", "text"),
        ("member.city", "between", "=, !=, in, notIn, contains, beginsWith, endsWith, null, notNull", "text"),
        ("member.tier", "contains", "=, !=, in, notIn, null, notNull", "choice"),
        ("member.tags", "in", "null, notNull, containsAny, containsAll", "set"),
        ("member.orders", "==", ORDERED, "integer"),
        ("member.orders", "", ORDERED, "integer"),
    ],
)
def test_an_operator_must_suit_the_type(field: str, operator: str, accepted: str, type_: str, registry: Registry) -> None:
    expected = f"one of {accepted}, as {field} is of type {type_}"
    assert faults(all_of(rule(field, operator, 1)), registry) == [("rules[0].operator", operator, expected)]


def test_a_missing_or_strange_operator_is_named(registry: Registry) -> None:
    assert faults(all_of({"field": "member.adult", "value": True}), registry)[0][:2] == ("rules[0].operator", "")
    assert faults(all_of(ADULT | {"operator": ["="]}), registry)[0][:2] == ("rules[0].operator", "a list of 1")


def test_a_missing_value_is_named(registry: Registry) -> None:
    assert faults(all_of({"field": "member.orders", "operator": "="}), registry) == [("rules[0].value", "", INTEGER)]
    assert conditions.parse(all_of({"field": "member.orders", "operator": "null"}), registry).rules == (
        Comparison("member.orders", Operator.null, None),
    )


def test_an_unknown_field_is_answered_with_the_nearest(registry: Registry) -> None:
    assert faults(all_of(rule("member.teir", "=", "gold")), registry) == [
        ("rules[0].field", "member.teir", "a known attribute; did you mean member.tier?")
    ]
    assert faults(all_of(rule("total", "=", 1)), registry)[0][2] == "a known attribute; did you mean order.total?"
    assert faults(all_of(rule("??", "=", 1)), registry) == [("rules[0].field", "??", "a known attribute")]
    assert faults(all_of({"field": "order.payd", "match": {}}), registry)[0][2] == "a known attribute; did you mean order.paid?"
    assert faults(all_of(ADULT | {"field": 7}), registry) == [("rules[0].field", "7", "the name of an attribute")]
    assert faults(all_of({}), registry) == [("rules[0].field", "", "the name of an attribute")]


@pytest.mark.parametrize(
    ("source", "field", "value", "expected"),
    [
        (None, "condition", "null", GROUP),
        ([], "condition", "a list of 0", GROUP),
        ("and", "condition", "and", GROUP),
        ({"combinator": "and"}, "condition", "an object", GROUP),
        ({"rules": []}, "combinator", "", '"and" or "or"'),
        ({"combinator": "xor", "rules": []}, "combinator", "xor", '"and" or "or"'),
        ({"combinator": ["and"], "rules": []}, "combinator", "a list of 1", '"and" or "or"'),
        ({"combinator": "and", "rules": {}}, "rules", "an object", "a list of rules and groups"),
        ({"combinator": "and", "not": "no", "rules": []}, "not", "no", "true or false, without quotes"),
        ({"combinator": "and", "not": 1, "rules": []}, "not", "1", "true or false, without quotes"),
        ({"combinator": "and", "not": True, "rules": []}, "rules", "a list of 0", 'at least one rule under "not"'),
        (
            {"combinator": "and", "rules": ["and"]},
            "rules[0]",
            "and",
            "a rule with field, operator and value, or a group with combinator and rules",
        ),
        ({"combinator": "and", "rules": [], "muted": True}, "muted", "true", "no such key; known are combinator, not, rules"),
        (all_of(all_of()), "rules[0].rules", "a list of 0", "at least one rule in an inner group"),
        (all_of(ADULT | {"negate": 1}), "rules[0].negate", "1", "no such key; known are field, operator, value"),
        (
            all_of(ADULT | {"valueSource": "field"}),
            "rules[0].valueSource",
            "field",
            '"value": a rule compares with a value, not another attribute',
        ),
    ],
)
def test_a_malformed_group_or_rule_is_named(source: object, field: str, value: str, expected: str, registry: Registry) -> None:
    assert faults(source, registry) == [(field, value, expected)]


def test_what_the_builder_adds_for_itself_is_let_through(registry: Registry) -> None:
    plain = all_of(ADULT)
    built = {"id": "1", "combinator": "and", "rules": [ADULT | {"id": "2", "path": [0], "valueSource": "value"}]}
    assert conditions.parse(built, registry) == conditions.parse(plain, registry)


def test_every_mistake_is_collected_in_the_order_of_the_document(registry: Registry) -> None:
    source = all_of(
        rule("member.tier", "=", "god"),
        {"combinator": "or", "rules": [rule("member.orders", "<", "5"), rule("member.city", "<", "x")]},
        ADULT | {"b": 1, "a": 2},
    )
    assert [field for field, _, _ in faults(source, registry)] == [
        "rules[0].value",
        "rules[1].rules[0].value",
        "rules[1].rules[1].operator",
        "rules[2].a",
        "rules[2].b",
    ]


def test_keys_that_are_no_text_are_named_too(registry: Registry) -> None:
    source = {"combinator": "and", "rules": [], 1: "a", "0": "b"}
    assert [field for field, _, _ in faults(source, registry)] == ["0", "1"]


def test_a_time_is_kept_in_utc(registry: Registry) -> None:
    (comparison,) = conditions.parse(all_of(rule("member.seen", "=", "2026-03-01T08:00:00+08:00")), registry).rules
    assert isinstance(comparison, Comparison)
    assert isinstance(comparison.value, datetime)
    assert comparison.value.tzinfo is UTC


def test_paths_begin_where_the_condition_stands(registry: Registry) -> None:
    source = all_of(rule("member.orders", "=", "5"))
    assert faults(source, registry, at="earning[2].when")[0][0] == "earning[2].when.rules[0].value"
    assert faults(5, registry, at="earning[2].when")[0][0] == "earning[2].when"


def test_the_problem_names_its_first_fault_in_both_languages(registry: Registry) -> None:
    with pytest.raises(Problem) as caught:
        conditions.parse(all_of(rule("member.orders", "=", "5"), rule("member.orders", "=", "6")), registry)
    first = "rules[0].value: '5' — a whole number without quotes, like 5"
    assert caught.value.text("en") == f"Mistakes in the condition: 2. The first: {first}"
    assert caught.value.text("zh") == f"条件有 2 处错误。第一处：{first}"


def test_groups_nest_twenty_deep_and_no_deeper(registry: Registry) -> None:
    assert isinstance(conditions.parse(nested(20, ADULT), registry), Group)
    path = ".".join(["rules[0]"] * 20)
    assert faults(nested(21, ADULT), registry) == [(path, "an object", "groups nested at most 20 deep")]
    assert faults(nested(20_000, ADULT), registry) == [(path, "an object", "groups nested at most 20 deep")]


def test_a_condition_has_five_hundred_nodes_and_no_more(registry: Registry) -> None:
    either: Json = {"combinator": "or", "rules": [rule("member.orders", "=", i) for i in range(499)]}
    assert len(conditions.parse(either, registry).rules) == 499
    either["rules"].append(rule("member.orders", "=", 499))
    assert faults(either, registry) == [("rules[499]", "an object", "at most 500 rules and groups in one condition")]
    spread = {"combinator": "or", "rules": [{"combinator": "or", "rules": [rule("member.orders", "=", i)]} for i in range(250)]}
    assert faults(spread, registry)[0][0] == "rules[249].rules[0]"


def test_a_hundred_faults_are_enough(registry: Registry) -> None:
    assert len(faults(all_of(*[rule("member.orders", "=", "5")] * 101), registry)) == 100


def test_an_empty_root_is_accepted(registry: Registry) -> None:
    assert conditions.parse({"combinator": "or", "rules": []}, registry) == Group("or", (), negated=False)


def test_not_is_kept(registry: Registry) -> None:
    tree = conditions.parse(all_of(ADULT, **{"not": True}), registry)
    assert tree == Group("and", (Comparison("member.adult", Operator.equal, value=True),), negated=True)
