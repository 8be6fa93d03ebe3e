"""The journal folded entry by entry must be the stored wallet and tier, and its numbers those of the decisions."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from regulars.domains.coupons.model import Held
from regulars.domains.loyalty.rules import goods
from regulars.domains.loyalty.service.verifying.chunk import Chunk
from regulars.domains.loyalty.service.verifying.finding import Finding, differences
from regulars.domains.points import rules as points
from regulars.domains.points.model import Entry, Wallet


def numbers(chunk: Chunk, member: UUID, rows: list[tuple[Any, ...]], journal: dict[int, list[Entry]]) -> Iterator[Finding]:
    """Decisions count from 1 without a gap, entries belong to decisions, the head knows how many there are."""
    head = chunk.heads.get(member)
    seqs = [row[1] for row in rows]
    if seqs != list(range(1, len(seqs) + 1)):
        yield Finding(what="decision", member=member, where="seq", stored=str(seqs[:20]), expected=f"1 to {len(seqs)} without a gap")
    for seq in sorted(journal.keys() - set(seqs)):
        yield Finding(what="journal", member=member, where=f"seq {seq}", stored="entries without a decision", expected="a decision")
    if head is None:
        yield Finding(what="standing", member=member, where="head", stored="missing", expected="a head row")
    elif head[2] != len(rows):
        yield Finding(what="version", member=member, where="head.seq", stored=str(head[2]), expected=str(len(rows)))
    elif rows and not rows[-1][2] <= head[1]:
        yield Finding(what="version", member=member, where="head.version", stored=str(head[1]), expected=f"{rows[-1][2]} or more")


def fold(chunk: Chunk, member: UUID, journal: dict[int, list[Entry]]) -> Iterator[Finding]:
    """The fold of the journal is what is stored."""
    wallet = Wallet()
    levels: dict[str, str] = {}
    coupons: dict[UUID, Held] = {}
    try:
        for seq in sorted(journal):
            for entry in journal[seq]:
                if entry.kind == "tier":
                    levels[entry.unit] = str(entry.why.get("to"))
                elif goods.is_about(entry):
                    goods.post(wallet, coupons, entry)
                else:
                    points.post(wallet, entry)
    except (ValueError, KeyError, TypeError) as impossible:
        yield Finding(what="journal", member=member, where="fold", stored=str(impossible), expected="entries that follow from each other")
        return
    stored = chunk.wallets[member]
    yield from differences("lot", member, stored.lots, wallet.lots)
    yield from differences(
        "balance", member, stored.totals, {unit: totals for unit, totals in wallet.totals.items() if unit in stored.totals}
    )
    yield from differences("balance", member, {}, {u: t for u, t in wallet.totals.items() if u not in stored.totals and any(_values(t))})
    yield from differences("hold", member, stored.holds, wallet.holds)
    yield from differences(
        "counter", member, stored.usage, {key: used for key, used in wallet.usage.items() if used or key in stored.usage}
    )
    yield from differences("coupon", member, chunk.coupons.get(member, {}), coupons)
    for unit, totals in sorted(stored.totals.items()):
        if not totals.conserved:
            yield Finding(what="balance", member=member, where=unit, stored=str(totals), expected="sums that account for every unit")
    held = chunk.tiers.get(member, {})
    for ladder, level in levels.items():
        if ladder not in held or held[ladder].level != level:
            stored_level = held[ladder].level if ladder in held else "missing"
            yield Finding(what="tier", member=member, where=f"level of {ladder}", stored=stored_level, expected=level)


def _values(totals: Any) -> list[int]:
    return [
        getattr(totals, name)
        for name in ("available", "pending", "held", "debt", "granted", "received", "spent", "expired", "reversed", "sent")
    ]
