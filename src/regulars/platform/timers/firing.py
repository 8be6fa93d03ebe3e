"""Firing due timers, one transaction at a time."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from regulars.platform import batching, log
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.timers import store
from regulars.platform.timers.store import Back, Timer

Handler = Callable[[Ctx, Sequence[Timer]], None]

MAX_ATTEMPTS = 16
"""Failed attempts (over about four hours) after which a timer is parked."""

_log = log.get(__name__)


def fire(db: Database, handlers: Mapping[str, Handler], *, limit: int = 1000) -> int:
    """Fire up to ``limit`` due timers of the kinds in ``handlers``; return how many were claimed (0: nothing is due).

    Raises on an outage of the database.
    """
    return batching.retried(db, lambda ctx, last_try: _fire(ctx, handlers, limit=limit, last_try=last_try))


def _fire(ctx: Ctx, handlers: Mapping[str, Handler], *, limit: int, last_try: bool) -> int:
    claimed = store.claim(ctx, list(handlers), limit=limit)
    by_kind: dict[str, list[Timer]] = {}
    for timer in claimed:
        by_kind.setdefault(timer.kind, []).append(timer)
    back: list[Back] = []
    for kind, due in by_kind.items():
        result = batching.deliver(ctx, handlers[kind], due, key=_key, last_try=last_try)
        back += [Back(timer=timer, next_at=ctx.now) for timer in result.held]
        back += [_failed(ctx, timer, error) for timer, error in result.failed]
    store.put_back(ctx, back)
    return len(claimed)


def _failed(ctx: Ctx, timer: Timer, error: Exception) -> Back:
    counted = store.failed_once_more(timer)
    gives_up = counted.attempts >= MAX_ATTEMPTS
    _log.warning(
        "timers.parked" if gives_up else "timers.failed",
        kind=timer.kind,
        timer=str(timer.key),
        attempts=counted.attempts,
        exc_info=error,
    )
    return Back(
        timer=counted,
        next_at=ctx.now + batching.wait_after(counted.attempts),
        reason=batching.reason(error),
        parked_at=ctx.now if gives_up else None,
    )


def _key(timer: Timer) -> UUID:
    return timer.key
