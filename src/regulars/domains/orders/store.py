"""Every SQL statement of orders. Each takes many and returns many."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.orders.model import Line, Order, Payment, Refund, Refunded, RefundLine
from regulars.kernel.ids import MemberId, OrderId, RefundId, SubjectId
from regulars.platform import db

_ORDER = (
    "subject_id, order_id, member_id, source, number, paid_at, currency, total, freight, store, channel, lines, payments, recorded_at"
).split(", ")
_REFUND = (
    "subject_id, refund_id, order_id, member_id, source, number, order_number, refunded_at, currency, total, lines, recorded_at"
).split(", ")


def append(tx: Connection, orders: Sequence[Order], now: datetime) -> None:
    """Add orders that hold their claim; a second row of the same id would fail on the primary key."""
    db.copy_rows(tx, "orders", _ORDER, (_order_row(order, now) for order in orders))


def _order_row(o: Order, now: datetime) -> tuple[Any, ...]:
    lines = orjson.dumps([[n.no, n.product, n.quantity, n.amount, n.discount, n.tax, n.points_paid, n.category] for n in o.lines])
    payments = orjson.dumps([[p.method, p.amount] for p in o.payments]) if o.payments else b"[]"
    return (
        o.subject_id,
        o.order_id,
        o.member_id,
        o.source,
        o.number,
        o.paid_at,
        o.currency,
        o.total,
        o.freight,
        o.store,
        o.channel,
        lines.decode(),
        payments.decode(),
        now,
    )


def append_refunds(tx: Connection, refunds: Sequence[Refund], now: datetime) -> None:
    """Add refunds that hold their claim."""
    rows = (
        (
            r.subject_id,
            r.refund_id,
            r.order_id,
            r.member_id,
            r.source,
            r.number,
            r.order_number,
            r.refunded_at,
            r.currency,
            r.total,
            orjson.dumps([[n.no, n.amount, n.quantity] for n in r.lines]).decode(),
            now,
        )
        for r in refunds
    )
    db.copy_rows(tx, "refunds", _REFUND, rows)


def mark_refunded(tx: Connection, states: Sequence[Refunded], before: dict[OrderId, int]) -> set[OrderId]:
    """Write how far orders are refunded, guarded by the version each was read at; return those that were written."""
    ordered = sorted(states, key=lambda s: s.order.order_id)
    rows = db.rows_of(
        tx,
        """UPDATE orders o SET refunded = w.refunded, refund_version = w.version
             FROM unnest(%(subjects)s::uuid[], %(orders)s::uuid[], %(refunded)s::bigint[], %(versions)s::int[], %(before)s::int[])
                  AS w(subject_id, order_id, refunded, version, before)
            WHERE o.subject_id = w.subject_id AND o.order_id = w.order_id AND o.refund_version = w.before
        RETURNING o.order_id""",
        subjects=[s.order.subject_id for s in ordered],
        orders=[s.order.order_id for s in ordered],
        refunded=[sum(s.by_line.values()) for s in ordered],
        versions=[s.version for s in ordered],
        before=[before[s.order.order_id] for s in ordered],
    )
    return {OrderId(row[0]) for row in rows}


_SELECT = """SELECT o.subject_id, o.order_id, o.member_id, o.source, o.number, o.paid_at, o.currency, o.freight, o.store, o.channel,
                    o.lines, o.payments, o.refund_version
               FROM orders o"""


def read(tx: Connection, keys: Iterable[tuple[UUID, UUID]]) -> dict[OrderId, Refunded]:
    """Orders by (subject, order id), each with what was refunded of it."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    pair: dict[str, Any] = {"subjects": [k[0] for k in wanted], "orders": [k[1] for k in wanted]}
    join = " JOIN unnest(%(subjects)s::uuid[], %(orders)s::uuid[]) AS w(subject_id, order_id) USING (subject_id, order_id)"
    states = {OrderId(row[1]): Refunded(order_of(row), {}, row[12]) for row in db.rows_of(tx, _SELECT + join, **pair)}
    taken = db.rows_of(tx, "SELECT r.order_id, r.lines FROM refunds r" + join, **pair)
    for order_id, lines in taken:
        by_line = states[order_id].by_line
        for no, amount, _ in lines:
            by_line[no] = by_line.get(no, 0) + amount
    return states


def order_of(row: Sequence[Any]) -> Order:
    """The order in a row of ``_SELECT``'s columns."""
    return Order(
        subject_id=SubjectId(row[0]),
        order_id=OrderId(row[1]),
        member_id=MemberId(row[2]) if row[2] else None,
        source=row[3],
        number=row[4],
        paid_at=row[5],
        currency=row[6],
        freight=row[7],
        store=row[8],
        channel=row[9],
        lines=tuple(Line(*line) for line in row[10]),
        payments=tuple(Payment(*payment) for payment in row[11]),
    )


def of_subjects(tx: Connection, subjects: Sequence[UUID]) -> list[Refunded]:
    """Every order of the subjects, oldest first, each with what was refunded of it."""
    rows = db.rows_of(tx, _SELECT + " WHERE o.subject_id = ANY(%(subjects)s) ORDER BY o.paid_at, o.order_id", subjects=list(subjects))
    states = read(tx, [(row[0], row[1]) for row in rows])
    return [states[row[1]] for row in rows]


def by_ids(tx: Connection, order_ids: Sequence[UUID]) -> list[Refunded]:
    """Orders by their ids, whoever's they are."""
    rows = db.rows_of(tx, "SELECT subject_id, order_id FROM orders WHERE order_id = ANY(%(ids)s::uuid[])", ids=list(order_ids))
    return list(read(tx, [(row[0], row[1]) for row in rows]).values())


def refunds_of(tx: Connection, keys: Sequence[tuple[UUID, UUID]]) -> dict[RefundId, Refund]:
    """Refunds by (subject, refund id)."""
    rows = db.rows_of(
        tx,
        """SELECT r.subject_id, r.refund_id, r.order_id, r.member_id, r.source, r.number, r.order_number, r.refunded_at, r.currency, r.lines
             FROM refunds r JOIN unnest(%(subjects)s::uuid[], %(refunds)s::uuid[]) AS w(subject_id, refund_id)
            USING (subject_id, refund_id)""",
        subjects=[k[0] for k in keys],
        refunds=[k[1] for k in keys],
    )
    return {RefundId(row[1]): _refund_of(row) for row in rows}


def _refund_of(row: Sequence[Any]) -> Refund:
    return Refund(
        subject_id=SubjectId(row[0]),
        refund_id=RefundId(row[1]),
        order_id=OrderId(row[2]) if row[2] else None,
        member_id=MemberId(row[3]) if row[3] else None,
        source=row[4],
        number=row[5],
        order_number=row[6],
        refunded_at=row[7],
        currency=row[8],
        lines=tuple(RefundLine(*line) for line in row[9]),
    )


def page(tx: Connection, subjects: Sequence[UUID], *, before: tuple[datetime, UUID] | None, limit: int) -> list[tuple[Order, int]]:
    """The subjects' orders with their refunded amount, newest first, after the cursor (paid_at, order id)."""
    where = " WHERE o.subject_id = ANY(%(subjects)s)"
    if before:
        where += " AND (o.paid_at, o.order_id) < (%(at)s, %(id)s)"
    statement = _SELECT.replace("o.refund_version", "o.refund_version, o.refunded") + where
    rows = db.rows_of(
        tx,
        statement + " ORDER BY o.paid_at DESC, o.order_id DESC LIMIT %(limit)s",
        subjects=list(subjects),
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [(order_of(row), row[13]) for row in rows]


def keep_waiting(tx: Connection, refunds: Sequence[tuple[Refund, dict[str, object]]], now: datetime) -> None:
    """Keep refunds whose order has not come, by the order's business key."""
    db.copy_rows(
        tx,
        "refunds_waiting",
        ("source", "order_number", "refund_id", "body", "recorded_at"),
        ((r.source, r.order_number, r.refund_id, orjson.dumps(body).decode(), now) for r, body in refunds),
    )


def take_waiting(tx: Connection, keys: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Remove and return the bodies of refunds that wait for the orders ``keys`` (source, number)."""
    rows = db.rows_of(
        tx,
        """DELETE FROM refunds_waiting r USING unnest(%(sources)s::text[], %(numbers)s::text[]) AS w(source, order_number)
            WHERE r.source = w.source AND r.order_number = w.order_number
        RETURNING r.body""",
        sources=[k[0] for k in keys],
        numbers=[k[1] for k in keys],
    )
    return [row[0] for row in rows]
