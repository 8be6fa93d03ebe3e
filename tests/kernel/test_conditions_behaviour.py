"""Behaviour: rules on what has happened, in react-querybuilder's form for rules on lists."""

import pytest

from regulars.kernel import conditions
from regulars.kernel.attributes import Registry
from regulars.kernel.conditions import Behaviour, Comparison, Group, Match, Operator, Window
from tests.kernel.written import GROUP, Json, all_of, faults, nested, rule


def did(**more: object) -> Json:
    return {"field": "order.paid", "operator": "=", "match": {"mode": "atLeast", "threshold": 2}, "value": all_of()} | more


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        (did(), Behaviour("order.paid", Match.at_least, 2, Window(), Group("and", ()))),
        (did(window={"days": 90}), Behaviour("order.paid", Match.at_least, 2, Window(days=90), Group("and", ()))),
        (did(window={"months": 12}), Behaviour("order.paid", Match.at_least, 2, Window(months=12), Group("and", ()))),
        (did(window=None, value=""), Behaviour("order.paid", Match.at_least, 2, Window(), Group("and", ()))),
        (did(match={"mode": "atMost", "threshold": 0}), Behaviour("order.paid", Match.at_most, 0, Window(), Group("and", ()))),
        (did(match={"mode": "exactly", "threshold": 1_000_000}), Behaviour("order.paid", Match.exactly, 10**6, Window(), Group("and", ()))),
        (
            did(value={"combinator": "or", "rules": [rule("total", ">", 500)]}),
            Behaviour("order.paid", Match.at_least, 2, Window(), Group("or", (Comparison("total", Operator.more, 500),))),
        ),
        (
            {"field": "order.paid", "match": {"mode": "atLeast", "threshold": 1}},
            Behaviour("order.paid", Match.at_least, 1, Window(), Group("and", ())),
        ),
    ],
)
def test_behaviour_is_read(source: Json, typed: Behaviour, registry: Registry) -> None:
    assert conditions.parse(all_of(source), registry).rules == (typed,)


WINDOW = 'the last days or months, like {"days": 90}; leave it out for ever'


@pytest.mark.parametrize(
    ("source", "field", "value", "expected"),
    [
        (did(operator=">"), "operator", ">", '"=": how often order.paid happened stands in match'),
        (did(match=None), "match", "null", 'how often, like {"mode": "atLeast", "threshold": 2}'),
        ({"field": "order.paid"}, "match", "", 'how often, like {"mode": "atLeast", "threshold": 2}'),
        (did(match={"threshold": 1}), "match.mode", "", "one of atLeast, atMost, exactly"),
        (did(match={"mode": "some", "threshold": 1}), "match.mode", "some", "one of atLeast, atMost, exactly"),
        (did(match={"mode": "atLeast"}), "match.threshold", "", "a whole number from 1 to 1,000,000, without quotes"),
        (did(match={"mode": "atLeast", "threshold": 0}), "match.threshold", "0", "a whole number from 1 to 1,000,000, without quotes"),
        (did(match={"mode": "atMost", "threshold": -1}), "match.threshold", "-1", "a whole number from 0 to 1,000,000, without quotes"),
        (
            did(match={"mode": "atMost", "threshold": 1_000_001}),
            "match.threshold",
            "1000001",
            "a whole number from 0 to 1,000,000, without quotes",
        ),
        (did(match={"mode": "atMost", "threshold": True}), "match.threshold", "true", "a whole number from 0 to 1,000,000, without quotes"),
        (did(match={"mode": "atMost", "threshold": 1, "x": 2}), "match.x", "2", "no such key; known are mode, threshold"),
        (did(window=90), "window", "90", WINDOW),
        (did(window={}), "window", "an object", WINDOW),
        (did(window={"days": 1, "months": 1}), "window", "an object", WINDOW),
        (did(window={"hours": 1}), "window", "an object", WINDOW),
        (did(window={"days": 0}), "window.days", "0", "a whole number from 1 to 36,500, without quotes"),
        (did(window={"days": 36_501}), "window.days", "36501", "a whole number from 1 to 36,500, without quotes"),
        (did(window={"months": 1_201}), "window.months", "1201", "a whole number from 1 to 1,200, without quotes"),
        (did(value=5), "value", "5", GROUP),
        (did(value=0), "value", "0", GROUP),
        (did(value=all_of(rule("member.tier", "=", "gold"))), "value.rules[0].field", "member.tier", "a known attribute"),
        (did(value=all_of(did())), "value.rules[0].field", "order.paid", "a known attribute"),
        (did(since=1), "since", "1", "no such key; known are field, match, operator, value, window"),
    ],
)
def test_a_mistake_in_a_behaviour_is_named(source: Json, field: str, value: str, expected: str, registry: Registry) -> None:
    assert faults(all_of(source), registry) == [(f"rules[0].{field}", value, expected)]


def test_the_longest_windows_are_accepted(registry: Registry) -> None:
    for window in ({"days": 36_500}, {"months": 1_200}):
        (behaviour,) = conditions.parse(all_of(did(window=window)), registry).rules
        assert isinstance(behaviour, Behaviour)
        assert behaviour.window == Window(**window)


def test_keys_of_match_that_are_no_text_are_named_too(registry: Registry) -> None:
    match = {"mode": "atLeast", "threshold": 1, 1: "a", "0": "b"}
    assert [field for field, _, _ in faults(all_of(did(match=match)), registry)] == ["rules[0].match.0", "rules[0].match.1"]


def test_what_events_must_be_may_stand_in_the_last_group_that_is_allowed(registry: Registry) -> None:
    assert isinstance(conditions.parse(nested(19, did()), registry), Group)
    deeper = nested(19, did(value=all_of(all_of(rule("total", "=", 1)))))
    assert faults(deeper, registry)[0][2] == "groups nested at most 20 deep"
