"""Running jobs: procrastinate's worker, our runs, and what happens when either loses the database."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import procrastinate
import psycopg
import psycopg_pool
from procrastinate import exceptions, retry
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as QueuedJob
from sqlalchemy.exc import SQLAlchemyError

from regulars.platform import batching, log
from regulars.platform.db import Database
from regulars.platform.jobs import progress
from regulars.platform.jobs.runs import Cancelled, Job, Run, Stopping, Superseded

_POLL_EVERY = 1.0
_PATIENCE = 30.0
_LONGEST_WAIT = 300

_log = log.get(__name__)

R = TypeVar("R")


def serve(
    db: Database, jobs: Mapping[str, Job], stop: threading.Event, *, concurrency: int = 2, poll: float = _POLL_EVERY, beat: float = 5.0
) -> None:
    """Run the queue's jobs, at most ``concurrency`` at a time, until ``stop`` is set and the running ones have ended.

    Whatever goes wrong with the database is waited out. ``jobs`` by name; one that is unknown fails. ``poll`` and ``beat`` are seconds.
    """
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            asyncio.run(_serve(db, jobs, stop, concurrency=concurrency, poll=poll, beat=beat))
        except Exception as error:  # noqa: BLE001 - the worker must come back whatever ended it.
            failures = 1 if time.monotonic() - began > _PATIENCE else failures + 1
            _log.warning("jobs.worker_ended", failures=failures, exc_info=error)
            stop.wait(batching.pause(failures, 0.2, 10.0))


async def _serve(db: Database, jobs: Mapping[str, Job], stop: threading.Event, *, concurrency: int, poll: float, beat: float) -> None:
    app = procrastinate.App(connector=_Connector(stop))
    for name, job in jobs.items():
        app.task(name=name, pass_context=True, retry=_Retries())(_performer(db, job, stop, beat))

    async def work() -> None:
        async with _connections(db, concurrency) as connections, app.open_async(connections):
            await app.run_worker_async(
                concurrency=concurrency, fetch_job_polling_interval=poll, listen_notify=False, install_signal_handlers=False
            )

    working = asyncio.create_task(work())
    while not stop.is_set() and not working.done():
        await asyncio.wait([working], timeout=0.1)
    working.cancel()  # It fetches no more and waits for what runs.
    try:
        await working
    except asyncio.CancelledError:
        return


def _performer(db: Database, job: Job, stop: threading.Event, beat: float) -> Callable[..., None]:
    def perform(context: JobContext, /, **args: Any) -> None:
        queued = context.job
        if queued.id is None:
            raise RuntimeError("procrastinate runs a job without an id")
        run = Run(db=db, job_id=queued.id, name=queued.task_name, args=args, attempt=queued.attempts + 1, stopping=stop.is_set)
        _perform(run, job, beat)

    return perform


def _perform(run: Run, job: Job, beat: float) -> None:
    run.begin()
    try:
        _record(run, job, beat)
    finally:
        if run.superseded:
            _outwait(run)


def _record(run: Run, job: Job, beat: float) -> None:
    try:
        with run.beating(beat):
            job(run)
    except Superseded:
        return
    except Stopping:
        run.end(outcome=None)
        raise
    except Cancelled:
        run.end(outcome="cancelled")
        raise
    except Exception as error:
        if batching.verdict(error) is batching.Verdict.fault:
            run.end(outcome="failed", error=batching.reason(error))
        raise
    run.end(outcome="succeeded")


def _outwait(run: Run) -> None:
    """Return only when the job has ended: procrastinate writes this run's end over the job, whoever runs it now.

    Even when the worker stops: who stops it kills it in the end, and that does no harm.
    """
    _log.warning("jobs.superseded", job_id=run.job_id)
    while True:
        try:
            with run.db.reading() as ctx:
                found = progress.find(ctx, [run.job_id])
        except (SQLAlchemyError, psycopg.Error) as error:
            _log.warning("jobs.outwait_failed", job_id=run.job_id, verdict=str(batching.verdict(error)))
        else:
            if run.job_id not in found or found[run.job_id].ended:
                return
        time.sleep(_POLL_EVERY)


class _Retries(retry.BaseRetryStrategy):
    """A job that ran into an outage or a lost race, or whose worker stops, is run again; any other failure stands."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> retry.RetryDecision | None:
        if isinstance(exception, Stopping):
            return retry.RetryDecision()
        if batching.verdict(exception) is batching.Verdict.fault:
            return None
        return retry.RetryDecision(retry_in={"seconds": min(_LONGEST_WAIT, 2 ** min(job.attempts, 30))})


class _Connector(procrastinate.PsycopgConnector):
    """procrastinate's connector, which sits out an outage instead of ending the worker and all that waits for its jobs."""

    def __init__(self, stop: threading.Event, **options: Any) -> None:
        super().__init__(**options)
        self._stop = stop

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        await self._patiently(super().execute_query_async, query, arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        return await self._patiently(super().execute_query_one_async, query, arguments)

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        return await self._patiently(super().execute_query_all_async, query, arguments)

    async def _patiently(self, execute: Callable[..., Awaitable[R]], query: Any, arguments: dict[str, Any]) -> R:
        give_up_at = time.monotonic() + _PATIENCE
        tries = 0
        while True:
            try:
                return await execute(query, **arguments)
            except exceptions.ConnectorException as error:
                away = error.__cause__ is not None and batching.verdict(error.__cause__) is not batching.Verdict.fault
                if not away or self._stop.is_set() or time.monotonic() > give_up_at:
                    raise
            tries += 1
            await asyncio.sleep(batching.pause(tries, 0.1, 2.0))


def _connections(db: Database, concurrency: int) -> psycopg_pool.AsyncNullConnectionPool:
    """A connection a query: it polls once a second, and a real pool lets its callers wait long after the database is back."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"application_name": "regulars jobs", "connect_timeout": 10}
    return psycopg_pool.AsyncNullConnectionPool(url, kwargs=options, min_size=0, max_size=concurrency + 2, open=False)
