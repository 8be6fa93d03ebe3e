"""Every SQL statement of points: read and write the wallets of many members at once."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.points import rules
from regulars.domains.points.model import Hold, Totals, Wallet
from regulars.platform import bulk, db

_SUMS = ("available", "pending", "held", "debt", "granted", "received", "spent", "expired", "reversed", "sent")
_READ_SUMS = attrgetter(*_SUMS)


def load(tx: Connection, members: Sequence[UUID]) -> dict[UUID, Wallet]:
    """The wallets of ``members``, empty for those who hold nothing."""
    return wallets(members, db.rows_of_each(tx, reads(members)))


def reads(members: Sequence[UUID]) -> list[db.Read]:
    """What to ask for the wallets of ``members``: four statements, whatever the number."""
    return [
        _of(members, f"unit, {', '.join(_SUMS)} FROM point_totals"),
        _of(members, "unit, expires_at, available_at, amount FROM point_lots"),
        _of(members, "hold_id, unit, until, parts FROM point_holds"),
        _of(members, "rule, period_start, amount FROM point_usage"),
    ]


def _of(members: Sequence[UUID], what: str) -> db.Read:
    """The rows of the members, each behind its member's id as text."""
    return db.Read(f"SELECT member_id::text, {what} WHERE member_id = ANY(%(members)s::uuid[])", {"members": list(members)})


def wallets(members: Sequence[UUID], answers: Sequence[db.Rows]) -> dict[UUID, Wallet]:
    """The wallets in the answers to ``reads(members)``."""
    totals, lots, holds, usage = answers
    names = bulk.texts(list(members))
    found = {name: Wallet() for name in names}
    for name, unit, *sums in totals:
        found[name].totals[unit] = Totals(*sums)
    for name, unit, expires_at, available_at, amount in lots:
        found[name].lots[unit, expires_at, available_at] = amount
    for name, hold_id, unit, until, written in holds:
        parts = tuple((rules.moment(at), amount) for at, amount in written)
        found[name].holds[hold_id] = Hold(hold_id, unit, until, parts)
    for name, rule, day, amount in usage:
        found[name].usage[rule, day] = amount
    for wallet in found.values():
        wallet.next_event = rules.soonest(wallet)
    return {member: found[name] for member, name in zip(members, names, strict=True)}


Change = tuple[UUID, Wallet, Wallet]
"""A member's wallet before and after."""


def save(tx: Connection, changes: Sequence[Change]) -> None:
    """Write what differs between the wallets before and after, for members whose standing the caller has just won."""
    _save_totals(tx, changes)
    _save_lots(tx, changes)
    _save_holds(tx, changes)
    _save_usage(tx, changes)


def _save_totals(tx: Connection, changes: Sequence[Change]) -> None:
    found = [
        (member, unit, _READ_SUMS(totals))
        for member, before, after in changes
        for unit, totals in after.totals.items()
        if before.totals.get(unit) != totals
    ]
    if not found:
        return
    rows = [(member, unit, *sums) for member, unit, sums in found]
    arrays = _columns(rows, ("members", "units", *_SUMS))
    columns = ", ".join(_SUMS)
    db.rows_of(
        tx,
        f"""INSERT INTO point_totals (member_id, unit, {columns})
            SELECT * FROM unnest(%(members)s::uuid[], %(units)s::text[], {", ".join(f"%({name})s::bigint[]" for name in _SUMS)})
            ON CONFLICT (member_id, unit) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SUMS)}""",
        **arrays,
    )


def _save_lots(tx: Connection, changes: Sequence[Change]) -> None:
    kept: list[tuple[Any, ...]] = []
    gone: list[tuple[Any, ...]] = []
    for member, before, after in changes:
        old, new = before.lots, after.lots
        kept += [(member, *key, amount) for key, amount in new.items() if old.get(key) != amount]
        gone += [(member, *key) for key in old if key not in new]
    if kept:
        db.rows_of(
            tx,
            """INSERT INTO point_lots (member_id, unit, expires_at, available_at, amount)
               SELECT * FROM unnest(%(m)s::uuid[], %(u)s::text[], %(e)s::timestamptz[], %(a)s::timestamptz[], %(n)s::bigint[])
               ON CONFLICT (member_id, unit, expires_at, available_at) DO UPDATE SET amount = excluded.amount""",
            **_columns(kept, "muean"),
        )
    if gone:
        db.rows_of(
            tx,
            """DELETE FROM point_lots l
                USING unnest(%(m)s::uuid[], %(u)s::text[], %(e)s::timestamptz[], %(a)s::timestamptz[]) AS w(m, u, e, a)
                WHERE l.member_id = w.m AND l.unit = w.u AND l.expires_at = w.e AND l.available_at = w.a""",
            **_columns(gone, "muea"),
        )


def _columns(rows: Sequence[tuple[Any, ...]], names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _save_holds(tx: Connection, changes: Sequence[Change]) -> None:
    kept = [
        (m, h.hold_id, h.unit, h.until, _parts(h))
        for m, before, after in changes
        for h in after.holds.values()
        if before.holds.get(h.hold_id) != h
    ]
    gone = [(m, hold_id) for m, before, after in changes for hold_id in before.holds if hold_id not in after.holds]
    if kept:
        db.rows_of(
            tx,
            """INSERT INTO point_holds (member_id, hold_id, unit, until, parts)
               SELECT m, h, u, t, p::jsonb
                 FROM unnest(%(m)s::uuid[], %(h)s::uuid[], %(u)s::text[], %(t)s::timestamptz[], %(p)s::text[]) AS w(m, h, u, t, p)
               ON CONFLICT (member_id, hold_id) DO UPDATE SET parts = excluded.parts""",
            **_columns(kept, "mhutp"),
        )
    if gone:
        db.rows_of(
            tx,
            """DELETE FROM point_holds x USING unnest(%(m)s::uuid[], %(h)s::uuid[]) AS w(m, h)
                WHERE x.member_id = w.m AND x.hold_id = w.h""",
            **_columns(gone, "mh"),
        )


def _parts(hold: Hold) -> str:
    return orjson.dumps([[at.isoformat(), amount] for at, amount in hold.parts]).decode()


def _save_usage(tx: Connection, changes: Sequence[Change]) -> None:
    rows = [(m, *key, n) for m, before, after in changes for key, n in after.usage.items() if before.usage.get(key) != n]
    if rows:
        db.rows_of(
            tx,
            """INSERT INTO point_usage (member_id, rule, period_start, amount)
               SELECT * FROM unnest(%(m)s::uuid[], %(r)s::text[], %(p)s::date[], %(n)s::bigint[])
               ON CONFLICT (member_id, rule, period_start) DO UPDATE SET amount = excluded.amount""",
            **_columns(rows, "mrpn"),
        )
