"""When a level changes. ``balance`` is always the ladder's unit as it counts at that moment: available, inside its window."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from regulars.domains.tiers.model import Ladder, Projection, TierStanding
from regulars.kernel import periods

NO_REVIEW = datetime(9999, 12, 31, tzinfo=UTC)
"""The lowest level is kept for ever."""


def keep_until(ladder: Ladder, at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a level reached or kept at ``at`` is looked at again."""
    return periods.rolling_expiry(at, zone=zone, months=ladder.keep_months, round_to=ladder.keep_round_to)


def opened(ladder: Ladder, at: datetime) -> TierStanding:
    """Where everybody starts: the lowest level, which needs no review."""
    return TierStanding(ladder.levels[0].id, at, NO_REVIEW)


def upgraded(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo) -> TierStanding | None:
    """The higher level that ``balance`` carries, at once; ``None`` when it carries no higher one."""
    rank = ladder.carried(balance)
    if rank <= ladder.rank(now.level):
        return None
    return TierStanding(ladder.levels[rank].id, at, keep_until(ladder, at, zone))


def reviewed(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo) -> TierStanding:
    """The level after the review at ``at``: kept another term when the balance carries it, else lowered by the ladder's policy."""
    rank, carried = ladder.rank(now.level), ladder.carried(balance)
    if carried >= rank:
        return TierStanding(ladder.levels[rank].id, now.since, keep_until(ladder, at, zone))
    lower = rank - 1 if ladder.downgrade == "one_step" else carried
    until = keep_until(ladder, at, zone) if lower else NO_REVIEW
    return TierStanding(ladder.levels[lower].id, at, until)


def projection(ladder: Ladder, now: TierStanding, *, balance: int, lots: Mapping[datetime, int]) -> Projection:
    """What keeps the level at its review: today's ``lots`` (expires_at -> amount) that still count then, against the threshold."""
    rank = ladder.rank(now.level)
    carried_then = sum(amount for expires_at, amount in lots.items() if expires_at > now.keep_until)
    above = ladder.levels[rank + 1] if rank + 1 < len(ladder.levels) else None
    return Projection(
        unit=ladder.unit,
        level=now.level,
        keep_until=now.keep_until,
        carried_then=carried_then,
        missing_to_keep=max(0, ladder.levels[rank].threshold - carried_then),
        next_level=above.id if above else None,
        missing_to_next=max(0, above.threshold - balance) if above else None,
    )
