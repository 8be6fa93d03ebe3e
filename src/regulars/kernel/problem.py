"""What can go wrong, as data: a stable code, a kind that decides the HTTP status and the retry, and texts in both languages.

A problem type is declared once, next to the model it belongs to::

    INSUFFICIENT = problem.define(
        "points.insufficient", Kind.limit,
        en="Only {available} points are available, {asked} were asked for.",
        zh="可用积分只有 {available}，本次需要 {asked}。",
    )
    raise INSUFFICIENT(available=40, asked=100)
"""

import dataclasses
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from string import Formatter


class Kind(StrEnum):
    """The few ways a request can fail. One table per edge maps them: ``HTTP_STATUS``, ``EXIT_CODE``, ``RETRY``."""

    invalid = "invalid"
    unauthenticated = "unauthenticated"
    forbidden = "forbidden"
    not_found = "not_found"
    conflict = "conflict"
    limit = "limit"
    unavailable = "unavailable"


HTTP_STATUS = {
    Kind.invalid: 422,
    Kind.unauthenticated: 401,
    Kind.forbidden: 403,
    Kind.not_found: 404,
    Kind.conflict: 409,
    Kind.limit: 422,
    Kind.unavailable: 503,
}
EXIT_CODE = {
    Kind.invalid: 2,
    Kind.unauthenticated: 3,
    Kind.forbidden: 3,
    Kind.not_found: 4,
    Kind.conflict: 5,
    Kind.limit: 6,
    Kind.unavailable: 7,
}
RETRY = {kind: kind is Kind.unavailable for kind in Kind}

_SHOWN = 120
# Python refuses to print integers beyond some thousand digits, and a refusal must not fail on what it refuses.
_LONGEST_NUMBER = 3_322


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong at one place of the input: the ``field`` as a path, the offending ``value``, and what is ``expected``; the same in
    Chinese, where whoever found it could say it in both.
    """

    field: str
    value: str
    expected: str
    zh: str = dataclasses.field(default="", compare=False)

    def wanted(self, language: str) -> str:
        """What is expected, in Chinese when ``language`` begins with ``zh`` and somebody said it so."""
        return self.zh if self.zh and language.lower().startswith("zh") else self.expected


class Problem(Exception):  # noqa: N818 - the whole house calls it a problem, as RFC 9457 does.
    """A refusal that names itself. Raised by services and pure rules, rendered at the edge; ``fields`` hold its data."""

    def __init__(self, type_: "ProblemType", fields: dict[str, object], faults: tuple[Fault, ...] = ()) -> None:
        # The arguments as they came: copying and unpickling call this again with them.
        super().__init__(type_, fields, faults)
        self.type = type_
        self.fields = fields
        self.faults = faults

    @property
    def code(self) -> str:
        return self.type.code

    @property
    def kind(self) -> Kind:
        return self.type.kind

    def text(self, language: str = "en") -> str:
        """The sentence for a person, in Chinese when ``language`` begins with ``zh``, else in English."""
        template = self.type.zh if language.lower().startswith("zh") else self.type.en
        return template.format(**self.fields)

    def __str__(self) -> str:
        places = "; ".join(f"{f.field}: {f.value!r} — expected {f.expected}" for f in self.faults)
        return f"{self.code}: {self.text()}" + (f" ({places})" if places else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """A declared problem. Calling it makes the exception; the keyword arguments fill the texts and travel as data.

    Raises ``TypeError`` where a field of the texts is not given: later, when it is rendered, it would hide the refusal.
    """

    code: str
    kind: Kind
    en: str
    zh: str

    def __call__(self, *, faults: tuple[Fault, ...] = (), **fields: object) -> Problem:
        missing = _placeholders(self.en) - fields.keys() | _placeholders(self.zh) - fields.keys()
        if missing:
            raise TypeError(f"{self.code} is missing {', '.join(sorted(missing))}")
        return Problem(self, fields, faults)


@cache
def _placeholders(template: str) -> frozenset[str]:
    """The names of the fields that a text is filled with."""
    return frozenset(re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(template) if name is not None)


@dataclass(slots=True)
class _Registry:
    types: dict[str, ProblemType] = field(default_factory=dict)


_REGISTRY = _Registry()


def define(code: str, kind: Kind, *, en: str, zh: str) -> ProblemType:
    """Declare a problem type. Raises ``ValueError`` when another module already took the code."""
    made = ProblemType(code=code, kind=kind, en=en, zh=zh)
    known = _REGISTRY.types.setdefault(code, made)
    if known != made:
        raise ValueError(f"problem code {code!r} is declared twice")
    return known


def declared() -> dict[str, ProblemType]:
    """Every problem type declared so far, by code: what the docs list and the localisation test walks."""
    return dict(_REGISTRY.types)


INVALID = define(
    "input.invalid",
    Kind.invalid,
    en="The input is not valid: {summary}",
    zh="输入有误：{summary}",
)
NOT_FOUND = define(
    "not_found",
    Kind.not_found,
    en="There is no {what} {key}.",
    zh="找不到 {what} {key}。",
)
FORBIDDEN = define(
    "auth.forbidden",
    Kind.forbidden,
    en="This needs the permission {permission}.",
    zh="需要权限 {permission}。",
)
UNAVAILABLE = define(
    "unavailable",
    Kind.unavailable,
    en="Too many changes to the same record at once. Nothing was changed; try again.",
    zh="同一记录同时变更过多，未做任何修改，请重试。",
)
KEY_REUSED = define(
    "idempotency.conflict",
    Kind.conflict,
    en="The key {key} was already used with another body. Send the first body again, or a new key.",
    zh="键 {key} 已用于另一份内容。请重发原内容，或换一个新键。",
)


def invalid(field: str, value: object, expected: str) -> Problem:
    """The commonest refusal: one field, its value (cut to 120 characters) and what would be accepted."""
    seen = shown(value)
    return INVALID(summary=f"{field}: {seen!r} — {expected}", faults=(Fault(field=field, value=seen, expected=expected),))


def shown(value: object) -> str:
    """The value as a message can carry it: cut to 120 characters, encodable, whatever came in."""
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return "a number of more than 1,000 digits"
    return str(value)[:_SHOWN].encode("utf-8", "replace").decode()
