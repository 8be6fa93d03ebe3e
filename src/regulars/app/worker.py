"""``python -m regulars.app.worker``: everything that happens by itself, one process, until it is told to stop.

It delivers events, fires timers, runs the ticks and the coarse jobs, and takes over jobs of workers that died. Any number of workers may
run beside each other. A database that goes away is waited for. On SIGTERM or SIGINT the batch under way is finished, a job is put back
into the queue at its next report, and the process ends. Standard output carries the JSON log.
"""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.app import settings as app_settings
from regulars.app import wiring
from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform import batching, clock, embedded, jobs, log, memory, outbox, timers
from regulars.platform import db as database
from regulars.platform.db import Database
from regulars.platform.jobs import Job
from regulars.platform.outbox import Handler as EventHandler
from regulars.platform.settings import Settings
from regulars.platform.timers import Handler as TimerHandler

Tick = Callable[[Database], int]
"""Does the next piece of what is due and returns how much that was: not 0 means call again at once. Commits by itself."""

_BUSY_PAUSE, _IDLE_PAUSE = 0.05, 1.0
_OUTAGE_PAUSE, _FAULT_PAUSE = 2.0, 30.0
_REAP_EVERY = 10.0
_SILENCE = 30.0
_PRUNE_EVERY = 3600.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_log = log.get(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What there is to do: who hears which event, who handles which timer, what is due by time alone, and the jobs by name."""

    subscriptions: Mapping[str, Sequence[EventHandler]] = field(default_factory=dict)
    timers: Mapping[str, TimerHandler] = field(default_factory=dict)
    ticks: Sequence[Tick] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something done over and over: at once while there is more to do, else after ``busy`` and up to ``idle`` seconds."""

    name: str
    step: Callable[[], int]
    busy: float = _BUSY_PAUSE
    idle: float = _IDLE_PAUSE
    after_outage: float = 0.0


def main() -> int:
    """Work until told to stop; the exit code says why it ended."""
    try:
        settings = app_settings.load()
        log.configure(settings.log_level)
        memory.collect_rarely()
        with _address(settings) as url:
            serve(url, wired(settings), pool_size=settings.pool_size)
    except Problem as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - whoever starts a worker reads the terminal first
        return problem.EXIT_CODE[refused.kind]
    return 0


def wired(settings: Settings) -> Work:
    """Everything the house does by itself."""
    return Work(
        subscriptions=wiring.SUBSCRIPTIONS, timers=wiring.TIMERS, ticks=wiring.ticks_with(settings), jobs=wiring.jobs_with(settings)
    )


def serve(url: str, work: Work, *, pool_size: int = 10) -> None:
    """Work on the database at ``url`` until a signal comes, and finish what is under way. For a process's main thread."""
    # Blocked here and so in every thread made from now on: only ``sigwait`` gets them, and nothing is interrupted in the middle.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    db = database.connect(url, clock_=clock.SystemClock(), pool_size=pool_size)
    stop = threading.Event()
    working = threading.Thread(target=run, args=(db, work, stop), name="worker")
    working.start()
    _log.info("worker.started")
    number = signal.sigwait(_SIGNALS)
    _log.info("worker.stopping", signal=signal.Signals(number).name)
    stop.set()
    working.join()
    db.close()
    _log.info("worker.stopped")


def run(db: Database, work: Work, stop: threading.Event) -> None:
    """Do all duties until ``stop`` is set; returns when each has finished the step it was at."""
    threads = [threading.Thread(target=keep, args=(duty, stop), name=duty.name) for duty in duties(db, work)]
    threads.append(threading.Thread(target=jobs.serve, args=(db, work.jobs, stop), name="jobs"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settle(db: Database, work: Work) -> int:
    """Events, timers and ticks that are due by now are done, and what follows from them; returns how many steps had work.

    For command lines, demos and scenarios that want the outcome now and have no worker. Jobs are left to a worker. Raises what a
    tick raises and any outage.
    """
    steps = [duty.step for duty in _prompt_duties(db, work)]
    busy = 0
    while worked := sum(1 for step in steps if step()):
        busy += worked
    return busy


def duties(db: Database, work: Work) -> list[Duty]:
    """All that one worker does besides running jobs. Each has a thread, so that a long tick holds up no event."""
    return [
        *_prompt_duties(db, work),
        # After an outage the heartbeats of healthy jobs look old: they get the time to send new ones.
        Duty(name="reap", step=lambda: jobs.reap(db, silence=_SILENCE), busy=_REAP_EVERY, idle=_REAP_EVERY, after_outage=_SILENCE),
        Duty(name="prune", step=lambda: _prune(db), busy=_PRUNE_EVERY, idle=_PRUNE_EVERY),
    ]


def _prompt_duties(db: Database, work: Work) -> list[Duty]:
    return [
        Duty(name="outbox", step=lambda: outbox.drain(db, work.subscriptions)),
        Duty(name="timers", step=lambda: timers.fire(db, work.timers)),
        *(Duty(name=f"tick {tick.__module__}.{tick.__qualname__}", step=_bound(tick, db)) for tick in work.ticks),
    ]


def _bound(tick: Tick, db: Database) -> Callable[[], int]:
    return lambda: tick(db)


def _prune(db: Database) -> int:
    with db.transaction() as ctx:
        jobs.prune(ctx)
    return 0


def keep(duty: Duty, stop: threading.Event) -> None:
    """Do one duty until ``stop`` is set. Nothing ends it: what fails is logged and tried again after a pause."""
    pause, failures = duty.busy, 0
    while not stop.is_set():
        try:
            worked = duty.step()
        except Exception as error:  # noqa: BLE001 - a duty outlives every failure, or work would silently stop.
            failures += 1
            stop.wait(_after_failure(duty, failures, error))
            continue
        if failures:
            _log.info("worker.recovered", duty=duty.name, failures=failures)
        failures = 0
        if worked:
            pause = duty.busy
        else:
            stop.wait(pause)
            pause = min(pause * 2, duty.idle)


def _after_failure(duty: Duty, failures: int, error: Exception) -> float:
    """Log a failed step and say how many seconds to wait: an outage ends by itself, a fault needs somebody to look at it."""
    away = batching.verdict(error) is not batching.Verdict.fault
    if away and failures == 1:
        _log.warning("worker.outage", duty=duty.name, exc_info=error)
    elif not away:
        _log.error("worker.failed", duty=duty.name, failures=failures, exc_info=error)
    return max(duty.after_outage, batching.pause(failures, 0.1, _OUTAGE_PAUSE if away else _FAULT_PAUSE))


@contextlib.contextmanager
def _address(settings: Settings) -> Iterator[str]:
    """``DATABASE_URL``, or the embedded server's: one that already runs, else one for as long as we do."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with embedded.borrowed(settings.data_dir / "postgres") as server:
            yield server.url()


if __name__ == "__main__":
    sys.exit(main())
