"""Sending, by the worker: rounds in which a bounded number of threads talk to receivers and one thread to the database.

Endpoints that are failing just now have rounds of their own, one request at a time each: what waits for a time-out there holds up nobody
else. A worker that is killed leaves leases behind that end by themselves.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import lru_cache

from regulars.domains.webhooks import service
from regulars.domains.webhooks.adapters.posting import Poster
from regulars.domains.webhooks.model import Answer, Due, Fell, Networks
from regulars.kernel.problem import Problem
from regulars.platform import log
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

SLOTS = 16
"""Requests under way at once in a round."""
SHARE = 4
"""Of one endpoint; a failing one gets one."""
ROUND_SECONDS = 5.0
"""After how long a round takes up nothing new, so that a worker that is told to stop ends soon."""

_log = log.get(__name__)


class Sender:
    """Sends what is due to endpoints that are ``failing`` just now, or to those that aren't."""

    def __init__(self, poster: Poster, *, keyring: Callable[[], Keyring], failing: bool, slots: int = SLOTS) -> None:
        self._poster = poster
        self._keyring = lru_cache(maxsize=1)(keyring)
        self._failing = failing
        self._share = 1 if failing else SHARE
        self._slots = slots

    def tick(self, db: Database) -> int:
        """One round; returns how many requests were sent (0: nothing is due)."""
        sent = 0
        until = time.monotonic() + ROUND_SECONDS
        running: dict[Future[Answer], Due] = {}
        with ThreadPoolExecutor(self._slots, thread_name_prefix="webhooks") as pool:
            while True:
                if time.monotonic() < until and len(running) < self._slots:
                    running |= {pool.submit(self._send, db, due): due for due in self._claimed(db, running)}
                if not running:
                    return sent
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                answers = [(running.pop(one), one.result()) for one in done]
                with db.transaction() as ctx:
                    service.record(ctx, answers)
                sent += len(answers)

    def _claimed(self, db: Database, running: dict[Future[Answer], Due]) -> list[Due]:
        busy = Counter(due.endpoint_id for due in running.values())
        full = [endpoint for endpoint, count in busy.items() if count >= self._share]
        with db.transaction() as ctx:
            return service.claim(ctx, failing=self._failing, besides=full, share=self._share, limit=self._slots - len(running))

    def _send(self, db: Database, due: Due) -> Answer:
        try:
            headers = service.signed(due, keyring=self._keyring(), at=db.clock.now())
        except Problem as unopened:
            # The keys of this machine are not those the secret was sealed with: an unsigned request would be worse than none.
            _log.error("webhooks.unsigned", endpoint=str(due.endpoint_id), exc_info=unopened)
            return Answer(error=Fell.protocol)
        return self._poster.post(due.url, due.body, headers)


def ticks(*, own: Networks, keyring: Callable[[], Keyring]) -> tuple[Callable[[Database], int], ...]:
    """What a worker does: rounds for endpoints that are well, and for those that are failing. ``own``: networks that may be sent to."""
    poster = Poster(own=own)
    return (Sender(poster, keyring=keyring, failing=False).tick, Sender(poster, keyring=keyring, failing=True).tick)


def forget_old(db: Database) -> int:
    """What has been kept long enough is gone, a piece at a time; returns how many messages."""
    with db.transaction() as ctx:
        return service.forget_old(ctx)
