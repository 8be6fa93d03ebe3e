"""How far jobs are, for consoles, command lines and whoever waits for one."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.kernel import problem
from regulars.platform import db
from regulars.platform.context import Ctx
from regulars.platform.db import Database

ENDED = frozenset({"succeeded", "failed", "cancelled", "aborted"})

_READ = """SELECT j.id, j.task_name, j.status::text, j.attempts, j.abort_requested, coalesce(p.done, 0), p.total, coalesce(p.ok, 0),
                  coalesce(p.skipped, 0), coalesce(p.failed, 0), coalesce(p.message, ''), p.error, p.updated_at,
                  CASE WHEN p.updated_at > p.rated_at AND p.done > p.rated_from
                       THEN (p.done - p.rated_from) / extract(epoch FROM p.updated_at - p.rated_at)::float8 END,
                  a.asked_by, e.asked_at, e.started_at, e.ended_at
             FROM procrastinate_jobs j LEFT JOIN job_progress p ON p.job_id = j.id LEFT JOIN job_askers a ON a.job_id = j.id
             LEFT JOIN LATERAL
                  (SELECT min(at) FILTER (WHERE type = 'deferred') AS asked_at, max(at) FILTER (WHERE type = 'started') AS started_at,
                          max(at) FILTER (WHERE type IN ('succeeded', 'failed', 'cancelled', 'aborted')) AS ended_at
                     FROM procrastinate_events w WHERE w.job_id = j.id) e ON true"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A job as it stands. ``status``: todo, doing, succeeded, failed, cancelled (before it ran) or aborted (while it ran).

    ``done`` of ``total`` items (None: unknown), of them ``ok``, ``skipped`` and ``failed``; ``rate`` in items a second (None until two
    reports have come). ``error`` is why the last run failed. ``asked_by`` is an actor's id, None for jobs of an older release;
    ``started_at`` is that of the latest run. These times are the database's own.
    """

    job_id: int
    name: str
    status: str
    attempts: int
    cancelling: bool
    done: int
    total: int | None
    ok: int
    skipped: int
    failed: int
    message: str
    error: str | None
    updated_at: datetime | None
    rate: float | None
    asked_by: str | None
    asked_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def remaining(self) -> float | None:
        """Seconds until all is done at the present rate; None when nobody can say."""
        if self.total is None or self.rate is None:
            return None
        return max(0, self.total - self.done) / self.rate


def find(ctx: Ctx, job_ids: Sequence[int]) -> dict[int, Progress]:
    """The jobs among ``job_ids`` that exist."""
    return {row.job_id: row for row in _read(ctx, _READ + " WHERE j.id = ANY (%(ids)s)", ids=list(job_ids))}


def recent(
    ctx: Ctx, *, name: str | None = None, statuses: Sequence[str] = (), before: int | None = None, limit: int = 50
) -> list[Progress]:
    """The latest jobs (of one ``name``, in one of ``statuses``), newest first, from the one queued before ``before``."""
    where = """ WHERE (%(name)s::text IS NULL OR j.task_name = %(name)s) AND (%(before)s::bigint IS NULL OR j.id < %(before)s)
                  AND (%(any)s OR j.status::text = ANY (%(statuses)s::text[]))
                ORDER BY j.id DESC LIMIT %(limit)s"""
    return _read(ctx, _READ + where, name=name, before=before, any=not statuses, statuses=list(statuses), limit=limit)


def watch(database: Database, job_id: int, *, every: float = 0.5) -> Iterator[Progress]:
    """The job's progress every ``every`` seconds, for the last time when it has ended. Raises ``not_found``."""
    while True:
        with database.reading() as ctx:
            found = find(ctx, [job_id])
        if job_id not in found:
            raise problem.NOT_FOUND(what="job", key=str(job_id))
        yield found[job_id]
        if found[job_id].ended:
            return
        time.sleep(every)


def _read(ctx: Ctx, statement: str, **parameters: object) -> list[Progress]:
    return [
        Progress(
            job_id=row[0],
            name=row[1],
            status=row[2],
            attempts=row[3],
            cancelling=row[4],
            done=row[5],
            total=row[6],
            ok=row[7],
            skipped=row[8],
            failed=row[9],
            message=row[10],
            error=row[11],
            updated_at=row[12],
            rate=row[13],
            asked_by=row[14],
            asked_at=row[15],
            started_at=row[16],
            ended_at=row[17] if row[2] in ENDED else None,
        )
        for row in db.rows_of(ctx.tx, statement, **parameters)
    ]
