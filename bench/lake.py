"""Filling a lake from nothing, beside COPY of the very same rows in PostgreSQL's own binary form to files."""

import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from bench import measure, place
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.insights.service import exporting
from regulars.domains.insights.store import exporting as statements
from regulars.platform.db import Database
from regulars.platform.lake import exporting as lake
from regulars.platform.lake.manifests import Manifest

_ASKED = 200_000
_EVERYTHING = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many orders of three lines there are, of how many members."""

    orders: int
    members: int
    runs: int


QUICK = Size(orders=5_000, members=500, runs=1)
FULL = Size(orders=1_000_000, members=100_000, runs=5)

# Written by the server itself: what is measured is reading them, and the engine would take minutes. Ids have the bytes of a digest, so
# that they compress as badly as real ones; a thousand orders are recorded together.
_FILL = """
INSERT INTO members (member_id, joined_at, source, recorded_at)
SELECT md5('m' || i)::uuid, timestamptz '2025-01-01', 'bench', timestamptz '2025-01-01' FROM generate_series(0, {members} - 1) AS i;
INSERT INTO subject_members (member_id, subject_id, since) SELECT member_id, member_id, joined_at FROM members;
INSERT INTO tier_standings (member_id, ladder, level, since, keep_until)
SELECT member_id, 'main', 'silver', joined_at, timestamptz '2027-01-01' FROM members;
INSERT INTO orders (subject_id, order_id, member_id, source, number, paid_at, currency, total, freight, store, channel, lines, payments,
                    recorded_at)
SELECT md5('m' || i % {members})::uuid, md5('o' || i)::uuid, md5('m' || i % {members})::uuid, 'bench', 'B' || i,
       timestamptz '2025-01-01' + i * interval '20 s', 'GBP', 900 + i % 1000, 0, 'store-' || i % 60, 'web',
       jsonb_build_array(
         jsonb_build_array(1, 'sku-' || i % 2000, 1, 300 + i % 1000, 0, 0, 0, 'cat-' || i % 12),
         jsonb_build_array(2, 'sku-' || i % 1999, 2, 400, 0, 0, 0, 'cat-' || i % 11),
         jsonb_build_array(3, 'sku-' || i % 1997, 1, 200, 0, 0, 0, 'cat-' || i % 7)),
       '[]', timestamptz '2025-01-01' + i / 1000 * interval '20000 s'
  FROM generate_series(0, {orders} - 1) AS i;
INSERT INTO decisions (member_id, seq, version, kind, ref, subject_id, at, recorded_at, programme, body, actor)
SELECT o.member_id, row_number() OVER (PARTITION BY o.member_id ORDER BY o.paid_at), 1, 'order', o.order_id, o.subject_id, o.paid_at,
       o.recorded_at, 1, '{{"taken": {{}}}}', 'api_key:bench'
  FROM orders o ORDER BY o.paid_at;
INSERT INTO journal (member_id, seq, n, unit, kind, amount, at, expires_at, available_at, ref, why)
SELECT d.member_id, d.seq, n, CASE n WHEN 0 THEN 'points' ELSE 'growth' END, 'grant', 10 + d.seq % 50, d.at, d.at + interval '1 year',
       d.at, d.ref, '{{"rule": "base"}}'
  FROM decisions d CROSS JOIN generate_series(0, 1) AS n ORDER BY d.at;
"""


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of the export."""
    result = Result(bench="lake", quick=quick, postgres=measure.settings(at.url))
    taken: dict[str, list[float]] = defaultdict(list)
    with at.product("lake") as url:
        with psycopg.connect(url, autocommit=True) as source:
            for statement in _FILL.format(orders=size.orders, members=size.members).split(";\n"):
                source.execute(statement.encode())
            source.execute("VACUUM ANALYZE")
        with place.opened(url) as db:
            rows = _copied(url, at.folder)[0]
            for _ in range(size.runs):
                taken["export"].append(_exported(db, at.folder / "lake", derived=True).seconds)
                taken["facts"].append(_exported(db, at.folder / "lake", derived=False).seconds)
                taken["copy"].append(_copied(url, at.folder)[1])
    _judge(result, rows, taken)
    return result


def _exported(db: Database, folder: Path, *, derived: bool) -> Manifest:
    """A lake that was filled from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    with db.reading() as ctx:
        plan = exporting.plan(ctx)
    made = lake.bring_up_to_date(db, folder, plan if derived else replace(plan, derive=lambda _files, _into: {}), always=True)
    if made is None:
        raise RuntimeError("nothing was exported")
    with db.reading() as ctx:
        found = list(exporting.check(ctx, folder))
    if found:
        raise RuntimeError(f"the lake is not what was recorded: {found[:3]}")
    return made


def _copied(url: str, folder: Path) -> tuple[int, float]:
    """(rows, seconds) of the same statements as binary COPY to files, by as many connections as the export uses."""
    waiting = [(source.layout.name, source.statement.format(after=0, upto=_EVERYTHING)) for source in statements.sources()]
    counts: list[int] = []
    threads = [threading.Thread(target=_copy, args=(url, folder, waiting, counts)) for _ in range(lake.STREAMS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.perf_counter() - began


def _copy(url: str, folder: Path, waiting: list[tuple[str, str]], counts: list[int]) -> None:
    with psycopg.connect(url) as source:
        while waiting:
            name, statement = waiting.pop(0)
            with (folder / f"{name}.bin").open("wb") as file, source.cursor() as cursor:
                with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT binary)".encode()) as copy:
                    for piece in copy:
                        file.write(piece)
                counts.append(cursor.rowcount)


def _judge(result: Result, rows: int, taken: dict[str, list[float]]) -> None:
    def rate(seconds: Sequence[float]) -> list[float]:
        return [rows / one for one in seconds]

    export = result.figure("export, everything: facts, snapshots, calendar, derived tables", "rows/s", rate(taken["export"]))
    facts = result.figure("export without derived tables", "rows/s", rate(taken["facts"]))
    copy = result.figure("COPY of the same rows, binary, to files", "rows/s", rate(taken["copy"]))
    result.goals = [
        Goal(name="export, rows a second", value=export.median, must=_ASKED),
        Goal(name="of COPY's speed", value=export.median / copy.median),
        Goal(name="of COPY's speed, without derived tables", value=facts.median / copy.median),
    ]
    result.notes.append(f"{rows:,} rows; each export is checked against PostgreSQL by counts, sums and keys before it counts")
    result.limit = (
        "PostgreSQL taking order lines out of JSON and joining the journal with its decisions; with derived tables, sorting the orders"
    )
