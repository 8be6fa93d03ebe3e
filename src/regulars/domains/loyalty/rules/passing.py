"""What time alone does to a standing: holds time out, pending units are released, lots lapse, tiers come up for review."""

from datetime import datetime

from regulars.domains.loyalty.model import Programme, Standing
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import TierStanding


def advance(programme: Programme, standing: Standing, to: datetime) -> list[Entry]:
    """Bring ``standing`` (which is changed) up to and including ``to``; the entries are in the order of their moments."""
    if to <= standing.as_of:
        return []
    entries: list[Entry] = []
    wallet = standing.wallet
    # One moment at a time: a review or a climb has to find the balance of its own moment, whenever somebody happens to look.
    while (moment := min(wallet.next_event, standing.tier.keep_until)) <= to:
        happened = points.advance(wallet, moment)
        entries += happened
        if any(entry.kind == "release" and entry.unit == programme.ladder.unit for entry in happened):
            entries += climb(programme, standing, moment)
        if standing.tier.keep_until <= moment:
            entries.append(_review(programme, standing))
    standing.as_of = to
    return entries


def climb(programme: Programme, standing: Standing, at: datetime) -> list[Entry]:
    """Move up at once when the balance carries a higher level."""
    ladder = programme.ladder
    balance = standing.wallet.total(ladder.unit).available
    new = tiers.upgraded(ladder, standing.tier, balance=balance, at=at, zone=programme.zone)
    return [] if new is None else [change(programme, standing, new, at=at, reason="upgrade")]


def _review(programme: Programme, standing: Standing) -> Entry:
    at, ladder = standing.tier.keep_until, programme.ladder
    balance = standing.wallet.total(ladder.unit).available
    new = tiers.reviewed(ladder, standing.tier, balance=balance, at=at, zone=programme.zone)
    return change(programme, standing, new, at=at, reason="kept" if new.level == standing.tier.level else "review")


def change(programme: Programme, standing: Standing, new: TierStanding, *, at: datetime, reason: str) -> Entry:
    """Put the member on ``new``; the entry says from where, why, and by which balance."""
    why: dict[str, object] = {
        "from": standing.tier.level,
        "to": new.level,
        "since": new.since.isoformat(),
        "until": new.keep_until.isoformat(),
        "reason": reason,
        "balance": standing.wallet.total(programme.ladder.unit).available,
    }
    standing.tier = new
    return Entry(programme.ladder.id, "tier", 0, at, NEVER, ALWAYS, None, why)


def next_due(programme: Programme, standing: Standing) -> datetime:
    """When time alone next changes something a member would notice: an expiry of spendable units, a release, a hold, a review."""
    wallet = standing.wallet
    due = standing.tier.keep_until
    for unit, expires_at, available_at in wallet.lots:
        known = programme.units.get(unit)
        if expires_at < due and (known is None or known.lapses_alone):
            due = expires_at
        if available_at != ALWAYS and available_at < due:
            due = available_at
    for hold in wallet.holds.values():
        due = min(due, hold.until)
    return due
