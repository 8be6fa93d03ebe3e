"""Levels that change by wish: an invitation, a hand, a ladder that was edited, an earlier system."""

from datetime import datetime

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme, Standing
from regulars.domains.loyalty.rules import passing
from regulars.domains.points.model import Entry
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import TierStanding


def given(programme: Programme, decision: Decision, fact: model.LevelGiven, moment: datetime) -> None:
    """Put the member on a level. Raises ``tiers.ladder_unknown`` or ``tiers.level_unknown``."""
    ladder = programme.ladder_of(fact.ladder)
    new = tiers.given(ladder, fact.level, at=moment, zone=programme.zone, until=fact.lasts)
    decision.entries.append(passing.change(programme, decision.standing, ladder, new, at=moment, reason="given", words=fact.reason))


def reassessed(programme: Programme, decision: Decision, fact: model.LevelsReassessed, moment: datetime) -> None:
    """Put the member where the ladders as they are now put the balance. The answer says from where to where, by ladder."""
    after, moves = decision.standing, dict[str, list[str]]()
    for ladder in programme.ladders:
        now = after.tiers[ladder.id]
        balance = passing.counted(programme, after, ladder, at=moment)
        new = tiers.reassessed(ladder, now, balance=balance, at=moment, zone=programme.zone, down=fact.down)
        if new is not None:
            decision.entries.append(passing.change(programme, after, ladder, new, at=moment, reason="reassessed"))
            moves[ladder.id] = [now.level, new.level]
    decision.answer["moves"] = moves


def opened(programme: Programme, after: Standing, fact: model.StandingOpened, *, at: datetime) -> Entry:
    """The level that an earlier system had given, with its own dates."""
    ladder, level = programme.ladder, fact.level or programme.ladder.levels[0].id
    since = fact.since or at
    until = fact.keep_until or tiers.keep_until(ladder, since, programme.zone)
    new = TierStanding(level, since, tiers.NO_REVIEW if ladder.rank(level) == 0 else until)
    return passing.change(programme, after, ladder, new, at=at, reason="opening")
