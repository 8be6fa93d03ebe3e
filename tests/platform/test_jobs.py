"""Coarse jobs: queued with the transaction, run once to their end, reported, cancelled, resumed."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from regulars.kernel.problem import Problem
from regulars.platform import batching, jobs
from regulars.platform import db as database
from regulars.platform.db import Database
from regulars.platform.jobs import Job, Progress, Run

Raw = psycopg.Connection[tuple[Any, ...]]


def defer(db: Database, name: str, args: Mapping[str, object] | None = None, queueing_lock: str | None = None) -> int:
    with db.transaction() as ctx:
        return jobs.defer(ctx, name, args, queueing_lock=queueing_lock)


def found(db: Database, job_id: int) -> Progress:
    with db.reading() as ctx:
        return jobs.find(ctx, [job_id])[job_id]


def until(condition: Callable[[], bool]) -> None:
    """Wait for something another thread does; fail after 20 s."""
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


@contextmanager
def serving(db: Database, offered: Mapping[str, Job]) -> Iterator[threading.Event]:
    """A worker runs inside the block; setting the event stops it early."""
    stop = threading.Event()
    thread = threading.Thread(target=jobs.serve, args=(db, offered, stop), kwargs={"poll": 0.05, "beat": 0.1})
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def ended(db: Database, job_id: int) -> Progress:
    until(lambda: found(db, job_id).ended)
    return found(db, job_id)


def nothing(run: Run) -> None:
    pass


def test_a_job_is_queued_with_the_transaction_or_not_at_all(db: Database, connection: Raw) -> None:
    def broken_off() -> None:
        with db.transaction() as ctx:
            jobs.defer(ctx, "import", {"file": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
    job_id = defer(db, "import", {"file": "a.csv", "n": [1, None]})
    rows = connection.execute("SELECT id, task_name, args, status::text FROM procrastinate_jobs").fetchall()
    assert rows == [(job_id, "import", {"file": "a.csv", "n": [1, None]}, "todo")]


def test_a_queueing_lock_lets_one_job_wait_and_does_not_break_the_transaction(db: Database, connection: Raw) -> None:
    with db.transaction() as ctx:
        first = jobs.defer(ctx, "export", queueing_lock="export")
        assert jobs.defer(ctx, "export", queueing_lock="export") == first
        other = jobs.defer(ctx, "export", queueing_lock="other")
    assert defer(db, "export", queueing_lock="export") == first
    assert connection.execute("SELECT id FROM procrastinate_jobs ORDER BY id").fetchall() == [(first,), (other,)]


def test_a_job_with_a_time_waits_for_it(db: Database) -> None:
    with db.transaction() as ctx:
        later = jobs.defer(ctx, "nothing", at=datetime.now(UTC) + timedelta(hours=1))
    now = defer(db, "nothing")
    with serving(db, {"nothing": nothing}):
        ended(db, now)
    assert found(db, later).status == "todo"


def test_a_job_runs_with_its_arguments_and_succeeds_once(db: Database) -> None:
    seen = []

    def job(run: Run) -> None:
        seen.append((run.job_id, run.name, dict(run.args), run.attempt))

    job_id = defer(db, "import", {"context": 1, "file": 2})
    with serving(db, {"import": job}):
        progress = ended(db, job_id)
    assert seen == [(job_id, "import", {"context": 1, "file": 2}, 1)]
    assert (progress.status, progress.error, progress.attempts) == ("succeeded", None, 1)


def test_reports_are_seen_while_the_job_runs(db: Database) -> None:
    go_on = threading.Event()

    def job(run: Run) -> None:
        run.report(done=0, total=1000)
        time.sleep(0.3)
        run.report(done=400, total=1000, ok=390, skipped=7, failed=3, message="第 400 行")
        go_on.wait(20)
        run.report(done=999, total=1000)
        run.report(done=1000, total=1000, ok=990, skipped=7, failed=3, last=True)

    job_id = defer(db, "import")
    with serving(db, {"import": job}):
        until(lambda: found(db, job_id).done == 400)
        half = found(db, job_id)
        assert (half.status, half.total, half.ok, half.skipped, half.failed, half.message) == ("doing", 1000, 390, 7, 3, "第 400 行")
        assert half.rate is not None
        assert 100 < half.rate <= 400 / 0.3
        assert half.remaining == pytest.approx(600 / half.rate)
        go_on.set()
        seen = list(jobs.watch(db, job_id, every=0.02))
    assert (seen[-1].status, seen[-1].done, seen[-1].ok, seen[-1].remaining) == ("succeeded", 1000, 990, 0)
    assert [one.ended for one in seen[:-1]] == [False] * (len(seen) - 1)


def test_reports_may_come_as_often_as_one_likes(db: Database, connection: Raw) -> None:
    def job(run: Run) -> None:
        for n in range(20_000):
            run.report(done=n)

    job_id = defer(db, "import")
    began = time.monotonic()
    with serving(db, {"import": job}):
        ended(db, job_id)
    assert time.monotonic() - began < 10


def test_a_job_that_fails_says_why_and_is_not_run_again(db: Database) -> None:
    runs = []

    def job(run: Run) -> None:
        runs.append(run.attempt)
        raise ValueError("the file is cut in the middle")

    job_id = defer(db, "import")
    with serving(db, {"import": job}):
        progress = ended(db, job_id)
    assert (progress.status, progress.error) == ("failed", "ValueError: the file is cut in the middle")
    assert runs == [1]


def test_a_job_nobody_knows_fails(db: Database) -> None:
    job_id = defer(db, "unknown")
    with serving(db, {}):
        assert ended(db, job_id).status == "failed"


def test_a_job_that_lost_its_connection_is_run_again(db: Database, connection: Raw) -> None:
    runs = []

    def job(run: Run) -> None:
        runs.append(run.attempt)
        if len(runs) == 1:
            with run.db.transaction() as ctx:
                pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
                database.rows_of(ctx.tx, "SELECT 1")

    job_id = defer(db, "import")
    with serving(db, {"import": job}):
        progress = ended(db, job_id)
    assert (progress.status, progress.error) == ("succeeded", None)
    assert runs == [1, 2]


def test_a_waiting_job_can_be_cancelled(db: Database) -> None:
    job_id = defer(db, "nothing")
    with db.transaction() as ctx:
        assert jobs.cancel(ctx, job_id)
        assert not jobs.cancel(ctx, job_id)
        assert not jobs.cancel(ctx, 12345)
    with serving(db, {"nothing": nothing}):
        ended(db, defer(db, "nothing"))
    assert found(db, job_id).status == "cancelled"


@pytest.mark.parametrize("how", ["report", "check"])
def test_a_running_job_can_be_cancelled(db: Database, how: str) -> None:
    running = threading.Event()

    def job(run: Run) -> None:
        for n in range(100_000):
            run.report(done=n) if how == "report" else run.check()
            running.set()
            time.sleep(0.002)

    job_id = defer(db, "import")
    with serving(db, {"import": job}):
        running.wait(20)
        with db.transaction() as ctx:
            assert jobs.cancel(ctx, job_id)
        until(lambda: found(db, job_id).cancelling or found(db, job_id).ended)
        assert ended(db, job_id).status == "aborted"


def test_a_stopping_worker_puts_its_job_back_and_the_next_one_finishes_it(db: Database) -> None:
    running = threading.Event()

    def patient(run: Run) -> None:
        running.set()
        while True:
            run.check()
            time.sleep(0.01)

    job_id = defer(db, "import")
    with serving(db, {"import": patient}) as stop:
        running.wait(20)
        stop.set()
    assert found(db, job_id).status == "todo"
    with serving(db, {"import": nothing}):
        assert ended(db, job_id).status == "succeeded"


def test_a_queueing_lock_taken_meanwhile_does_not_keep_a_job_from_being_put_back(db: Database) -> None:
    running = threading.Event()

    def patient(run: Run) -> None:
        running.set()
        while True:
            run.check()
            time.sleep(0.01)

    first = defer(db, "export", queueing_lock="export")
    with serving(db, {"export": patient}) as stop:
        running.wait(20)
        second = defer(db, "export", queueing_lock="export")
        stop.set()
    assert second != first
    assert [found(db, one).status for one in (first, second)] == ["todo", "todo"]
    with serving(db, {"export": nothing}):
        assert [ended(db, one).status for one in (first, second)] == ["succeeded", "succeeded"]


def test_the_worker_survives_the_loss_of_every_connection(db: Database, connection: Raw) -> None:
    with serving(db, {"nothing": nothing}):
        for _ in range(5):
            ended(db, defer(db, "nothing"))
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
            )


def abandoned(db: Database, connection: Raw, seconds: int = 60, queueing_lock: str | None = None) -> int:
    """A job whose worker died ``seconds`` ago."""
    job_id = defer(db, "import", queueing_lock=queueing_lock)
    connection.execute("SELECT procrastinate_fetch_job_v2(NULL, (SELECT worker_id FROM procrastinate_register_worker_v1()))")
    connection.execute("UPDATE procrastinate_events SET at = at - make_interval(secs => %s) WHERE job_id = %s", (seconds, job_id))
    assert found(db, job_id).status == "doing"
    return job_id


def test_a_job_whose_worker_died_goes_back_into_the_queue(db: Database, connection: Raw) -> None:
    job_id = abandoned(db, connection)
    assert jobs.reap(db) == 1
    assert jobs.reap(db) == 0
    assert (found(db, job_id).status, found(db, job_id).error) == ("todo", "its worker died; it is run again")
    with serving(db, {"import": nothing}):
        progress = ended(db, job_id)
    assert (progress.status, progress.attempts, progress.error) == ("succeeded", 2, None)


def test_a_job_that_was_just_fetched_or_still_beats_is_left_alone(db: Database, connection: Raw) -> None:
    abandoned(db, connection, seconds=0)
    beating = abandoned(db, connection)
    Run(db=db, job_id=beating, name="import", args={}).begin()
    assert jobs.reap(db) == 0


def test_a_reaped_job_may_wait_beside_another_one_under_its_queueing_lock(db: Database, connection: Raw) -> None:
    first = abandoned(db, connection, queueing_lock="import")
    second = defer(db, "import", queueing_lock="import")
    assert jobs.reap(db) == 1
    assert [found(db, one).status for one in (first, second)] == ["todo", "todo"]


def test_a_cancelled_job_whose_worker_died_is_aborted(db: Database, connection: Raw) -> None:
    job_id = abandoned(db, connection)
    with db.transaction() as ctx:
        jobs.cancel(ctx, job_id)
    assert jobs.reap(db) == 1
    assert found(db, job_id).status == "aborted"


def test_a_job_that_ended_but_could_not_say_so_is_not_run_again(db: Database, connection: Raw) -> None:
    job_id = abandoned(db, connection)
    run = Run(db=db, job_id=job_id, name="import", args={})
    run.begin()
    run.end(outcome="succeeded")
    connection.execute("UPDATE job_progress SET beat_at = beat_at - interval '1 minute'")
    assert jobs.reap(db) == 1
    assert found(db, job_id).status == "succeeded"


def test_a_job_that_kills_every_worker_is_given_up(db: Database, connection: Raw) -> None:
    job_id = abandoned(db, connection)
    for deaths in range(1, jobs.MAX_DEATHS):
        assert jobs.reap(db) == 1
        assert connection.execute("SELECT deaths FROM job_progress").fetchone() == (deaths,)
        connection.execute("SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")
        connection.execute("UPDATE procrastinate_events SET at = at - interval '1 minute'")
    assert jobs.reap(db) == 1
    assert (found(db, job_id).status, found(db, job_id).error) == ("failed", "gave up: its worker died 5 times")


def test_a_run_given_up_for_dead_stops_and_leaves_the_end_to_its_successor(db: Database, connection: Raw) -> None:
    order: list[str] = []
    frozen, thaw, second_may_end = threading.Event(), threading.Event(), threading.Event()

    def job(run: Run) -> None:
        order.append(f"run {run.attempt}")
        if run.attempt == 1:
            frozen.set()
            thaw.wait(20)
            try:
                run.report(done=1, last=True)
            except jobs.Superseded:
                order.append("superseded")
                raise
        else:
            second_may_end.wait(20)
            order.append("end")

    job_id = defer(db, "import")
    with serving(db, {"import": job}):
        frozen.wait(20)
        connection.execute("UPDATE procrastinate_events SET at = at - interval '1 minute'")
        with db.transaction() as ctx:  # As if its heartbeats had stopped: the reaper of another worker comes by at once.
            database.rows_of(ctx.tx, "UPDATE job_progress SET beat_at = '-infinity'")
            database.rows_of(ctx.tx, "SELECT procrastinate_retry_job_v2(%(id)s, NULL, NULL, NULL, NULL)", id=job_id)
            database.rows_of(ctx.tx, "UPDATE job_progress SET run = '00000000-0000-0000-0000-000000000000'")
        until(lambda: order == ["run 1", "run 2"])
        thaw.set()
        until(lambda: order == ["run 1", "run 2", "superseded"])
        time.sleep(0.3)
        assert found(db, job_id).status == "doing"
        second_may_end.set()
        assert ended(db, job_id).status == "succeeded"
        until(lambda: order[-1] == "end")
    assert found(db, job_id).attempts == 2


def test_old_jobs_are_forgotten_with_their_progress(db: Database, connection: Raw) -> None:
    with serving(db, {"nothing": nothing}):
        old, new = ended(db, defer(db, "nothing")).job_id, ended(db, defer(db, "nothing")).job_id
    waiting = defer(db, "nothing")
    connection.execute("UPDATE procrastinate_events SET at = at - interval '31 days' WHERE job_id = ANY (%s)", ([old, waiting],))
    with db.transaction() as ctx:
        assert jobs.prune(ctx) == 1
    with db.reading() as ctx:
        assert [job.job_id for job in jobs.recent(ctx)] == [waiting, new]
        assert jobs.recent(ctx, name="other") == []
    assert connection.execute("SELECT job_id FROM job_progress").fetchall() == [(new,)]


def test_watching_a_job_that_is_not_there_is_a_clear_refusal(db: Database) -> None:
    with pytest.raises(Problem, match=r"There is no job 12345\."):
        next(jobs.watch(db, 12345))


def test_deferring_on_a_broken_connection_is_an_outage(db: Database, connection: Raw) -> None:
    def broken() -> None:
        with db.transaction() as ctx:
            pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            jobs.defer(ctx, "import")

    with pytest.raises(Exception, match=r".") as raised:
        broken()
    assert batching.verdict(raised.value) is batching.Verdict.outage


def test_the_queue_can_be_removed_and_installed_again(db: Database, connection: Raw) -> None:
    with db.transaction() as ctx:
        jobs.uninstall(ctx.tx)
    left = """SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE '%procrastinate%'),
                     (SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate%'),
                     (SELECT count(*) FROM pg_type WHERE typname LIKE '%procrastinate%')"""
    assert connection.execute(left).fetchone() == (0, 0, 0)
    with db.transaction() as ctx:
        jobs.install(ctx.tx)
        assert jobs.defer(ctx, "import") == 1
