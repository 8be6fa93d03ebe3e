"""Pages of members with what they hold: who matches, in which order, how many. Reads the tables of members and of standings together,
since a list is filtered by one and sorted by the other; nothing else joins them.

Each order has an index that a page is read from, so that the first page of a million members costs what fifty rows cost. A filter that
few meet is found through its own index instead: the planner weighs the two by the table's statistics. What orders other than the day of
joining go by is a copy that :func:`refresh` brings up to date.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.loyalty.model.people import Counted, Filter, Found, Position, Sort
from regulars.domains.members.model import Member, Status
from regulars.kernel.ids import MemberId
from regulars.platform import db

_MEMBER = "m.member_id, m.external_id, m.joined_at, m.source, m.status, m.locale, m.store, m.version"
# Where each order is read from, the value, and who has one at all.
_LISTED = "listed_members o JOIN members m USING (member_id)"
_SOURCE = {
    Sort.joined: ("members m", "m.joined_at", "true", "timestamptz"),
    Sort.last_order: (_LISTED, "o.last_order_at", "o.last_order_at IS NOT NULL", "timestamptz"),
    Sort.spend: (_LISTED, "o.spend", "o.spend > 0", "bigint"),
    Sort.points: (_LISTED, "o.points", "o.points > 0", "bigint"),
}

_SMALL = 10_000
"""Members of a store whose list is sorted as a whole: some 30 ms. In the order of everybody, one of a hundred would be met sooner."""


def refresh(tx: Connection, unit: str, *, limit: int) -> int:
    """Copy what lists are sorted by of at most ``limit`` members whose standing has moved on since; return how many."""
    rows = db.rows_of(
        tx,
        """INSERT INTO listed_members (member_id, version, last_order_at, spend, points)
           SELECT s.member_id, s.version, s.last_order_at, s.spend, coalesce(p.available, 0)
             FROM standings s LEFT JOIN listed_members o USING (member_id)
             LEFT JOIN point_totals p ON p.member_id = s.member_id AND p.unit = %(unit)s
            WHERE o.version IS DISTINCT FROM s.version LIMIT %(limit)s
           ON CONFLICT (member_id) DO UPDATE SET version = excluded.version, last_order_at = excluded.last_order_at,
                                                 spend = excluded.spend, points = excluded.points
        RETURNING 1""",
        unit=unit,
        limit=limit,
    )
    return len(rows)


def page(tx: Connection, wanted: Filter, *, sort: Sort, ascending: bool, after: Position | None, limit: int) -> list[Found]:
    """At most ``limit`` members that match, behind ``after``: those who have what is sorted by, then the others by their ids."""
    found: list[Found] = []
    if after is None or after[0] == 0:
        found = _sorted(tx, wanted, sort=sort, ascending=ascending, after=after, limit=limit)
    if len(found) < limit and sort is not Sort.joined:
        rest = after if after is not None and after[0] == 1 else None
        found += _others(tx, wanted, sort=sort, after=rest, limit=limit - len(found))
    return found


def _sorted(tx: Connection, wanted: Filter, *, sort: Sort, ascending: bool, after: Position | None, limit: int) -> list[Found]:
    source, value, has, kind = _SOURCE[sort]
    key = "m.member_id" if sort is Sort.joined else "o.member_id"
    conditions, parameters = _where(wanted)
    conditions.append(has)
    if after is not None:
        conditions.append(f"({value}, {key}) {'>' if ascending else '<'} (%(value)s::{kind}, %(after)s::uuid)")
        parameters |= {"value": after[1], "after": after[2]}
    way = "ASC" if ascending else "DESC"
    source = source.replace("members m", _members(tx, wanted, sort))
    rows = db.rows_of(
        tx,
        f"""SELECT {_MEMBER}, {value} FROM {source} WHERE {" AND ".join(conditions)}
             ORDER BY {value} {way}, {key} {way} LIMIT %(limit)s""",
        limit=limit,
        **parameters,
    )
    return [Found(member=_member(row), position=(0, _text(row[8]), row[0])) for row in rows]


def _members(tx: Connection, wanted: Filter, sort: Sort) -> str:
    """Where members are read from: those of a small store by themselves. Else the planner may walk all members in the order asked for to
    find its few, and all the more to find none. The day of joining has an index within each store.
    """
    if wanted.store is None or sort is Sort.joined:
        return "members m"
    statement = "SELECT count(*) FROM (SELECT FROM members WHERE store = %(store)s LIMIT %(most)s) AS few"
    number = int(db.rows_of(tx, statement, store=wanted.store, most=_SMALL + 1)[0][0])
    return "(SELECT * FROM members WHERE store = %(store)s OFFSET 0) m" if number <= _SMALL else "members m"


def _others(tx: Connection, wanted: Filter, *, sort: Sort, after: Position | None, limit: int) -> list[Found]:
    conditions, parameters = _where(wanted)
    _, _, has, _ = _SOURCE[sort]
    conditions.append(f"NOT EXISTS (SELECT FROM listed_members o WHERE o.member_id = m.member_id AND {has})")
    if after is not None:
        conditions.append("m.member_id < %(after)s::uuid")
        parameters["after"] = after[2]
    rows = db.rows_of(
        tx,
        f"""SELECT {_MEMBER} FROM {_members(tx, wanted, sort)} WHERE {" AND ".join(conditions)}
             ORDER BY m.member_id DESC LIMIT %(limit)s""",
        limit=limit,
        **parameters,
    )
    return [Found(member=_member(row), position=(1, "", row[0])) for row in rows]


def count(tx: Connection, wanted: Filter, *, cap: int) -> Counted:
    """How many members match, counted exactly up to ``cap``."""
    conditions, parameters = _where(wanted)
    rows = db.rows_of(
        tx,
        f"SELECT count(*) FROM (SELECT FROM members m WHERE {' AND '.join(conditions)} LIMIT %(most)s) AS matching",
        most=cap + 1,
        **parameters,
    )
    number = int(rows[0][0])
    return Counted(min(number, cap), capped=number > cap)


def _where(wanted: Filter) -> tuple[list[str], dict[str, Any]]:
    """The conditions on ``m``, and what fills them."""
    given: dict[str, Any] = {
        "ids": list(wanted.member_ids) if wanted.member_ids is not None else None,
        "statuses": list(wanted.statuses),
        "level": wanted.level,
        "store": wanted.store,
        "joined_from": wanted.joined_from,
        "joined_before": wanted.joined_before,
    }
    conditions = [text for name, text in _PLAIN.items() if given[name] is not None]
    parameters = {name: value for name, value in given.items() if value is not None}
    if wanted.level is not None:
        conditions.append(_OFF_OTHER_LEVELS if wanted.lowest else _ON_LEVEL)
    for flag, yes in ((wanted.held_out, _HELD_OUT), (wanted.has_orders, _HAS_ORDERS)):
        if flag is not None:
            conditions.append(yes if flag else f"NOT {yes}")
    return conditions, parameters | {"ladder": wanted.ladder}


_PLAIN = {
    "ids": "m.member_id = ANY(%(ids)s::uuid[])",
    "statuses": "m.status = ANY(%(statuses)s::text[])",
    "store": "m.store = %(store)s",
    "joined_from": "m.joined_at >= %(joined_from)s",
    "joined_before": "m.joined_at < %(joined_before)s",
}
_ON_LEVEL = "EXISTS (SELECT FROM tier_standings t WHERE t.member_id = m.member_id AND t.ladder = %(ladder)s AND t.level = %(level)s)"
_OFF_OTHER_LEVELS = (
    "NOT EXISTS (SELECT FROM tier_standings t WHERE t.member_id = m.member_id AND t.ladder = %(ladder)s AND t.level <> %(level)s)"
)
_HELD_OUT = "EXISTS (SELECT FROM standings h WHERE h.member_id = m.member_id AND h.held_out)"
_HAS_ORDERS = "EXISTS (SELECT FROM standings h WHERE h.member_id = m.member_id AND h.orders > 0)"


def _member(row: Sequence[Any]) -> Member:
    return Member(
        member_id=MemberId(row[0]),
        external_id=row[1],
        joined_at=row[2],
        source=row[3],
        status=Status(row[4]),
        locale=row[5],
        store=row[6],
        version=row[7],
    )


def _text(value: Any) -> str:
    return str(value) if isinstance(value, int) else str(value.isoformat())
