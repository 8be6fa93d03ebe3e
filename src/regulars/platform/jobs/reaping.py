"""Jobs whose worker died: back into the queue."""

from dataclasses import dataclass

from regulars.platform import db, log
from regulars.platform.context import Ctx
from regulars.platform.db import Database

MAX_DEATHS = 5
"""A job that took its worker down this often is not tried again: it would take down the next one."""

_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class _Stalled:
    job_id: int
    cancelled: bool
    outcome: str | None
    deaths: int


def reap(database: Database, *, silence: float = 30.0) -> int:
    """Every job that runs nowhere any more is in the queue again (or ended, where it had); returns how many there were.

    A job runs nowhere when it was started, and last sent a heartbeat, more than ``silence`` seconds ago. Safe to call from many workers.
    """
    with database.transaction() as ctx:
        stalled = _stalled(ctx, silence)
        for job in stalled:
            _settle(ctx, job)
    return len(stalled)


def _stalled(ctx: Ctx, silence: float) -> list[_Stalled]:
    rows = db.rows_of(
        ctx.tx,
        """SELECT j.id, j.abort_requested, p.outcome, coalesce(p.deaths, 0)
             FROM procrastinate_jobs j LEFT JOIN job_progress p ON p.job_id = j.id
            WHERE j.status = 'doing'
              AND coalesce(p.beat_at, '-infinity') < now() - make_interval(secs => %(silence)s)
              AND (SELECT coalesce(max(e.at), '-infinity') FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
                  < now() - make_interval(secs => %(silence)s)
            ORDER BY j.id
              FOR UPDATE OF j SKIP LOCKED""",
        silence=silence,
    )
    return [_Stalled(*row) for row in rows]


def _settle(ctx: Ctx, job: _Stalled) -> None:
    if job.outcome == "succeeded":
        # The work was done; only procrastinate could not be told.
        _finish(ctx, job, "succeeded")
    elif job.cancelled:
        _finish(ctx, job, "aborted")
    elif job.deaths + 1 >= MAX_DEATHS:
        _died(ctx, job, f"gave up: its worker died {job.deaths + 1} times")
        _finish(ctx, job, "failed")
    else:
        _died(ctx, job, "its worker died; it is run again")
        # Another job may wait under the same queueing lock by now, which would forbid this one to wait beside it.
        db.rows_of(ctx.tx, "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %(id)s", id=job.job_id)
        db.rows_of(ctx.tx, "SELECT procrastinate_retry_job_v2(%(id)s, NULL, NULL, NULL, NULL)", id=job.job_id)
    _log.warning("jobs.reaped", job_id=job.job_id, deaths=job.deaths + 1, outcome=job.outcome)


def _finish(ctx: Ctx, job: _Stalled, status: str) -> None:
    db.rows_of(
        ctx.tx,
        "SELECT procrastinate_finish_job_v1(%(id)s, %(status)s::procrastinate_job_status, false)",
        id=job.job_id,
        status=status,
    )


def _died(ctx: Ctx, job: _Stalled, error: str) -> None:
    """Count the death, and take the job away from the dead run in case it isn't: its next report raises ``Superseded``."""
    db.rows_of(
        ctx.tx,
        """INSERT INTO job_progress (job_id, run, beat_at, updated_at, deaths, error)
           VALUES (%(id)s, '00000000-0000-0000-0000-000000000000', '-infinity', now(), 1, %(error)s)
           ON CONFLICT (job_id) DO UPDATE SET run = excluded.run, deaths = job_progress.deaths + 1, error = excluded.error""",
        id=job.job_id,
        error=error,
    )
