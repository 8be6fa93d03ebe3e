"""Version 1 of the document language. Amounts are minor units of the programme's currency; factors are basis points.

The smallest programme that runs is in docs/howto/programme.md; ``regulars programme schema`` prints the JSON Schema.
"""

import itertools
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from regulars.domains.loyalty.document.parts import Amount, Id, Label, Part, Positive, Share
from regulars.kernel import money, periods, problem
from regulars.kernel.problem import Fault, Kind

BAD_DOCUMENT = problem.define(
    "programme.invalid",
    Kind.invalid,
    en="The programme document is not valid: {summary}",
    zh="会员计划文档有误：{summary}",
)


class Rolling(Part):
    """Lapses this long after it was earned, at the end of that day, or of the ``round_to`` that day lies in."""

    months: Annotated[int, Field(ge=0, le=240)] = 0
    days: Annotated[int, Field(ge=0, le=7300)] = 0
    round_to: Literal["day", "month", "quarter", "year"] | None = None

    @model_validator(mode="after")
    def some_time(self) -> Self:
        if not self.months and not self.days:
            raise ValueError("give months or days")
        return self


class Calendar(Part):
    """Lapses at the end of the next ``month``/``day`` that is at least ``min_months`` away."""

    month: Annotated[int, Field(ge=1, le=12)] = 12
    day: Annotated[int, Field(ge=1, le=31)] = 31
    min_months: Annotated[int, Field(ge=0, le=60)] = 0


class Expiry(Part):
    """Exactly one of ``rolling`` and ``calendar``."""

    rolling: Rolling | None = None
    calendar: Calendar | None = None

    @model_validator(mode="after")
    def one(self) -> Self:
        if (self.rolling is None) == (self.calendar is None):
            raise ValueError("give either rolling or calendar; leave expiry out for units that never lapse")
        return self


class Redeem(Part):
    """Every ``points`` are worth ``worth`` minor units, up to ``max_share_bp`` of a cart."""

    points: Positive
    worth: Positive
    min_points: Amount = 0
    max_share_bp: Share = 10_000


class Transfer(Part):
    """Members may give units to each other: at most ``per_day`` a local day, at least ``min_points`` at once."""

    per_day: Positive
    min_points: Positive = 1


class Unit(Part):
    """Something members collect."""

    label: Label
    expiry: Expiry | None = None
    pending_days: Annotated[int, Field(ge=0, le=365)] = 0
    on_refund: Literal["owe", "waive"] = "owe"
    redeem: Redeem | None = None
    transfer: Transfer | None = None


class Keep(Part):
    """How long a level is kept before it is looked at again."""

    months: Annotated[int, Field(ge=1, le=120)] = 12
    round_to: Literal["day", "month", "quarter", "year"] | None = None


class Level(Part):
    """One rung, reached ``from`` this much of the ladder's unit."""

    id: Id
    label: Label
    from_: Annotated[Amount, Field(alias="from")]


class Ladder(Part):
    """The tier ladder. The window is the unit's own expiry: growth that lapses after 365 days is growth of the last 365 days."""

    id: Literal["main"] = "main"
    unit: Id
    keep: Keep = Keep()
    downgrade: Literal["reassess", "one_step"] = "reassess"
    levels: Annotated[list[Level], Field(min_length=1, max_length=20)]


class Cap(Part):
    """At most ``amount`` per member and period."""

    per: Literal["order", "day", "week", "month", "quarter", "year", "lifetime"]
    amount: Positive


class PerAmount(Part):
    """Give ``give`` units for every ``every`` minor units."""

    every: Positive
    give: Positive
    by: Literal["order", "line"] = "order"
    exclude: list[Literal["discount", "tax", "points", "freight"]] = Field(default=["discount", "points", "freight"])


class Multiply(Part):
    """Multiply what the per-amount rules gave: ``factor_bp`` 20000 doubles. In one lane only the highest factor counts; lanes add."""

    factor_bp: Annotated[int, Field(gt=10_000, le=1_000_000)]
    lane: Id = "main"


class Rule(Part):
    """One earning rule: exactly one of ``per_amount``, ``fixed``, ``multiply``; ``when`` limits it to orders or lines."""

    id: Id
    label: Label
    unit: Id
    when: dict[str, Any] | None = None
    per_amount: PerAmount | None = None
    fixed: Positive | None = None
    multiply: Multiply | None = None
    cap: Cap | None = None
    incentive: bool = False

    @model_validator(mode="after")
    def one_effect(self) -> Self:
        if sum(x is not None for x in (self.per_amount, self.fixed, self.multiply)) != 1:
            raise ValueError("give exactly one of per_amount, fixed, multiply")
        return self


class Document(Part):
    """A whole programme."""

    format: Literal[1]
    name: Label
    currency: str
    time_zone: str
    units: dict[Id, Unit]
    ladder: Ladder
    earning: list[Rule]


def read(text: str) -> Document:
    """The typed document of a YAML text. Raises ``programme.invalid`` with a fault for each place that is wrong."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _refused([Fault(field=_place(error), value="", expected="readable YAML")]) from error
    if not isinstance(raw, dict):
        raise _refused([Fault(field="document", value=str(raw)[:80], expected="a mapping that begins with format: 1")])
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        raise _refused([_fault(dict(e)) for e in error.errors(include_url=False)]) from error
    faults = [*_names(document), *_ladder(document)]
    if faults:
        raise _refused(faults)
    return document


def write(document: Document) -> str:
    """The document as YAML, without what equals the defaults; ``read`` gives the same document back."""
    content = document.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    return yaml.safe_dump({"format": 1, **content}, allow_unicode=True, sort_keys=False, width=120)


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"


def _fault(error: dict[str, Any]) -> Fault:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    return Fault(field=path or "document", value=str(error.get("input"))[:80], expected=str(error["msg"]))


def _refused(faults: list[Fault]) -> problem.Problem:
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return BAD_DOCUMENT(summary=f"{first.field}: {first.expected}{more}", faults=tuple(faults))


def _names(document: Document) -> list[Fault]:
    faults = []
    if not money.known(document.currency):
        faults.append(Fault(field="currency", value=document.currency, expected="an ISO 4217 code such as CNY or GBP"))
    try:
        periods.zone(document.time_zone, field="time_zone")
    except problem.Problem as refused:
        faults += refused.faults
    known = ", ".join(document.units)
    if document.ladder.unit not in document.units:
        faults.append(Fault(field="ladder.unit", value=document.ladder.unit, expected=f"one of the units {known}"))
    seen: set[str] = set()
    for i, rule in enumerate(document.earning):
        if rule.unit not in document.units:
            faults.append(Fault(field=f"earning[{i}].unit", value=rule.unit, expected=f"one of the units {known}"))
        if rule.id in seen:
            faults.append(Fault(field=f"earning[{i}].id", value=rule.id, expected="an id that no earlier rule has"))
        if rule.multiply and not any(r.per_amount and r.unit == rule.unit for r in document.earning):
            faults.append(Fault(field=f"earning[{i}].multiply", value=rule.unit, expected="a per_amount rule of this unit to multiply"))
        seen.add(rule.id)
    return faults


def _ladder(document: Document) -> list[Fault]:
    faults, levels = [], document.ladder.levels
    if levels[0].from_ != 0:
        faults.append(Fault(field="ladder.levels[0].from", value=str(levels[0].from_), expected="0: everybody starts on the first level"))
    for i, (lower, upper) in enumerate(itertools.pairwise(levels), start=1):
        if upper.from_ <= lower.from_:
            expected = f"more than {lower.from_}, where {lower.id} begins: levels rise and never overlap"
            faults.append(Fault(field=f"ladder.levels[{i}].from", value=str(upper.from_), expected=expected))
    ids = [level.id for level in levels]
    faults += [
        Fault(field=f"ladder.levels[{i}].id", value=name, expected="an id that no other level has")
        for i, name in enumerate(ids)
        if name in ids[:i]
    ]
    return faults
