"""Who something of the document is for, and how often: the parts that benefits and rewards share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from regulars.domains.loyalty.document import parts
from regulars.kernel import conditions, periods, problem, quotas
from regulars.kernel.attributes import Registry
from regulars.kernel.audience import Audience
from regulars.kernel.problem import Fault
from regulars.kernel.quotas import Quota
from regulars.kernel.text import Text

_OF_AN_ORDER = ("order.", "line.")
_ALL = Text("every tier", "所有等级")


class Times(parts.Part):
    """At most ``times`` a period; a membership year begins on the day of joining."""

    times: Annotated[int, Field(ge=1, le=10**9)]
    per: Literal["day", "week", "month", "quarter", "year", "lifetime", "membership_year"]


class For(parts.Part):
    """``tiers`` none is every tier; ``when`` limits it further. Both must hold."""

    tiers: list[parts.Id] = Field(default_factory=list)
    when: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a part refers to in the rest of the document: ``levels`` and ``units`` by id in its order, with their names."""

    levels: Mapping[str, Text]
    units: Mapping[str, Text]
    registry: Registry
    currency: str
    zone: periods.Zone


def quota(times: Times | None) -> Quota | None:
    """The compiled quota."""
    return Quota(times=times.times, period=times.per) if times else None


def build(part: For, path: str, *, within: Surroundings, faults: list[Fault]) -> Audience:
    """The compiled audience of the part at ``path``. What is wrong is added to ``faults``, each with its place."""
    names = within.levels
    for i, tier in enumerate(part.tiers):
        if tier not in names:
            faults.append(Fault(field=f"{path}.tiers[{i}]", value=tier, expected=f"one of the levels {', '.join(names)}"))
    tiers = tuple((tier, name) for tier, name in names.items() if tier in part.tiers)
    if part.when is None:
        return Audience(tiers=tiers)
    try:
        tree = conditions.parse(part.when, within.registry)
    except problem.Problem as refused:
        faults += [Fault(field=f"{path}.when.{f.field}", value=f.value, expected=f.expected) for f in refused.faults]
        return Audience(tiers=tiers)
    reads = conditions.attributes_read(tree)
    # There need not be an order when something is asked for, and what is unknown is never true.
    faults += [
        Fault(field=f"{path}.when", value=name, expected="attributes of the member or the time: there is no order to ask about")
        for name in sorted(reads)
        if name.startswith(_OF_AN_ORDER)
    ]
    said = conditions.said(tree, within.registry, currency=within.currency)
    return Audience(tiers=tiers, test=conditions.compile(tree), condition=said, reads=reads)


def twice(ids: Sequence[str], path: str, what: str) -> list[Fault]:
    """A fault for each id that an earlier part has."""
    expected = f"an id that no earlier {what} has"
    return [Fault(field=f"{path}[{i}].id", value=name, expected=expected) for i, name in enumerate(ids) if name in ids[:i]]


def sentence(part: For, within: Surroundings) -> Text:
    """For whom it is, in words."""
    names = [name for tier, name in within.levels.items() if tier in part.tiers]
    en, zh = ", ".join(name.en for name in names) or _ALL.en, "、".join(name.zh for name in names) or _ALL.zh
    said = Text(en=f"For {en}", zh=f"{zh}可享")
    if part.when is None:
        return said
    tree = conditions.parse(part.when, within.registry)
    met = conditions.said(tree, within.registry, currency=within.currency)
    return Text(en=f"{said.en}, when {met.en}", zh=f"{said.zh}，且需{met.zh}")


def often(times: Times | None) -> Text:
    """How often, in words."""
    if times is None:
        return Text("as often as wanted", "不限次数")
    period = quotas.SAID[times.per]
    return Text(f"{times.times:,} {period.en}", f"{period.zh} {times.times:,} 次")
