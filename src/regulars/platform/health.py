"""Whether this process lives and may be sent requests. Answers carry names and numbers, never rows.

*Live* needs nothing but an event loop that turns. *Ready* asks the database, with a deadline: a probe that hangs helps nobody.
"""

import concurrent.futures
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from regulars.platform import db as database
from regulars.platform import outbox
from regulars.platform.context import Ctx

Check = Callable[[Ctx], str | None]
"""Asks one thing inside a read-only transaction; ``None`` when all is well, else a few plain words on what is not."""

DEADLINE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What each check found: ``ok`` or the reason it is not. A warning is told, but keeps no request away."""

    checks: Mapping[str, str]
    warnings: Mapping[str, str]

    @property
    def ready(self) -> bool:
        return all(found == "ok" for found in self.checks.values())


def outbox_within(seconds: int, *, observe: Callable[[outbox.Backlog, float], None]) -> Check:
    """No event has been waiting for longer than ``seconds``: the worker lives and keeps up. ``observe`` is told what was found."""

    def check(ctx: Ctx) -> str | None:
        found = outbox.backlog(ctx)
        waits = 0.0 if found.oldest is None else (ctx.now - found.oldest).total_seconds()
        observe(found, waits)
        return None if waits <= seconds else f"the oldest event waits for {waits:.0f} s"

    return check


def reachable(ctx: Ctx) -> str | None:
    """The database answers."""
    return None if database.rows_of(ctx.tx, "SELECT 1") == [(1,)] else "unexpected answer"


def schema_at(revision: str) -> Check:
    """The database's schema is the one this release was written for (Alembic's ``revision``)."""

    def check(ctx: Ctx) -> str | None:
        if database.rows_of(ctx.tx, "SELECT to_regclass('alembic_version') IS NULL") == [(True,)]:
            return f"no schema; expected revision {revision}"
        found = sorted(str(row[0]) for row in database.rows_of(ctx.tx, "SELECT version_num FROM alembic_version"))
        return None if found == [revision] else f"at revision {', '.join(found) or 'none'}; expected {revision}"

    return check


class Readiness:
    """Runs checks one after the other in one thread and one transaction, at most one round at a time."""

    def __init__(
        self, db: database.Database, *, checks: Mapping[str, Check], warnings: Mapping[str, Check], deadline: float = DEADLINE_SECONDS
    ) -> None:
        self._db = db
        self._checks = {"database": reachable, **checks}
        self._warnings = warnings
        self._deadline = deadline
        self._thread = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self._running: concurrent.futures.Future[Report] | None = None

    def report(self) -> Report:
        """What the checks say, within ``deadline`` seconds. A round that hangs is waited for by later callers, not started again."""
        if self._running is None or self._running.done():
            self._running = self._thread.submit(self._ask)
        try:
            return self._running.result(self._deadline)
        except TimeoutError:
            return Report(checks={"database": f"no answer within {self._deadline:g} s"}, warnings={})

    def close(self) -> None:
        """No further round begins; one that hangs ends with its connection."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask(self) -> Report:
        found: dict[str, str] = {}
        every = {**self._checks, **self._warnings}
        try:
            with self._db.reading() as ctx:
                limit = str(int(self._deadline * 1000))
                database.rows_of(ctx.tx, "SELECT set_config('statement_timeout', %(limit)s, true)", limit=limit)
                for name, check in every.items():
                    found[name] = check(ctx) or "ok"
        except (SQLAlchemyError, psycopg.Error) as wrong:
            # Its message may quote the address; its type says enough to look into the log.
            cause = getattr(wrong, "orig", None) or wrong
            name = next((one for one in every if one not in found), "database")
            found[name] = f"failed: {type(cause).__name__}"
        checks = {name: what for name, what in found.items() if name in self._checks}
        return Report(checks=checks, warnings={name: what for name, what in found.items() if name in self._warnings})
