"""Who did what: rows appended in the transaction of the deed, sealed day by day into a chain of hashes afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import AuditRow, Break, BreakKind, ChainReport, Json, Seal
from regulars.domains.operators.store import audit as store
from regulars.kernel import ids
from regulars.platform import log, newid
from regulars.platform.context import Ctx

BATCH = 5_000
"""How many rows are held in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deed: ``action`` as "noun.past_tense", ``entity`` a wire id or a name, what changed, and why."""

    action: str
    entity: str
    before: Json | None = None
    after: Json | None = None
    reason: str = ""


def audit(
    ctx: Ctx,
    *,
    action: str,
    entity: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Append one row by the actor of ``ctx``; it exists if and only if the transaction commits. Not for the hot path of facts.

    ``before`` and ``after`` are for ids, amounts and settings. What is personal by its name or its look is replaced, as in the logs:
    the row outlives the person's erasure, and could not be changed without breaking the chain.
    """
    audit_many(ctx, [Entry(action=action, entity=entity, before=before, after=after, reason=reason)])


def audit_many(ctx: Ctx, entries: Sequence[Entry]) -> None:
    """Append many rows at once, as :func:`audit` does."""
    rows = [
        AuditRow(
            audit_id=newid.uuid7(),
            at=ctx.now,
            actor_kind=ctx.actor.kind,
            actor_id=ctx.actor.id,
            action=e.action,
            entity=e.entity,
            before=_impersonal(e.before),
            after=_impersonal(e.after),
            reason=log.scrub(e.reason),
        )
        for e in entries
    ]
    store.append(ctx.tx, rows)


def wire(audit_id: UUID) -> str:
    """A row's id as people see it."""
    return ids.encode(model.AUDIT, audit_id)


def _impersonal(given: Json | None) -> Json | None:
    return None if given is None else log.redact(None, "", dict(given))


def list_audit(
    ctx: Ctx,
    *,
    entity: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """Rows that match every filter given, newest first, after the cursor (at, audit id)."""
    ctx.require("audit.read")
    return store.page(ctx.tx, entity=entity, actor=actor, action=action, before=before, limit=limit)


def seal_next(ctx: Ctx, *, batch: int = BATCH) -> date | None:
    """Seal the next day that is due and return it; None when none is. Two jobs at once seal one after the other.

    A row whose transaction committed after its day was sealed goes into the next seal: the chain follows the order of sealing.
    """
    if _due(ctx)[0] is None:
        return None
    # Looked at again under the lock: the end of the chain and its oldest unsealed row are two reads, and a job that saw the one from
    # before another's seal and the other from after it would number rows twice.
    store.lock_seals(ctx.tx)
    day, last = _due(ctx)
    if day is None:
        return None
    no, hash_ = (last.last_no, last.hash) if last else (0, rules.CHAIN_START)
    if store.claim_day(ctx.tx, day, last_no=no, hash_=hash_, now=ctx.now):
        _seal(ctx, Seal(day=day, last_no=no, rows=0, hash=hash_), batch=batch)
    return day


def _due(ctx: Ctx) -> tuple[date | None, Seal | None]:
    last, oldest = store.last_seal(ctx.tx), store.oldest_unsealed(ctx.tx)
    day = rules.next_to_seal(last=last.day if last else None, oldest=oldest.date() if oldest else None, today=ctx.now.date())
    return day, last


def _seal(ctx: Ctx, seal: Seal, *, batch: int) -> None:
    until = datetime.combine(seal.day + timedelta(days=1), time.min, UTC)
    no, hash_ = seal.last_no, seal.hash
    while rows := store.unsealed(ctx.tx, until, limit=batch):
        links = rules.chain(rows, after=no, previous=hash_)
        store.link(ctx.tx, [(row.audit_id, *link) for row, link in zip(rows, links, strict=True)])
        no, hash_ = links[-1]
    store.write_seals(ctx.tx, [Seal(day=seal.day, last_no=no, rows=no - seal.last_no, hash=hash_)])


def verify_chain(ctx: Ctx, *, batch: int = BATCH) -> ChainReport:
    """Walk the whole chain and name the first place where it is broken. Reads in batches; memory does not grow with the log.

    Run it in ``db.reading()`` so that a seal being written does not look like a break. What it cannot see is the end cut off together
    with its seals: for that the report's ``head`` is compared with one noted elsewhere (the sealing job logs it).
    """
    seals = store.seals(ctx.tx)
    ends, hashes = {seal.last_no for seal in seals}, dict[int, bytes]()
    no, hash_, broken = 0, rules.CHAIN_START, None
    while not broken and (rows := store.sealed(ctx.tx, after=no, limit=batch)):
        broken = rules.first_break(rows, after=no, previous=hash_)
        good = rows[: broken.no - no - 1] if broken and broken.no else rows
        hashes.update((row.no, row.hash) for row in good if row.no in ends and row.no and row.hash)
        if good:
            no, hash_ = good[-1].no or no, good[-1].hash or hash_
    broken = broken or rules.seal_break(seals, hashes=hashes) or _end_break(seals, no)
    return ChainReport(rows=no, days=len(seals), head=hash_, broken=broken)


def _end_break(seals: Sequence[Seal], last_no: int) -> Break | None:
    if last_no > (seals[-1].last_no if seals else 0):
        return Break(kind=BreakKind.seal_missing, no=last_no)
    return None
