"""One job shared by several processes of this program: each takes the next part when it is done with one, and says here what it found.

Nothing outlives the job: its processes end when whoever asked for it stops listening, for whatever reason, and by themselves when this
process is killed. One that vanishes (killed, out of memory) is replaced, and its part is begun again: what a part does must bear that.
"""

import contextlib
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from regulars.kernel import problem
from regulars.kernel.problem import Kind
from regulars.platform import log
from regulars.platform.processes.lane import FAILED, SAID, Say

LOST = problem.define(
    "processes.lost",
    Kind.unavailable,
    en="A process of this job vanished {times} times in a row, the last time with code {code}; perhaps the machine has too little memory. "
    "What was done stays; try again, or in one process.",
    zh="本任务的一个进程连续 {times} 次意外结束（最后一次代码 {code}），可能是内存不足。已完成的部分会保留；请重试，或改用单进程。",
)
_LOSSES = 3
_GRACE_S = 5.0
_AHEAD = 4
_PROCESSES = 2

_log = log.get(__name__)

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

Job = Callable[[T], AbstractContextManager[Callable[[P, Say], R]]]
"""What each process does: opened once with the terms of the job, it gives the function that does a part. Found by its module and name."""
Hear = Callable[[int, Any], None]
"""Told what the process at the part of this number said meanwhile."""


def run(
    job: Job[T, P, R], terms: T, parts: Sequence[P], *, processes: int, hear: Hear = lambda _no, _said: None
) -> Generator[R, None, None]:
    """The result of each part, in their order, done by at most so many processes. Close the iterator to end them before its end.

    Raises what any part raised as soon as it is known (with the place it was raised at as a note), and ``processes.lost`` when a process
    vanishes three times in a row at one part without a word in between. Job, terms, parts, results and what is said are pickled.
    """
    crew = _Crew(job, terms, parts, processes, hear)
    try:
        for no in range(len(parts)):
            yield crew.result(no)
    finally:
        crew.end()


def processes() -> int:
    """How many processes a job is shared by when nobody says: two where there are cores for it. Each costs memory, and the database works
    beside them.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_PROCESSES, cores)


@dataclass(slots=True)
class _Process:
    popen: "subprocess.Popen[bytes]"
    inlet: Connection
    outlet: Connection
    part: int | None = None

    def tell(self, message: object) -> None:
        # One that is gone already is noticed where it is listened to.
        with contextlib.suppress(OSError):
            self.inlet.send_bytes(b"" if message is None else pickle.dumps(message))

    def end(self) -> None:
        """It is gone: in good order when it had nothing to do, else at once."""
        if self.part is None:
            self.tell(None)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(_GRACE_S)
        self.popen.kill()
        self.popen.wait()
        self.inlet.close()
        self.outlet.close()


@dataclass(slots=True)
class _Crew(Generic[T, P, R]):
    job: Job[T, P, R]
    terms: T
    parts: Sequence[P]
    limit: int
    hear: Hear
    due: deque[int] = field(init=False)
    processes: list[_Process] = field(default_factory=list)
    results: dict[int, R] = field(default_factory=dict)
    losses: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.due = deque(range(len(self.parts)))

    def result(self, no: int) -> R:
        """The result of the part; while it is waited for, those behind it are done as well, as far as a few ahead."""
        while no not in self.results:
            self._give(before=no + _AHEAD * self.limit)
            self._listen()
        return self.results.pop(no)

    def _give(self, *, before: int) -> None:
        idle = [process for process in self.processes if process.part is None]
        while self.due and self.due[0] < before and (idle or len(self.processes) < self.limit):
            process = idle.pop() if idle else self._started()
            process.part = self.due.popleft()
            process.tell(self.parts[process.part])

    def _started(self) -> _Process:
        process = _start()
        self.processes.append(process)
        process.tell((self.job, self.terms))
        return process

    def _listen(self) -> None:
        by_outlet = {process.outlet: process for process in self.processes}
        for ready in connection.wait(list(by_outlet)):
            process = by_outlet[ready]  # type: ignore[index]  # only connections were given
            try:
                kind, content = process.outlet.recv()
            except (EOFError, OSError):
                self._lost(process)
                continue
            if kind == FAILED:
                raise content
            if process.part is None:
                raise RuntimeError("a process spoke without a part")
            if kind == SAID:
                self.losses.pop(process.part, None)
                self.hear(process.part, content)
            else:
                self.results[process.part] = content
                process.part = None

    def _lost(self, process: _Process) -> None:
        """The process is gone without a word; its part is due again, first of all."""
        self.processes.remove(process)
        process.popen.kill()
        code = process.popen.wait()
        no, process.part = process.part, None
        process.end()
        _log.warning("processes.lost", process=process.popen.pid, code=code, part=no)
        if no is None:
            return
        self.losses[no] = self.losses.get(no, 0) + 1
        if self.losses[no] >= _LOSSES:
            raise LOST(times=_LOSSES, code=code)
        self.due.appendleft(no)

    def end(self) -> None:
        """No process is left."""
        for process in self.processes:
            if process.part is not None:
                process.popen.kill()
        for process in self.processes:
            process.end()
        self.processes.clear()


def _start() -> _Process:
    """A process in a session of its own, so that Ctrl-C reaches only us, which end it; it reads and writes two pipes."""
    its_inlet, inlet = os.pipe()
    outlet, its_outlet = os.pipe()
    code = f"import sys; sys.path[:] = {sys.path!r}; from regulars.platform.processes import lane; lane.serve()"
    try:
        popen = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", code], stdin=its_inlet, stdout=its_outlet, start_new_session=True
        )
    except OSError:
        os.close(inlet)
        os.close(outlet)
        raise
    finally:
        os.close(its_inlet)
        os.close(its_outlet)
    return _Process(popen, Connection(inlet, readable=False), Connection(outlet, writable=False))
