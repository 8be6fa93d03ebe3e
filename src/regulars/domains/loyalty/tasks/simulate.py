"""Simulations: asked for, watched, cancelled; each is a coarse job that any worker takes, worked out by several processes at once.

Nothing of it is kept before the end: a job whose worker was killed begins again, over the same documents and up to the same instant.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model import simulation as model
from regulars.domains.loyalty.model.simulation import Ask, Outcome, Simulation, State
from regulars.domains.loyalty.rules import outcome as rules
from regulars.domains.loyalty.service import publishing, simulating, verifying
from regulars.domains.loyalty.service.simulating import Part
from regulars.domains.loyalty.store import simulations as store
from regulars.domains.loyalty.tasks import following
from regulars.domains.operators import service as operators
from regulars.kernel import ids, problem
from regulars.kernel.problem import Problem
from regulars.platform import db as database
from regulars.platform import jobs, memory, newid
from regulars.platform.clock import Clock
from regulars.platform.context import SYSTEM, Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.jobs import Progress, Run
from regulars.platform.processes import sharing
from regulars.platform.processes.lane import Say

JOB = "simulate"
MEMBERS_FOR_PROCESSES = 2_000
"""From how many members on it pays to start processes."""

Moved = Callable[[int, int, int], None]
"""Told members done, members in all, and orders replayed. What it raises ends the simulation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A simulation as those see it who watch; ``job`` is None when it is forgotten."""

    one: Simulation
    job: Progress | None

    @property
    def state(self) -> State:
        # Lists leave the result out, and jobs are forgotten one day; that it ended without an error stays.
        return following.state(self.job, done=self.one.ended_at is not None, failed=self.one.error is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks: a ``document`` or a ``version`` as the draft, beside the version ``against``; left out: the one in force."""

    document: str | None = None
    version: int | None = None
    against: int | None = None
    as_of: datetime | None = None
    since: datetime | None = None
    sample_bp: int = 10_000


def ask(ctx: Ctx, wish: Wish) -> Ask:
    """The question in full, its documents checked. Raises ``programme.none``, ``programme.invalid``, ``not_found``, ``input.invalid``,
    ``simulations.currency``.
    """
    if wish.document is None and wish.version is None:
        raise problem.invalid("version", None, "a version's number, or a document")
    as_of = wish.as_of or ctx.now
    if wish.since is not None and wish.since >= as_of:
        raise problem.invalid("since", wish.since.isoformat(), f"a time before {as_of.isoformat()}")
    running = wish.against or publishing.programmes(ctx).at(ctx.now).version
    draft = wish.document
    if draft is None:
        draft = publishing.version(ctx, wish.version or 0).document
    made = Ask(
        draft=draft,
        draft_version=wish.version if wish.document is None else None,
        running=publishing.version(ctx, running).document,
        running_version=running,
        as_of=as_of,
        since=wish.since,
        sample_bp=wish.sample_bp,
    )
    simulating.compiled(made)
    return made


def start(ctx: Ctx, wish: Wish) -> Seen:
    """The simulation is queued. Raises as :func:`ask` does."""
    ctx.require("programme.write")
    wanted = ask(ctx, wish)
    simulation_id = newid.uuid7()
    one = Simulation(
        simulation_id=simulation_id,
        ask=wanted,
        # One at a time: beside each other they would only take turns.
        job_id=jobs.defer(ctx, JOB, {"simulation": simulation_id.hex}, lock=JOB),
        asked_by=ctx.actor.id,
        asked_at=ctx.now,
        ended_at=None,
        result=None,
        error=None,
    )
    store.add(ctx.tx, one)
    operators.audit(ctx, action="simulation.started", entity=wire(simulation_id), after={"version": wanted.draft_version})
    return get(ctx, simulation_id)


def get(ctx: Ctx, simulation_id: UUID) -> Seen:
    """The simulation as it stands. Raises ``not_found``."""
    one = store.find(ctx.tx, simulation_id)
    if one is None:
        raise problem.NOT_FOUND(what="simulation", key=wire(simulation_id))
    return Seen(one=one, job=jobs.find(ctx, [one.job_id]).get(one.job_id))


def list_simulations(ctx: Ctx, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Seen]:
    """Simulations without their results, newest first, after the cursor (at, id). Which are done is in when they ended."""
    listed = store.page(ctx.tx, before=before, limit=limit)
    working = jobs.find(ctx, [one.job_id for one in listed])
    return [Seen(one=one, job=working.get(one.job_id)) for one in listed]


def cancel(ctx: Ctx, simulation_id: UUID) -> Seen:
    """The simulation stops; nothing of it is kept. Cancelled twice is cancelled. Raises ``not_found``, ``simulations.ended``."""
    ctx.require("programme.write")
    seen = get(ctx, simulation_id)
    if seen.state in (State.cancelled, State.stopping):
        return seen
    if seen.state in (State.done, State.failed):
        raise model.ENDED(simulation=wire(simulation_id), state=seen.state.value)
    jobs.cancel(ctx, seen.one.job_id)
    operators.audit(ctx, action="simulation.cancelled", entity=wire(simulation_id))
    return get(ctx, simulation_id)


def wire(simulation_id: UUID) -> str:
    """The simulation's id as people see it."""
    return ids.encode(model.SIMULATION, simulation_id)


def work(run: Run) -> None:
    """The job: replay both sides and keep what they come to. Why it failed stays with the simulation, in both languages."""
    simulation_id = UUID(hex=run.args["simulation"])
    with run.db.reading() as ctx:
        one = get(ctx, simulation_id).one
    if one.result is not None:
        return

    def moved(done: int, total: int, orders: int) -> None:
        run.report(done=done, total=total, ok=orders, message="replaying", last=done == total)

    try:
        found = simulate(run.db, one.ask, moved=moved)
    except Problem as refused:
        with run.db.transaction() as ctx:
            store.finish(ctx.tx, simulation_id, at=ctx.now, error=following.error(refused))
        raise
    run.check()
    with run.db.transaction() as ctx:
        store.finish(ctx.tx, simulation_id, at=ctx.now, result=found)


@dataclass(frozen=True, slots=True)
class _Errand:
    """What a process needs to look at parts. ``url`` holds a password: it goes through a pipe and is never shown."""

    url: str = field(repr=False)
    view: str
    clock: Clock
    ask: Ask
    actor: Actor


def simulate(
    db: Database,
    wanted: Ask,
    *,
    processes: int | None = None,
    moved: Moved = lambda _done, _total, _orders: None,
    size: int = simulating.SIZE,
) -> dict[str, Any]:
    """What both sides come to, as plain data; ``size`` members at a time by so many processes, left out: two where there are cores and
    members enough. Processes and size make no difference to the result. Raises ``simulations.currency``, ``processes.lost``, what
    ``moved`` raises.
    """
    what = simulating.compiled(wanted)
    total = Outcome()
    with db.reading() as ctx:
        members, parts = simulating.parts(ctx, size=size)
        heard = _Heard(members, moved)
        for found in _looks(ctx, db, what, parts, heard=heard, processes=processes):
            rules.merge(total, found)
    moved(members, members, total.orders)
    return simulating.telling.result(wanted, what.terms, total)


def _looks(
    ctx: Ctx, db: Database, what: simulating.Compiled, parts: list[Part], *, heard: "_Heard", processes: int | None
) -> Iterator[Outcome]:
    if processes is None:
        processes = sharing.processes() if heard.total >= MEMBERS_FOR_PROCESSES else 1
    if processes == 1:
        for part in parts:
            yield simulating.look(ctx, what, part, heard.more)
        return
    errand = _Errand(db.engine.url.render_as_string(hide_password=False), verifying.share_view(ctx), db.clock, what.ask, SYSTEM)
    with closing(sharing.run(_simulator, errand, parts, processes=processes, hear=lambda _no, said: heard.more(*said))) as looks:
        yield from looks


@dataclass(slots=True)
class _Heard:
    """How far all parts are together."""

    total: int
    moved: Moved
    members: int = 0
    orders: int = 0

    def more(self, members: int, orders: int) -> None:
        """So many more are done."""
        self.members += members
        self.orders += orders
        # A part that is begun again, because its process was lost, is counted twice on the way.
        self.moved(min(self.members, self.total), self.total, self.orders)


@contextmanager
def _simulator(errand: _Errand) -> Iterator[Callable[[Part, Say], Outcome]]:
    """What each process does: look at a part, in a transaction that sees what the first process does."""
    memory.collect_rarely()
    what = simulating.compiled(errand.ask)
    db = database.connect(errand.url, clock_=errand.clock, pool_size=1)
    try:
        with db.reading(errand.actor) as ctx:
            verifying.same_view(ctx, errand.view)

            def look(part: Part, say: Say) -> Outcome:
                return simulating.look(ctx, what, part, lambda members, orders: say((members, orders)))

            yield look
    finally:
        db.close()
