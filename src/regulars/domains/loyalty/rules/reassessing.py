"""Who moves when ladders are looked at again, who gains or loses a benefit by it, and what a benefit costs in a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.domains.benefits.model import Benefit
from regulars.domains.loyalty.model import LevelsReassessed, Programme, Standing, TimePassed
from regulars.domains.loyalty.model.reassessment import Cell, Found, Holders, Step, Tally
from regulars.domains.loyalty.rules import decide, passing
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import Ladder
from regulars.kernel.ids import MemberId

Direction = Literal["up", "down", "same"]

SAMPLE = 20
"""Members kept of every step."""
REFUSALS = 20
"""Refusals kept of a re-assessment."""
PERIODS_A_YEAR: Mapping[str, int] = {
    "day": 365,
    "week": 52,
    "month": 12,
    "quarter": 4,
    "year": 1,
    "membership_year": 1,
    "lifetime": 1,
}
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Both programmes and the moment: looked up once for everybody."""

    running: Programme
    draft: Programme
    at: datetime
    down: bool
    before: Mapping[str, Ladder] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", {ladder.id: ladder for ladder in self.running.ladders})


def look(found: Found, terms: Terms, standing: Standing) -> None:
    """Add one member to what was ``found``: decided exactly as the re-assessment itself will decide, and nothing recorded."""
    member = standing.member_id
    before = decide.decide(terms.running, standing, TimePassed(member_id=member, at=terms.at)).standing
    fact = LevelsReassessed(member_id=member, at=terms.at, ref=_NOBODY, down=terms.down)
    after = decide.decide(terms.draft, before, fact).standing
    directions: set[Direction] = set()
    early = False
    for ladder in terms.draft.ladders:
        step = _step(ladder, before, after)
        leads = direction(terms.before.get(ladder.id), ladder, step)
        directions.add(leads)
        cell = found.cells.setdefault(step, Cell())
        cell.members += 1
        if leads == "down" and _kept_by_term(terms, before, ladder.id):
            cell.early += 1
            early = True
        if len(cell.sample) < SAMPLE:
            cell.sample.append((member, passing.counted(terms.draft, after, ladder, at=after.as_of)))
    found.members += 1
    found.moved += bool(directions - {"same"})
    found.up += "up" in directions
    found.down += "down" in directions
    found.early += early
    _benefits(found, terms, before, after)


def _kept_by_term(terms: Terms, standing: Standing, ladder_id: str) -> bool:
    """Whether the table in force would put the member lower, too, if it looked now: only the term still keeps the level."""
    ladder = terms.before.get(ladder_id)
    if ladder is None:
        return False
    balance = passing.counted(terms.running, standing, ladder, at=standing.as_of)
    now = standing.tiers[ladder_id]
    again = tiers.reassessed(ladder, now, balance=balance, at=standing.as_of, zone=terms.running.zone, down=True)
    return again is not None and ladder.rank(again.level) < ladder.rank(now.level)


def _step(ladder: Ladder, before: Standing, after: Standing) -> Step:
    # On a new ladder everybody begins at its bottom.
    was = before.tiers[ladder.id].level if ladder.id in before.tiers else ladder.levels[0].id
    return ladder.id, was, after.tiers[ladder.id].level


def direction(before: Ladder | None, after: Ladder, step: Step) -> Direction:
    """Which way the step leads. A level that the new table dropped is compared by where it began."""
    _, was, now = step
    ranks = {level.id: rank for rank, level in enumerate(after.levels)}
    if was in ranks:
        low, high = ranks[was], ranks[now]
    else:
        began = {level.id: level.threshold for level in before.levels} if before is not None else {}
        low, high = began.get(was, 0), after.levels[ranks[now]].threshold
    return "same" if low == high else "up" if low < high else "down"


def _benefits(found: Found, terms: Terms, before: Standing, after: Standing) -> None:
    for benefit_id in dict.fromkeys([*terms.running.benefits, *terms.draft.benefits]):
        had = may_have(terms.running.benefits.get(benefit_id), before)
        has = may_have(terms.draft.benefits.get(benefit_id), after)
        holders = found.benefits.setdefault(benefit_id, Holders())
        holders.before += had
        holders.after += has
        holders.gained += has and not had
        holders.lost += had and not has


def may_have(benefit: Benefit | None, standing: Standing) -> bool:
    """Whether the member may have the benefit by level and hold-out; further conditions are left aside."""
    if benefit is None or (benefit.incentive and standing.held_out):
        return False
    tiers = benefit.audience.tiers
    return not tiers or any(level == standing.tier.level for level, _ in tiers)


def yearly(benefit: Benefit | None) -> int | None:
    """What the benefit costs at most for one member in a year, all of its quota used; None where no cost or no quota is set."""
    if benefit is None:
        return 0
    cost = benefit.unit_cost if benefit.unit_cost is not None else benefit.max_freight
    if cost is None or (benefit.quota is None and cost):
        return None
    return cost * benefit.quota.times * PERIODS_A_YEAR[benefit.quota.period] if benefit.quota is not None else 0


def added(tally: Tally, members: Sequence[MemberId], answers: Sequence[Mapping[str, object] | str]) -> Tally:
    """The tally with one more batch: of each member what the engine answered, or the code of its refusal."""
    steps, moved, refused = dict(tally.steps), tally.moved, list(tally.refused)
    for member, answer in zip(members, answers, strict=True):
        if isinstance(answer, str):
            refused.append((str(member), answer))
            continue
        moves = answer.get("moves")
        if isinstance(moves, dict) and moves:
            moved += 1
            for ladder, (was, now) in moves.items():
                steps[ladder, was, now] = steps.get((ladder, was, now), 0) + 1
    failed = sum(isinstance(answer, str) for answer in answers)
    return replace(
        tally,
        looked=tally.looked + len(members),
        moved=moved,
        failed=tally.failed + failed,
        steps=steps,
        refused=tuple(refused[:REFUSALS]),
    )
