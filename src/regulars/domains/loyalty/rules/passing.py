"""What time alone does to a standing: holds time out, pending units are released, lots lapse, tiers come up for review."""

from datetime import datetime

from regulars.domains.coupons.rules import moving
from regulars.domains.loyalty.model import Programme, Standing
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import Basis, Ladder, Projection, State, TierStanding

_BRINGS = ("release", "arrive")


def advance(programme: Programme, standing: Standing, to: datetime) -> list[Entry]:
    """Bring ``standing`` (which is changed) up to and including ``to``; the entries are in the order of their moments."""
    for ladder in programme.ladders:
        # A ladder that a newer version brought begins when its member is next looked at, not in the past.
        if ladder.id not in standing.tiers:
            standing.tiers[ladder.id] = tiers.opened(ladder, standing.as_of, programme.zone)
    if to <= standing.as_of:
        return []
    entries: list[Entry] = []
    # One moment at a time: a review or a climb has to find the balance of its own moment, whenever somebody happens to look.
    while (moment := _next(programme, standing)) <= to:
        happened = points.advance(standing.wallet, moment)
        if standing.coupons:
            happened += [Entry(*moving.written(move)) for move in moving.advance(standing.coupons, moment)]
        entries += happened
        for ladder in programme.ladders:
            entries += _pass(programme, standing, ladder, moment=moment, happened=happened)
    standing.as_of = to
    return entries


def _next(programme: Programme, standing: Standing) -> datetime:
    """The next moment at which time alone changes anything."""
    # A loop and no generator: every decision asks.
    soonest = standing.wallet.next_event
    for ladder in programme.ladders:
        soonest = min(soonest, _next_of(programme, standing, ladder))
    return min(soonest, moving.soonest(standing.coupons)) if standing.coupons else soonest


def _next_of(programme: Programme, standing: Standing, ladder: Ladder) -> datetime:
    now = standing.tiers[ladder.id]
    soonest = min(now.keep_until, tiers.notice_at(ladder, now)) if ladder.notice_days else now.keep_until
    return soonest if ladder.basis is not Basis.tenure else min(soonest, tiers.next_tenure(ladder, now, standing.joined_at, programme.zone))


def _pass(programme: Programme, standing: Standing, ladder: Ladder, *, moment: datetime, happened: list[Entry]) -> list[Entry]:
    """What the moment does on one ladder: what was released may lift the level, then a review or a notice may be due."""
    entries: list[Entry] = []
    if ladder.basis is Basis.tenure or any(entry.kind in _BRINGS and entry.unit == ladder.unit for entry in happened):
        entries += look(programme, standing, ladder, at=moment)
    now = standing.tiers[ladder.id]
    if now.keep_until <= moment:
        entries.append(_review(programme, standing, ladder))
    elif tiers.notice_at(ladder, now) <= moment:
        entries.append(_notice(programme, standing, ladder, moment))
    return entries


def counted(programme: Programme, standing: Standing, ladder: Ladder, *, at: datetime) -> int:
    """What the ladder counts of the member at ``at``."""
    match ladder.basis:
        case Basis.unit:
            return standing.wallet.total(ladder.unit).available
        case Basis.tenure:
            return tiers.tenure(standing.joined_at, at, programme.zone)
        case Basis.invitation:
            return 0


def climb(programme: Programme, standing: Standing, at: datetime) -> list[Entry]:
    """Move up at once wherever what is counted carries a higher level, and end a grace period that is no longer needed."""
    return [entry for ladder in programme.ladders for entry in look(programme, standing, ladder, at=at)]


def look(programme: Programme, standing: Standing, ladder: Ladder, *, at: datetime) -> list[Entry]:
    """Do so on one ladder."""
    now = standing.tiers[ladder.id]
    new = tiers.looked_at(ladder, now, balance=counted(programme, standing, ladder, at=at), at=at, zone=programme.zone)
    if new is None:
        return []
    return [change(programme, standing, ladder, new, at=at, reason="recovered" if new.level == now.level else "upgrade")]


def _review(programme: Programme, standing: Standing, ladder: Ladder) -> Entry:
    now = standing.tiers[ladder.id]
    at = now.keep_until
    new = tiers.reviewed(ladder, now, balance=counted(programme, standing, ladder, at=at), at=at, zone=programme.zone)
    reason = "grace" if new.state == State.grace else "kept" if new.level == now.level else "review"
    return change(programme, standing, ladder, new, at=at, reason=reason)


def _notice(programme: Programme, standing: Standing, ladder: Ladder, moment: datetime) -> Entry:
    """The level is marked as looked at before its review; ``missing`` says by how much it would be lost."""
    now = standing.tiers[ladder.id]
    missing = project(programme, standing, ladder, at=moment).missing_to_keep
    new = TierStanding(now.level, now.since, now.keep_until, State.noticed)
    return change(programme, standing, ladder, new, at=moment, reason="notice", missing=missing)


def project(programme: Programme, standing: Standing, ladder: Ladder, *, at: datetime) -> Projection:
    """What keeps the member's level on the ladder, and what reaches the next one."""
    lots: dict[datetime, int] = {}
    balance = counted(programme, standing, ladder, at=at)
    if ladder.basis is Basis.unit:
        for (unit, expires_at, available_at), amount in standing.wallet.lots.items():
            if unit == ladder.unit and available_at == ALWAYS:
                lots[expires_at] = lots.get(expires_at, 0) + amount
    else:
        lots[NEVER] = balance
    return tiers.projection(ladder, standing.tiers[ladder.id], balance=balance, lots=lots)


def lower(programme: Programme, standing: Standing, at: datetime) -> list[Entry]:
    """Move down at once after a refund, on ladders whose policy says so."""
    entries = []
    for ladder in programme.ladders:
        balance = counted(programme, standing, ladder, at=at)
        new = tiers.refunded(ladder, standing.tiers[ladder.id], balance=balance, at=at, zone=programme.zone)
        if new is not None:
            entries.append(change(programme, standing, ladder, new, at=at, reason="refund"))
    return entries


def change(
    programme: Programme, standing: Standing, ladder: Ladder, new: TierStanding, *, at: datetime, reason: str, **more: object
) -> Entry:
    """Put the member on ``new``; the entry says from where, why, and by which balance."""
    why: dict[str, object] = {
        "from": standing.tiers[ladder.id].level,
        "to": new.level,
        "since": new.since.isoformat(),
        "until": new.keep_until.isoformat(),
        "reason": reason,
        "balance": counted(programme, standing, ladder, at=at),
        **more,
    }
    standing.tiers[ladder.id] = new
    return Entry(ladder.id, "tier", 0, at, NEVER, ALWAYS, None, why)


def next_due(programme: Programme, standing: Standing) -> datetime:
    """When time alone next changes something a member would notice: an expiry, a release, a hold, a review."""
    wallet = standing.wallet
    due = min((_next_of(programme, standing, ladder) for ladder in programme.ladders if ladder.id in standing.tiers), default=NEVER)
    for unit, expires_at, available_at in wallet.lots:
        known = programme.units.get(unit)
        if expires_at < due and (known is None or not known.only_counted):
            due = expires_at
        if available_at != ALWAYS and available_at < due:
            due = available_at
    for hold in wallet.holds.values():
        due = min(due, hold.until)
    return min(due, moving.soonest(standing.coupons)) if standing.coupons else due
