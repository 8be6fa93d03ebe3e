"""Version 1 of the document language. Amounts are minor units of the programme's currency; factors are basis points.

The smallest programme that runs is in docs/howto/programme.md; ``regulars programme schema`` prints the JSON Schema.
"""

import itertools
import re
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from regulars.domains.loyalty.document import wording
from regulars.domains.loyalty.document.benefits import Benefit
from regulars.domains.loyalty.document.coupons import Coupon, Lane
from regulars.domains.loyalty.document.earning import Rule
from regulars.domains.loyalty.document.ladders import AnyLadder, MainLadder, OtherLadder
from regulars.domains.loyalty.document.parts import Id, Label, Part
from regulars.domains.loyalty.document.rewards import Reward
from regulars.domains.loyalty.document.units import Unit
from regulars.kernel import money, periods, problem
from regulars.kernel.problem import Fault, Kind

BAD_DOCUMENT = problem.define(
    "programme.invalid",
    Kind.invalid,
    en="The programme document is not valid: {summary}",
    zh="会员计划文档有误：{summary}",
)


_BOOL = "tag:yaml.org,2002:bool"


class _Loader(yaml.SafeLoader):
    """YAML whose only truth values are true and false, as YAML 1.2 has it: ``on`` is a word of the language, and 1.1 would read a yes."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own name and type
        first: [(tag, pattern) for tag, pattern in known if tag != _BOOL]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(_BOOL, re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


class Document(Part):
    """A whole programme."""

    format: Literal[1]
    name: Label
    currency: str
    time_zone: str
    units: dict[Id, Unit]
    ladder: MainLadder
    ladders: Annotated[list[OtherLadder], Field(default=[], max_length=9)]
    earning: list[Rule]
    coupon_lanes: Annotated[list[Lane], Field(default=[], max_length=20)]
    coupons: Annotated[list[Coupon], Field(default=[], max_length=500)]
    rewards: Annotated[list[Reward], Field(default=[], max_length=1000)]
    benefits: Annotated[list[Benefit], Field(default=[], max_length=200)]

    @property
    def all_ladders(self) -> tuple[AnyLadder, ...]:
        """Every ladder, the main one first."""
        return self.ladder, *self.ladders


def read(text: str) -> Document:
    """The typed document of a YAML text. Raises ``programme.invalid`` with a fault for each place that is wrong."""
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a SafeLoader
    except yaml.YAMLError as error:
        raise _refused([Fault(field=_place(error), value="", expected="readable YAML")]) from error
    if not isinstance(raw, dict):
        raise _refused([Fault(field="document", value=str(raw)[:80], expected="a mapping that begins with format: 1")])
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        raise _refused([wording.refused(dict(e)) for e in error.errors(include_url=False)]) from error
    faults = [*_names(document), *_ladders(document), *_charges(document)]
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


def _refused(faults: list[Fault]) -> problem.Problem:
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return BAD_DOCUMENT(summary=f"{first.field}: {first.expected}{more}", faults=wording.both(faults))


def _names(document: Document) -> list[Fault]:
    faults = []
    if not money.known(document.currency):
        faults.append(Fault(field="currency", value=document.currency, expected="an ISO 4217 code such as CNY or GBP"))
    try:
        periods.zone(document.time_zone, field="time_zone")
    except problem.Problem as refused:
        faults += refused.faults
    known = ", ".join(document.units)
    seen: set[str] = set()
    for i, rule in enumerate(document.earning):
        if rule.unit not in document.units:
            faults.append(Fault(field=f"earning[{i}].unit", value=rule.unit, expected=f"one of the units {known}"))
        if rule.id in seen:
            faults.append(Fault(field=f"earning[{i}].id", value=rule.id, expected="an id that no earlier rule has"))
        if rule.multiply and not any(r.per_amount and r.on == rule.on and r.unit == rule.unit for r in document.earning):
            faults.append(Fault(field=f"earning[{i}].multiply", value=rule.unit, expected="a per_amount rule of this unit to multiply"))
        seen.add(rule.id)
    return faults


def _charges(document: Document) -> list[Fault]:
    """What benefits charge has to have a worth in money, or nobody could say how much of it is owed."""
    worth = [name for name, unit in document.units.items() if unit.money or unit.redeem]
    owed = [name for name in worth if not document.units[name].money and document.units[name].on_refund == "owe"]
    faults = []
    for i, benefit in enumerate(document.benefits):
        if benefit.charge_unit is not None and benefit.charge_unit not in worth:
            expected = f"a unit that can be redeemed: {', '.join(worth) or '(none)'}"
            faults.append(Fault(field=f"benefits[{i}].charge_unit", value=benefit.charge_unit, expected=expected))
        elif benefit.claw_back == "charge" and benefit.charge_unit is None and not owed:
            expected = "a charge_unit, as no unit of the programme can be redeemed and owed"
            faults.append(Fault(field=f"benefits[{i}].claw_back", value=benefit.claw_back, expected=expected))
    return faults


def _ladders(document: Document) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, ladder in enumerate(document.all_ladders):
        where = "ladder" if place == 0 else f"ladders[{place - 1}]"
        if ladder.id in seen or ladder.id in document.units:
            faults.append(Fault(field=f"{where}.id", value=ladder.id, expected="an id that no other ladder and no unit has"))
        seen.add(ladder.id)
        if ladder.unit is not None and ladder.unit not in document.units:
            faults.append(Fault(field=f"{where}.unit", value=ladder.unit, expected=f"one of the units {', '.join(document.units)}"))
        faults += _levels(where, ladder)
    return faults


def _levels(where: str, ladder: AnyLadder) -> list[Fault]:
    faults, levels = [], ladder.levels
    if levels[0].from_ != 0 or levels[0].invited:
        faults.append(Fault(field=f"{where}.levels[0].from", value=str(levels[0].from_), expected="0: everybody starts on the first level"))
    climbed = [(i, level) for i, level in enumerate(levels) if not level.invited and ladder.counts != "invitation"]
    for (_, lower), (i, upper) in itertools.pairwise(climbed):
        if upper.from_ <= lower.from_:
            expected = f"more than {lower.from_}, where {lower.id} begins: levels rise and never overlap"
            faults.append(Fault(field=f"{where}.levels[{i}].from", value=str(upper.from_), expected=expected))
    ids = [level.id for level in levels]
    faults += [
        Fault(field=f"{where}.levels[{i}].id", value=name, expected="an id that no other level of the ladder has")
        for i, name in enumerate(ids)
        if name in ids[:i]
    ]
    return faults
