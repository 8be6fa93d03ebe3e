"""The limit of the engine: COPY of the very rows it wrote into empty tables of the same shape, a transaction per 512 facts' worth."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench.streams import BATCH

TABLES = (
    "claims",
    "orders",
    "decisions",
    "journal",
    "standings",
    "point_totals",
    "point_lots",
    "point_usage",
    "tier_standings",
    "exposures",
    "outbox",
)
_SCHEMA = "copied"

Rows = dict[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class Copying:
    """The rows of every table in pieces, one piece per 512 of ``facts``, and how to write them again."""

    url: str
    facts: int
    pieces: Sequence[Rows]

    def rate(self, streams: int) -> float:
        """Facts' worth of rows a second, by ``streams`` connections into empty tables."""
        with psycopg.connect(self.url) as admin:
            admin.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(_copied(table) for table in TABLES)))
        connections = [psycopg.connect(self.url) for _ in range(streams)]
        threads = [threading.Thread(target=_write, args=(one, self.pieces[at::streams])) for at, one in enumerate(connections)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        for connection in connections:
            connection.close()
        self._complete()
        return self.facts / took

    def _complete(self) -> None:
        with psycopg.connect(self.url) as asked:
            stored = asked.execute(sql.SQL("SELECT count(*) FROM {}").format(_copied("journal"))).fetchone()
        if stored != (sum(len(piece["journal"]) for piece in self.pieces),):
            raise RuntimeError("COPY did not write every row")


def read(url: str, facts: int) -> Copying:
    """The rows that ``facts`` left in the tables at ``url``; empty tables of the same shape stand ready."""
    with psycopg.connect(url) as source:
        source.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_SCHEMA)))
        for table in TABLES:
            source.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(_copied(table), sql.Identifier(table)))
        rows = {table: _rows(source, table) for table in TABLES}
    count = max(1, -(-facts // BATCH))
    return Copying(url, facts, [{table: _share(lines, piece, count) for table, lines in rows.items()} for piece in range(count)])


def _rows(source: "psycopg.Connection[tuple[object, ...]]", table: str) -> list[bytes]:
    with source.cursor() as cursor, cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return [bytes(line) for line in copy]


def _share(lines: list[bytes], piece: int, count: int) -> list[bytes]:
    return lines[piece * len(lines) // count : (piece + 1) * len(lines) // count]


def _copied(table: str) -> sql.Identifier:
    return sql.Identifier(_SCHEMA, table)


def _write(to: "psycopg.Connection[tuple[object, ...]]", pieces: Sequence[Rows]) -> None:
    for piece in pieces:
        with to.cursor() as cursor:
            for table, lines in piece.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_copied(table))) as copy:
                    copy.write(b"".join(lines))
        to.commit()
