"""Takes an order file through the engine: read, sort out, record, each piece in one transaction with how far the import is.

Killed at any moment it goes on with the next run and ends in the same state: a piece is recorded together with the cursor behind
it or not at all. While the database is away it waits. History is played customer by customer in the order of its own time, so a
standing is loaded once a batch, and points and tiers are those of the moment each order was paid.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_batch
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Import, State
from regulars.domains.orders.intake.planning import Plan
from regulars.platform.context import SYSTEM, Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

GROUPS = 4_000
LINES = 20_000
"""Orders and refunds, and lines of them, recorded in one transaction at most."""
_ATTEMPTS = 8
_POISON = 20
_PATIENCE = 120.0

Watch = Callable[[Import], None]


def run(
    db: Database, plan: Plan, *, keyring: Keyring | None = None, watch: Watch | None = None, restart: bool = False, actor: Actor = SYSTEM
) -> Import:
    """The file is imported; returns the finished import with its counts. ``watch`` is told after each commit.

    Raises ``programme.none`` before anything is read when no programme is published, ``import.file_changed``, ``import.running``,
    and what reading the file raises; whatever was committed then stays, and the next run goes on from there.
    """
    work = _Work(db, plan, keyring=keyring, watch=watch or (lambda _: None), actor=actor)
    with db.transaction(actor) as ctx:
        settlement = loyalty.programmes(ctx).at(ctx.now).currency
        one = intake.begin(ctx, plan, restart=restart)
    while one.state is not State.done:
        one = work.carry_on(one, settlement)
    return one


def rehearse(db: Database, plan: Plan, *, keyring: Keyring | None = None, watch: Watch | None = None) -> Import:
    """What an import of the file would count, without recording anything: all of it happens in a transaction that is undone.

    Raises as :func:`run` does.
    """
    tell = watch or (lambda _: None)
    try:
        with db.transaction() as ctx:
            settlement = loyalty.programmes(ctx).at(ctx.now).currency
            one = intake.begin(ctx, plan, restart=True)
            for chunk in intake.chunks(plan, one, now=ctx.now, settlement=settlement):
                one = intake.keep(ctx, one, chunk, keyring=keyring)
                tell(one)
            one = intake.start_applying(ctx, one, plan.profile.source)
            total = intake.waiting(ctx, one)
            sorting = import_batch.Sorting(plan.profile.source, one)
            pieces = intake.groups(ctx, one, plan.profile)
            while batch := sorting.next_batch(ctx, islice(pieces, GROUPS)):
                one = import_batch.foresee(ctx, one, batch, source=plan.profile.source, total=total)
                tell(one)
            raise _Undone(replace(one, state=State.done, progress=1.0))
    except _Undone as undone:
        return undone.one


class _Undone(Exception):  # noqa: N818 - how a transaction is told to leave no trace; not an error.
    def __init__(self, one: Import) -> None:
        super().__init__()
        self.one = one
