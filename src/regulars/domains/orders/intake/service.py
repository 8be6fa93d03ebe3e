"""The verbs of the intake, for whoever records what a file holds. Each runs in the caller's transaction; nothing here commits.

The order of an import: ``plan`` → ``begin`` → ``keep`` every chunk of ``chunks`` → ``start_applying`` → for each of the lanes: record its
``groups``, ``advance`` in the same transaction, ``finish_lane`` → ``finish``. After a crash ``begin`` gives it back as it stood.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import orjson

from regulars.domains.members.model import MemberRef
from regulars.domains.orders.intake import assembly, matching, model, planning, reading, store
from regulars.domains.orders.intake.assembly import Group
from regulars.domains.orders.intake.matching import History
from regulars.domains.orders.intake.model import Bad, Counts, Cursor, Field, Import, Lane, Person, Profile, State
from regulars.domains.orders.intake.planning import Plan, Wish
from regulars.domains.orders.intake.reading import Chunk
from regulars.kernel import problem
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring


def begin(ctx: Ctx, plan: Plan, *, restart: bool = False) -> Import:
    """The import of this file: the one that stopped, or a new one.

    Raises ``import.file_changed`` when the file or its settings are not those of the one that stopped; with ``restart`` that one
    is given up instead, and what waited in it is gone.
    """
    file = str(plan.path.resolve())
    old = store.unfinished(ctx.tx, file)
    if old is not None:
        same = (old.size, old.sha256, old.settings) == (plan.identity.size, plan.identity.sha256, plan.settings)
        if same and not restart:
            return old
        if not restart:
            raise model.FILE_CHANGED(file=file, rows=old.position)
        _move(ctx, old, replace(old, state=State.abandoned, wrapped_key=None))
        store.clear(ctx.tx, old.import_id, quarantine_too=True)
    return fresh(ctx, plan)


def fresh(ctx: Ctx, plan: Plan) -> Import:
    """A new import of the file, whatever stopped before."""
    new = Import(
        import_id=newid.uuid7(),
        file=str(plan.path.resolve()),
        size=plan.identity.size,
        sha256=plan.identity.sha256,
        settings=plan.settings,
        state=State.reading,
        position=0,
        step=0,
        own_progress=0.0,
        own=Counts(),
        wrapped_key=None,
        history=False,
        started_at=ctx.now,
        updated_at=ctx.now,
        finished_at=None,
    )
    store.add(ctx.tx, new)
    return new


def chunks(plan: Plan, one: Import, *, now: datetime, settlement: str = "") -> Iterator[Chunk]:
    """What is still to be read of the file; see :func:`reading.chunks`."""
    return reading.chunks(plan, now=now, skip=one.position, settlement=settlement)


def keep(ctx: Ctx, one: Import, chunk: Chunk, *, keyring: Keyring | None) -> Import:
    """The chunk waits to be applied. Raises ``import.running`` when another process moved the import on meanwhile.

    Personal values need a ``keyring`` (``ValueError`` without): they wait sealed under a key that goes with the import.
    """
    key = one.wrapped_key
    if chunk.people:
        if keyring is None:
            raise ValueError("personal values can only be kept with a keyring")
        key = key or keyring.new_data_key()
        sealed = {
            customer: (person.row_no, keyring.seal(key, orjson.dumps(person[1:]).decode(), aad=customer.encode()))
            for customer, person in chunk.people.items()
        }
        store.keep_people(ctx.tx, one.import_id, sealed)
    store.spool(ctx.tx, one.import_id, chunk.rows)
    store.quarantine(ctx.tx, one.import_id, chunk.bad)
    counts = one.own.plus(chunk.counts)
    return _move(ctx, one, replace(one, position=one.position + len(chunk), own=counts, own_progress=chunk.progress, wrapped_key=key))


def start_applying(ctx: Ctx, one: Import, source: str, *, lanes: int = 1) -> Import:
    """Everything is read; from now on orders are recorded, in at most so many lanes. No two lanes share a customer, so they may be
    recorded side by side. Orders of the same source that are there already will be looked at.
    """
    inner = store.bounds(ctx.tx, one.import_id, lanes) if lanes > 1 else []
    ends: list[str | None] = [None, *inner, None]
    made = tuple(_lane(ctx, one, no, low, high) for no, (low, high) in enumerate(pairwise(ends)))
    store.add_lanes(ctx.tx, made)
    ready = replace(one, state=State.applying, own_progress=0.0, history=store.has_orders(ctx.tx, source), lanes=made)
    return _move(ctx, one, ready)


def _lane(ctx: Ctx, one: Import, no: int, low: str | None, high: str | None) -> Lane:
    return Lane(
        import_id=one.import_id,
        no=no,
        low=low,
        high=high,
        cursor=None,
        done=False,
        step=0,
        progress=0.0,
        counts=Counts(),
        updated_at=ctx.now,
    )


def groups(ctx: Ctx, lane: Lane, profile: Profile) -> Iterator[tuple[Group, bool]]:
    """Orders and refunds of what waits in the lane, customer by customer, nobody last; with each whether it was recorded before.

    Starts at the beginning of the customer at the cursor, since its earlier sales decide what later refunds match. Reads while
    it is consumed: ``ctx`` must stay open.
    """
    cursor = lane.cursor
    seen = 0
    for group in assembly.groups(store.stream(ctx.tx, lane), profile):
        again = cursor is not None and group.owner == cursor.customer and seen < cursor.done
        seen += again
        yield group, again


def histories(ctx: Ctx, source: str, refs: Mapping[str, MemberRef]) -> dict[str, History]:
    """What is already recorded of these customers: their orders from the source and the refunds of them."""
    owners = {ref.subject_id: customer for customer, ref in refs.items()}
    orders, refunds = store.history(ctx.tx, list(owners), source) if owners else ([], [])
    return matching.histories(orders, refunds, owners)


def people(ctx: Ctx, one: Import, customers: Sequence[str], *, keyring: Keyring | None) -> dict[str, Person]:
    """What the file says of these customers."""
    if one.wrapped_key is None or keyring is None:
        return {}
    key = one.wrapped_key
    return {
        customer: Person(row_no, *orjson.loads(keyring.open(key, sealed, aad=customer.encode())))
        for customer, (row_no, sealed) in store.people(ctx.tx, one.import_id, customers).items()
    }


def advance(ctx: Ctx, lane: Lane, cursor: Cursor, more: Counts, *, bad: Sequence[Bad], progress: float) -> Lane:
    """Everything of the lane up to the cursor is recorded, in this very transaction. Raises ``import.running``."""
    store.quarantine(ctx.tx, lane.import_id, bad)
    return _move_lane(ctx, lane, replace(lane, cursor=cursor, counts=lane.counts.plus(more), progress=progress))


def finish_lane(ctx: Ctx, lane: Lane) -> Lane:
    """The lane is done. Raises ``import.running``."""
    return _move_lane(ctx, lane, replace(lane, done=True, progress=1.0))


def _move_lane(ctx: Ctx, before: Lane, after: Lane) -> Lane:
    after = replace(after, updated_at=ctx.now)
    if not store.move_lane(ctx.tx, before, after):
        raise model.RUNNING(file=get(ctx, before.import_id).file)
    return replace(after, step=before.step + 1)


def finish(ctx: Ctx, one: Import) -> Import:
    """The import is done; what waited is gone, with the key to the personal values in it. The quarantine stays.

    Raises ``ValueError`` while one of its lanes isn't done, ``import.running``.
    """
    now = get(ctx, one.import_id)
    if not all(lane.done for lane in now.lanes):
        raise ValueError("an import is done when its lanes are")
    store.clear(ctx.tx, one.import_id)
    done = replace(now, state=State.done, own_progress=1.0, own=now.counts, wrapped_key=None, finished_at=ctx.now, lanes=())
    return _move(ctx, one, done)


def _move(ctx: Ctx, before: Import, after: Import) -> Import:
    if not store.move(ctx.tx, before, after, ctx.now):
        raise model.RUNNING(file=before.file)
    return replace(after, step=before.step + 1, updated_at=ctx.now)


def waiting(ctx: Ctx, one: Import) -> int:
    """How many rows of the import wait to be applied."""
    return store.spooled(ctx.tx, one.import_id)


def quarantined(ctx: Ctx, one: Import) -> Iterator[Bad]:
    """What was not taken, in the file's order, read while it is consumed."""
    return store.quarantined(ctx.tx, one.import_id)


def latest(ctx: Ctx, limit: int = 20) -> list[Import]:
    """The newest imports, newest first."""
    return store.latest(ctx.tx, limit)


def save_mapping(ctx: Ctx, name: str, plan: Plan) -> None:
    """The plan's columns and settings can be used again under the name; an older mapping of that name is replaced."""
    profile = {key: value for key, value in asdict(plan.profile).items() if key != "moved_days"}
    store.save_mapping(ctx.tx, name, {field.value: column for field, column in plan.mapping.items()}, profile, ctx.now)


def saved_mapping(ctx: Ctx, name: str) -> tuple[dict[Field, str], Profile]:
    """The columns and settings saved under the name. Raises ``import.mapping_unknown``."""
    found = store.mapping(ctx.tx, name)
    if found is None:
        raise model.MAPPING_UNKNOWN(name=name, saved=", ".join(store.mappings(ctx.tx)) or "–")
    columns, profile = found
    return {Field(field): column for field, column in columns.items()}, Profile(**profile)  # type: ignore[arg-type]  # as saved


def plan(path: Path, wish: Wish) -> Plan:
    """How the file will be read, found out and checked; see :func:`planning.make`."""
    return planning.make(path, wish)


def get(ctx: Ctx, import_id: UUID) -> Import:
    """The import as it stands. Raises ``not_found``."""
    found = store.find(ctx.tx, import_id)
    if found is None:
        raise problem.NOT_FOUND(what="import", key=str(import_id))
    return found


def refuses(error: Exception) -> bool:
    """Whether the database refused a value of what it was given, so that smaller batches will find the one that did it."""
    return store.refuses(error)
