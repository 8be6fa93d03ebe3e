"""The thread between many concurrent requests and one transaction at a time."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from regulars.kernel import problem
from regulars.kernel.problem import Kind
from regulars.platform.batching import runs
from regulars.platform.db import Database

T = TypeVar("T")
R = TypeVar("R")

OVERLOADED = problem.define(
    "overloaded",
    Kind.unavailable,
    en="The server is busy or stopping. Nothing was changed; try again in a moment.",
    zh="服务器繁忙或正在停止，未做任何修改，请稍后重试。",
)


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T, R]):
    """One submitted item and who waits for its answer; ``since`` is monotonic seconds."""

    item: T
    future: "asyncio.Future[R]"
    loop: asyncio.AbstractEventLoop
    since: float


@dataclass(slots=True, kw_only=True)
class Observers:
    """Called once a batch, from the batching thread: its size, how long its oldest item waited, how long it ran (seconds)."""

    size: Callable[[int], None] = field(default=lambda _: None)
    waited: Callable[[float], None] = field(default=lambda _: None)
    ran: Callable[[float], None] = field(default=lambda _: None)


_BACK_SECONDS = 0.02


class Batcher(Generic[T, R]):
    """Collects items from any number of coroutines and handles them in batches, one transaction at a time, in a thread.

    While one batch commits the next one gathers; a batch that finds the line empty waits ``max_wait`` milliseconds after its
    first item for company, or until it holds ``max_size``. After a batch the next one also waits, for at most half of the time that
    took (20 ms at most, nothing when ``max_wait`` is 0), until as many are there as were answered: callers that send one after the
    other are about to come back. More than ``bound`` waiting items are refused instead of stored.
    Items carry their own actor when the handle needs one: the transaction is the system's.
    """

    def __init__(
        self,
        db: Database,
        handle: runs.Handle[T, R],
        *,
        max_size: int = 512,
        max_wait: float = 2.0,
        bound: int = 10_000,
        patience: float = 30.0,
        observers: Observers | None = None,
    ) -> None:
        self._db = db
        self._handle = handle
        self._max_size = max_size
        self._max_wait = max_wait / 1000
        self._bound = bound
        self._patience = patience
        self._observers = observers or Observers()
        self._line: deque[_Waiting[T, R]] = deque()
        self._arrived = threading.Event()
        self._full = threading.Event()
        self._wanted = max_size
        self._expected = 0
        self._expected_until = 0.0
        self._stopping = False
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="batcher", daemon=True)

    def start(self) -> None:
        """The thread runs. Once only: a stopped batcher stays stopped."""
        self._thread.start()

    def stop(self) -> None:
        """Everything accepted so far is handled and answered, later items are refused, the thread has ended. Blocks."""
        self._stopping = True
        self._arrived.set()
        self._full.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._ended = True
        self._refuse_rest()

    async def submit(self, item: T) -> R:
        """The answer to ``item``, once its effect is committed.

        Raises ``overloaded`` when too many wait or the batcher is stopping, ``unavailable`` when races were lost too often,
        ``database.unavailable`` when the database is away; a ``Problem`` answered by the handle; any error of this item alone.
        A caller cancelled before its batch began has changed nothing; one cancelled later may have.
        """
        line = self._line
        if self._stopping or len(line) >= self._bound:
            raise OVERLOADED()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        line.append(_Waiting(item, future, loop, time.monotonic()))
        # No lock: the thread clears the event first and looks at the line afterwards, so an item is never overlooked.
        if not self._arrived.is_set():
            self._arrived.set()
        if len(line) >= self._wanted and not self._full.is_set():
            self._full.set()
        if self._ended:  # The thread ended between the first look and the append.
            self._refuse_rest()
        return await future

    def waiting(self) -> int:
        """How many items are in the line just now."""
        return len(self._line)

    def _work(self) -> None:
        while True:
            self._arrived.clear()
            if self._line:
                self._gather()
                self._handle_batch()
            elif self._stopping:
                return
            else:
                self._arrived.wait()

    def _gather(self) -> None:
        """Wait for company, then for callers that are about to come back.

        A batch has about twenty statements however small it is: with 64 callers the second wait made batches of 55 instead of 30.
        """
        self._wait_for(self._max_size, until=self._line[0].since + self._max_wait)
        self._wait_for(min(self._expected, self._max_size), until=self._expected_until)

    def _wait_for(self, count: int, *, until: float) -> None:
        """Submitters set ``full`` only once ``count`` are there, so the thread is not woken for every item."""
        self._wanted = count
        self._full.clear()
        rest = until - time.monotonic()
        if rest > 0 and len(self._line) < count and not self._stopping:
            self._full.wait(rest)

    def _handle_batch(self) -> None:
        line = self._line
        taken: list[_Waiting[T, R]] = []
        while line and len(taken) < self._max_size:
            one = line.popleft()
            if not one.future.done():  # A caller that was cancelled is not served.
                taken.append(one)
        if not taken:
            return
        began = time.monotonic()
        self._observers.size(len(taken))
        self._observers.waited(began - taken[0].since)
        try:
            answers: list[R | Exception] = runs.run(self._db, self._handle, [one.item for one in taken], patience=self._patience)
        except BaseException as error:  # noqa: BLE001 - the thread must outlive whatever a handle raises, or callers hang.
            answers = [RuntimeError(f"the batch was broken off by {error!r}") for _ in taken]
        ran = time.monotonic() - began
        self._observers.ran(ran)
        self._expected = len(taken) + len(line)
        self._expected_until = began + ran + min(ran / 2, _BACK_SECONDS) if self._max_wait else 0.0
        _answer(taken, answers)

    def _refuse_rest(self) -> None:
        rest: list[_Waiting[T, R]] = []
        while self._line:
            rest.append(self._line.popleft())
        refusals: list[R | Exception] = [OVERLOADED() for _ in rest]
        _answer(rest, refusals)


def _answer(taken: "list[_Waiting[T, R]]", answers: "list[R | Exception]") -> None:
    """Wake each event loop once for its whole share of the batch: a wake-up an item costs more than the item."""
    shares: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[R], R | Exception]]] = {}
    for one, answer in zip(taken, answers, strict=True):
        shares.setdefault(one.loop, []).append((one.future, answer))
    for loop, share in shares.items():
        try:
            loop.call_soon_threadsafe(_resolve, share)
        except RuntimeError:  # The loop is closed: nobody is left to be told, the effect is committed all the same.
            continue


def _resolve(share: "list[tuple[asyncio.Future[R], R | Exception]]") -> None:
    for future, answer in share:
        if future.done():  # Cancelled meanwhile.
            continue
        if isinstance(answer, StopIteration):
            # A future refuses this one by raising, and the rest of the share would hang.
            future.set_exception(RuntimeError(repr(answer)))
        elif isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
