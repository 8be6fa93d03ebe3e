"""A preview as plain data: what the console shows, the command line prints and the table keeps. Labels in both languages."""

from collections.abc import Mapping
from typing import Any

from regulars.domains.benefits.model import Benefit
from regulars.domains.loyalty.model import Programme, Programmes
from regulars.domains.loyalty.model.reassessment import Found, Holders, Step
from regulars.domains.loyalty.rules import reassessing as rules
from regulars.domains.loyalty.rules.reassessing import Terms
from regulars.domains.tiers.model import Basis, Ladder
from regulars.kernel import ids
from regulars.kernel.audience import TIER
from regulars.kernel.text import Text

Json = dict[str, Any]
Names = Mapping[tuple[str, str], Text]

FORMULA = Text(
    "Cost of one use × uses a year by quota × members who may have it by their level; after less before. How often members really use it, "
    "and conditions besides the level, are left aside: the figure is a ceiling, not a forecast.",
    "单次成本 × 每年配额次数 × 按等级可享的会员数，变动后减变动前。未计实际使用率和等级以外的条件，因此是上限估算，不是预测。",
)
_AS_NOW = Text(
    "Members are looked at with what is counted for them today. What they bought before is not replayed under the new table; simulate "
    "the draft for that.",
    "按会员当前的计数值评定，不按新规则重放历史消费；如需重放请使用模拟。",
)
_ONLY_UP = Text("Members only go up; who has too little for the level stays on it.", "只升不降：计数不足的会员保留现有等级。")
_POINTS = Text(
    "Points rules that depend on the level are not in the cost: simulate the draft to see them.",
    "成本不含按等级区分的积分规则：请用模拟查看。",
)
_MONTHS = Text("months since joining", "入会月数")
_NOTHING = Text("invitation", "邀请")


def result(terms: Terms, found: Found, published: Programmes) -> Json:
    """Everything the preview found; the same findings always give the same data."""
    known = names(published, terms.draft)
    return {
        "currency": terms.draft.currency,
        "as_of": terms.at.isoformat(),
        "down_too": terms.down,
        "members": found.members,
        "moved": found.moved,
        "up": found.up,
        "down": found.down,
        "early": found.early,
        "ladders": [_ladder(terms, found, ladder, known) for ladder in terms.draft.ladders],
        "cost": _cost(terms, found),
        "notes": [words(note) for note in _notes(terms)],
    }


def words(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"en": text.en, "zh": text.zh}


def names(published: Programmes, draft: Programme | None = None) -> dict[tuple[str, str], Text]:
    """What levels are called, by (ladder, level): by the newest version that has them."""
    versions = [*published.versions, *([draft] if draft else [])]
    return {(ladder.id, level.id): level.label for one in versions for ladder in one.ladders for level in ladder.levels}


def _ladder(terms: Terms, found: Found, ladder: Ladder, known: Names) -> Json:
    before = terms.before.get(ladder.id)
    steps = {step: cell for step, cell in found.cells.items() if step[0] == ladder.id}
    order = list(dict.fromkeys([*(level.id for level in (before or ladder).levels), *(level.id for level in ladder.levels)]))
    was = [level for level in order if any(step[1] == level for step in steps) or _has(before or ladder, level)]
    # Levels of older versions, which somebody still stands on because nobody was re-assessed since.
    was += sorted({step[1] for step in steps} - set(was))
    return {
        "ladder": ladder.id,
        "label": words(ladder.label),
        "counts": _counts(terms.draft, ladder),
        "new": before is None,
        "uncounted": _uncounted(terms, ladder),
        "before": [_level(known, ladder.id, level) for level in was],
        "after": [_level(known, ladder.id, level.id) for level in ladder.levels],
        "cells": [
            {
                "before": step[1],
                "after": step[2],
                "direction": rules.direction(before, ladder, step),
                "members": cell.members,
                "early": cell.early,
                "sample": [{"member": ids.encode("mbr", member), "counted": counted} for member, counted in cell.sample],
            }
            for step, cell in sorted(steps.items(), key=lambda item: _place(item[0], was, ladder))
        ],
    }


def _has(ladder: Ladder, level: str) -> bool:
    return any(one.id == level for one in ladder.levels)


def _place(step: Step, was: list[str], ladder: Ladder) -> tuple[int, int]:
    return was.index(step[1]), ladder.rank(step[2])


def _level(known: Names, ladder: str, level: str) -> Json:
    return {"level": level, "label": words(known.get((ladder, level), Text(level, level)))}


def _counts(programme: Programme, ladder: Ladder) -> Json:
    match ladder.basis:
        case Basis.unit:
            unit = programme.units[ladder.unit]
            return {"kind": "money" if unit.minor else "units", "label": words(unit.label)}
        case Basis.tenure:
            return {"kind": "months", "label": words(_MONTHS)}
        case Basis.invitation:
            return {"kind": "nothing", "label": words(_NOTHING)}


def _uncounted(terms: Terms, ladder: Ladder) -> bool:
    """Whether the ladder counts what the programme in force does not, so that nobody has any of it yet."""
    return ladder.basis is Basis.unit and ladder.unit not in terms.running.units


def _notes(terms: Terms) -> list[Text]:
    notes = [_AS_NOW] if terms.down else [_AS_NOW, _ONLY_UP]
    for ladder in terms.draft.ladders:
        if ladder.basis is not Basis.unit:
            continue
        unit, name = terms.draft.units[ladder.unit], ladder.label
        if _uncounted(terms, ladder):
            notes.append(
                Text(
                    f"“{name.en}” will count {unit.label.en}, which nobody has yet: all begin at 0 when the version takes effect.",
                    f"“{name.zh}”将改按{unit.label.zh}计数，目前无人有此计数：版本生效时所有会员从 0 开始。",
                )
            )
        elif terms.running.units[ladder.unit].expiry != unit.expiry:
            notes.append(
                Text(
                    f"{unit.label.en} of “{name.en}”: what was counted before keeps the window it was counted under.",
                    f"“{name.zh}”的{unit.label.zh}：此前的计数仍按当时的窗口有效。",
                )
            )
    if any(TIER in rule.reads for rule in (*terms.running.rules, *terms.draft.rules)):
        notes.append(_POINTS)
    return notes


def _cost(terms: Terms, found: Found) -> Json:
    benefits = [
        made
        for benefit_id, holders in found.benefits.items()
        if (made := _benefit(terms.running.benefits.get(benefit_id), terms.draft.benefits.get(benefit_id), holders)) is not None
    ]
    known = [one for one in benefits if one["difference"] is not None]
    return {
        "before": sum(one["cost_before"] for one in known),
        "after": sum(one["cost_after"] for one in known),
        "difference": sum(one["difference"] for one in known),
        "benefits": benefits,
        "formula": words(FORMULA),
    }


def _benefit(before: Benefit | None, after: Benefit | None, holders: Holders) -> Json | None:
    """One benefit; None for one that everybody has under both, at the same cost: it says nothing about levels."""
    one = after or before
    each_before, each_after = rules.yearly(before), rules.yearly(after)
    if one is None or (not any(side is not None and side.audience.tiers for side in (before, after)) and each_before == each_after):
        return None
    cost_before = None if each_before is None else each_before * holders.before
    cost_after = None if each_after is None else each_after * holders.after
    return {
        "benefit": one.id,
        "label": words(one.label),
        "before": holders.before,
        "after": holders.after,
        "gained": holders.gained,
        "lost": holders.lost,
        "each_before": each_before,
        "each_after": each_after,
        "cost_before": cost_before,
        "cost_after": cost_after,
        "difference": None if cost_before is None or cost_after is None else cost_after - cost_before,
        "conditional": any(side is not None and side.audience.test is not None for side in (before, after)),
    }
