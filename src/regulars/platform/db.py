"""The database at the edge: one pool, one transaction a unit of work, and the two set-based ways to write many rows.

Nothing else in the house commits. A transaction that ends in an exception leaves no trace.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from psycopg import pq
from psycopg.types.json import set_json_loads
from sqlalchemy import MetaData, create_engine
from sqlalchemy.engine import Connection, Engine

from regulars.platform import bulk, clock
from regulars.platform.context import SYSTEM, Actor, Ctx

metadata: MetaData = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


@dataclass(frozen=True, slots=True)
class Database:
    """A pool of connections and the only two ways in: ``transaction`` commits at its end, ``reading`` never does."""

    engine: Engine
    clock: clock.Clock

    @contextmanager
    def transaction(self, actor: Actor = SYSTEM) -> Iterator[Ctx]:
        """A unit of work: committed when the block ends, rolled back when it raises."""
        with self.engine.begin() as tx:
            yield Ctx(tx=tx, now=self.clock.now(), actor=actor)

    @contextmanager
    def reading(self, actor: Actor = SYSTEM) -> Iterator[Ctx]:
        """A consistent read-only view (repeatable read) of the database."""
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as tx:
            yield Ctx(tx=tx, now=self.clock.now(), actor=actor)

    def close(self) -> None:
        self.engine.dispose()


def connect(url: str, *, clock_: clock.Clock, pool_size: int = 10, statement_timeout_ms: int = 0) -> Database:
    """A pool for ``url`` (``postgresql://…``). Connections speak UTC; a dead one is noticed before it is handed out."""
    # The driver's own JSON reader costs as much as the rest of a row.
    set_json_loads(orjson.loads)
    engine = create_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={
            "options": f"-c timezone=UTC -c statement_timeout={statement_timeout_ms} -c plan_cache_mode=force_custom_plan",
            "application_name": "regulars",
            "connect_timeout": 10,
        },
    )
    return Database(engine, clock_)


def sqlalchemy_url(url: str) -> str:
    """The same address with psycopg 3 named as the driver, whatever spelling the user gave."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    raise ValueError("DATABASE_URL must begin with postgresql://")


def driver(tx: Connection) -> "psycopg.Connection[Any]":
    """The psycopg connection below ``tx``, for COPY."""
    raw = tx.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("the engine must use psycopg")
    return raw


def copy_rows(tx: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append ``rows`` to ``table`` by COPY: the fastest way in for append-only tables. No conflict handling."""
    text = "\n".join(map("\t".join, zip(*map(bulk.column, zip(*rows, strict=True)), strict=True)))
    if text:
        with driver(tx).cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            copy.write(text + "\n")


Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One written-out statement with named parameters (``%(name)s``); lists bind as arrays, cast them."""

    text: str
    arrays: Mapping[str, Any]

    @property
    def bound(self) -> dict[str, Any] | None:
        return {name: bulk.array(value) if type(value) is list else value for name, value in self.arrays.items()} or None


def rows_of(tx: Connection, statement: str, **arrays: Any) -> Rows:
    """Run one written-out statement with named parameters and return all its rows."""
    asked, connection = Statement(statement, arrays), driver(tx)
    if connection.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        # The driver says BEGIN by itself; together they are one way to the server and back instead of two.
        return rows_of_each(tx, [asked])[0]
    with connection.cursor() as cursor:
        cursor.execute(statement, asked.bound)
        return _rows(cursor)


def rows_of_each(tx: Connection, statements: Sequence[Statement]) -> list[Rows]:
    """Run statements of which none needs another's answer, in this order, and return the rows of each: one way to the server and back
    for all.
    """
    if not statements:
        return []
    connection = driver(tx)
    with connection.pipeline():
        cursors = [connection.execute(one.text, one.bound) for one in statements]
    return [_rows(cursor) for cursor in cursors]


def _rows(cursor: "psycopg.Cursor[Any]") -> Rows:
    # `description` would say as much, and describe every column for it.
    return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields else []
