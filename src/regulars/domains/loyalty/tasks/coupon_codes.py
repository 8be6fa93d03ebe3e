"""Batches of coupon codes: asked for, made by a job in chunks, watched, withdrawn, and written out for printing."""

import secrets
from collections.abc import Iterator
from uuid import UUID

from regulars.domains.coupons.model import Batch, Code, CodeFilter
from regulars.domains.coupons.store import codes as store
from regulars.domains.loyalty.service import publishing
from regulars.domains.operators import service as operators
from regulars.kernel import codes, ids, problem
from regulars.platform import jobs, newid
from regulars.platform.context import Ctx
from regulars.platform.jobs import Run

JOB = "coupon_codes"
PERMISSION = "coupons.manage"
PREFIX = "cpb"
"""Of a batch's id on the wire."""
MOST = 1_000_000
CHUNK = 50_000
"""Codes a commit: a killed job repeats one second's work at most."""
PAGE = 10_000
_SPARE_BITS = 3


def start(ctx: Ctx, *, definition: str, name: str, wanted: int, prefix: str, length: int) -> Batch:
    """The batch is there and its codes are being made.

    Raises ``coupons.unknown``, ``programme.none``, ``input.invalid``, ``codes.character``.
    """
    ctx.require(PERMISSION)
    known = publishing.programmes(ctx).at(ctx.now).coupon(definition)
    head = codes.normalise(prefix)
    if length > codes.LONGEST - len(head):
        raise problem.invalid("length", length, f"at most {codes.LONGEST} characters, the prefix counted")
    if len(codes.ALPHABET) ** (length - 1) < wanted * 1_000**_SPARE_BITS:
        raise problem.invalid(
            "length", length, f"long enough that a guess at one of {wanted} codes hits less than once in a thousand million"
        )
    batch = Batch(
        batch_id=newid.uuid7(),
        definition=known.id,
        name=name,
        prefix=head,
        length=length,
        wanted=wanted,
        created_at=ctx.now,
        created_by=ctx.actor.id,
    )
    store.add_batch(ctx.tx, batch)
    jobs.defer(ctx, JOB, {"batch": batch.batch_id.hex})
    operators.audit(ctx, action="coupon_batch.started", entity=wire(batch.batch_id), after={"definition": known.id, "codes": wanted})
    return batch


def get(ctx: Ctx, batch_id: UUID) -> Batch:
    """The batch as it stands. Raises ``not_found``."""
    found = store.batches(ctx.tx, [batch_id]).get(batch_id)
    if found is None:
        raise problem.NOT_FOUND(what="coupon batch", key=wire(batch_id))
    return found


def list_batches(ctx: Ctx, *, definition: str | None, before: UUID | None, limit: int) -> list[Batch]:
    """A page of batches, newest first."""
    return store.page_batches(ctx.tx, definition=definition, before=before, limit=limit)


def void(ctx: Ctx, batch_id: UUID) -> Batch:
    """The batch gives out no more codes, and none are made any more; what members took stays theirs. Raises ``not_found``."""
    ctx.require(PERMISSION)
    before = get(ctx, batch_id)
    if before.state != "void":
        store.set_state(ctx.tx, batch_id, "void")
        operators.audit(ctx, action="coupon_batch.voided", entity=wire(batch_id), before={"state": before.state}, after={"state": "void"})
    return get(ctx, batch_id)


def note_download(ctx: Ctx, batch: Batch) -> None:
    """Who took the codes away is in the audit log."""
    ctx.require(PERMISSION)
    operators.audit(ctx, action="coupon_batch.downloaded", entity=wire(batch.batch_id), after={"codes": batch.made})


def whole(ctx: Ctx, batch_id: UUID) -> Iterator[Code]:
    """Every code of the batch in its order, a page in memory at a time."""
    wanted, after = CodeFilter(batch_id=batch_id), ""
    while rows := store.page(ctx.tx, wanted, after=after, limit=PAGE):
        yield from rows
        after = rows[-1].code


def wire(batch_id: UUID) -> str:
    """The batch's id as people see it."""
    return ids.encode(PREFIX, batch_id)


def work(run: Run) -> None:
    """The job: make codes until the batch has what it wants, or is withdrawn. Killed and begun again, it goes on where it was."""
    batch_id = UUID(hex=run.args["batch"])
    with run.db.reading() as ctx:
        batch = get(ctx, batch_id)
    made = batch.made
    while batch.state == "making":
        count = min(CHUNK, batch.wanted - made)
        fresh = codes.generate_many(secrets.token_bytes(count * codes.bytes_needed(batch.length)), length=batch.length, prefix=batch.prefix)
        with run.db.transaction() as ctx:
            made = store.add_codes(ctx.tx, batch_id, fresh)
            batch = get(ctx, batch_id)
        run.report(done=made, total=batch.wanted, ok=made, message="making codes", last=batch.state != "making")
