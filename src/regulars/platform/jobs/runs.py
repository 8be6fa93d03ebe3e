"""One run of a job: its arguments, its reports, its heartbeats."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from procrastinate.exceptions import JobAborted
from sqlalchemy.exc import SQLAlchemyError

from regulars.platform import batching, db, log, newid
from regulars.platform.db import Database

_REPORT_EVERY = 0.25

_log = log.get(__name__)


class Cancelled(JobAborted):
    """Somebody cancelled the job. Let it pass: the job ends as aborted."""


class Stopping(Exception):  # noqa: N818 - says what happens, and is no error.
    """The worker stops. Let it pass: the job goes back into the queue."""


class Superseded(Exception):  # noqa: N818 - says what happens, and is no error.
    """This run was given up for dead and another one is at it. Let it pass: this run's end is not recorded."""


@dataclass(slots=True, kw_only=True)
class Run:
    """What a job is given. ``db`` is for its work; ``args`` are what it was deferred with; ``attempt`` counts from 1."""

    db: Database
    job_id: int
    name: str
    args: Mapping[str, Any]
    attempt: int = 1
    token: UUID = field(default_factory=newid.uuid7)
    stopping: Callable[[], bool] = field(default=lambda: False)
    _lost: Exception | None = None
    _reported_at: float = -1.0

    @property
    def superseded(self) -> bool:
        """Whether another run has the job now."""
        return isinstance(self._lost, Superseded)

    def check(self) -> None:
        """Raises ``Cancelled``, ``Stopping`` or ``Superseded`` when the job should end; call it where it can. Costs nothing."""
        if self._lost is not None:
            raise self._lost
        if self.stopping():
            raise Stopping

    def report(
        self,
        *,
        done: int,
        total: int | None = None,
        ok: int = 0,
        skipped: int = 0,
        failed: int = 0,
        message: str = "",
        last: bool = False,
    ) -> None:
        """Whoever watches sees these numbers, counted from the job's beginning; raises like ``check``. A ``done`` that falls back
        begins another stage, whose rate is counted anew.

        Call it outside the job's own transactions, as often as you like: it writes four times a second, and always the ``last`` one.
        """
        self.check()
        if not last and time.monotonic() - self._reported_at < _REPORT_EVERY:
            return
        self._reported_at = time.monotonic()
        self._write(
            """UPDATE job_progress SET done = %(done)s, total = %(total)s, ok = %(ok)s, skipped = %(skipped)s, failed = %(failed)s,
                      message = %(message)s, beat_at = clock_timestamp(), updated_at = clock_timestamp(),
                      rated_from = CASE WHEN rated_from IS NULL OR %(done)s < done THEN %(done)s ELSE rated_from END,
                      rated_at = CASE WHEN rated_from IS NULL OR %(done)s < done THEN clock_timestamp() ELSE rated_at END
                WHERE job_id = %(job_id)s AND run = %(run)s""",
            done=done,
            total=total,
            ok=ok,
            skipped=skipped,
            failed=failed,
            message=message,
        )
        self.check()

    def begin(self) -> None:
        """The run is the job's only one from now on. A job that is started again may be queued again beside it."""
        with self.db.transaction() as ctx:
            db.rows_of(
                ctx.tx,
                """INSERT INTO job_progress (job_id, run, beat_at, updated_at)
                   VALUES (%(job_id)s, %(run)s, clock_timestamp(), clock_timestamp())
                   ON CONFLICT (job_id) DO UPDATE SET run = excluded.run, beat_at = excluded.beat_at, updated_at = excluded.updated_at,
                                                      outcome = NULL, error = NULL, rated_from = NULL, rated_at = NULL""",
                job_id=self.job_id,
                run=self.token,
            )
            # The queueing lock has done its work. Kept, it would forbid to put this job back while another one waits under it.
            db.rows_of(ctx.tx, "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %(job_id)s", job_id=self.job_id)

    def end(self, *, outcome: str | None, error: str | None = None) -> None:
        """How the run ended is on record; ``outcome`` 'succeeded' lets the reaper finish a job whose worker could not say so itself."""
        self._write(
            """UPDATE job_progress SET outcome = %(outcome)s, error = %(error)s, beat_at = clock_timestamp(), updated_at = clock_timestamp()
                WHERE job_id = %(job_id)s AND run = %(run)s""",
            outcome=outcome,
            error=error,
        )

    @contextmanager
    def beating(self, every: float) -> Iterator[None]:
        """Inside the block a heartbeat is sent every ``every`` seconds, and a cancellation noticed."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(every):
                try:
                    self._write("UPDATE job_progress SET beat_at = clock_timestamp() WHERE job_id = %(job_id)s AND run = %(run)s")
                except (SQLAlchemyError, psycopg.Error) as error:
                    # The database is away; the job itself will find out. The next beat may come through.
                    _log.warning("jobs.beat_failed", job_id=self.job_id, verdict=str(batching.verdict(error)))

        thread = threading.Thread(target=beat, name=f"beat of job {self.job_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _write(self, statement: str, **values: object) -> None:
        """Run one statement about this run's row, and look whether the job is still ours and still wanted."""
        with self.db.transaction() as ctx:
            rows = db.rows_of(
                ctx.tx,
                f"""WITH mine AS ({statement} RETURNING job_id)
                    SELECT j.abort_requested FROM mine JOIN procrastinate_jobs j ON j.id = mine.job_id""",
                job_id=self.job_id,
                run=self.token,
                **values,
            )
        if not rows:
            self._lost = Superseded(f"job {self.job_id} is run by somebody else")
        elif rows[0][0]:
            self._lost = Cancelled(f"job {self.job_id} was cancelled")


Job = Callable[[Run], None]
