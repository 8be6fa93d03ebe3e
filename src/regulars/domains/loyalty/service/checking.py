"""``check_up``: a programme document judged by what it says and by what members did, or would have done, under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from regulars.domains.loyalty import document
from regulars.domains.loyalty.document import Document
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model.checkup import Figures, Finding, LevelFigure, Shape
from regulars.domains.loyalty.model.simulation import Simulation, SpendBin
from regulars.domains.loyalty.rules import checkup as rules
from regulars.domains.loyalty.rules import outcome, replaying
from regulars.domains.loyalty.service import publishing
from regulars.domains.loyalty.store import simulations as store
from regulars.kernel import conditions
from regulars.platform.context import Ctx

Basis = Literal["simulation", "standings", "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """The findings, and what they rest on: a ``simulation`` of this programme, the ``standings`` of today under the programme in force,
    or (only simplicity is graded) the ``document`` alone.
    """

    basis: Basis
    simulation: Simulation | None
    currency: str
    figures: Figures | None
    findings: tuple[Finding, ...]


def check_version(ctx: Ctx, number: int) -> Checkup:
    """The check-up of a version. Raises ``not_found``."""
    text = publishing.version(ctx, number).document
    found = store.latest_about(ctx.tx, version=number)
    programmes = publishing.programmes(ctx)
    in_force = bool(programmes.versions) and programmes.at(ctx.now).version == number
    return _checked(ctx, text, found, in_force=in_force)


def check_document(ctx: Ctx, text: str) -> Checkup:
    """The check-up of a document that may not be kept yet; a finished simulation of this very text gives its figures.

    Raises ``programme.invalid``.
    """
    return _checked(ctx, text, store.latest_about(ctx.tx, document=text), in_force=False)


def _checked(ctx: Ctx, text: str, found: Simulation | None, *, in_force: bool) -> Checkup:
    typed = document.read(text)
    programme = document.build(typed, 0)
    basis: Basis = "document"
    figures = None
    if found is not None and found.result is not None:
        basis, figures = "simulation", of_result(programme, found.result)
    elif in_force:
        basis, figures = "standings", of_standings(ctx, programme)
    return Checkup(
        basis=basis,
        simulation=found,
        currency=programme.currency,
        figures=figures,
        findings=tuple(rules.check_up(shape(typed, programme), figures)),
    )


def shape(typed: Document, programme: Programme) -> Shape:
    """What a member has to understand of the document."""
    sentences = [item.sentence.en for item in document.outline(typed)]
    return Shape(
        units=len(programme.shown_units),
        rules=len(programme.rules),
        conditions=sum(_comparisons(typed, index) for index in range(len(typed.earning))),
        words=sum(len(sentence.split()) for sentence in sentences),
        undated=sum(1 for unit in programme.units.values() if unit.redeem is not None and unit.expiry.kind == "never"),
        benefits=dict.fromkeys(outcome.places(programme), 0),
    )


def _comparisons(typed: Document, index: int) -> int:
    rule = typed.earning[index]
    if rule.when is None:
        return 0
    tree = conditions.parse(rule.when, document.registry(typed))
    return len(conditions.explain(tree, {}))


def of_result(programme: Programme, result: Mapping[str, Any]) -> Figures:
    """The figures of the draft's side of a finished simulation."""
    side, worth = result["after"], outcome.worth(programme)
    units = {unit["unit"]: unit for unit in side["units"]}

    def value(*names: str) -> int:
        # The first name counts, those after it are taken off.
        total = 0
        for unit in worth.keys() & units.keys():
            amount = units[unit][names[0]] - sum(units[unit][name] for name in names[1:])
            total += outcome.value(worth, unit, amount)
        return total

    return Figures(
        buyers=result["buyers"],
        revenue=result["revenue"],
        granted=value("granted", "reversed"),
        spent=value("spent"),
        expired=value("expired"),
        outstanding=value("outstanding"),
        levels=tuple(
            LevelFigure(ladder=at["ladder"], level=at["level"], members=at["members"], spend=at["spend"], value=at["value"])
            for at in side["levels"]
        ),
        deciles=tuple(SpendBin(one["members"], one["spend"], one["value"], one["nothing"]) for one in side["deciles"]),
    )


def of_standings(ctx: Ctx, programme: Programme) -> Figures:
    """The figures of everybody as they stand now, over all time; spend and value count for the level a member has today."""
    worth = outcome.worth(programme)
    rates = [(unit, points, minor) for unit, (points, minor) in worth.items()]
    sums = store.unit_sums(ctx.tx)
    tenths = store.spend_tenths(ctx.tx, rates)

    def value(index: int) -> int:
        return sum(outcome.value(worth, unit, sums[unit][index]) for unit in worth.keys() & sums.keys())

    return Figures(
        buyers=sum(tenth[0] for tenth in tenths),
        revenue=sum(tenth[1] for tenth in tenths),
        granted=value(0),
        spent=value(1),
        expired=value(2),
        outstanding=value(3),
        levels=tuple(_levels(ctx, programme, rates)),
        deciles=tuple(SpendBin(*tenth) for tenth in tenths),
    )


def _levels(ctx: Ctx, programme: Programme, rates: list[tuple[str, int, int]]) -> list[LevelFigure]:
    found = []
    for ladder in replaying.ladders(programme):
        by_level = store.level_sums(ctx.tx, ladder.id, rates)
        known = [level.id for level in ladder.levels]
        for index, level in enumerate(known):
            # Who never had a level, or has one that is gone, stands on the lowest.
            names = [level] if index else [level, *(name for name in by_level if name not in known)]
            rows = [by_level.get(name, (0, 0, 0)) for name in names]
            members, spend, value = (sum(column) for column in zip(*rows, strict=True))
            found.append(LevelFigure(ladder=ladder.id, level=level, members=members, spend=spend, value=value))
    return found
