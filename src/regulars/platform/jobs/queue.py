"""Putting jobs into the queue, taking them out again, and forgetting the old ones."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procrastinate import SyncPsycopgConnector, exceptions, jobs, manager

from regulars.platform import db
from regulars.platform.context import Ctx

# It never opens a connection of its own: every statement is given the caller's.
_manager = manager.JobManager(SyncPsycopgConnector())


def defer(
    ctx: Ctx,
    name: str,
    args: Mapping[str, Any] | None = None,
    *,
    queueing_lock: str | None = None,
    lock: str | None = None,
    at: datetime | None = None,
    priority: int = 0,
) -> int:
    """The job ``name`` is queued, as asked by the actor of ``ctx``, if and only if this transaction commits; returns its id.

    ``args`` are JSON values and no personal fields. Of the jobs with one ``queueing_lock`` only one waits at a time: while it does, its
    id is returned and nothing is added. Jobs with one ``lock`` run one after the other. Not before ``at`` (by the database's clock).
    Higher ``priority`` first.
    """
    job = jobs.Job(
        queue=jobs.DEFAULT_QUEUE,
        task_name=name,
        task_kwargs=dict(args or {}),
        queueing_lock=queueing_lock,
        lock=lock,
        scheduled_at=at,
        priority=priority,
    )
    while True:
        try:
            with ctx.tx.begin_nested():
                job_id = _id(_manager.defer_job(job, connection=db.driver(ctx.tx)))
        except exceptions.AlreadyEnqueued:
            waiting = db.rows_of(
                ctx.tx, "SELECT id FROM procrastinate_jobs WHERE queueing_lock = %(lock)s AND status = 'todo'", lock=queueing_lock
            )
            if waiting:
                return int(waiting[0][0])
            # It began to run between the two statements, so the lock is free again.
        except exceptions.ConnectorException as error:
            # The driver's own error says whether the transaction may be tried again.
            raise error.__cause__ or error from None
        else:
            db.rows_of(ctx.tx, "INSERT INTO job_askers (job_id, asked_by) VALUES (%(job)s, %(by)s)", job=job_id, by=ctx.actor.id)
            return job_id


def _id(job: jobs.Job) -> int:
    if job.id is None:
        raise RuntimeError("procrastinate gave a job no id")
    return job.id


def cancel(ctx: Ctx, job_id: int) -> bool:
    """A waiting job will not run; a running one is told at its next report. False: there is no such job, or it has ended."""
    return _manager.cancel_job_by_id(job_id, abort=True, connection=db.driver(ctx.tx))


def prune(ctx: Ctx, *, days: int = 30) -> int:
    """Jobs that ended more than ``days`` days ago are forgotten, with their progress; returns how many."""
    rows = db.rows_of(
        ctx.tx,
        """WITH old AS (
               DELETE FROM procrastinate_jobs j
                WHERE status NOT IN ('todo', 'doing')
                  AND (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id) < now() - make_interval(days => %(days)s)
               RETURNING id),
           progress AS (DELETE FROM job_progress WHERE job_id IN (SELECT id FROM old)),
           askers AS (DELETE FROM job_askers WHERE job_id IN (SELECT id FROM old))
           SELECT id FROM old""",
        days=days,
    )
    return len(rows)
