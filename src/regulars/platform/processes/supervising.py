"""The supervisor: starts what others stand on, then its children, and keeps all of them running until it is told to stop."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Protocol

from regulars.kernel.problem import Problem
from regulars.platform import log
from regulars.platform.processes import watching
from regulars.platform.processes.identity import as_fields, identify, write_json
from regulars.platform.processes.launching import launch, rotate
from regulars.platform.processes.locking import Lock

_TICK_S = 0.1
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
_LOG_BYTES = 10_000_000
_LOOK_AT_LOGS_EVERY_S = 5.0

_log = log.get(__name__)


class Phase(StrEnum):
    """How far a supervisor is. It runs from ``running`` on; ``failed`` carries the reason in its note."""

    foundation = "foundation"
    preparing = "preparing"
    running = "running"
    stopping = "stopping"
    failed = "failed"


class Foundation(Protocol):
    """What the children stand on, such as the database: started first, started again when it dies, stopped last."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def running(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A program to keep running. It has ``grace_s`` seconds to end after SIGTERM before it is killed with all it started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    grace_s: float = 30.0


@dataclass(slots=True)
class _Restarts:
    """When something that keeps dying may start again: at once, then after pauses that double up to half a minute."""

    count: int = 0
    pause_s: float = 0.0
    not_before: float = 0.0
    since: float = 0.0

    def died(self) -> None:
        now = time.monotonic()
        steady = now - self.since > _STEADY_S
        self.pause_s = _FIRST_PAUSE_S if steady or not self.pause_s else min(2 * self.pause_s, _LONGEST_PAUSE_S)
        self.not_before = now + self.pause_s
        self.count += 1

    def due(self) -> bool:
        return time.monotonic() >= self.not_before


@dataclass(slots=True)
class _Run:
    child: Child
    process: "subprocess.Popen[bytes] | None" = None
    restarts: _Restarts = field(default_factory=_Restarts)


class Supervisor:
    """Keeps ``foundation`` and ``children`` running. One a ``folder``, where it says in ``supervisor.json`` how far it is.

    ``prepare`` runs once between the two (the schema, say). Each child writes to ``logs/<name>.log``; every ``*.log`` there is rotated
    at 10 MB.
    """

    def __init__(
        self,
        folder: Path,
        *,
        logs: Path,
        foundation: Foundation | None,
        children: Sequence[Child],
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._logs = logs
        self._foundation = foundation
        self._footing = _Restarts()
        self._prepare = prepare
        self._runs = [_Run(child) for child in children]
        self._lock = Lock(folder / watching.LOCK)
        self._stop = threading.Event()
        self._phase, self._note = Phase.foundation, ""
        self._looked_at_logs = 0.0

    def run(self) -> bool:
        """Supervise until SIGTERM or SIGINT, then stop all in the reverse order of starting. Call it from the main thread.

        ``False`` at once, nothing done, when another supervisor holds the folder. Raises what ``foundation`` or ``prepare`` raise at
        the first start; later deaths are met by starting again.
        """
        for each in (self._folder, self._logs):
            each.mkdir(parents=True, exist_ok=True)
        if not self._lock.take():
            return False
        with self._signals():
            try:
                self._clear_away()
                self._bring_up()
                while not self._stop.wait(_TICK_S):
                    self._look()
            except BaseException as error:
                self._say(Phase.failed, error.text() if isinstance(error, Problem) else "")
                _log.exception("supervisor.failed")
                raise
            finally:
                self._bring_down()
                self._lock.give_back()
        return True

    def stop(self) -> None:
        """Let :meth:`run` end; returns at once."""
        self._stop.set()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def asked(number: int, _frame: FrameType | None) -> None:
            _log.info("supervisor.asked_to_stop", signal=signal.Signals(number).name)
            self._stop.set()

        before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the terminal it was started from may close
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _clear_away(self) -> None:
        """End children whose supervisor was killed and that had not noticed yet."""
        earlier = watching.find(self._folder)
        if earlier is not None and watching.end(earlier):
            _log.warning("supervisor.ended_leftovers")

    def _bring_up(self) -> None:
        self._say(Phase.foundation)
        if self._foundation:
            self._foundation.start()
        self._say(Phase.preparing)
        self._prepare()
        for run in self._runs:
            if not self._stop.is_set():
                self._start(run)
        self._say(Phase.running)
        _log.info("supervisor.running", children=[run.child.name for run in self._runs])

    def _look(self) -> None:
        """Start again what died and may start by now."""
        if self._foundation and not self._foundation.running():
            self._found_again(self._foundation)
        for run in self._runs:
            if run.process is not None and run.process.poll() is not None:
                _log.warning("child.died", child=run.child.name, code=run.process.returncode)
                watching.end_group(run.process.pid, signal.SIGKILL)  # what it started may still hold its port
                run.process = None
                run.restarts.died()
            if run.process is None and run.restarts.due():
                self._start(run)
                self._say(Phase.running)
        if time.monotonic() - self._looked_at_logs > _LOOK_AT_LOGS_EVERY_S:
            self._looked_at_logs = time.monotonic()
            for file in self._logs.glob("*.log"):
                with contextlib.suppress(OSError):  # a full disk: nothing to copy to; the supervisor goes on
                    rotate(file, limit=_LOG_BYTES)

    def _found_again(self, foundation: Foundation) -> None:
        if not self._footing.due():
            return
        _log.warning("foundation.died")
        self._footing.died()
        try:
            foundation.start()
        except Problem as problem:
            # A full disk may have room again in a minute: keep trying, and let everybody see why it is not up.
            _log.warning("foundation.not_started", code=problem.code)
            self._say(Phase.running, problem.text())
        else:
            self._footing.since = time.monotonic()
            _log.info("foundation.started_again")
            self._say(Phase.running)

    def _start(self, run: _Run) -> None:
        run.restarts.since = time.monotonic()
        try:
            with (self._logs / f"{run.child.name}.log").open("ab") as output:
                run.process = launch(run.child.command, output=output, environment=run.child.environment)
        except OSError as error:
            _log.warning("child.not_started", child=run.child.name, reason=error.strerror)
            run.restarts.died()

    def _bring_down(self) -> None:
        failed = self._phase is Phase.failed
        if not failed:
            self._say(Phase.stopping)
        for run in reversed(self._runs):
            if run.process is not None:
                _end(run.process, grace_s=run.child.grace_s)
                run.process = None
        if self._foundation:
            with contextlib.suppress(Problem):  # held by another process: then it is not ours to stop
                self._foundation.stop()
        if not failed:
            (self._folder / watching.STATE).unlink(missing_ok=True)

    def _say(self, phase: Phase, note: str = "") -> None:
        self._phase, self._note = phase, note
        children = {}
        for run in self._runs:
            identity = identify(run.process.pid) if run.process else None
            if identity:
                children[run.child.name] = {**as_fields(identity), "restarts": run.restarts.count}
        me = identify(os.getpid())
        content = {**(as_fields(me) if me else {}), "phase": phase.value, "note": note, "children": children}
        try:
            write_json(self._folder / watching.STATE, content)
        except OSError as error:
            # On a full disk the old file stays: out of date, but what it supervises must not end for it.
            _log.warning("supervisor.state_not_written", reason=error.strerror)


def _end(process: "subprocess.Popen[bytes]", *, grace_s: float) -> None:
    """The child and all it started are gone."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace_s)
    watching.end_group(process.pid, signal.SIGKILL)
    process.wait()
