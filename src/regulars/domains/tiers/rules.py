"""When a level changes. ``balance`` is always what the ladder counts at that moment: of a unit what is available inside its window,
of tenure the whole months since joining.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.domains.tiers.model import Basis, Ladder, Projection, State, TierStanding
from regulars.kernel import periods

NO_REVIEW = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a level that is kept for ever."""
_MAX_MONTHS = 1200
_TICK = timedelta(microseconds=1)


def keep_until(ladder: Ladder, at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a level reached or kept at ``at`` is looked at again: on a day of the year in its very last instant, so
    that a review at the end of the year still finds what counts to the end of the year.
    """
    if ladder.review_on is not None:
        ends = _day_ends(ladder, ladder.review_on, at, zone=zone)
        return (ends if ends - _TICK > at else _day_ends(ladder, ladder.review_on, at + _TICK, zone=zone)) - _TICK
    return periods.rolling_expiry(at, zone=zone, months=ladder.keep_months, round_to=ladder.keep_round_to)


def _day_ends(ladder: Ladder, day: tuple[int, int], at: datetime, *, zone: ZoneInfo) -> datetime:
    return periods.calendar_expiry(at, zone=zone, month=day[0], day=day[1], min_months=ladder.keep_months)


def placed(ladder: Ladder, rank: int, *, at: datetime, zone: ZoneInfo) -> TierStanding:
    """On the level of ``rank`` since ``at``; the lowest needs no review, unless a review is the only way up."""
    for_ever = (rank == 0 or ladder.downgrade == "none") and ladder.upgrade == "at_once"
    return TierStanding(ladder.levels[rank].id, at, NO_REVIEW if for_ever else keep_until(ladder, at, zone))


def opened(ladder: Ladder, at: datetime, zone: ZoneInfo) -> TierStanding:
    """Where everybody starts: the lowest level."""
    return placed(ladder, 0, at=at, zone=zone)


def looked_at(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo) -> TierStanding | None:
    """What a balance does at once: a higher level, or the end of a grace period; ``None`` when nothing changes."""
    rank, carried = ladder.rank(now.level), ladder.carried(balance)
    if now.state == State.grace and carried >= rank:
        carried = carried if ladder.upgrade == "at_once" else rank
        return replace(placed(ladder, carried, at=at, zone=zone), since=now.since if carried == rank else at)
    if carried > rank and ladder.upgrade == "at_once":
        return placed(ladder, carried, at=at, zone=zone)
    return None


def reviewed(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo) -> TierStanding:
    """The level after the review at ``at``: kept another term when the balance carries it (raised, on a ladder that raises at reviews),
    else given its grace period, else lowered by the ladder's policy.
    """
    rank, carried = ladder.rank(now.level), ladder.carried(balance)
    if carried > rank and ladder.upgrade == "at_review":
        return placed(ladder, carried, at=at, zone=zone)
    carried = min(carried, rank)
    invited = ladder.levels[rank].invited
    if ladder.grace_days and now.state != State.grace and not invited and _lowered(ladder, rank, carried) < rank:
        return TierStanding(now.level, now.since, periods.rolling_expiry(at, zone=zone, days=ladder.grace_days - 1), State.grace)
    lower = carried if invited else _lowered(ladder, rank, carried)
    after = placed(ladder, lower, at=at, zone=zone)
    return after if lower < rank else replace(after, since=now.since)


def _lowered(ladder: Ladder, rank: int, carried: int) -> int:
    """The rank that a review leaves when the balance carries only ``carried``, which is not above ``rank``."""
    if ladder.downgrade == "none":
        return rank
    step = max(carried, rank - 1) if ladder.downgrade == "one_step" else carried
    return max(step, ladder.floor_below(rank))


def refunded(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo) -> TierStanding | None:
    """The lower level that a refund leads to at once, never below what the rest carries; ``None`` where it waits for the review."""
    return sunk(ladder, now, balance=balance, at=at, zone=zone) if ladder.on_refund == "at_once" else None


def sunk(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo) -> TierStanding | None:
    """The lower level that the balance alone carries, whatever the ladder does about it now; ``None`` while it carries the level, and where
    a level is not lost for want of a balance.
    """
    rank = ladder.rank(now.level)
    if ladder.downgrade == "none" or ladder.levels[rank].invited:
        return None
    lower = max(ladder.carried(balance), ladder.floor_below(rank))
    return placed(ladder, lower, at=at, zone=zone) if lower < rank else None


def reassessed(ladder: Ladder, now: TierStanding, *, balance: int, at: datetime, zone: ZoneInfo, down: bool) -> TierStanding | None:
    """Where the balance puts the member after the ladder itself was changed; lower only when ``down``. Invitations stay."""
    rank = ladder.rank(now.level)
    known = any(level.id == now.level for level in ladder.levels)
    if known and ladder.levels[rank].invited:
        return None
    carried = max(ladder.carried(balance), ladder.floor_below(rank) if known else 0)
    if carried > rank or not known or (down and carried < rank):
        return placed(ladder, carried, at=at, zone=zone)
    return None


def given(ladder: Ladder, level: str, *, at: datetime, zone: ZoneInfo, until: datetime | None) -> TierStanding:
    """On ``level`` by invitation or by hand, until ``until``; without it as long as one who reached it would keep it, an
    invitation for ever. Raises ``tiers.level_unknown``.
    """
    known = ladder.level(level)
    if until is not None:
        return TierStanding(level, at, until)
    return TierStanding(level, at, NO_REVIEW) if known.invited else placed(ladder, ladder.rank(level), at=at, zone=zone)


def notice_at(ladder: Ladder, now: TierStanding) -> datetime:
    """When a member is told that the level will drop; never, once it was said or where nothing drops."""
    if not ladder.notice_days or now.state != State.kept or now.keep_until == NO_REVIEW or ladder.rank(now.level) == 0:
        return NO_REVIEW
    return max(now.keep_until - timedelta(days=ladder.notice_days), now.since)


def tenure(joined_at: datetime, at: datetime, zone: ZoneInfo) -> int:
    """Whole months from joining to ``at``, by local days."""
    joined, today = periods.local_date(joined_at, zone), periods.local_date(at, zone)
    months = max(0, min(_MAX_MONTHS, (today.year - joined.year) * 12 + today.month - joined.month))
    return months if months == 0 or periods.add_months(joined, months) <= today else months - 1


def next_tenure(ladder: Ladder, now: TierStanding, joined_at: datetime, zone: ZoneInfo) -> datetime:
    """When tenure alone reaches the next level; never on other ladders and on the top."""
    if ladder.basis is not Basis.tenure or ladder.upgrade != "at_once":
        return NO_REVIEW
    above = [level for level in ladder.levels[ladder.rank(now.level) + 1 :] if not level.invited]
    if not above:
        return NO_REVIEW
    return periods.day_start(periods.add_months(periods.local_date(joined_at, zone), above[0].threshold), zone)


def projection(ladder: Ladder, now: TierStanding, *, balance: int, lots: Mapping[datetime, int]) -> Projection:
    """What keeps the level at its review: today's ``lots`` (expires_at -> amount) that still count then, against the threshold."""
    rank = ladder.rank(now.level)
    carried_then = sum(amount for expires_at, amount in lots.items() if expires_at > now.keep_until)
    above = next((level for level in ladder.levels[rank + 1 :] if not level.invited), None)
    stays = ladder.levels[rank].invited or ladder.downgrade == "none"
    return Projection(
        ladder=ladder.id,
        unit=ladder.unit,
        level=now.level,
        keep_until=now.keep_until,
        state=now.state,
        carried_then=carried_then,
        missing_to_keep=0 if stays else max(0, ladder.levels[rank].threshold - carried_then),
        next_level=above.id if above else None,
        missing_to_next=max(0, above.threshold - balance) if above else None,
    )
