"""What happens to a standing besides buying and spending: acts, levels, an earlier system, time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from regulars.domains.loyalty.model.facts.keyed import Body, Keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOpened(Keyed):
    """What a member brings from an earlier system: lots with their own expiry, level and since when. Only as a first fact."""

    lots: tuple[tuple[str, datetime, datetime, int], ...]
    level: str | None = None
    since: datetime | None = None
    keep_until: datetime | None = None
    kind: ClassVar[str] = "opening"

    def body(self) -> Body:
        return {
            "lots": [
                [unit, expires_at.isoformat(), available_at.isoformat(), amount] for unit, expires_at, available_at, amount in self.lots
            ],
            "level": self.level,
            "since": self.since.isoformat() if self.since else None,
            "keep_until": self.keep_until.isoformat() if self.keep_until else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone(Keyed):
    """The member did something that may earn: checked in, wrote a review, shared, registered, had a birthday, received an order.

    Its business key is (source, number); ``ref`` is derived from it. ``value`` is a number that belongs to the act (stars, minutes,
    minor units), ``about`` names its object; ``order_id`` is the order it is about, whose waiting grants it may release.
    """

    act: str
    source: str
    number: str
    value: int = 0
    about: str = ""
    order_id: UUID | None = None
    kind: ClassVar[str] = "act"

    @property
    def claim(self) -> tuple[str, str] | None:
        return self.kind, f"{self.source}\x1f{self.number}"

    def body(self) -> Body:
        order = {"order": str(self.order_id)} if self.order_id else {}
        return {"act": self.act, "source": self.source, "number": self.number, "value": self.value, "about": self.about, **order}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActReversed(Keyed):
    """The act ``ref`` did not count after all (a review was removed): what it gave is taken back, once."""

    reason: str = ""
    kind: ClassVar[str] = "act_reversed"

    def body(self) -> Body:
        return {"reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelGiven(Keyed):
    """The member was put on ``level`` of ``ladder`` by invitation or by hand, until ``lasts`` or as the ladder keeps its levels."""

    ladder: str
    level: str
    reason: str
    lasts: datetime | None = None
    kind: ClassVar[str] = "level"

    def body(self) -> Body:
        lasts = self.lasts.isoformat() if self.lasts else None
        return {"ladder": self.ladder, "level": self.level, "reason": self.reason, "lasts": lasts}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsReassessed(Keyed):
    """Levels were looked at again because the ladders changed; ``down``: members may also go down. ``ref`` names the re-evaluation."""

    down: bool
    kind: ClassVar[str] = "reassess"

    @property
    def claim(self) -> tuple[str, str] | None:
        # One re-evaluation concerns every member: its key is theirs together.
        return self.kind, f"{self.ref.hex}\x1f{self.member_id.hex}"

    def body(self) -> Body:
        return {"down": self.down}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(Keyed):
    """The clock's own fact: it has no key, because when nothing is due it changes nothing."""

    ref: UUID = field(default=UUID(int=0))
    kind: ClassVar[str] = "time"

    @property
    def claim(self) -> tuple[str, str] | None:
        return None
