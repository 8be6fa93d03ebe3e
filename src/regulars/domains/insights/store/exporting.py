"""What the export reads: one statement a table of the lake, in the order of its columns; and the same tables counted, for ``verify``."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from regulars.domains.insights.model import lake_tables
from regulars.domains.insights.model.lake_tables import LakeTable
from regulars.platform import db
from regulars.platform.lake import recording
from regulars.platform.lake.exporting import Source
from regulars.platform.lake.writing import Layout

_BELOW = "{alias}.recorded_in >= {{after}} AND {alias}.recorded_in < {{upto}}"
_O, _R, _J, _D, _E = (_BELOW.format(alias=alias) for alias in "orjde")

# A line is [no, product, quantity, amount, discount, tax, points_paid, category].
_ROWS = {
    "orders": f"""SELECT o.order_id, o.subject_id, o.source, o.number, o.paid_at, o.currency, o.total, o.freight, o.store, o.channel,
                         jsonb_array_length(o.lines) AS lines, o.lines->0->>1 AS first_product, o.recorded_at
                    FROM orders o WHERE {_O}""",
    "order_lines": f"""SELECT o.order_id, o.subject_id, (l->>0)::int AS no, l->>1 AS product, coalesce(l->>7, '') AS category,
                              (l->>2)::bigint AS quantity, (l->>3)::bigint AS amount, (l->>4)::bigint AS discount, (l->>5)::bigint AS tax,
                              o.paid_at, o.recorded_at
                         FROM orders o CROSS JOIN LATERAL jsonb_array_elements(o.lines) AS l WHERE {_O}""",
    "refunds": f"""SELECT r.refund_id, r.order_id, r.subject_id, r.refunded_at, r.currency, r.total, r.recorded_at
                     FROM refunds r WHERE {_R}""",
    # An entry is recorded by the transaction that records its decision, so both lie in the same window.
    "entries": f"""SELECT j.member_id, j.seq, j.n, j.unit, j.kind, j.amount, j.at, j.expires_at, j.available_at, d.recorded_at
                     FROM journal j JOIN decisions d ON d.member_id = j.member_id AND d.seq = j.seq WHERE {_J} AND {_D}""",
    "decisions": f"""SELECT d.member_id, d.seq, d.version, d.kind, d.ref, d.subject_id, d.at, d.recorded_at, d.programme
                       FROM decisions d WHERE {_D}""",
    "exposures": f"""SELECT e.member_id, e.what, e.at, e.held_out, e.recorded_at FROM exposures e WHERE {_E}""",
    "members": """SELECT m.member_id, m.joined_at, m.source, m.status, m.store, coalesce(h.held_out, false) AS held_out
                    FROM members m LEFT JOIN holdout_members h USING (member_id)""",
    "subject_members": "SELECT subject_id, member_id FROM subject_members",
    "tier_standings": "SELECT member_id, ladder, level, since, keep_until FROM tier_standings",
}
_CURRENT = ("members", "holdout_members", "subject_members", "tier_standings")


def layout(table: LakeTable) -> Layout:
    """How the table lies in the lake."""
    return Layout(name=table.name, schema=table.schema, by="recorded_at" if table.grows else None, times=table.times)


def sources() -> tuple[Source, ...]:
    """Every table of the lake that comes from a statement; the long ones first."""
    order = ("order_lines", "entries", "orders", "decisions", "refunds", "exposures", "members", "subject_members", "tier_standings")
    return tuple(
        Source(
            layout=layout(lake_tables.TABLES[name]),
            statement=_ROWS[name],
            index=f"{source}_{recording.COLUMN}_idx" if (source := lake_tables.TABLES[name].source) else None,
        )
        for name in order
    )


def state(tx: Connection) -> str:
    """Changes when rows of the snapshots' tables are added, changed or removed, within a second or so; may change without that."""
    rows = db.rows_of(
        tx,
        """SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables
            WHERE schemaname = current_schema() AND relname = ANY(%(names)s::text[]) ORDER BY relname""",
        names=list(_CURRENT),
    )
    return " ".join(":".join(str(part) for part in row) for row in rows)


def counted(tx: Connection, table: LakeTable, upto: int) -> dict[tuple[str, str], tuple[int, ...]]:
    """By (UTC month of recording, value of ``within``): rows, the sums, and a sum over the key that tells rows apart."""
    columns = ["count(*)", *(f"coalesce(sum({name}), 0)::bigint" for name in table.sums), f"sum({_key(table)})::bigint"]
    rows = db.rows_of(
        tx,
        f"""SELECT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM'), {table.within or "''"}, {", ".join(columns)}
              FROM ({_rows(table, upto)}) AS t GROUP BY 1, 2""",
    )
    return {(row[0], row[1]): tuple(int(value) for value in row[2:]) for row in rows}


def keys(tx: Connection, table: LakeTable, upto: int, month: str) -> Sequence[tuple[object, ...]]:
    """The keys of the rows recorded in a month, to say which differ."""
    return db.rows_of(
        tx,
        f"""SELECT {", ".join(table.key)} FROM ({_rows(table, upto)}) AS t
             WHERE recorded_at >= (%(month)s || '-01')::timestamp AT TIME ZONE 'UTC'
               AND recorded_at < ((%(month)s || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC'""",
        month=month,
    )


def _rows(table: LakeTable, upto: int) -> str:
    return _ROWS[table.name].format(after=0, upto=upto)


def _key(table: LakeTable) -> str:
    return " + ".join(_PART[str(table.schema.field(name).type)].format(name) for name in table.key)


# The last 32 bits of an id are its random ones; the first tell the time and are shared.
_PART = {
    "extension<arrow.uuid>": "('x' || right({}::text, 8))::bit(32)::bigint",
    "int64": "{}",
    "int32": "{}",
    "string": "length({})",
    "timestamp[us, tz=UTC]": "floor(extract(epoch FROM {}))::bigint",
}
