"""Facts through the engine in batches, by one stream or several side by side, each with the members that are its own."""

import gc
import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from typing import Protocol

from bench import facts, place
from bench.facts import Mix
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import OrderPaid
from regulars.platform import batching, memory
from regulars.platform.db import Database

BATCH = 512
_PATIENCE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Ran:
    """One stream's part: how many facts, from when to when (the machine's monotonic clock, seconds), and its processor time."""

    facts: int
    began: float
    ended: float
    processor: float


class _Gate(Protocol):
    def wait(self, timeout: float | None = None) -> int: ...


def in_threads(url: str, mix: Mix, *, streams: int) -> list[Ran]:
    """Every fact of ``mix`` is recorded by ``streams`` threads of this process."""
    gate = threading.Barrier(streams)
    found: list[Ran] = []
    errors: list[BaseException] = []
    with place.opened(url) as db:

        def work(stream: int) -> None:
            try:
                found.append(_run(db, facts.orders(mix, stream=stream, streams=streams), gate))
            except BaseException as error:  # noqa: BLE001 - told by the thread that waits
                errors.append(error)
                gate.abort()

        threads = [threading.Thread(target=work, args=[stream]) for stream in range(streams)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    return found


def in_processes(url: str, mix: Mix, *, streams: int) -> list[Ran]:
    """Every fact of ``mix`` is recorded by ``streams`` processes."""
    spawn = multiprocessing.get_context("spawn")
    gate, told = spawn.Barrier(streams), spawn.Queue()
    children = [spawn.Process(target=_child, args=((url, mix, stream, streams), gate, told), daemon=True) for stream in range(streams)]
    for child in children:
        child.start()
    found = [told.get(timeout=_PATIENCE_S) for _ in children]
    for child in children:
        child.join()
    failed = [one for one in found if isinstance(one, str)]
    if failed:
        raise RuntimeError("; ".join(failed))
    return [one for one in found if isinstance(one, Ran)]


def _child(share: tuple[str, Mix, int, int], gate: _Gate, told: "Queue[Ran | str]") -> None:
    url, mix, stream, streams = share
    try:
        with place.opened(url) as db:
            told.put(_run(db, facts.orders(mix, stream=stream, streams=streams), gate))
    except BaseException as error:  # noqa: BLE001 - told to the process that waits
        told.put(repr(error))


def _run(db: Database, mine: Sequence[OrderPaid], gate: _Gate) -> Ran:
    with db.transaction() as ctx:  # The connection is made and the programme compiled before the clock runs.
        loyalty.programmes(ctx)
    # As the server, the worker and the lanes of an import do. The facts are ours: none of those keeps thousands for the collector to see.
    memory.collect_rarely()
    gate.wait(_PATIENCE_S)
    began, used = time.monotonic(), time.thread_time()
    for start in range(0, len(mine), BATCH):
        for answer in batching.run(db, loyalty.handle, mine[start : start + BATCH]):
            if not isinstance(answer, loyalty.Done) or answer.duplicate:
                raise RuntimeError(f"a fact was not recorded: {answer!r}")
    ran = Ran(len(mine), began, time.monotonic(), time.thread_time() - used)
    gc.unfreeze()
    return ran


def rate(parts: Sequence[Ran]) -> float:
    """Facts a second from the first stream's start to the last one's end."""
    return sum(part.facts for part in parts) / (max(part.ended for part in parts) - min(part.began for part in parts))


Way = Callable[..., list[Ran]]
