"""The typed tree: groups, comparisons and behaviours; and which operator suits which type of attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from regulars.kernel import problem
from regulars.kernel.attributes import Type
from regulars.kernel.problem import Kind

INVALID = problem.define(
    "conditions.invalid",
    Kind.invalid,
    en="Mistakes in the condition: {count}. The first: {first}",
    zh="条件有 {count} 处错误。第一处：{first}",
)
IMPOSSIBLE = problem.define(
    "conditions.impossible",
    Kind.invalid,
    en="The condition contradicts itself. Contradictions: {count}. The first: {first}",
    zh="条件自相矛盾，共 {count} 处。第一处：{first}",
)

Combinator = Literal["and", "or"]
Scalar = bool | int | Decimal | str | date | datetime
Value = Scalar | tuple[Scalar, ...] | None
Values = Mapping[str, object]


class Operator(StrEnum):
    """react-querybuilder's operators, spelt as on the wire."""

    equal = "="
    not_equal = "!="
    less = "<"
    at_most = "<="
    more = ">"
    at_least = ">="
    in_ = "in"
    not_in = "notIn"
    between = "between"
    not_between = "notBetween"
    contains = "contains"
    begins_with = "beginsWith"
    ends_with = "endsWith"
    null = "null"
    not_null = "notNull"
    contains_any = "containsAny"
    contains_all = "containsAll"


WITHOUT_VALUE = frozenset({Operator.null, Operator.not_null})
PAIRS = frozenset({Operator.between, Operator.not_between})
LISTS = frozenset({Operator.in_, Operator.not_in, Operator.contains_any, Operator.contains_all})
SUBSTRINGS = frozenset({Operator.contains, Operator.begins_with, Operator.ends_with})

_EQUALITY = frozenset({Operator.equal, Operator.not_equal})
_MEMBERSHIP = frozenset({Operator.in_, Operator.not_in})
_ORDER = frozenset({Operator.less, Operator.at_most, Operator.more, Operator.at_least}) | PAIRS
_ORDERED = _EQUALITY | _MEMBERSHIP | _ORDER | WITHOUT_VALUE

OPERATORS: dict[Type, frozenset[Operator]] = {
    Type.boolean: _EQUALITY | WITHOUT_VALUE,
    Type.integer: _ORDERED,
    Type.decimal: _ORDERED,
    Type.money: _ORDERED,
    Type.date: _ORDERED,
    Type.datetime: _ORDERED,
    Type.text: _EQUALITY | _MEMBERSHIP | SUBSTRINGS | WITHOUT_VALUE,
    Type.choice: _EQUALITY | _MEMBERSHIP | WITHOUT_VALUE,
    Type.set: frozenset({Operator.contains_any, Operator.contains_all}) | WITHOUT_VALUE,
}


class Match(StrEnum):
    """How often a behaviour must have happened, spelt as react-querybuilder's match modes."""

    at_least = "atLeast"
    at_most = "atMost"
    exactly = "exactly"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One attribute against a typed value: a scalar, a tuple for lists and pairs, None for null and notNull."""

    field: str
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rules joined by ``and`` or ``or``, turned round when ``negated``. Only a root or a behaviour's ``where`` has no rules: it is true."""

    combinator: Combinator
    rules: "tuple[Node, ...]"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The last ``days`` or ``months`` as :func:`regulars.kernel.periods.window_start` counts them; both zero is ever."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The occurrence ``field`` happened ``match`` ``times`` in ``window``, counting those of which ``where`` is true."""

    field: str
    match: Match
    times: int
    window: Window
    where: Group


Node = Group | Comparison | Behaviour
Tree = Group
