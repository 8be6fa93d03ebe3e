"""What may be known about a member, an order or an event: the only words that conditions can refer to.

Each slice registers its attributes once, ``app`` freezes the registry, and from then on it is read by every thread.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from regulars.kernel import money, problem
from regulars.kernel.text import Text

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


class Type(StrEnum):
    """What a value is in Python: bool, int, Decimal, int (minor units), str, str, date, aware datetime, set of str."""

    boolean = "boolean"
    integer = "integer"
    decimal = "decimal"
    money = "money"
    text = "text"
    choice = "choice"
    date = "date"
    datetime = "datetime"
    set = "set"


UNITS = {
    "days": Text("days", "天"),
    "months": Text("months", "个月"),
    "years": Text("years", "年"),
    "minutes": Text("minutes", "分钟"),
    "points": Text("points", "积分"),
    "growth": Text("growth value", "成长值"),
    "orders": Text("orders", "单"),
    "items": Text("items", "件"),
    "times": Text("times", "次"),
    "percent": Text("percent", "%"),
}
"""How the commonest units are said. Another unit is shown as it is written; money's unit is its currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One thing known: ``name`` is dotted lower case, ``lineage`` says where the value comes from.

    ``choices`` close the values of a choice or a set; left empty, any text is one (tier codes, store numbers). ``names`` are what people
    call them, in their order. Money's ``unit`` is its ISO currency, or empty where that is the programme's. Raises ``ValueError`` for a
    malformed declaration.
    """

    name: str
    type: Type
    label_en: str
    label_zh: str
    lineage: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    names: tuple[Text, ...] = ()
    sample: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", Type(self.type))
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a dotted lower-case name like order.total")
        if not self.label_en.strip() or not self.label_zh.strip() or not self.lineage.strip():
            raise ValueError(f"{self.name} needs a label in both languages and a lineage")
        if self.choices and self.type not in (Type.choice, Type.set):
            raise ValueError(f"{self.name} has choices, so its type must be choice or set")
        if self.type is Type.money and self.unit and not money.known(self.unit):
            raise ValueError(f"the unit of {self.name} must be an ISO 4217 currency")

    @property
    def label(self) -> Text:
        return Text(self.label_en, self.label_zh)

    def named(self, value: str, language: str) -> str:
        """What people call the value of a choice; the value itself where nobody said."""
        known = dict(zip(self.choices, self.names, strict=False)).get(value)
        return known.in_(language) if known else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something that can have happened any number of times, like ``order.paid``, with the attributes of one such event."""

    name: str
    label_en: str
    label_zh: str
    attributes: tuple[Attribute, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a dotted lower-case name like order.paid")
        if not self.label_en.strip() or not self.label_zh.strip():
            raise ValueError(f"{self.name} needs a label in both languages")

    @property
    def label(self) -> Text:
        return Text(self.label_en, self.label_zh)

    def registry(self) -> "Registry":
        """A frozen registry of what is known about one such event."""
        return Registry(self.attributes).freeze()


class Registry:
    """Attributes and occurrences by name. Grows until it is frozen, never changes afterwards."""

    __slots__ = ("_attributes", "_frozen", "_occurrences")

    def __init__(self, attributes: Iterable[Attribute] = (), occurrences: Iterable[Occurrence] = ()) -> None:
        self._attributes: dict[str, Attribute] = {}
        self._occurrences: dict[str, Occurrence] = {}
        self._frozen = False
        for attribute in attributes:
            self.register(attribute)
        for occurrence in occurrences:
            self.register(occurrence)

    def register(self, *entries: Attribute | Occurrence) -> None:
        """Add ``entries``. Raises ``ValueError`` for a name that is taken and ``RuntimeError`` after ``freeze``."""
        if self._frozen:
            raise RuntimeError("the registry is frozen: attributes are registered while the application is put together")
        for entry in entries:
            if entry.name in self._attributes or entry.name in self._occurrences:
                raise ValueError(f"{entry.name} is registered twice")
            if isinstance(entry, Attribute):
                self._attributes[entry.name] = entry
            else:
                self._occurrences[entry.name] = entry

    def freeze(self) -> "Registry":
        """Close the registry for good and return it."""
        self._frozen = True
        return self

    def get(self, name: str) -> Attribute:
        """The attribute of that name. Raises ``input.invalid`` that suggests the nearest one."""
        found = self._attributes.get(name)
        if found is None:
            near = _nearest(name, self._attributes)
            raise problem.invalid("attribute", name, f"a known attribute; did you mean {near}?" if near else "a known attribute")
        return found

    def find(self, name: str) -> Attribute | None:
        """The attribute of that name, or None."""
        return self._attributes.get(name)

    def get_occurrence(self, name: str) -> Occurrence:
        """The occurrence of that name. Raises ``input.invalid`` that suggests the nearest one."""
        found = self._occurrences.get(name)
        if found is None:
            near = _nearest(name, self._occurrences)
            raise problem.invalid("occurrence", name, f"a known occurrence; did you mean {near}?" if near else "a known occurrence")
        return found

    def find_occurrence(self, name: str) -> Occurrence | None:
        """The occurrence of that name, or None."""
        return self._occurrences.get(name)

    def find_nearest(self, name: str) -> str | None:
        """The name of an attribute or occurrence most like ``name``, or None when nothing is."""
        return _nearest(name, self._attributes.keys() | self._occurrences.keys())

    def list_(self) -> tuple[Attribute, ...]:
        """All attributes by name."""
        return tuple(self._attributes[name] for name in sorted(self._attributes))

    def list_occurrences(self) -> tuple[Occurrence, ...]:
        """All occurrences by name."""
        return tuple(self._occurrences[name] for name in sorted(self._occurrences))

    def with_choices(self, choices: Mapping[str, Iterable[str]], *, names: Mapping[str, Iterable[Text]] | None = None) -> "Registry":
        """A frozen copy whose named attributes take only the given values: a programme's own tiers, say, with what people call them.

        Raises ``input.invalid`` for an unknown name, ``ValueError`` for one whose type has no choices.
        """
        called = names or {}
        closed = {
            name: replace(self.get(name), choices=tuple(values), names=tuple(called.get(name, ()))) for name, values in choices.items()
        }
        return Registry((self._attributes | closed).values(), self._occurrences.values()).freeze()


def _nearest(name: str, names: Iterable[str]) -> str | None:
    """By spelling first; else the one whose last word is the same (``total`` for ``order.total``)."""
    known = sorted(names)
    close = difflib.get_close_matches(name[:200], known, n=1)
    if close:
        return close[0]
    return next((k for k in known if k.rpartition(".")[2] == name.rpartition(".")[2]), None)
