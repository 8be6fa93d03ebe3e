"""Conditions as a browser sends them, and what is said of a wrong one."""

from typing import Any

import pytest

from regulars.kernel import conditions
from regulars.kernel.attributes import Registry
from regulars.kernel.problem import Problem

Json = dict[str, Any]

GROUP = 'a group: {"combinator": "and", "rules": [...]}'


def rule(field: str, operator: str, value: object = None) -> Json:
    return {"field": field, "operator": operator, "value": value}


ADULT: Json = {"field": "member.adult", "operator": "=", "value": True}


def all_of(*rules: object, **more: object) -> Json:
    return {"combinator": "and", "not": False, "rules": list(rules)} | more


def faults(source: object, registry: Registry, **more: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Problem) as caught:
        conditions.parse(source, registry, **more)
    assert caught.value.code == "conditions.invalid"
    assert caught.value.fields["count"] == len(caught.value.faults)
    return [(f.field, f.value, f.expected) for f in caught.value.faults]


def nested(depth: int, inner: Json) -> Json:
    tree = all_of(inner)
    for _ in range(depth - 1):
        tree = all_of(tree)
    return tree
