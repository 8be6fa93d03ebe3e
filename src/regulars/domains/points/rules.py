"""The arithmetic of lots. ``post`` is the only function that changes a wallet, one journal entry at a time: folding the journal
with it rebuilds the wallet, which is what ``regulars verify`` does.

The functions below it decide *which* entries a wish becomes; they post each entry as they make it and return them all.
"""

from datetime import date, datetime
from operator import itemgetter
from uuid import UUID

from regulars.domains.points import model
from regulars.domains.points.model import ALWAYS, NEVER, Entry, Hold, Totals, Wallet

# What an entry of each kind does: the sign on its lot, then (sum, sign) pairs. For the rest see post().
_EFFECTS: dict[str, tuple[int, tuple[tuple[str, int], ...]]] = {
    "receive": (1, (("received", 1),)),
    "settle": (-1, (("debt", -1),)),
    "spend": (-1, (("spent", 1),)),
    "restore": (1, (("spent", -1),)),
    "hold": (-1, (("held", 1),)),
    "unhold": (1, (("held", -1),)),
    "confirm": (0, (("held", -1), ("spent", 1))),
    "expire": (-1, (("expired", 1),)),
    "reverse": (-1, (("reversed", 1),)),
    "deduct": (-1, (("reversed", 1),)),
    "owe": (0, (("debt", 1), ("reversed", 1))),
    "waive": (0, ()),
    "send": (-1, (("sent", 1),)),
    "return": (1, (("reversed", -1),)),
}
KINDS = frozenset(_EFFECTS) | {"grant", "release", "arrive", "extend"}
_SOONEST = itemgetter(1)


def post(wallet: Wallet, entry: Entry) -> None:
    """Apply one entry. Raises ``ValueError`` when it would take from a lot what is not in it: the journal is then not this wallet's."""
    unit, kind, amount, _, expires_at, available_at, _, why = entry
    if kind == "grant":
        # Nearly every entry is one, so it does not go through the table.
        _move(wallet, (unit, expires_at, available_at), amount).granted += amount
        if "caps" in why:
            count(wallet, entry)
        return
    if kind == "release":
        _move(wallet, (unit, expires_at, available_at), -amount)
        _move(wallet, (unit, expires_at, ALWAYS), amount)
        return
    if kind in ("arrive", "extend"):
        # available_at names the lot it comes from: one that waited until then, or one that would have lapsed then.
        _move(wallet, (unit, available_at, available_at if kind == "arrive" else ALWAYS), -amount)
        _move(wallet, (unit, expires_at, ALWAYS), amount)
        return
    sign, sums = _EFFECTS[kind]
    if sign:
        _move(wallet, (unit, expires_at, available_at), sign * amount)
    totals = wallet.opened(unit)
    for name, direction in sums:
        setattr(totals, name, getattr(totals, name) + direction * amount)
    if kind in ("hold", "unhold", "confirm"):
        _post_hold(wallet, entry)
    if "caps" in why:
        count(wallet, entry)


def count(wallet: Wallet, entry: Entry) -> None:
    """Add what the entry counts against the member's limits; below zero gives back."""
    caps = entry.why.get("caps")
    if isinstance(caps, list | tuple):
        for rule, day, granted in caps:
            key = (rule, date.fromisoformat(day))
            wallet.usage[key] = wallet.usage.get(key, 0) + granted


def _move(wallet: Wallet, key: model.LotKey, change: int) -> Totals:
    """The lot holds ``change`` more; returns the sums of its unit, in which that is counted."""
    lots = wallet.lots
    left = lots.get(key, 0) + change
    if left < 0:
        raise ValueError(f"lot {key} would hold {left}")
    if left:
        lots[key] = left
    else:
        lots.pop(key, None)
    totals = wallet.opened(key[0])
    if key[2] == ALWAYS:
        totals.available += change
    else:
        totals.pending += change
        if change > 0 and key[2] < wallet.next_event:
            wallet.next_event = key[2]
    if change > 0 and key[1] < wallet.next_event:
        wallet.next_event = key[1]
    return totals


def _post_hold(wallet: Wallet, entry: Entry) -> None:
    hold_id = UUID(str(entry.why["hold"]))
    if entry.kind == "hold":
        until = datetime.fromisoformat(str(entry.why["until"]))
        known = wallet.holds.get(hold_id)
        parts = (*(known.parts if known else ()), (entry.expires_at, entry.amount))
        wallet.holds[hold_id] = Hold(hold_id, entry.unit, until, parts)
        wallet.next_event = min(wallet.next_event, until)
        return
    held = wallet.holds[hold_id]
    rest = _without(held.parts, entry.expires_at, entry.amount)
    if rest:
        wallet.holds[hold_id] = Hold(hold_id, held.unit, held.until, rest)
    else:
        del wallet.holds[hold_id]


def _without(parts: tuple[tuple[datetime, int], ...], expires_at: datetime, amount: int) -> tuple[tuple[datetime, int], ...]:
    left = [(at, have - amount if at == expires_at else have) for at, have in parts]
    if any(have < 0 for _, have in left) or expires_at not in {at for at, _ in parts}:
        raise ValueError("a hold gives back more than it holds")
    return tuple((at, have) for at, have in left if have)


def spendable(wallet: Wallet, unit: str, at: datetime) -> list[model.LotKey]:
    """The lots of ``unit`` that can be spent at ``at``, soonest expiry first, undated last; lapsed ones never count."""
    return sorted((key for key in wallet.lots if key[0] == unit and key[2] == ALWAYS and key[1] > at), key=_SOONEST)


def grant(wallet: Wallet, entry: Entry) -> list[Entry]:
    """Post a ``grant`` or ``receive`` and let it pay the member's debt first."""
    post(wallet, entry)
    return [entry, *_settled(wallet, entry)] if entry.available_at == ALWAYS else [entry]


def take(wallet: Wallet, kind: str, *, unit: str, amount: int, at: datetime, ref: UUID | None, why: dict[str, object]) -> list[Entry]:
    """Take ``amount`` as ``kind`` (spend, hold, send, deduct) from the spendable lots, soonest expiry first; one entry a lot.

    Raises ``points.insufficient`` and posts nothing when there is less. Nothing is posted for an ``amount`` of 0 either.
    """
    if not amount:
        return []
    lots = spendable(wallet, unit, at)
    available = sum(wallet.lots[key] for key in lots)
    if available < amount:
        raise model.INSUFFICIENT(unit=unit, available=available, asked=amount)
    entries: list[Entry] = []
    for key in lots:
        part = min(amount, wallet.lots[key])
        entry = Entry(unit, kind, part, at, key[1], ALWAYS, ref, why if not entries else _later(why))
        post(wallet, entry)
        entries.append(entry)
        amount -= part
        if not amount:
            break
    return entries


def _later(why: dict[str, object]) -> dict[str, object]:
    # Only the first of several entries carries the cap use, else folding would count it once a lot.
    return {key: value for key, value in why.items() if key != "caps"}


def give_back(wallet: Wallet, granted: Entry, amount: int, *, at: datetime, owe: bool, why: dict[str, object]) -> list[Entry]:
    """Reverse ``amount`` of what ``granted`` gave: from its own lot, then what is pending, then the balance, then as debt or waived.

    Points whose own lot has lapsed are not taken from younger ones: they are gone already.
    """
    unit = granted.unit
    if granted.expires_at <= at:
        return [Entry(unit, "waive", amount, at, granted.expires_at, ALWAYS, granted.ref, {**why, "lapsed": True})]
    own = [key for key in ((unit, granted.expires_at, granted.available_at), (unit, granted.expires_at, ALWAYS)) if key in wallet.lots]
    pending = sorted(key for key in wallet.lots if key[0] == unit and key[2] != ALWAYS)
    entries: list[Entry] = []
    for key in dict.fromkeys([*own, *pending, *spendable(wallet, unit, at)]):
        if not amount:
            break
        part = min(amount, wallet.lots[key])
        entries.append(Entry(unit, "reverse", part, at, key[1], key[2], granted.ref, why))
        post(wallet, entries[-1])
        amount -= part
    if amount:
        entries.append(Entry(unit, "owe" if owe else "waive", amount, at, NEVER, ALWAYS, granted.ref, why))
        post(wallet, entries[-1])
    return entries


def charge(wallet: Wallet, unit: str, amount: int, *, at: datetime, ref: UUID | None, owe: bool, why: dict[str, object]) -> list[Entry]:
    """Take ``amount`` from what can be spent, soonest expiry first; what is not there is owed, or waived."""
    there = min(amount, sum(wallet.lots[key] for key in spendable(wallet, unit, at)))
    entries = take(wallet, "deduct", unit=unit, amount=there, at=at, ref=ref, why=why)
    if there < amount:
        entries.append(Entry(unit, "owe" if owe else "waive", amount - there, at, NEVER, ALWAYS, ref, why))
        post(wallet, entries[-1])
    return entries


def undo_charge(wallet: Wallet, taken: list[Entry], *, at: datetime, expires_at: datetime, why: dict[str, object]) -> list[Entry]:
    """Return what :func:`charge` took: to the lots it came from with their old expiry, and what was owed as a lot that lapses at
    ``expires_at``. It pays the member's debt first, so that a debt which is still open just goes.
    """
    entries: list[Entry] = []
    for entry in taken:
        if entry.kind in ("deduct", "owe"):
            lapses = entry.expires_at if entry.kind == "deduct" else expires_at
            entries += _restored(wallet, Entry(entry.unit, "return", entry.amount, at, lapses, ALWAYS, entry.ref, why))
    return entries


def restore(wallet: Wallet, spent: list[Entry], *, skip: int, amount: int, at: datetime, why: dict[str, object]) -> list[Entry]:
    """Return ``amount`` of what ``spent`` took, to the lots it came from with their old expiry, the latest expiry first.

    ``skip`` points were returned before. What has lapsed meanwhile lapses again at the next :func:`advance`.
    """
    entries: list[Entry] = []
    for entry in reversed(spent):
        passed = min(skip, entry.amount)
        skip -= passed
        part = min(amount, entry.amount - passed)
        if part:
            entries += _restored(wallet, Entry(entry.unit, "restore", part, at, entry.expires_at, ALWAYS, entry.ref, why))
            amount -= part
    return entries


def _restored(wallet: Wallet, entry: Entry) -> list[Entry]:
    """Post a ``restore`` or ``return``; what is still valid pays the member's debt first, what has lapsed only waits to lapse again."""
    if entry.expires_at > entry.at:
        return grant(wallet, entry)
    post(wallet, entry)
    return [entry]


def arrive(wallet: Wallet, waiting: Entry, amount: int, *, at: datetime, expires_at: datetime, why: dict[str, object]) -> list[Entry]:
    """What was granted as ``waiting`` can be spent from now on, as far as it is still there; it pays the member's debt first."""
    left = min(amount, wallet.lots.get((waiting.unit, waiting.expires_at, waiting.available_at), 0))
    if not left:
        return []
    entry = Entry(waiting.unit, "arrive", left, at, expires_at, waiting.available_at, waiting.ref, why)
    post(wallet, entry)
    return [entry, *_settled(wallet, entry)]


def _settled(wallet: Wallet, entry: Entry) -> list[Entry]:
    """Let what has just become spendable pay the member's debt."""
    debt = wallet.total(entry.unit).debt
    if not debt:
        return []
    paid = Entry(entry.unit, "settle", min(debt, entry.amount), entry.at, entry.expires_at, ALWAYS, entry.ref, {"debt": debt})
    post(wallet, paid)
    return [paid]


def extend(wallet: Wallet, unit: str, until: datetime, *, at: datetime, ref: UUID | None, why: dict[str, object]) -> list[Entry]:
    """Every spendable lot of ``unit`` that would lapse before ``until`` lapses then instead."""
    entries = []
    for key in sorted((key for key in wallet.lots if key[0] == unit and key[2] == ALWAYS and key[1] < until), key=_SOONEST):
        entries.append(Entry(unit, "extend", wallet.lots[key], at, until, key[1], ref, why))
        post(wallet, entries[-1])
    return entries


def close_hold(wallet: Wallet, hold: Hold, kind: str, *, at: datetime, ref: UUID, why: dict[str, object]) -> list[Entry]:
    """End a hold: ``confirm`` spends it, ``unhold`` gives it back to its lots."""
    reason = {**why, "hold": str(hold.hold_id)}
    entries = [Entry(hold.unit, kind, amount, at, expires_at, ALWAYS, ref, reason) for expires_at, amount in hold.parts]
    for entry in entries:
        post(wallet, entry)
    return entries


def advance(wallet: Wallet, to: datetime) -> list[Entry]:
    """Let time pass up to and including ``to``: holds time out, pending lots are released, lots lapse, in the order of their moments."""
    entries: list[Entry] = []
    while wallet.next_event <= to:
        moment = wallet.next_event
        entries += _time_out(wallet, moment)
        entries += _release(wallet, moment)
        entries += _lapse(wallet, moment)
        wallet.next_event = soonest(wallet)
    return entries


def soonest(wallet: Wallet) -> datetime:
    """The next instant at which time alone changes the wallet."""
    moments = [key[1] for key in wallet.lots]
    moments += [key[2] for key in wallet.lots if key[2] != ALWAYS]
    moments += [hold.until for hold in wallet.holds.values()]
    return min(moments, default=NEVER)


def moment(text: str) -> datetime:
    """The instant that a journal reason or a hold's part wrote as ISO text."""
    return datetime.fromisoformat(text)


def _time_out(wallet: Wallet, moment: datetime) -> list[Entry]:
    entries = []
    for hold in sorted(wallet.holds.values(), key=lambda h: (h.until, h.hold_id)):
        if hold.until <= moment:
            entries += close_hold(wallet, hold, "unhold", at=moment, ref=hold.hold_id, why={"timed_out": True})
    return entries


def _release(wallet: Wallet, moment: datetime) -> list[Entry]:
    # A lot that waits for an act ends at the moment it would be given up: it lapses without ever having been released.
    due = sorted(key for key in wallet.lots if key[2] != ALWAYS and key[2] <= moment and key[2] < key[1])
    entries = []
    for unit, expires_at, available_at in due:
        amount = wallet.lots[unit, expires_at, available_at]
        entry = Entry(unit, "release", amount, moment, expires_at, available_at, None, {})
        post(wallet, entry)
        entries += [entry, *_settled(wallet, entry)]
    return entries


def _lapse(wallet: Wallet, moment: datetime) -> list[Entry]:
    due = sorted(key for key in wallet.lots if key[1] <= moment)
    entries = [
        Entry(key[0], "expire", wallet.lots[key], max(key[1], ALWAYS), key[1], key[2], None, {"awaited": True} if key[1] == key[2] else {})
        for key in due
    ]
    for entry in entries:
        post(wallet, entry)
    return entries
