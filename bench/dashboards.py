"""Dashboard questions on a large brand's lake: what the product takes, beside SQL written by hand on the same files.

The hand-written statements are what somebody who knows DuckDB and the derived tables would write. Both sides have a connection of their
own, opened alike; they take turns, and the product's answers are forgotten before each turn. The product's time is that of the whole
answer: expressions built and compiled, rows fetched, intervals computed. What the same rate costs from the facts themselves, without
derived tables, is shown for what it tells.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from bench import brand
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.insights.model.answers import Filters
from regulars.domains.insights.service import deriving, overview, retention, returning, selling
from regulars.domains.insights.store import engine, lake
from regulars.kernel import periods
from regulars.platform.lake import reading

_RATIO, _SECONDS = 1.2, 2.0
_LAST = (brand.BEGIN.date() - date(1970, 1, 1)).days + brand.DAYS - 1
_WINDOW = Filters(from_day=date(2025, 7, 1), to_day=date(2025, 9, 30))
_FROM, _TO = 20_270, 20_361
_COUNTS = ", ".join(
    f'count(*) FILTER ("first" <= {{last}} - {n}), count(*) FILTER ("first" <= {{last}} - {n} AND second - "first" <= {n})'
    for n in (30, 60, 90, 180, 365)
)
_STEPS = ", ".join(
    f"count(*) FILTER (day <= {{last}} - {n}), count(*) FILTER (day <= {{last}} - {n} AND next_gap <= {n})" for n in (30, 60, 90, 180, 365)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the brand is, and how often each question is asked."""

    brand: brand.Size
    runs: int = 5


class Took(NamedTuple):
    """Seconds on the wall, and of the processor in all threads."""

    seconds: float
    processor: float


FULL = Size(brand=brand.Size())
QUICK = Size(brand=brand.Size(members=10_000, orders=200_000), runs=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a dashboard: the product's answer, and the statements that fetch the same by hand."""

    name: str
    ask: Callable[[Path], object]
    by_hand: Sequence[str]


def _repurchase(group: str = "", where: str = "") -> str:
    keys = f"{group}, held_out" if group else "held_out"
    return f'SELECT {keys}, {_COUNTS} FROM derived_members WHERE "first" IS NOT NULL{where} GROUP BY {keys}'


def _overview(where: str = "", *, until: str = "") -> list[str]:
    day, first, joined = (where.format(day=name) for name in ("day", '"first"', "joined"))
    window = f" WHERE {day}" if where else ""
    return [
        _repurchase(where=f" AND {first}" if where else ""),
        f"""SELECT held_out, count(*) FILTER (joined <= {{last}} - 30), count(*) FILTER (joined <= {{last}} - 30 AND "first" - joined <= 30)
              FROM derived_members{f" WHERE {joined}" if where else ""} GROUP BY held_out""",
        f"SELECT count(DISTINCT member_no), count(*) FROM derived_orders WHERE kept AND member_no IS NOT NULL AND {day}"
        if where
        else 'SELECT count(*), sum(orders) FROM derived_members WHERE "first" IS NOT NULL',
        "SELECT tier, held_out, count(*) FROM derived_members GROUP BY ALL",
        f"SELECT count(*) FROM derived_members{f' WHERE {joined}' if where else ''}",
        f"SELECT kind, count(*), sum(total), sum(refunded) FROM derived_orders{window} GROUP BY kind",
        f"SELECT matched, sum(total) FROM derived_refunds{window} GROUP BY matched",
        f"SELECT unit, kind, sum(amount) FROM derived_points{window} GROUP BY ALL",
        f"SELECT unit, month, kind, sum(amount) FROM derived_points{until} GROUP BY ALL",
    ]


def _grouped(by: Any, column: str) -> Question:
    return Question(f"repurchase by {by}", lambda at: returning.repurchase(at, Filters(), by=by), [_repurchase(column)])


GROUPS: Mapping[str, str] = {"month": "first_month", "tier": "tier", "store": "store", "channel": "channel", "product": "product"}
QUESTIONS = (
    Question("overview", lambda at: overview.overview(at, Filters()), _overview()),
    Question(
        "overview of a quarter",
        lambda at: overview.overview(at, _WINDOW),
        _overview(f"{{day}} BETWEEN {_FROM} AND {_TO}", until=f" WHERE day <= {_TO}"),
    ),
    Question("repurchase", lambda at: returning.repurchase(at, Filters()), [_repurchase()]),
    Question(
        "repurchase of a quarter",
        lambda at: returning.repurchase(at, _WINDOW),
        [_repurchase(where=f' AND "first" BETWEEN {_FROM} AND {_TO}')],
    ),
    *(_grouped(by, column) for by, column in GROUPS.items()),
    Question(
        "conversion",
        lambda at: returning.conversion(at, Filters()),
        [
            f"SELECT n, held_out, count(*), {_STEPS} FROM derived_orders WHERE n <= 12 GROUP BY ALL",
            """SELECT coalesce(next_gap, {last} - day) AS days, count(*) FILTER (next_gap IS NOT NULL), count(*) FILTER (next_gap IS NULL)
                 FROM derived_orders WHERE n = 1 GROUP BY days""",
        ],
    ),
    Question(
        "intervals",
        lambda at: returning.intervals(at, Filters()),
        ["SELECT gap, count(*) FROM derived_orders WHERE gap IS NOT NULL GROUP BY gap"],
    ),
    Question(
        "cohorts",
        lambda at: retention.cohorts(at, Filters()),
        [
            """SELECT first_month, month, count(*) FILTER (leads_month), sum(total - refunded) FILTER (kept)
                 FROM derived_orders WHERE first_month IS NOT NULL GROUP BY ALL""",
            'SELECT first_month, last_month, count(*) FROM derived_members WHERE "first" IS NOT NULL GROUP BY ALL',
        ],
    ),
    Question(
        "revenue by month",
        lambda at: selling.revenue(at, Filters()),
        [
            "SELECT month, kind, count(*), sum(total), sum(refunded) FROM derived_orders GROUP BY ALL",
            "SELECT month, matched, sum(total) FROM derived_refunds GROUP BY ALL",
        ],
    ),
)
_MUST = ("overview", "repurchase")
"""The questions with a limit; the others are shown."""

FROM_FACTS = """
    WITH back AS (SELECT order_id, sum(total) AS total FROM refunds WHERE order_id IS NOT NULL GROUP BY order_id),
         days AS (SELECT DISTINCT s.member_id, c.local_day AS day
                    FROM orders o JOIN subject_members s USING (subject_id) LEFT JOIN back b USING (order_id)
                    JOIN calendar c ON c.slot_start = time_bucket(INTERVAL 15 MINUTE, o.paid_at)
                   WHERE NOT (coalesce(b.total, 0) > 0 AND coalesce(b.total, 0) >= o.total - o.freight)),
         firsts AS (SELECT member_id, min(day) AS first, min(day, 2) AS two FROM days GROUP BY member_id)
    SELECT count(*) FILTER (first <= DATE '1970-01-01' + {last} - 30),
           count(*) FILTER (first <= DATE '1970-01-01' + {last} - 30 AND two[2] - first <= 30) FROM firsts"""


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """Make the brand and ask everything."""
    result = Result(bench="dashboards", quick=quick, postgres={})
    folder = at.folder / "lake"
    began = time.monotonic()
    orders = brand.write(folder, size.brand)
    written = time.monotonic()
    facts = {place.name: sorted(place.glob("*.parquet")) for place in folder.iterdir() if place.is_dir()}
    made = deriving.derive(facts, folder / "derived", zone=periods.zone(size.brand.zone))
    result.figure("derived tables made", "orders/s", [orders / (time.monotonic() - written)])
    result.notes.append(f"the brand: {size.brand.members:,} members, {orders:,} orders, written in {written - began:,.0f} s")
    brand.publish(folder, size.brand.zone, made)
    return ask(folder, result, runs=size.runs)


def ask(folder: Path, result: Result, *, runs: int) -> Result:
    """Every question of the lake in ``folder``, both ways by turns."""
    view = lake.at(folder).view()
    files = {name: _files(folder, name) for name in ("derived_orders", "derived_members", "derived_refunds", "derived_points")}
    facts = {name: _files(folder, name) for name in ("orders", "refunds", "subject_members", "calendar")}
    hand = engine.opened()
    for name, paths in {**files, **facts}.items():
        hand.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({[str(path) for path in paths]})")
    for question in QUESTIONS:
        statements = [statement.format(last=_LAST) for statement in question.by_hand]
        ours: list[Took] = []
        theirs: list[Took] = []
        for turn in range(runs + 1):
            view.forget()
            took = _timed(partial(question.ask, folder)), _timed(partial(_fetch, hand, statements))
            if turn:  # the first warms both
                ours.append(took[0])
                theirs.append(took[1])
        _judge(result, question, ours, theirs)
    spill = folder / ".spill"
    with engine.working(spill=spill, memory="4GB") as large:
        for name, paths in facts.items():
            large.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({[str(path) for path in paths]})")
        result.figure("repurchase from the facts by hand", "s", [_timed(partial(_fetch, large, [FROM_FACTS.format(last=_LAST)])).seconds])
    result.limit = (
        "reading the derived orders with two threads; Ibis adds building and compiling a statement the first time (2 to 9 ms of the "
        "processor), which the warm-up pays here"
    )
    return result


def _files(folder: Path, name: str) -> list[Path]:
    with reading.opened(folder) as view:
        return view.paths(name)


def _fetch(connection: duckdb.DuckDBPyConnection, statements: Sequence[str]) -> list[Any]:
    return [connection.execute(statement).fetchall() for statement in statements]


def _timed(work: Callable[[], object]) -> Took:
    began, used = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began, time.process_time() - used)


def _judge(result: Result, question: Question, ours: Sequence[Took], theirs: Sequence[Took]) -> None:
    mine = result.figure(question.name, "ms", [1000 * took.seconds for took in ours])
    hand = result.figure(f"{question.name}, by hand", "ms", [1000 * took.seconds for took in theirs])
    asked = question.name.startswith(_MUST)
    used = statistics.median(took.processor for took in ours) / statistics.median(took.processor for took in theirs)
    result.goals += [
        Goal(name=f"{question.name} ÷ by hand", value=mine.median / hand.median, must=_RATIO if asked else None, below=True),
        # What other programs on the machine do to a wall clock does not show in this one.
        Goal(name=f"{question.name} ÷ by hand, in processor time", value=used, below=True),
        Goal(name=f"{question.name} in seconds", value=mine.median / 1000, must=_SECONDS if asked else None, below=True),
    ]
