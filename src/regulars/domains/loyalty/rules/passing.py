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
    while standing.tier.keep_until <= to:
        entries += _pass(programme, standing, standing.tier.keep_until)
        if standing.tier.keep_until <= to:
            entries.append(_review(programme, standing))
    entries += _pass(programme, standing, to)
    standing.as_of = to
    return entries


def _pass(programme: Programme, standing: Standing, to: datetime) -> list[Entry]:
    if standing.wallet.next_event > to:
        return []
    entries = points.advance(standing.wallet, to)
    released = [entry.at for entry in entries if entry.kind == "release" and entry.unit == programme.ladder.unit]
    return entries + (climb(programme, standing, released[-1]) if released else [])


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
