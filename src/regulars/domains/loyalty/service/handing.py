"""Codes of digital rewards: uploaded sealed into pools - a few with their request, many part by part by a job -, withdrawn, counted, shown
to the member whose order has them, and to staff by name only.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.service import malls, publishing
from regulars.domains.operators import service as operators
from regulars.domains.rewards import model
from regulars.domains.rewards.model import Code, CodeBatch, GivenCode, GrantCode, Pool, UploadState
from regulars.domains.rewards.store import codes as store
from regulars.domains.rewards.store import uploads as uploads_store
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.text import Text
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

PERMISSION = "coupons.manage"
REVEAL = "rewards.fulfil"
PREFIX = "rcb"
"""Of an upload's id on the wire."""
MOST = 1_000_000
AT_ONCE = 100_000
"""So many codes come in while the request waits: a few seconds' work."""
LONGEST = 200
PART = 20_000
"""Codes that come in together: a killed job repeats a second or two of work at most."""
_BLIND = "reward_code"
_SHOWN, _HIDDEN = 4, "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A pool, and the rewards of the programme in force that hand its codes out."""

    pool: Pool
    rewards: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The codes of an order, or what may be shown of them, and since when they have been seen."""

    codes: tuple[str, ...]
    seen_at: datetime | None


def upload(ctx: Ctx, pool: str, given: Sequence[str], *, keyring: Keyring, at_once: int = AT_ONCE, size: int = PART) -> CodeBatch:
    """The codes that the pool did not have are free in it, sealed under a data key of their own; of more than ``at_once`` none is yet, and
    the upload answered is ``adding``: :func:`take_in` brings them in, ``size`` at a time. Sent twice, they are there once.

    Raises ``input.invalid`` for a pool no reward of any version names, for no code, too many, or one that cannot be a code: by its
    line, never by itself.
    """
    ctx.require(PERMISSION)
    named = {grant.batch for version in publishing.programmes(ctx).versions for grant in _granted(version)}
    if pool not in named:
        raise problem.invalid("pool", pool, f"one of those that digital rewards name: {', '.join(sorted(named)) or '(none)'}")
    codes = _checked(given)
    batch = CodeBatch(
        batch_id=newid.uuid7(), pool=pool, wrapped=keyring.new_data_key(), wanted=len(codes), made_at=ctx.now, made_by=ctx.actor.id
    )
    uploads_store.add_batch(ctx.tx, batch)
    parts = ["\n".join(codes[n : n + size]) for n in range(0, len(codes), size)]
    sealed = [keyring.seal(batch.wrapped, part, aad=_part(batch.batch_id, n)) for n, part in enumerate(parts)]
    uploads_store.add_parts(ctx.tx, batch.batch_id, sealed)
    if batch.wanted > at_once:
        operators.audit(ctx, action="reward_codes.uploading", entity=_entity(batch), after={"codes": batch.wanted})
        return batch
    while batch.state is UploadState.adding:
        batch = take_in(ctx, batch.batch_id, keyring=keyring)
    return batch


def _checked(given: Sequence[str]) -> list[str]:
    found: dict[str, int] = {}
    for line, text in enumerate(given, 1):
        code = text.strip()
        if len(code) > LONGEST or not code.isprintable():
            raise problem.invalid(f"line {line}", f"{len(code)} characters", f"a code of at most {LONGEST} characters that can be printed")
        if code:
            found.setdefault(code, line)
    if not 1 <= len(found) <= MOST:
        raise problem.invalid("codes", len(found), f"1 to {MOST} codes, one a line")
    return list(found)


def _part(batch_id: UUID, n: int) -> bytes:
    return b"reward_code_part\0" + batch_id.bytes + n.to_bytes(4)


def _entity(batch: CodeBatch) -> str:
    return f"reward_codes/{batch.pool}"


def take_in(ctx: Ctx, batch_id: UUID, *, keyring: Keyring) -> CodeBatch:
    """One part more of the upload is in its pool; the answer is the upload as it stands, which is not ``adding`` any more after the last.

    Two who do this at once take turns; one that was withdrawn stays as it is. Raises ``not_found``.
    """
    batch = _known(uploads_store.find(ctx.tx, batch_id, lock=True), batch_id)
    if batch.state is not UploadState.adding:
        return batch
    part = uploads_store.take_part(ctx.tx, batch_id)
    codes = keyring.open(batch.wrapped, part[1], aad=_part(batch_id, part[0])).split("\n") if part else []
    added = _add(ctx, batch, codes, keyring=keyring)
    batch = uploads_store.count(ctx.tx, batch_id, added=added, known=len(codes) - added)
    if batch.state is UploadState.ready:
        told = {"added": batch.added, "known": batch.known}
        operators.audit(ctx, action="reward_codes.uploaded", entity=_entity(batch), after=told)
    return batch


def _add(ctx: Ctx, batch: CodeBatch, codes: Sequence[str], *, keyring: Keyring) -> int:
    # Under every version of the key: a code that came before the key was changed is known all the same.
    digests = {digest: code for code in codes for digest in keyring.blinds(_BLIND, code)}
    there = {digests[digest] for digest in uploads_store.known(ctx.tx, batch.pool, digests)}
    fresh = [_sealed(batch, code, keyring=keyring) for code in codes if code not in there]
    return uploads_store.add(ctx.tx, batch, fresh) if fresh else 0


def _sealed(batch: CodeBatch, code: str, *, keyring: Keyring) -> Code:
    code_id = newid.uuid7()
    return Code(code_id=code_id, digest=keyring.blind(_BLIND, code), sealed=keyring.seal(batch.wrapped, code, aad=_place(code_id)))


def _place(code_id: UUID) -> bytes:
    return b"reward_code\0" + code_id.bytes


def _granted(programme: Programme) -> list[GrantCode]:
    return [reward.grant for reward in programme.rewards.values() if isinstance(reward.grant, GrantCode)]


def uploads(ctx: Ctx, pool: str) -> list[CodeBatch]:
    """What was uploaded to a pool, newest first."""
    return uploads_store.page(ctx.tx, pool)


def get_upload(ctx: Ctx, batch_id: UUID, *, pool: str | None = None) -> CodeBatch:
    """The upload (to the ``pool``) as it stands. Raises ``not_found``."""
    return _known(uploads_store.find(ctx.tx, batch_id), batch_id, pool=pool)


def _known(batch: CodeBatch | None, batch_id: UUID, *, pool: str | None = None) -> CodeBatch:
    if batch is None or pool not in (None, batch.pool):
        raise problem.NOT_FOUND(what="upload of codes", key=wire(batch_id))
    return batch


def withdraw(ctx: Ctx, pool: str, batch_id: UUID, *, reason: str) -> CodeBatch:
    """Nothing of the upload is handed out from now on: its free codes are gone, none comes in any more, and what a cancelled order gives
    back later is gone, too. Codes that orders have stay theirs. Withdrawn twice is withdrawn. Raises ``not_found``.
    """
    ctx.require(PERMISSION)
    before = _known(uploads_store.find(ctx.tx, batch_id, lock=True), batch_id, pool=pool)
    if before.state is UploadState.void:
        return before
    batch = uploads_store.withdraw(ctx.tx, before)
    told = {"batch": wire(batch_id), "withdrawn": batch.withdrawn, "not_added": batch.wanted - batch.added - batch.known}
    operators.audit(ctx, action="reward_codes.withdrawn", entity=_entity(batch), before={"state": before.state}, after=told, reason=reason)
    return batch


def wire(batch_id: UUID) -> str:
    """The upload's id as people see it."""
    return ids.encode(PREFIX, batch_id)


def stocks(ctx: Ctx) -> list[Stock]:
    """Every pool that has codes or is named by a reward in force, by name. Raises ``programme.none``."""
    programme = publishing.programmes(ctx).at(ctx.now)
    labels: dict[str, list[Text]] = {}
    for reward in programme.rewards.values():
        if isinstance(reward.grant, GrantCode):
            labels.setdefault(reward.grant.batch, []).append(reward.label)
    found = {pool.pool: pool for pool in store.pools(ctx.tx)}
    return [
        Stock(pool=found.get(name, Pool(pool=name)), rewards=tuple(labels.get(name, ()))) for name in sorted(found.keys() | labels.keys())
    ]


def reveal(ctx: Ctx, member_id: MemberId, order_id: UUID, *, keyring: Keyring) -> Shown:
    """The order's codes, which are seen from now on: it cannot be cancelled any more. Safe to repeat.

    Raises ``rewards.order_unknown``, for another member's as well, and for an order that has no codes.
    """
    if malls.owner(ctx, order_id) != member_id:
        raise model.ORDER_UNKNOWN(order=ids.encode(model.PREFIX, order_id))
    return _opened(ctx, order_id, keyring=keyring)


def reveal_to_staff(ctx: Ctx, order_id: UUID, *, reason: str, keyring: Keyring) -> Shown:
    """The same for whoever helps the member; the audit log says who looked, and why. Raises ``rewards.order_unknown``."""
    ctx.require(REVEAL)
    malls.owner(ctx, order_id)
    shown = _opened(ctx, order_id, keyring=keyring)
    entity = ids.encode(model.PREFIX, order_id)
    operators.audit(ctx, action="reward_codes.revealed", entity=entity, after={"codes": len(shown.codes)}, reason=reason)
    return shown


def _opened(ctx: Ctx, order_id: UUID, *, keyring: Keyring) -> Shown:
    found = store.see(ctx.tx, order_id, at=ctx.now)
    if not found:
        raise model.ORDER_UNKNOWN(order=ids.encode(model.PREFIX, order_id))
    return Shown(codes=tuple(_open(code, keyring) for code in found), seen_at=store.seen_at({order_id: found}, order_id))


def _open(code: GivenCode, keyring: Keyring) -> str:
    return keyring.open(code.wrapped, code.sealed, aad=_place(code.code_id))


def masked(ctx: Ctx, order_id: UUID, *, keyring: Keyring) -> Shown:
    """The ends of the order's codes, none where it has none; looking at them so does not count as seeing. Short codes show nothing."""
    found = store.of_orders(ctx.tx, [order_id])
    codes = [_open(code, keyring) for code in found.get(order_id, ())]
    shown = tuple(_HIDDEN + (code[-_SHOWN:] if len(code) >= 3 * _SHOWN else "") for code in codes)
    return Shown(codes=shown, seen_at=store.seen_at(found, order_id))


def unseen(ctx: Ctx, order_ids: Collection[UUID]) -> set[UUID]:
    """Those of the orders that have codes which nobody has seen: they can still be cancelled."""
    found = store.of_orders(ctx.tx, order_ids) if order_ids else {}
    return {order_id for order_id in found if store.seen_at(found, order_id) is None}
