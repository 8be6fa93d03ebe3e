"""What a ladder is and where a member stands on it."""

from dataclasses import dataclass
from datetime import datetime

from regulars.kernel import periods
from regulars.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One rung: reached at ``threshold`` of the ladder's unit."""

    id: str
    threshold: int
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Levels by rising threshold, the first at 0. A level once reached is kept ``keep_months`` (through the end of that day, or of
    ``keep_round_to``); then a review decides. ``downgrade``: ``reassess`` drops to what the balance carries, ``one_step`` by one.
    """

    id: str
    unit: str
    levels: tuple[Level, ...]
    keep_months: int
    keep_round_to: periods.RoundTo | None
    downgrade: str

    def rank(self, level: str) -> int:
        """The position of ``level``, 0 the lowest. A level that a newer document dropped counts as the lowest."""
        for rank, known in enumerate(self.levels):
            if known.id == level:
                return rank
        return 0

    def carried(self, balance: int) -> int:
        """The highest rank whose threshold ``balance`` reaches."""
        # From the top: thresholds rise, so the first that is reached is the highest.
        for rank in range(len(self.levels) - 1, 0, -1):
            if self.levels[rank].threshold <= balance:
                return rank
        return 0


@dataclass(frozen=True, slots=True)
class TierStanding:
    """A member's level, since when, and until when it is kept without another look."""

    level: str
    since: datetime
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What keeps the level: ``missing`` more of ``unit`` by ``by``; and what reaches the next one, if there is one."""

    unit: str
    level: str
    keep_until: datetime
    carried_then: int
    missing_to_keep: int
    next_level: str | None
    missing_to_next: int | None
