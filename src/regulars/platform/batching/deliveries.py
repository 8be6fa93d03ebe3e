"""Handing work to somebody else's code inside one transaction, so that what fails is set aside and the rest is done."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

import psycopg
from sqlalchemy import exc

from regulars.platform import log
from regulars.platform.batching import failures, runs
from regulars.platform.batching.failures import Verdict
from regulars.platform.context import Ctx
from regulars.platform.db import Database

T = TypeVar("T")
R = TypeVar("R")

# A handler that fails for everything is not asked about every single item in one transaction.
_MOST_FAILURES = 32
_ATTEMPTS = 8
_LONGEST_WAIT = timedelta(hours=1)
_REASON_LENGTH = 500


@dataclass(slots=True)
class Delivered(Generic[T]):
    """What became of the items: ``done``, ``failed`` with its error, or ``held`` (untried) behind a failed one."""

    done: list[T] = field(default_factory=list)
    failed: list[tuple[T, Exception]] = field(default_factory=list)
    held: list[T] = field(default_factory=list)


def deliver(
    ctx: Ctx, handle: Callable[[Ctx, Sequence[T]], None], items: Sequence[T], *, key: Callable[[T], Hashable], last_try: bool
) -> Delivered[T]:
    """Call ``handle`` with as many ``items`` at once as succeed, in their order; a batch that raises is halved down to the culprit.

    Each call has its own savepoint: a failed call leaves no trace. Items after a failed one with the same ``key`` are held, so
    that nothing overtakes. Raises what is no item's fault: an outage, or (unless it is the ``last_try``) a lost race.
    """
    result: Delivered[T] = Delivered()
    broken: set[Hashable] = set()
    todo = [list(items)]
    while todo:
        group = todo.pop()
        if len(result.failed) >= _MOST_FAILURES:
            result.held.extend(group)
            continue
        free = [item for item in group if key(item) not in broken]
        if len(free) < len(group):
            result.held.extend(item for item in group if key(item) in broken)
        if not free:
            continue
        error = _tried(ctx, handle, free, last_try=last_try)
        if error is None:
            result.done.extend(free)
        elif len(free) == 1:
            result.failed.append((free[0], error))
            broken.add(key(free[0]))
        else:
            middle = len(free) // 2
            todo += [free[middle:], free[:middle]]
    return result


def _tried(ctx: Ctx, handle: Callable[[Ctx, Sequence[T]], None], items: list[T], *, last_try: bool) -> Exception | None:
    try:
        with ctx.tx.begin_nested():
            handle(ctx, items)
    except Exception as error:
        verdict = failures.verdict(error)
        if verdict is Verdict.outage or (verdict is Verdict.conflict and not last_try):
            raise
        return error
    return None


def retried(db: Database, work: Callable[[Ctx, bool], R]) -> R:
    """The result of ``work(ctx, last_try)`` in a transaction of its own, tried again (up to 8 times) while it loses races.

    Raises the error of the last try, and every other error at once.
    """
    tries = 1
    while True:
        try:
            with db.transaction() as ctx:
                return work(ctx, tries == _ATTEMPTS)
        except Exception as error:
            if failures.verdict(error) is not Verdict.conflict or tries == _ATTEMPTS:
                raise
        time.sleep(runs.pause(tries, runs.CONFLICT_FIRST, runs.CONFLICT_CAP))
        tries += 1


def wait_after(attempts: int) -> timedelta:
    """How long a failed item rests before its next attempt: 1 s after the first, doubling, at most an hour."""
    return min(_LONGEST_WAIT, timedelta(seconds=2 ** min(attempts - 1, 30)))


def reason(error: BaseException) -> str:
    """One line an operator can act on, without what looks personal and without the detail of a database error, which quotes the row."""
    cause = error.orig if isinstance(error, exc.DBAPIError) and error.orig else error
    text = cause.diag.message_primary or "" if isinstance(cause, psycopg.Error) else str(cause)
    # Neither a zero byte nor half a surrogate pair can be stored as text.
    line = f"{type(cause).__name__}: {log.scrub(text)}".replace("\0", "")[:_REASON_LENGTH]
    return line.encode(errors="replace").decode()
