"""Every SQL statement of the intake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import exc
from sqlalchemy.engine import Connection

from regulars.domains.orders import store as orders
from regulars.domains.orders.intake.model import Bad, Counts, Cursor, Import, Lane, SpoolRow, State
from regulars.domains.orders.model import Refund, Refunded
from regulars.platform import db

_IMPORT = """import_id, file, size, sha256, settings, state, position, step, progress, counts, wrapped_key, history, started_at,
             updated_at, finished_at"""
_LANE = "import_id, lane, low, high, cursor_customer, cursor_done, done, step, progress, counts, updated_at"
_FETCHED = 5_000


def add(tx: Connection, one: Import) -> None:
    """A new import, at its beginning."""
    db.rows_of(
        tx,
        f"""INSERT INTO imports ({_IMPORT})
            VALUES (%(id)s, %(file)s, %(size)s, %(sha256)s, %(settings)s::jsonb, %(state)s, 0, 0, 0, %(counts)s::jsonb, %(key)s,
                    %(history)s, %(now)s, %(now)s, NULL)""",
        id=one.import_id,
        file=one.file,
        size=one.size,
        sha256=one.sha256,
        settings=orjson.dumps(one.settings).decode(),
        state=one.state.value,
        counts=orjson.dumps(one.own.as_dict()).decode(),
        key=one.wrapped_key,
        history=one.history,
        now=one.started_at,
    )


def find(tx: Connection, import_id: UUID) -> Import | None:
    """The import, or None."""
    rows = db.rows_of(tx, f"SELECT {_IMPORT} FROM imports WHERE import_id = %(id)s", id=import_id)
    return _with_lanes(tx, rows)[0] if rows else None


def unfinished(tx: Connection, file: str) -> Import | None:
    """The newest import of this path that was neither finished nor given up."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_IMPORT} FROM imports WHERE file = %(file)s AND state IN ('reading', 'applying')
             ORDER BY started_at DESC, import_id DESC LIMIT 1""",
        file=file,
    )
    return _with_lanes(tx, rows)[0] if rows else None


def latest(tx: Connection, limit: int) -> list[Import]:
    """The newest imports, newest first."""
    rows = db.rows_of(tx, f"SELECT {_IMPORT} FROM imports ORDER BY started_at DESC, import_id DESC LIMIT %(limit)s", limit=limit)
    return _with_lanes(tx, rows)


def _with_lanes(tx: Connection, rows: Sequence[Sequence[Any]]) -> list[Import]:
    found: dict[UUID, list[Lane]] = {row[0]: [] for row in rows}
    statement = f"SELECT {_LANE} FROM import_lanes WHERE import_id = ANY(%(ids)s::uuid[]) ORDER BY import_id, lane"
    for row in db.rows_of(tx, statement, ids=list(found)):
        found[row[0]].append(_lane_of(row))
    return [_import_of(row, tuple(found[row[0]])) for row in rows]


def _lane_of(row: Sequence[Any]) -> Lane:
    return Lane(
        import_id=row[0],
        no=row[1],
        low=row[2],
        high=row[3],
        cursor=None if row[4] is None else Cursor(row[4], row[5]),
        done=row[6],
        step=row[7],
        progress=row[8],
        counts=Counts.of(row[9]),
        updated_at=row[10],
    )


def _import_of(row: Sequence[Any], lanes: tuple[Lane, ...]) -> Import:
    return Import(
        import_id=row[0],
        file=row[1],
        size=row[2],
        sha256=row[3],
        settings=row[4],
        state=State(row[5]),
        position=row[6],
        step=row[7],
        own_progress=row[8],
        own=Counts.of(row[9]),
        wrapped_key=row[10],
        history=row[11],
        started_at=row[12],
        updated_at=row[13],
        finished_at=row[14],
        lanes=lanes,
    )


def move(tx: Connection, before: Import, after: Import, now: datetime) -> bool:
    """Write how far the import is, unless somebody else moved it since ``before`` was read; False then, and nothing may be kept."""
    rows = db.rows_of(
        tx,
        """UPDATE imports
              SET state = %(state)s, position = %(position)s, step = step + 1, progress = %(progress)s, counts = %(counts)s::jsonb,
                  history = %(history)s, wrapped_key = %(key)s, updated_at = %(now)s, finished_at = %(finished)s
            WHERE import_id = %(id)s AND step = %(step)s
        RETURNING import_id""",
        id=before.import_id,
        step=before.step,
        state=after.state.value,
        position=after.position,
        progress=after.own_progress,
        counts=orjson.dumps(after.own.as_dict()).decode(),
        history=after.history,
        key=after.wrapped_key,
        now=now,
        finished=after.finished_at,
    )
    return bool(rows)


def spool(tx: Connection, import_id: UUID, rows: Sequence[SpoolRow]) -> None:
    """Keep good rows until they are applied.

    Their texts are printable, so that only a backslash could mislead COPY: writing the lines here, and not value by value as
    ``db.copy_rows`` must, is what makes reading a million rows a matter of seconds.
    """
    if not rows:
        return
    head = import_id.hex + "\t"
    text = "".join([head + "\t".join(map(str, row)) + "\n" for row in rows])
    with db.driver(tx).cursor() as cursor, cursor.copy(f"COPY import_rows (import_id, {', '.join(SpoolRow._fields)}) FROM STDIN") as copy:
        copy.write(text.replace("\\", "\\\\"))


def spooled(tx: Connection, import_id: UUID) -> int:
    """How many rows wait."""
    return int(db.rows_of(tx, "SELECT count(*) FROM import_rows WHERE import_id = %(id)s", id=import_id)[0][0])


def bounds(tx: Connection, import_id: UUID, lanes: int) -> list[str]:
    """The customers at which the waiting rows fall into so many shares of about equal size; fewer when many rows are one customer's."""
    rows = db.rows_of(
        tx,
        """SELECT DISTINCT (customer = '') AS nobody, customer
             FROM (SELECT customer, sum(number) OVER places - number AS first, sum(number) OVER places AS next, sum(number) OVER () AS rows
                     FROM (SELECT customer, count(*) AS number FROM import_rows WHERE import_id = %(id)s GROUP BY customer) AS r
                   WINDOW places AS (ORDER BY (customer = ''), customer)) AS c
             JOIN generate_series(1, %(lanes)s - 1) AS n ON rows * n / %(lanes)s >= first AND rows * n / %(lanes)s < next
            WHERE first > 0
            ORDER BY nobody, customer""",
        id=import_id,
        lanes=lanes,
    )
    return [row[1] for row in rows]


def add_lanes(tx: Connection, lanes: Sequence[Lane]) -> None:
    """New lanes, at their beginning."""
    for one in lanes:
        db.rows_of(
            tx,
            f"""INSERT INTO import_lanes ({_LANE})
                VALUES (%(id)s, %(lane)s, %(low)s, %(high)s, NULL, 0, false, 0, 0, %(counts)s::jsonb, %(now)s)""",
            id=one.import_id,
            lane=one.no,
            low=one.low,
            high=one.high,
            counts=orjson.dumps(one.counts.as_dict()).decode(),
            now=one.updated_at,
        )


def move_lane(tx: Connection, before: Lane, after: Lane) -> bool:
    """Write how far the lane is, unless somebody else moved it since ``before`` was read; False then, and nothing may be kept."""
    rows = db.rows_of(
        tx,
        """UPDATE import_lanes
              SET cursor_customer = %(customer)s, cursor_done = %(cursor)s, done = %(done)s, step = step + 1, progress = %(progress)s,
                  counts = %(counts)s::jsonb, updated_at = %(now)s
            WHERE import_id = %(id)s AND lane = %(lane)s AND step = %(step)s
        RETURNING lane""",
        id=before.import_id,
        lane=before.no,
        step=before.step,
        customer=after.cursor.customer if after.cursor else None,
        cursor=after.cursor.done if after.cursor else 0,
        done=after.done,
        progress=after.progress,
        counts=orjson.dumps(after.counts.as_dict()).decode(),
        now=after.updated_at,
    )
    return bool(rows)


def stream(tx: Connection, lane: Lane) -> Iterator[tuple[Any, ...]]:
    """The lane's rows that wait, in the columns of ``assembly.Spooled``, from the customer at its cursor on: nobody last, each
    customer's numbers by the time of their first row. The order's customer is the one its first row names that names any. Read in
    pieces, in ``tx``.
    """
    statement = """
        SELECT owner, order_no, row_no, customer, at, product, quantity, price, amount, discount, tax, freight, currency, category, store,
               channel
          FROM (SELECT r.*, min(at) OVER (PARTITION BY order_no) AS paid_at,
                       first_value(customer) OVER (PARTITION BY order_no ORDER BY (customer = ''), row_no) AS owner
                  FROM import_rows r WHERE import_id = %(id)s) AS o
         WHERE (%(low)s::text IS NULL OR (owner = '', owner) >= (%(low)s::text = '', %(low)s::text COLLATE "C"))
           AND (%(high)s::text IS NULL OR (owner = '', owner) < (%(high)s::text = '', %(high)s::text COLLATE "C"))
         ORDER BY (owner = ''), owner, paid_at, order_no, row_no"""
    # Sorting in memory what fits there; more goes to disk, so that memory stays flat.
    db.rows_of(tx, "SET LOCAL work_mem = '64MB'")
    low = lane.cursor.customer if lane.cursor else lane.low
    with db.driver(tx).cursor(name="import_rows", binary=True) as cursor:
        cursor.execute(statement, {"id": lane.import_id, "low": low, "high": lane.high})
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def quarantine(tx: Connection, import_id: UUID, rows: Iterable[Bad]) -> None:
    """Keep what was not taken, and why."""
    columns = ("import_id", "row_no", "field", "value", "reason", "detail", "kept")
    db.copy_rows(tx, "import_quarantine", columns, ((import_id, *row) for row in rows))


def quarantined(tx: Connection, import_id: UUID) -> Iterator[Bad]:
    """What was not taken, in the file's order. Read in pieces, in ``tx``."""
    with db.driver(tx).cursor(name="import_quarantine") as cursor:
        cursor.execute(
            """SELECT row_no, field, value, reason, detail, kept FROM import_quarantine WHERE import_id = %(id)s
                ORDER BY row_no, kept, field, reason""",
            {"id": import_id},
        )
        while rows := cursor.fetchmany(_FETCHED):
            yield from map(Bad._make, rows)


def keep_people(tx: Connection, import_id: UUID, people: Mapping[str, tuple[int, bytes]]) -> None:
    """Keep the sealed personal values of customers; what a later row says replaces it."""
    customers = sorted(people)
    db.rows_of(
        tx,
        """INSERT INTO import_people (import_id, customer, row_no, sealed)
           SELECT %(id)s::uuid, * FROM unnest(%(customers)s::text[], %(rows)s::bigint[], %(sealed)s::bytea[])
           ON CONFLICT (import_id, customer) DO UPDATE SET row_no = excluded.row_no, sealed = excluded.sealed""",
        id=import_id,
        customers=customers,
        rows=[people[c][0] for c in customers],
        sealed=[people[c][1] for c in customers],
    )


def people(tx: Connection, import_id: UUID, customers: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    """The sealed personal values of these customers, where there are any."""
    rows = db.rows_of(
        tx,
        "SELECT customer, row_no, sealed FROM import_people WHERE import_id = %(id)s AND customer = ANY(%(customers)s::text[])",
        id=import_id,
        customers=list(customers),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def clear(tx: Connection, import_id: UUID, *, quarantine_too: bool = False) -> None:
    """What waited is gone. The quarantine stays, for people to look at, unless told otherwise."""
    for table in ("import_rows", "import_people", "import_lanes", *(("import_quarantine",) if quarantine_too else ())):
        db.rows_of(tx, f"DELETE FROM {table} WHERE import_id = %(id)s", id=import_id)


def has_orders(tx: Connection, source: str) -> bool:
    """Whether any order or refund of this source is recorded."""
    statement = "SELECT EXISTS (SELECT FROM orders WHERE source = %(source)s) OR EXISTS (SELECT FROM refunds WHERE source = %(source)s)"
    return bool(db.rows_of(tx, statement, source=source)[0][0])


def history(tx: Connection, subjects: Sequence[UUID], source: str) -> tuple[list[Refunded], list[Refund]]:
    """Every order of the subjects from this source with what was refunded of it, and every refund."""
    states = [state for state in orders.of_subjects(tx, subjects) if state.order.source == source]
    rows = db.rows_of(
        tx,
        "SELECT subject_id, refund_id FROM refunds WHERE subject_id = ANY(%(subjects)s) AND source = %(source)s",
        subjects=list(subjects),
        source=source,
    )
    keys = [(row[0], row[1]) for row in rows]
    return states, list(orders.refunds_of(tx, keys).values()) if keys else []


def save_mapping(tx: Connection, name: str, columns: Mapping[str, str], profile: Mapping[str, object], now: datetime) -> None:
    """The mapping is saved under the name, in place of an older one."""
    db.rows_of(
        tx,
        """INSERT INTO import_mappings (name, columns, profile, saved_at) VALUES (%(name)s, %(columns)s::jsonb, %(profile)s::jsonb, %(now)s)
           ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, profile = excluded.profile, saved_at = excluded.saved_at""",
        name=name,
        columns=orjson.dumps(columns).decode(),
        profile=orjson.dumps(profile).decode(),
        now=now,
    )


def mapping(tx: Connection, name: str) -> tuple[dict[str, str], dict[str, object]] | None:
    """The saved columns and profile, or None."""
    rows = db.rows_of(tx, "SELECT columns, profile FROM import_mappings WHERE name = %(name)s", name=name)
    return (rows[0][0], rows[0][1]) if rows else None


def mappings(tx: Connection) -> list[str]:
    """The names of all saved mappings, by name."""
    return [row[0] for row in db.rows_of(tx, "SELECT name FROM import_mappings ORDER BY name")]


def refuses(error: Exception) -> bool:
    """Whether a statement failed because of a value in it, and not because of the statement, the connection or a race."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    return isinstance(cause, (psycopg.DataError, psycopg.IntegrityError))
