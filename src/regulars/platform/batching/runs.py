"""One batch, tried until every item has its answer: winners committed, losers tried again, a poison item failed alone."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Generic, Literal, TypeVar

from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform.batching import failures
from regulars.platform.batching.failures import Verdict
from regulars.platform.context import SYSTEM, Actor, Ctx
from regulars.platform.db import Database

T = TypeVar("T")
R = TypeVar("R")


class Again(Enum):
    """The type of ``AGAIN``, so that a type checker can tell it from an answer."""

    AGAIN = "again"


AGAIN: Final[Literal[Again.AGAIN]] = Again.AGAIN

Handle = Callable[[Ctx, Sequence[T]], Sequence[R | Problem | Again]]

CONFLICT_FIRST, CONFLICT_CAP = 0.002, 0.25
_OUTAGE_FIRST, _OUTAGE_CAP = 0.05, 1.0


def pause(tries: int, first: float, cap: float) -> float:
    """Seconds to sleep before try ``tries`` + 1: doubling from ``first`` up to ``cap``, the upper half of it by chance.

    The chance keeps two losers from meeting again and again.
    """
    full = min(cap, first * 2.0 ** min(tries - 1, 30))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing.


def run(
    db: Database,
    handle: Handle[T, R],
    items: Sequence[T],
    *,
    actor: Actor = SYSTEM,
    attempts: int = 8,
    patience: float = 30.0,
) -> list[R | Exception]:
    """Handle ``items`` and return one answer each, in their order; everything answered without an exception is committed.

    Each try is one transaction. Items answered ``AGAIN`` go into the next one; a deadlock or serialization failure sends the
    whole batch into the next one; after ``attempts`` tries their answer is ``unavailable``. While the database is away it is
    tried again for ``patience`` seconds, then the answer is ``database.unavailable``. Any other exception halves the batch until
    one item fails alone: that exception is its answer, the others succeed. Never raises an ``Exception`` itself.
    """
    work: _Work[T, R] = _Work(db, handle, items, actor=actor, attempts=attempts, give_up_at=time.monotonic() + patience)
    work.answers = [problem.UNAVAILABLE() for _ in items]
    todo = [_Group(list(range(len(items))))] if items else []
    while todo:
        # The stack keeps the halves of a bisected batch in their order.
        todo.extend(reversed(work.attempt(todo.pop())))
    return work.answers


@dataclass(slots=True)
class _Group:
    """Items (by index) tried together; ``tries`` counts lost races, ``outages`` the failures since the database was last seen."""

    indexes: list[int]
    tries: int = 0
    outages: int = 0


@dataclass(slots=True)
class _Work(Generic[T, R]):
    db: Database
    handle: Handle[T, R]
    items: Sequence[T]
    actor: Actor = field(kw_only=True)
    attempts: int = field(kw_only=True)
    give_up_at: float = field(kw_only=True)
    answers: list[R | Exception] = field(default_factory=list)

    def attempt(self, group: _Group) -> list[_Group]:
        """One transaction; returns what is still to be tried."""
        try:
            with self.db.transaction(self.actor) as ctx:
                given = self.handle(ctx, [self.items[i] for i in group.indexes])
                if len(given) != len(group.indexes):
                    raise ValueError(f"the handle gave {len(given)} answers to {len(group.indexes)} items")
        except Exception as error:  # noqa: BLE001 - becomes the answer of the item that caused it, or is tried again.
            return self._failed(group, error)
        return self._lost(group, self._keep(group, given))

    def _keep(self, group: _Group, given: Sequence[R | Problem | Again]) -> list[int]:
        """Store what was committed; return the indexes that lost a race."""
        losers = []
        for index, answer in zip(group.indexes, given, strict=True):
            if isinstance(answer, Again):
                losers.append(index)
            else:
                self.answers[index] = answer
        return losers

    def _lost(self, group: _Group, losers: list[int]) -> list[_Group]:
        tries = group.tries + 1
        if not losers or tries >= self.attempts:
            return []  # The answer prepared for every item, ``unavailable``, stands.
        time.sleep(pause(tries, CONFLICT_FIRST, CONFLICT_CAP))
        return [_Group(losers, tries)]

    def _failed(self, group: _Group, error: Exception) -> list[_Group]:
        match failures.verdict(error):
            case Verdict.conflict:
                return self._lost(group, group.indexes)
            case Verdict.outage:
                return self._away(group)
            case Verdict.fault:
                return self._bisected(group, error)

    def _away(self, group: _Group) -> list[_Group]:
        group.outages += 1
        wait = pause(group.outages, _OUTAGE_FIRST, _OUTAGE_CAP)
        if time.monotonic() + wait >= self.give_up_at:
            for index in group.indexes:
                self.answers[index] = failures.OUTAGE()
            return []
        time.sleep(wait)
        return [group]

    def _bisected(self, group: _Group, error: Exception) -> list[_Group]:
        indexes = group.indexes
        if len(indexes) == 1:
            self.answers[indexes[0]] = error
            return []
        middle = len(indexes) // 2
        return [_Group(indexes[:middle], group.tries), _Group(indexes[middle:], group.tries)]
