"""``verify``: fold every journal, decide every fact again from its recorded inputs, compare all of it with what is stored.

Three independent looks, so that whatever was changed behind the engine's back disagrees with at least one of them:
(a) the journal folded entry by entry is the stored wallet and tier; (b) each decision made again, from the recorded fact, version and
values, is the journal; (c) claims, counters and projections agree with the facts they stand for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from regulars.domains.loyalty.model import Decision, Fact, LinesRefunded, OrderPaid, Programme, Programmes, Standing, from_body
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import passing
from regulars.domains.loyalty.service import applying, publishing
from regulars.domains.loyalty.store import replay, standings
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refund, Refunded
from regulars.domains.points import rules as points
from regulars.domains.points import store as point_store
from regulars.domains.points.model import Entry, Wallet
from regulars.domains.tiers import rules as tier_rules
from regulars.domains.tiers import store as tier_store
from regulars.domains.tiers.model import TierStanding
from regulars.kernel.ids import HoldId, MemberId, OrderId, RefundId
from regulars.kernel.problem import Problem
from regulars.platform import claims
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One disagreement: ``what`` (lot, balance, tier, journal, decision, input, version, counter, claim, hold, order, refund), whose,
    at which decision, and both sides.
    """

    what: str
    member: UUID | None
    where: str
    stored: str
    expected: str


@dataclass(slots=True)
class _Chunk:
    """Everything stored about some members."""

    programmes: Programmes
    versions: Mapping[int, Programme]
    heads: Mapping[UUID, tuple[Any, ...]]
    wallets: Mapping[UUID, Wallet]
    tiers: Mapping[UUID, TierStanding]
    orders: Mapping[OrderId, Refunded]
    refunds: Mapping[RefundId, Refund]
    decisions: dict[UUID, list[tuple[Any, ...]]] = field(default_factory=dict)
    journal: dict[UUID, dict[int, list[Entry]]] = field(default_factory=dict)
    held: dict[claims.Key, Claim] = field(default_factory=dict)


def verify(ctx: Ctx, *, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Iterator[Finding]:
    """Every disagreement between facts, decisions, journal and standings. ``progress`` hears decisions done and in all.

    Reads in chunks of 500 members, so memory stays flat. ``ctx`` should be one repeatable-read view of the database.
    """
    total, done, after = replay.decision_count(ctx.tx), 0, UUID(int=0)
    programmes = publishing.programmes(ctx)
    while members := replay.members_after(ctx.tx, after, CHUNK):
        chunk = _read(ctx, programmes, members)
        for member in members:
            yield from _member(chunk, member)
        done += sum(len(rows) for rows in chunk.decisions.values())
        progress(done, total)
        after = members[-1]
    yield from _across(ctx)


def _read(ctx: Ctx, programmes: Programmes, members: Sequence[UUID]) -> _Chunk:
    rows = replay.decisions(ctx.tx, members)
    keys = [(row[5], row[4]) for row in rows if row[3] == "order"]
    refunds = orders.refunds(ctx, [(row[5], row[4]) for row in rows if row[3] == "refund"])
    keys += [(refund.subject_id, refund.order_id) for refund in refunds.values() if refund.order_id]
    ladder = programmes.versions[0].ladder.id if programmes.versions else "main"
    chunk = _Chunk(
        programmes,
        programmes.by_version(),
        standings.load(ctx.tx, members),
        point_store.load(ctx.tx, members),
        tier_store.load(ctx.tx, members, ladder),
        orders.states(ctx, keys),
        refunds,
    )
    for row in rows:
        chunk.decisions.setdefault(row[0], []).append(row)
    for member, seq, _, *entry in replay.entries(ctx.tx, members):
        chunk.journal.setdefault(member, {}).setdefault(seq, []).append(Entry(*entry))
    facts = [fact for row in rows if (fact := _fact(chunk, row)) is not None]
    chunk.held = claims.find(ctx.tx, [key for fact in facts for key in _claim_keys(fact)])
    return chunk


def _claim_keys(fact: Fact) -> list[claims.Key]:
    if isinstance(fact, LinesRefunded):
        # A refund that waited for its order holds two claims; one that did not holds the first.
        return [("refund", fact.claim[1]), ("refund_applied", fact.claim[1])]
    return [fact.claim] if fact.claim else []


def _fact(chunk: _Chunk, row: tuple[Any, ...]) -> Fact | None:
    member, _, _, kind, ref, _, at, _, body, _ = row
    if kind == "order":
        state = chunk.orders.get(OrderId(ref))
        return OrderPaid(order=state.order, hold_id=HoldId(UUID(body["hold"])) if "hold" in body else None) if state else None
    if kind == "refund":
        refund = chunk.refunds.get(RefundId(ref))
        state = chunk.orders.get(refund.order_id) if refund and refund.order_id else None
        if refund is None or state is None:
            return None
        taken = {int(no): amount for no, amount in body["taken"].items()}
        return LinesRefunded(refund=refund, state=Refunded(state.order, taken, 0))
    try:
        return from_body(kind, member_id=MemberId(member), at=at, ref=ref, body=body)
    except (KeyError, ValueError, TypeError):
        return None


def _member(chunk: _Chunk, member: UUID) -> Iterator[Finding]:
    rows, journal = chunk.decisions.get(member, []), chunk.journal.get(member, {})
    yield from _fold(chunk, member, journal)
    yield from _numbers(chunk, member, rows, journal)
    if rows:
        yield from _redecide(chunk, member, rows, journal)


def _numbers(chunk: _Chunk, member: UUID, rows: list[tuple[Any, ...]], journal: dict[int, list[Entry]]) -> Iterator[Finding]:
    head = chunk.heads.get(member)
    seqs = [row[1] for row in rows]
    if seqs != list(range(1, len(seqs) + 1)):
        yield Finding(what="decision", member=member, where="seq", stored=str(seqs[:20]), expected=f"1 to {len(seqs)} without a gap")
    for seq in journal.keys() - set(seqs):
        yield Finding(what="journal", member=member, where=f"seq {seq}", stored="entries without a decision", expected="a decision")
    if head is None:
        yield Finding(what="standing", member=member, where="head", stored="missing", expected="a head row")
    elif head[2] != len(rows):
        yield Finding(what="version", member=member, where="head.seq", stored=str(head[2]), expected=str(len(rows)))
    elif rows and not rows[-1][2] <= head[1]:
        yield Finding(what="version", member=member, where="head.version", stored=str(head[1]), expected=f"{rows[-1][2]} or more")


def _fold(chunk: _Chunk, member: UUID, journal: dict[int, list[Entry]]) -> Iterator[Finding]:
    wallet = Wallet()
    level: str | None = None
    try:
        for seq in sorted(journal):
            for entry in journal[seq]:
                if entry.kind == "tier":
                    level = str(entry.why.get("to"))
                else:
                    points.post(wallet, entry)
    except (ValueError, KeyError, TypeError) as impossible:
        yield Finding(what="journal", member=member, where="fold", stored=str(impossible), expected="entries that follow from each other")
        return
    stored = chunk.wallets[member]
    yield from _differences("lot", member, stored.lots, wallet.lots)
    yield from _differences(
        "balance", member, stored.totals, {unit: totals for unit, totals in wallet.totals.items() if unit in stored.totals}
    )
    yield from _differences("balance", member, {}, {u: t for u, t in wallet.totals.items() if u not in stored.totals and any(_values(t))})
    yield from _differences("hold", member, stored.holds, wallet.holds)
    yield from _differences("counter", member, stored.usage, wallet.usage)
    for unit, totals in stored.totals.items():
        if not totals.conserved:
            yield Finding(what="balance", member=member, where=unit, stored=str(totals), expected="sums that account for every unit")
    held = chunk.tiers.get(member)
    if level is not None and (held is None or held.level != level):
        yield Finding(what="tier", member=member, where="level", stored=held.level if held else "missing", expected=level)


def _values(totals: Any) -> list[int]:
    return [
        getattr(totals, name)
        for name in ("available", "pending", "held", "debt", "granted", "received", "spent", "expired", "reversed", "sent")
    ]


def _differences(what: str, member: UUID, stored: Mapping[Any, Any], expected: Mapping[Any, Any]) -> Iterator[Finding]:
    for key in stored.keys() | expected.keys():
        if stored.get(key) != expected.get(key):
            yield Finding(what=what, member=member, where=_shown(key), stored=_shown(stored.get(key)), expected=_shown(expected.get(key)))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(_shown(part) for part in value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _redecide(chunk: _Chunk, member: UUID, rows: list[tuple[Any, ...]], journal: dict[int, list[Entry]]) -> Iterator[Finding]:
    try:
        standing = _opened(chunk, member, rows[0][8])
    except (KeyError, ValueError, TypeError) as wrong:
        yield Finding(what="input", member=member, where="seq 1", stored=str(rows[0][8]), expected=f"joined_at and held_out ({wrong})")
        return
    for row in rows:
        fact, where = _fact(chunk, row), f"seq {row[1]}"
        if fact is None:
            yield Finding(what="input", member=member, where=where, stored=f"{row[3]} {row[4]}", expected="the recorded fact")
            return
        yield from _claim(chunk, member, row, fact)
        programme = chunk.versions.get(row[7])
        in_force = _in_force(chunk.programmes, row)
        if programme is None or row[7] not in in_force:
            yield Finding(what="version", member=member, where=where, stored=str(row[7]), expected=f"version {in_force[0]}")
            return
        try:
            decision = rules.decide(programme, standing, fact)
        except (Problem, ValueError, KeyError) as refused:
            yield Finding(
                what="input", member=member, where=where, stored=f"{row[3]} {row[8]}", expected=f"a fact that is accepted ({refused})"
            )
            return
        wrong_entries = list(_entries(member, row[1], journal.get(row[1], []), decision))
        yield from wrong_entries
        if wrong_entries:
            # What follows rests on this decision; saying it again for every later one would hide the cause.
            return
        standing = decision.standing
        standing.remember(decision.entries)
    yield from _final(chunk, member, standing)


def _in_force(programmes: Programmes, row: tuple[Any, ...]) -> tuple[int, int]:
    """The version the decision should be made by; and the one before it, if that ended in the very instant it was recorded."""
    found = applying.version_for(programmes, row[6], row[9])
    ended = applying.version_for(programmes, row[6], row[9] - _INSTANT)
    return found.version, ended.version


_INSTANT = timedelta(microseconds=1)


def _opened(chunk: _Chunk, member: UUID, body: dict[str, Any]) -> Standing:
    joined_at = datetime.fromisoformat(body["joined_at"])
    tier = tier_rules.opened(chunk.programmes.versions[0].ladder, joined_at)
    return Standing(MemberId(member), 0, 0, joined_at, joined_at, bool(body["held_out"]), tier)


def _claim(chunk: _Chunk, member: UUID, row: tuple[Any, ...], fact: Fact) -> Iterator[Finding]:
    keys = _claim_keys(fact)
    if not keys:
        return
    found = [chunk.held[key] for key in keys if key in chunk.held]
    shown = f"{keys[0][0]} {keys[0][1]}".replace("\x1f", ":")
    if not found:
        yield Finding(what="claim", member=member, where=shown, stored="missing", expected="the claim of this fact")
    for claim in found:
        if claim.ref != row[4]:
            yield Finding(what="claim", member=member, where=shown, stored=str(claim.ref), expected=str(row[4]))
        elif claim.body_hash != fact.fingerprint():
            yield Finding(
                what="input", member=member, where=f"seq {row[1]}", stored="another content", expected=f"what {shown} was claimed with"
            )


def _entries(member: UUID, seq: int, stored: list[Entry], decision: Decision) -> Iterator[Finding]:
    for n in range(max(len(stored), len(decision.entries))):
        have = stored[n] if n < len(stored) else None
        want = decision.entries[n] if n < len(decision.entries) else None
        if have is None or want is None or not _same(have, want):
            yield Finding(what="journal", member=member, where=f"seq {seq} n {n}", stored=_line(have), expected=_line(want))


def _same(have: Entry, want: Entry) -> bool:
    if have[:7] != want[:7]:
        return False
    # Through JSON once, because a tuple comes back from the database as a list.
    return bool(have.why == orjson.loads(orjson.dumps(want.why)))


def _line(entry: Entry | None) -> str:
    return "nothing" if entry is None else f"{entry.kind} {entry.amount} {entry.unit} {orjson.dumps(entry.why).decode()}"


def _final(chunk: _Chunk, member: UUID, standing: Standing) -> Iterator[Finding]:
    head = chunk.heads.get(member)
    if head is None:
        return
    due = passing.next_due(chunk.programmes.at(standing.as_of), standing)
    expected = {
        "joined_at": (head[4], standing.joined_at),
        "held_out": (head[5], standing.held_out),
        "orders": (head[6], standing.orders),
        "spend": (head[7], standing.spend),
        "first_order_at": (head[8], standing.first_order_at),
        "last_order_at": (head[9], standing.last_order_at),
    }
    for name, (stored, wanted) in expected.items():
        if stored != wanted:
            yield Finding(what="counter", member=member, where=f"head.{name}", stored=_shown(stored), expected=_shown(wanted))
    if head[10] > due:
        yield Finding(what="counter", member=member, where="head.next_due_at", stored=_shown(head[10]), expected=f"{_shown(due)} or before")
    tier = chunk.tiers.get(member)
    if tier != standing.tier:
        yield Finding(what="tier", member=member, where="standing", stored=str(tier), expected=str(standing.tier))


def _across(ctx: Ctx) -> Iterator[Finding]:
    for member, source, number in replay.orders_without_claim(ctx.tx):
        yield Finding(
            what="claim", member=member, where=f"order {source}:{number}", stored="missing or another's", expected="the order's own claim"
        )
    for subject, key in replay.claims_without_order(ctx.tx):
        yield Finding(what="claim", member=subject, where=key.replace("\x1f", ":"), stored="a claim", expected="the order it was taken for")
    for member, source, number in replay.orders_without_decision(ctx.tx):
        yield Finding(
            what="decision", member=member, where=f"order {source}:{number}", stored="missing", expected="a decision about the order"
        )
    for member, source, number, stored, summed in replay.refund_sums(ctx.tx):
        yield Finding(what="refund", member=member, where=f"order {source}:{number}", stored=str(stored), expected=str(summed))
