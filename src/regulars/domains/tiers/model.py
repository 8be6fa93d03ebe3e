"""What a ladder is and where a member stands on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from regulars.kernel import periods, problem
from regulars.kernel.problem import Kind
from regulars.kernel.text import Text

LEVEL_UNKNOWN = problem.define(
    "tiers.level_unknown",
    Kind.invalid,
    en="The ladder {ladder} has no level {level}; it has {known}.",
    zh="等级体系 {ladder} 没有等级 {level}，现有 {known}。",
)
LADDER_UNKNOWN = problem.define(
    "tiers.ladder_unknown",
    Kind.invalid,
    en="The programme has no ladder {ladder}; it has {known}.",
    zh="会员计划没有等级体系 {ladder}，现有 {known}。",
)


class Basis(StrEnum):
    """What a ladder counts: a unit's available balance (growth, spend and visits are units too), months since joining, or nothing."""

    unit = "unit"
    tenure = "tenure"
    invitation = "invitation"


class State(StrEnum):
    """How a kept level stands: nothing said yet, told that it will drop, or past its review and kept for the grace period."""

    kept = ""
    noticed = "noticed"
    grace = "grace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One rung: reached at ``threshold`` of what the ladder counts. ``floor``: once reached, nobody falls below it.
    ``invited``: reached only by invitation, whatever the threshold says.
    """

    id: str
    threshold: int
    label: Text
    floor: bool = False
    invited: bool = False


TIERS = Text("Tiers", "等级")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Levels by rising threshold, the first at 0. A level once reached is kept ``keep_months`` (through the end of that day, or of
    ``keep_round_to``) or, with ``review_on``, to the next such (month, day) that is ``keep_months`` away or more; then a review decides.

    ``upgrade``: at once, or only at a review. ``downgrade``: ``reassess`` drops to what the balance carries, ``one_step`` by one,
    ``none`` never. ``grace_days`` after a failed review are left to qualify again; ``notice_days`` before a review a member who
    would drop is told. ``on_refund``: whether a refund may lower the level at once, or only the next review does.
    """

    id: str
    unit: str
    levels: tuple[Level, ...]
    keep_months: int
    keep_round_to: periods.RoundTo | None
    downgrade: Literal["reassess", "one_step", "none"]
    label: Text = TIERS
    basis: Basis = Basis.unit
    upgrade: Literal["at_once", "at_review"] = "at_once"
    review_on: tuple[int, int] | None = None
    grace_days: int = 0
    notice_days: int = 0
    on_refund: Literal["at_review", "at_once"] = "at_review"

    def rank(self, level: str) -> int:
        """The position of ``level``, 0 the lowest. A level that a newer document dropped counts as the lowest."""
        for rank, known in enumerate(self.levels):
            if known.id == level:
                return rank
        return 0

    def carried(self, balance: int) -> int:
        """The highest rank whose threshold ``balance`` reaches, invitations left aside."""
        # From the top: thresholds rise, so the first that is reached is the highest.
        for rank in range(len(self.levels) - 1, 0, -1):
            if self.levels[rank].threshold <= balance and not self.levels[rank].invited:
                return rank
        return 0

    def floor_below(self, rank: int) -> int:
        """The lowest rank to which somebody on ``rank`` may fall."""
        return max((i for i, level in enumerate(self.levels[: rank + 1]) if level.floor), default=0)

    def level(self, level_id: str) -> Level:
        """The level by its id. Raises ``tiers.level_unknown``."""
        for level in self.levels:
            if level.id == level_id:
                return level
        raise LEVEL_UNKNOWN(ladder=self.id, level=level_id, known=", ".join(level.id for level in self.levels))


@dataclass(frozen=True, slots=True)
class TierStanding:
    """A member's level, since when, until when it is kept without another look, and what was said about that."""

    level: str
    since: datetime
    keep_until: datetime
    state: str = State.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What keeps the level: ``missing`` more of ``unit`` by ``by``; and what reaches the next one, if there is one."""

    ladder: str
    unit: str
    level: str
    keep_until: datetime
    state: str
    carried_then: int
    missing_to_keep: int
    next_level: str | None
    missing_to_next: int | None
