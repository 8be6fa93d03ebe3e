"""From react-querybuilder's JSON to the typed tree, collecting every mistake before refusing."""

import json
from dataclasses import dataclass, field

from regulars.kernel import problem
from regulars.kernel.attributes import Attribute, Occurrence, Registry
from regulars.kernel.conditions import contradictions, literals
from regulars.kernel.conditions.model import (
    IMPOSSIBLE,
    INVALID,
    LISTS,
    OPERATORS,
    PAIRS,
    SUBSTRINGS,
    WITHOUT_VALUE,
    Behaviour,
    Comparison,
    Group,
    Match,
    Node,
    Operator,
    Scalar,
    Tree,
    Value,
    Window,
)
from regulars.kernel.problem import Fault, Problem, ProblemType

MAX_DEPTH = 20
MAX_NODES = 500
MAX_LIST = 10_000
MAX_FAULTS = 100
_MAX_TIMES = 1_000_000
_MAX_WINDOW = {"days": 36_500, "months": 1_200}

_BUILDER_KEYS = frozenset({"id", "path", "valueSource"})
_GROUP_KEYS = frozenset({"combinator", "not", "rules"}) | _BUILDER_KEYS
_COMPARISON_KEYS = frozenset({"field", "operator", "value"}) | _BUILDER_KEYS
_BEHAVIOUR_KEYS = _COMPARISON_KEYS | {"match", "window"}
_ABSENT = object()


def parse(source: object, registry: Registry, *, at: str = "") -> Tree:
    """The typed tree of a decoded JSON condition; a root without rules is true of everything.

    ``at`` is where the condition stands in its document: it goes before every path. Raises ``conditions.invalid`` with a fault
    for each mistake (the first hundred), or ``conditions.impossible`` when rules joined by "and" exclude each other.
    """
    reader = _Reader()
    tree = reader.group(source, registry, path=at, depth=1)
    if reader.faults or tree is None:
        raise _refusal(INVALID, reader.faults)
    found = contradictions.find(tree, registry, path=at)
    if found:
        raise _refusal(IMPOSSIBLE, found)
    return tree


def _refusal(type_: ProblemType, faults: list[Fault]) -> Problem:
    first = faults[0]
    return type_(count=len(faults), first=f"{first.field}: {first.value!r} — {first.expected}", faults=tuple(faults))


def _shown(raw: object) -> str:
    """The value as the author wrote it, short enough for a message."""
    if raw is _ABSENT:
        return ""
    if isinstance(raw, list | tuple):
        return f"a list of {len(raw)}"
    if isinstance(raw, dict):
        return "an object"
    return json.dumps(raw) if raw is None or isinstance(raw, bool) else problem.shown(raw)


def _under(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


@dataclass(slots=True)
class _Reader:
    """One pass over the source: a method for each kind of node, which returns None where it noted a fault."""

    faults: list[Fault] = field(default_factory=list)
    nodes: int = 0

    def fault(self, path: str, raw: object, expected: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(field=path or "condition", value=_shown(raw), expected=expected))

    def group(self, raw: object, registry: Registry, *, path: str, depth: int) -> Group | None:
        """A group of a root or a ``where``: it may be empty."""
        if not isinstance(raw, dict) or "rules" not in raw:
            self.fault(path, raw, 'a group: {"combinator": "and", "rules": [...]}')
            return None
        if depth > MAX_DEPTH:
            self.fault(path, raw, f"groups nested at most {MAX_DEPTH} deep")
            return None
        self.nodes += 1
        self.keys(raw, _GROUP_KEYS, path)
        combinator, negated, rules = raw.get("combinator", _ABSENT), raw.get("not", False), raw["rules"]
        if combinator not in ("and", "or"):
            self.fault(_under(path, "combinator"), combinator, '"and" or "or"')
        if not isinstance(negated, bool):
            self.fault(_under(path, "not"), negated, "true or false, without quotes")
        if not isinstance(rules, list):
            self.fault(_under(path, "rules"), rules, "a list of rules and groups")
            return None
        read = self.rules(rules, registry, path=path, depth=depth)
        if negated is True and not rules:
            self.fault(_under(path, "rules"), rules, 'at least one rule under "not"')
            return None
        return Group("or" if combinator == "or" else "and", tuple(read), negated is True)

    def rules(self, raw: list[object], registry: Registry, *, path: str, depth: int) -> list[Node]:
        read: list[Node] = []
        for index, rule in enumerate(raw):
            place = _under(path, f"rules[{index}]")
            if self.nodes >= MAX_NODES:
                self.fault(place, rule, f"at most {MAX_NODES} rules and groups in one condition")
                break
            node = self.node(rule, registry, path=place, depth=depth)
            if node is not None:
                read.append(node)
        return read

    def node(self, raw: object, registry: Registry, *, path: str, depth: int) -> Node | None:
        if not isinstance(raw, dict):
            self.fault(path, raw, "a rule with field, operator and value, or a group with combinator and rules")
            return None
        if "rules" in raw:
            group = self.group(raw, registry, path=path, depth=depth + 1)
            if raw["rules"] == []:
                self.fault(_under(path, "rules"), [], "at least one rule in an inner group")
                return None
            return group
        return self.leaf(raw, registry, path=path, depth=depth)

    def leaf(self, raw: dict[object, object], registry: Registry, *, path: str, depth: int) -> Comparison | Behaviour | None:
        self.nodes += 1
        name = raw.get("field", _ABSENT)
        if not isinstance(name, str):
            self.fault(_under(path, "field"), name, "the name of an attribute")
            return None
        occurrence = registry.find_occurrence(name)
        if occurrence is not None:
            return self.behaviour(raw, occurrence, path=path, depth=depth)
        attribute = registry.find(name)
        if attribute is not None:
            return self.comparison(raw, attribute, path=path)
        near = registry.find_nearest(name)
        self.fault(_under(path, "field"), name, "a known attribute" + (f"; did you mean {near}?" if near else ""))
        return None

    def keys(self, raw: dict[object, object], known: frozenset[str], path: str) -> None:
        for key in sorted(raw.keys() - known, key=str):
            self.fault(_under(path, _shown(key)), raw[key], "no such key; known are " + ", ".join(sorted(known - _BUILDER_KEYS)))
        if raw.get("valueSource", "value") != "value":
            self.fault(_under(path, "valueSource"), raw["valueSource"], '"value": a rule compares with a value, not another attribute')

    def comparison(self, raw: dict[object, object], attribute: Attribute, *, path: str) -> Comparison | None:
        self.keys(raw, _COMPARISON_KEYS, path)
        allowed = OPERATORS[attribute.type]
        written = raw.get("operator", _ABSENT)
        # In the order of declaration, so that the message does not change from run to run.
        operator = next((o for o in Operator if o == written and o in allowed), None)
        if operator is None:
            accepted = ", ".join(o for o in Operator if o in allowed)
            self.fault(_under(path, "operator"), written, f"one of {accepted}, as {attribute.name} is of type {attribute.type}")
            return None
        before = len(self.faults)
        value = self.value(raw.get("value", _ABSENT), attribute, operator, path=_under(path, "value"))
        return Comparison(attribute.name, operator, value) if len(self.faults) == before else None

    def value(self, raw: object, attribute: Attribute, operator: Operator, *, path: str) -> Value:
        if operator in WITHOUT_VALUE:
            # The builder leaves whatever the previous operator had; only something that means nothing is let through.
            if raw is not _ABSENT and raw is not None and raw != "":
                self.fault(path, raw, f"no value: {operator} takes none")
            return None
        if operator in LISTS or operator in PAIRS:
            return self.many(raw, attribute, operator, path=path)
        value = self.scalar(raw, attribute, path=path)
        if operator in SUBSTRINGS and value == "":
            self.fault(path, raw, "a text of at least one character")
        return value

    def many(self, raw: object, attribute: Attribute, operator: Operator, *, path: str) -> Value:
        wanted = "a list of two values, the lower one first" if operator in PAIRS else f"a list of 1 to {MAX_LIST:,} values"
        fits = isinstance(raw, list) and (len(raw) == 2 if operator in PAIRS else 1 <= len(raw) <= MAX_LIST)
        if not isinstance(raw, list) or not fits:
            self.fault(path, raw, wanted)
            return None
        before = len(self.faults)
        read = [self.scalar(one, attribute, path=f"{path}[{index}]") for index, one in enumerate(raw)]
        values = tuple(value for value in read if value is not None)
        if len(self.faults) == before and operator in PAIRS and contradictions.is_less(values[1], values[0]):
            self.fault(path, f"{_shown(raw[0])} … {_shown(raw[1])}", wanted)
        return values

    def scalar(self, raw: object, attribute: Attribute, *, path: str) -> Scalar | None:
        try:
            return literals.read(attribute, raw)
        except literals.UnfitError as unfit:
            self.fault(path, raw, unfit.expected)
            return None

    def behaviour(self, raw: dict[object, object], occurrence: Occurrence, *, path: str, depth: int) -> Behaviour | None:
        before = len(self.faults)
        self.keys(raw, _BEHAVIOUR_KEYS, path)
        if raw.get("operator", "=") != "=":
            self.fault(_under(path, "operator"), raw["operator"], f'"=": how often {occurrence.name} happened stands in match')
        match, times = self.match(raw.get("match", _ABSENT), path=_under(path, "match"))
        window = self.window(raw.get("window"), path=_under(path, "window"))
        inner = {"combinator": "and", "rules": []} if raw.get("value") in (None, "") else raw["value"]
        where = self.group(inner, occurrence.registry(), path=_under(path, "value"), depth=depth + 1)
        if where is None or len(self.faults) > before:
            return None
        return Behaviour(occurrence.name, match, times, window, where)

    def match(self, raw: object, *, path: str) -> tuple[Match, int]:
        if not isinstance(raw, dict):
            self.fault(path, raw, 'how often, like {"mode": "atLeast", "threshold": 2}')
            return Match.at_least, 1
        mode = next((m for m in Match if m == raw.get("mode")), None)
        if mode is None:
            self.fault(_under(path, "mode"), raw.get("mode", _ABSENT), "one of " + ", ".join(Match))
        lowest = 1 if mode is Match.at_least else 0
        times = self.count(raw.get("threshold", _ABSENT), lowest, _MAX_TIMES, path=_under(path, "threshold"))
        for key in sorted(raw.keys() - {"mode", "threshold"}, key=str):
            self.fault(_under(path, _shown(key)), raw[key], "no such key; known are mode, threshold")
        return mode or Match.at_least, times

    def window(self, raw: object, *, path: str) -> Window:
        if raw is None:
            return Window()
        if not isinstance(raw, dict) or len(raw) != 1 or not raw.keys() <= _MAX_WINDOW.keys():
            self.fault(path, raw, 'the last days or months, like {"days": 90}; leave it out for ever')
            return Window()
        ((unit, length),) = raw.items()
        length = self.count(length, 1, _MAX_WINDOW[unit], path=_under(path, unit))
        return Window(days=length) if unit == "days" else Window(months=length)

    def count(self, raw: object, lowest: int, highest: int, *, path: str) -> int:
        if isinstance(raw, int) and not isinstance(raw, bool) and lowest <= raw <= highest:
            return raw
        self.fault(path, raw, f"a whole number from {lowest:,} to {highest:,}, without quotes")
        return lowest
