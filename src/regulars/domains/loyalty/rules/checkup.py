"""The check-up of a programme: is it simple, are its tiers well spread, is it fair, is it sustainable, are its differences felt?

Docs: docs/algorithms/checkup.md works an example.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from regulars.domains.loyalty.model.checkup import Area, Figures, Finding, Grade, LevelFigure, Measured, Shape, Standard
from regulars.domains.loyalty.model.simulation import SpendBin
from regulars.domains.loyalty.rules.standards import STANDARDS
from regulars.kernel.text import Text

BUYERS_NEEDED = 100
"""With fewer buyers shares say more about chance than about the programme, and nothing but simplicity is graded."""

_BASIS = 10_000
_HUNDREDTHS = 100
_TOO_FEW = Text(
    f"Not graded: it takes a simulation, or the programme in force, with {BUYERS_NEEDED} buyers or more.",
    f"未评级：需要一次模拟或已生效的计划，且购买者不少于 {BUYERS_NEEDED} 人。",
)

Values = dict[str, int | None]


def check_up(shape: Shape, figures: Figures | None) -> list[Finding]:
    """One finding an area, each with every figure behind its grade. Without figures, or with too few buyers, only simplicity."""
    values: dict[Area, Values] = {Area.simplicity: simplicity(shape)}
    if figures is not None and figures.buyers >= BUYERS_NEEDED:
        values[Area.spread] = spread(figures.levels)
        values[Area.fairness] = fairness(figures.deciles)
        values[Area.sustainability] = sustainability(shape, figures)
        values[Area.difference] = difference(shape, figures.levels)
    return [_finding(area, values.get(area, {})) for area in Area]


def graded(standard: Standard, value: int | None) -> Grade:
    """The first band that holds the value."""
    if value is not None:
        for grade, (low, high) in zip(Grade, standard.bands, strict=False):
            if (low is None or value >= low) and (high is None or value <= high):
                return grade
    return Grade.E


def _finding(area: Area, values: Values) -> Finding:
    measured = tuple(
        Measured(name=name, standard=STANDARDS[name], value=value, grade=graded(STANDARDS[name], value)) for name, value in values.items()
    )
    if not measured:
        return Finding(area=area, grade=None, measured=(), advice=(_TOO_FEW,))
    advice = tuple(one.standard.advice for one in measured if one.grade > Grade.B)
    return Finding(area=area, grade=max(one.grade for one in measured), measured=measured, advice=advice)


def simplicity(shape: Shape) -> Values:
    """What there is to understand."""
    return {"units": shape.units, "rules": shape.rules, "conditions": shape.conditions, "words": shape.words}


def spread(levels: Sequence[LevelFigure]) -> Values:
    """How members lie over the levels; of several ladders the worst counts. Empty without a ladder of two levels."""
    found = [_spread(counts) for counts in _counts(levels) if len(counts) > 1 and any(counts)]
    return {name: _worst(name, [one[name] for one in found]) for name in ("above", "top", "entropy", "empty")} if found else {}


def _counts(levels: Sequence[LevelFigure]) -> list[list[int]]:
    return [[level.members for level in ladder] for ladder in _ladders(levels)]


def _ladders(levels: Sequence[LevelFigure]) -> list[list[LevelFigure]]:
    return [list(ladder) for _, ladder in groupby(levels, key=lambda level: level.ladder)]


def _spread(counts: Sequence[int]) -> dict[str, int]:
    total = sum(counts)
    shares = [count / total for count in counts if count]
    entropy = sum(-share * math.log(share) for share in shares) / math.log(len(counts))
    return {
        "above": (total - counts[0]) * _BASIS // total,
        "top": counts[-1] * _BASIS // total,
        "entropy": round(entropy * _BASIS),
        "empty": counts.count(0),
    }


def _worst(name: str, values: Iterable[int | None]) -> int | None:
    return max(values, key=lambda value: (graded(STANDARDS[name], value), value is None))


def fairness(deciles: Sequence[SpendBin]) -> Values:
    """How evenly rewards follow spend."""
    there = [one for one in deciles if one.members and one.spend > 0]
    spend, value = sum(one.spend for one in there), sum(one.value for one in there)
    if not spend or value <= 0:
        return {"nothing": _BASIS}
    rates = [(one.value * _BASIS * _HUNDREDTHS // one.spend) for one in there]
    members, nothing = sum(one.members for one in there), sum(one.nothing for one in there)
    top = there[-1]
    return {
        "rates": max(rates) * _HUNDREDTHS // min(rates) if min(rates) > 0 else None,
        "nothing": nothing * _BASIS // members,
        "concentration": top.value * spend * _HUNDREDTHS // (value * top.spend),
    }


def sustainability(shape: Shape, figures: Figures) -> Values:
    """What the points cost and owe beside what came in. Without revenue only what the document says."""
    found: Values = {"undated": shape.undated}
    if figures.revenue > 0:
        found = {
            "reward": figures.granted * _BASIS // figures.revenue,
            "liability": figures.outstanding * _BASIS // figures.revenue,
            **found,
        }
    if figures.granted > 0:
        found["redeemed"] = figures.spent * _BASIS // figures.granted
        found["lapsed"] = figures.expired * _BASIS // figures.granted
    return found


def difference(shape: Shape, levels: Sequence[LevelFigure]) -> Values:
    """What a level gives more than the one below. Levels on which nobody ordered are passed over; empty when fewer than two are left."""
    steps: list[int | None] = []
    flat = 0
    for ladder in _ladders(levels):
        ordered = [level for level in ladder if level.spend > 0]
        for below, level in pairwise(ordered):
            step = _step(below, level)
            more = shape.benefits.get((level.ladder, level.level), 0) > shape.benefits.get((below.ladder, below.level), 0)
            flat += not more and step is not None and step <= _HUNDREDTHS
            if not more:
                # A level with benefits of its own is felt by them, whatever its points are.
                steps.append(step)
        if len(ordered) > 1 and not steps:
            steps.append(STANDARDS["step"].bands[0][0])
    known = [step for step in steps if step is not None]
    return {"step": min(known), "flat": flat} if known else {}


def _step(below: LevelFigure, level: LevelFigure) -> int | None:
    """The upper reward rate in hundredths of the lower; None when the lower is nothing."""
    if below.value <= 0:
        return None
    return level.value * below.spend * _HUNDREDTHS // (below.value * level.spend)
