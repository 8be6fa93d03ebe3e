"""What happens when …? The tables that say who hears which event, what the clock does, and which jobs there are.

The worker drains the outbox with them; a handler that fails is retried and then parked with its reason, never swallowed. Handlers
take many events at once, do their work inside the transaction they are given, and change nothing the second time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from regulars.domains.insights.service import exporting
from regulars.domains.insights.tasks import export_lake
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import (
    approved,
    birthdays,
    coupon_codes,
    passing_time,
    preview_reassessment,
    reassess,
    refresh_lists,
    reward_codes,
    simulate,
    upload_files,
    upload_runs,
    verify_ledger,
)
from regulars.domains.members import tasks as members
from regulars.domains.operators import service as operator_service
from regulars.domains.operators import tasks as operators
from regulars.domains.orders import events as orders
from regulars.domains.webhooks import service as webhooks
from regulars.domains.webhooks import tasks as webhook_tasks
from regulars.platform import jobs, timers
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.outbox import Handler
from regulars.platform.settings import Settings

_INSIDE: Mapping[str, Sequence[Handler]] = {
    orders.ORDER_PAID: (loyalty.on_orders,),
    orders.REFUND_WAITS: (loyalty.on_orders,),
}
_OUTSIDE: Mapping[str, Sequence[Handler]] = dict.fromkeys(webhooks.EVENTS, (webhooks.on_events,))
SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {
    name: (*_INSIDE.get(name, ()), *_OUTSIDE.get(name, ())) for name in dict.fromkeys((*_INSIDE, *_OUTSIDE))
}
"""By event name (``orders.paid``): the handlers, in the order they are called. An event that is not here has no listener."""

TIMERS: Mapping[str, timers.Handler] = {}
"""By timer kind: what is done when it is due."""

TICKS: Sequence[Callable[[Database], int]] = (
    passing_time.pass_time,
    operators.seal_days,
    operators.expire_approvals,
    operators.forget_old,
    members.forget_old,
    webhook_tasks.forget_old,
)
"""What is due by time alone; each returns how much it did, 0 when nothing is left."""

EXECUTORS: operator_service.Executors = {
    approved.ADJUST: operator_service.Executor(permission="points.adjust", run=approved.adjust),
}
"""What a second person may approve, by the kind of the request."""

JOBS: Mapping[str, jobs.Job] = {
    simulate.JOB: simulate.work,
    coupon_codes.JOB: coupon_codes.work,
    preview_reassessment.JOB: preview_reassessment.work,
    reassess.JOB: reassess.work,
    verify_ledger.JOB: verify_ledger.work,
}
"""Coarse work by name."""


def jobs_with(settings: Settings) -> Mapping[str, jobs.Job]:
    """:data:`JOBS`, and those that need to know where files and keys lie."""
    importing = partial(upload_runs.work, data_dir=settings.data_dir, keyring=lambda: Keyring.load(settings.key_dir))
    adding = partial(reward_codes.work, keyring=lambda: Keyring.load(settings.key_dir))
    verifying = partial(verify_ledger.work, also=(lake_differences(settings.data_dir / export_lake.FOLDER),))
    return {**JOBS, upload_runs.JOB: importing, reward_codes.JOB: adding, verify_ledger.JOB: verifying}


def lake_differences(folder: Path) -> Callable[[Database], Iterator[str]]:
    """A check for ``verify``: what the lake in ``folder`` has otherwise than PostgreSQL, in sentences."""

    def check(db: Database) -> Iterator[str]:
        with db.reading() as ctx:
            yield from map(str, exporting.check(ctx, folder))

    return check


def ticks_with(settings: Settings) -> Sequence[Callable[[Database], int]]:
    """:data:`TICKS`, and those that need to know where files lie."""

    def forget_uploads(db: Database) -> int:
        return upload_files.forget_old(db, data_dir=settings.data_dir, keep_days=settings.upload_keep_days)

    exporter = export_lake.Exporter(settings.data_dir / export_lake.FOLDER, every_s=settings.lake_seconds)
    sending = webhook_tasks.ticks(own=settings.webhook_own, keyring=lambda: Keyring.load(settings.key_dir))
    greeting = birthdays.Birthdays(lambda: Keyring.load(settings.key_dir))
    return (*TICKS, greeting.tick, forget_uploads, refresh_lists.Refresher().tick, exporter.tick, *sending)
