"""Attributes and their registry: what may be declared, found, suggested, and that nothing changes after the freeze."""

from typing import Any

import pytest

from regulars.kernel.attributes import UNITS, Attribute, Occurrence, Registry, Type
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text


def attribute(name: str = "order.total", **more: Any) -> Attribute:
    return Attribute(**({"name": name, "type": Type.integer, "label_en": "total", "label_zh": "金额", "lineage": "orders"} | more))


def occurrence(name: str = "order.paid", **more: Any) -> Occurrence:
    return Occurrence(**({"name": name, "label_en": "paid an order", "label_zh": "下单"} | more))


def test_an_attribute_says_what_it_is_in_both_languages() -> None:
    made = attribute(type="money", unit="GBP", sample="12.30")
    assert (made.type, made.unit, made.choices, made.sample) == (Type.money, "GBP", (), "12.30")
    assert made.label == Text("total", "金额")
    assert occurrence().label == Text("paid an order", "下单")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "Order.total"}, "'Order.total' is not a dotted lower-case name like order.total"),
        ({"name": "order..total"}, "is not a dotted"),
        ({"name": "order."}, "is not a dotted"),
        ({"name": "1order"}, "is not a dotted"),
        ({"name": ""}, "is not a dotted"),
        ({"label_en": " "}, "order.total needs a label in both languages and a lineage"),
        ({"label_zh": ""}, "needs a label"),
        ({"lineage": ""}, "and a lineage"),
        ({"choices": ("a",)}, "order.total has choices, so its type must be choice or set"),
        ({"type": "money", "unit": "pounds"}, "the unit of order.total must be an ISO 4217 currency"),
        ({"type": "float"}, "'float' is not a valid Type"),
    ],
)
def test_a_malformed_attribute_is_a_programming_error(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        attribute(**more)


@pytest.mark.parametrize(
    "more",
    [{"name": "a"}, {"name": "a1_b.c_2"}, {"type": "choice", "choices": ("a",)}, {"type": "set", "choices": ("a",)}, {"type": "money"}],
)
def test_a_well_formed_attribute_is_accepted(more: dict[str, Any]) -> None:
    assert attribute(**more).lineage == "orders"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "Order"}, "'Order' is not a dotted lower-case name like order.paid"),
        ({"label_en": ""}, "order.paid needs a label in both languages"),
        ({"label_zh": " "}, "order.paid needs a label in both languages"),
    ],
)
def test_a_malformed_occurrence_is_a_programming_error(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        occurrence(**more)


def test_what_is_registered_is_found_and_listed_by_name() -> None:
    registry = Registry()
    b, a, paid, opened = attribute("b"), attribute("a"), occurrence("paid"), occurrence("opened")
    registry.register(b, paid)
    registry.register(a, opened)
    assert registry.list_() == (a, b)
    assert registry.list_occurrences() == (opened, paid)
    assert (registry.get("a"), registry.find("b"), registry.find("c"), registry.find("paid")) == (a, b, None, None)
    assert (registry.get_occurrence("paid"), registry.find_occurrence("opened"), registry.find_occurrence("a")) == (paid, opened, None)


def test_a_name_is_taken_once_even_across_kinds() -> None:
    registry = Registry([attribute("a")], [occurrence("paid")])
    for again in (attribute("a"), attribute("paid"), occurrence("a"), occurrence("paid")):
        with pytest.raises(ValueError, match=f"{again.name} is registered twice"):
            registry.register(again)
    assert len(registry.list_()) == len(registry.list_occurrences()) == 1


def test_a_frozen_registry_never_changes() -> None:
    registry = Registry([attribute("a")])
    assert registry.freeze() is registry
    with pytest.raises(RuntimeError, match="the registry is frozen"):
        registry.register(attribute("b"))
    assert registry.list_() == (attribute("a"),)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    registry = Registry([attribute("order.total"), attribute("member.tier")], [occurrence("order.paid"), occurrence("message.opened")])
    assert registry.find_nearest("order.totl") == "order.total"
    assert registry.find_nearest("tier") == "member.tier"
    assert registry.find_nearest("cart.tier") == "member.tier"
    assert registry.find_nearest("zzzz") is None
    assert registry.find_nearest("x" * 100_000) is None
    assert registry.find_nearest("order.pay") == "order.paid"
    assert registry.find_nearest("opened") == "message.opened"
    far = Registry([attribute("a.quite.different.x")])
    assert (far.find_nearest("zz.x"), far.find_nearest("zz.y"), far.find_nearest("different.x.zzzzzzzzzz")) == (
        "a.quite.different.x",
        None,
        None,
    )
    for ask, field, name, expected in [
        (registry.get, "attribute", "message.opened", "a known attribute"),
        (registry.get, "attribute", "order.totl", "a known attribute; did you mean order.total?"),
        (registry.get, "attribute", "zzzz", "a known attribute"),
        (registry.get_occurrence, "occurrence", "order.pay", "a known occurrence; did you mean order.paid?"),
        (registry.get_occurrence, "occurrence", "zzzz", "a known occurrence"),
    ]:
        with pytest.raises(Problem) as caught:
            ask(name)
        (fault,) = caught.value.faults
        assert (fault.field, fault.value, fault.expected) == (field, name, expected)


def test_choices_can_be_closed_for_one_programme() -> None:
    base = Registry([attribute("tier", type="choice"), attribute("a")], [occurrence("paid")]).freeze()
    closed = base.with_choices({"tier": ["gold", "silver"]})
    assert closed.get("tier").choices == ("gold", "silver")
    assert base.get("tier").choices == ()
    assert (closed.find("a"), closed.find_occurrence("paid")) == (attribute("a"), occurrence("paid"))
    with pytest.raises(RuntimeError):
        closed.register(attribute("b"))
    with pytest.raises(Problem):
        base.with_choices({"tear": ["gold"]})
    with pytest.raises(ValueError, match="its type must be choice or set"):
        base.with_choices({"a": ["gold"]})


def test_an_occurrence_offers_its_own_attributes_only() -> None:
    inner = occurrence(attributes=(attribute("total"),)).registry()
    assert inner.list_() == (attribute("total"),)
    with pytest.raises(RuntimeError):
        inner.register(attribute("b"))


def test_units_are_said_in_both_languages() -> None:
    assert UNITS["days"] == Text("days", "天")
    assert UNITS["points"] == Text("points", "积分")
