"""Reward orders: written for many members at once, each write guarded by the order's version."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.rewards.model import Event, Kind, Queued, RewardOrder, State
from regulars.kernel.ids import MemberId
from regulars.platform import db

Key = tuple[MemberId, UUID]
_TYPES = {
    "reward_order_id": "uuid",
    "reward": "text",
    "kind": "text",
    "quantity": "bigint",
    "unit": "text",
    "points": "bigint",
    "cash": "bigint",
    "currency": "text",
    "state": "text",
    "version": "int",
    "placed_at": "timestamptz",
    "changed_at": "timestamptz",
    "changed_by": "text",
    "address_ref": "text",
    "carrier": "text",
    "tracking": "text",
    "note": "text",
    "period": "date",
    "from_stock": "boolean",
}
_COLUMNS = ", ".join(_TYPES)
_CHANGING = ("state", "version", "changed_at", "changed_by", "carrier", "tracking", "note")
_EVENT = ("member_id", "reward_order_id", "version", "state", "at", "actor", "carrier", "tracking", "note")


def save(tx: Connection, orders: Sequence[tuple[MemberId, RewardOrder]]) -> set[Key]:
    """Write new orders (version 1) and next versions, each with its event; return those of which every given version was written.

    An order that somebody else changed in between, or that is there already, is not among them and stays as it was.
    """
    written: set[Key] = {(member, order.reward_order_id) for member, order in orders}
    lost: set[Key] = set()
    for rows in _rounds(orders):
        now = _save(tx, rows)
        kept = [(member, order) for member, order in rows if (member, order.reward_order_id) in now]
        db.copy_rows(tx, "reward_order_events", _EVENT, [_event_row(member, order) for member, order in kept])
        lost |= {(member, order.reward_order_id) for member, order in rows} - now
    return written - lost


def _rounds(orders: Sequence[tuple[MemberId, RewardOrder]]) -> list[list[tuple[MemberId, RewardOrder]]]:
    """By version: an order that was placed and cancelled in one batch stands once in each of two statements."""
    by_version: dict[int, list[tuple[MemberId, RewardOrder]]] = {}
    for member, order in orders:
        by_version.setdefault(order.version, []).append((member, order))
    return [by_version[version] for version in sorted(by_version)]


def _save(tx: Connection, orders: Sequence[tuple[MemberId, RewardOrder]]) -> set[Key]:
    arrays = {name: [_plain(getattr(order, name)) for _, order in orders] for name in _TYPES}
    given = ", ".join(f"%({name})s::{kind}[]" for name, kind in _TYPES.items())
    rows = db.rows_of(
        tx,
        f"""INSERT INTO reward_orders AS r (member_id, {_COLUMNS})
            SELECT * FROM unnest(%(member_id)s::uuid[], {given}) AS w(m, {_COLUMNS})
             WHERE w.version = 1
                OR EXISTS (SELECT FROM reward_orders o WHERE o.member_id = w.m AND o.reward_order_id = w.reward_order_id)
            ON CONFLICT (member_id, reward_order_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _CHANGING)}
             WHERE r.version = excluded.version - 1
         RETURNING r.member_id, r.reward_order_id""",
        member_id=[member for member, _ in orders],
        **arrays,
    )
    return {(MemberId(row[0]), row[1]) for row in rows}


def load(tx: Connection, keys: Collection[Key]) -> dict[Key, RewardOrder]:
    """Those of the orders that are there, by member and id."""
    rows = db.rows_of(
        tx,
        f"""SELECT member_id, {_COLUMNS} FROM reward_orders
             WHERE (member_id, reward_order_id) IN (SELECT * FROM unnest(%(m)s::uuid[], %(o)s::uuid[]))""",
        m=[key[0] for key in keys],
        o=[key[1] for key in keys],
    )
    return {(MemberId(row[0]), row[1]): _order(row[1:]) for row in rows}


def page(tx: Connection, member: MemberId, *, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> list[RewardOrder]:
    """At most ``limit`` orders of a member, the newest first, behind the cursor (placed_at, id)."""
    behind = "AND (placed_at, reward_order_id) < (%(at)s::timestamptz, %(order)s::uuid)" if after else ""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM reward_orders WHERE member_id = %(member)s {behind}
             ORDER BY placed_at DESC, reward_order_id DESC LIMIT %(limit)s""",
        member=member,
        limit=limit,
        **({"at": after[0], "order": after[1]} if after else {}),
    )
    return [_order(row) for row in rows]


def queue(tx: Connection, state: State, *, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> list[Queued]:
    """At most ``limit`` orders in a state, whoever's, the oldest first, behind the cursor (placed_at, id): what is to be sent."""
    behind = "AND (placed_at, reward_order_id) > (%(at)s::timestamptz, %(order)s::uuid)" if after else ""
    rows = db.rows_of(
        tx,
        f"""SELECT member_id, {_COLUMNS} FROM reward_orders WHERE state = %(state)s {behind}
             ORDER BY placed_at, reward_order_id LIMIT %(limit)s""",
        state=state.value,
        limit=limit,
        **({"at": after[0], "order": after[1]} if after else {}),
    )
    return [Queued(member_id=MemberId(row[0]), order=_order(row[1:])) for row in rows]


def counts(tx: Connection) -> dict[State, int]:
    """How many orders stand in each state, zeros included."""
    rows: dict[str, int] = dict(db.rows_of(tx, "SELECT state, count(*) FROM reward_orders GROUP BY state"))
    return {state: rows.get(state.value, 0) for state in State}


def events(tx: Connection, member: MemberId, reward_order_id: UUID) -> list[Event]:
    """Everything that happened to an order, the first change first."""
    rows = db.rows_of(
        tx,
        """SELECT version, state, at, actor, carrier, tracking, note FROM reward_order_events
            WHERE member_id = %(member)s AND reward_order_id = %(order)s ORDER BY version""",
        member=member,
        order=reward_order_id,
    )
    return [
        Event(version=row[0], state=State(row[1]), at=row[2], actor=row[3], carrier=row[4], tracking=row[5], note=row[6]) for row in rows
    ]


def _event_row(member: MemberId, order: RewardOrder) -> tuple[Any, ...]:
    said = (order.carrier, order.tracking, order.note)
    return (member, order.reward_order_id, order.version, order.state.value, order.changed_at, order.changed_by, *said)


def _plain(value: object) -> object:
    return value.value if isinstance(value, State | Kind) else value


def _order(row: Sequence[Any]) -> RewardOrder:
    found = dict(zip(_TYPES, row, strict=True))
    return RewardOrder(**(found | {"kind": Kind(found["kind"]), "state": State(found["state"])}))
