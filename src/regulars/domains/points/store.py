"""Every SQL statement of points: read and write the wallets of many members at once."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.points import rules
from regulars.domains.points.model import Hold, Totals, Wallet
from regulars.platform import db

_SUMS = ("available", "pending", "held", "debt", "granted", "received", "spent", "expired", "reversed", "sent")
_READ_SUMS = attrgetter(*_SUMS)


def load(tx: Connection, members: Sequence[UUID]) -> dict[UUID, Wallet]:
    """The wallets of ``members``, empty for those who hold nothing. Four statements, whatever the number."""
    wallets = {member: Wallet() for member in members}
    who = {"members": list(members)}
    for row in db.rows_of(tx, f"SELECT member_id, unit, {', '.join(_SUMS)} FROM point_totals WHERE member_id = ANY(%(members)s)", **who):
        wallets[row[0]].totals[row[1]] = Totals(*row[2:])
    for row in db.rows_of(
        tx, "SELECT member_id, unit, expires_at, available_at, amount FROM point_lots WHERE member_id = ANY(%(members)s)", **who
    ):
        wallets[row[0]].lots[row[1], row[2], row[3]] = row[4]
    for row in db.rows_of(tx, "SELECT member_id, hold_id, unit, until, parts FROM point_holds WHERE member_id = ANY(%(members)s)", **who):
        parts = tuple((rules.moment(at), amount) for at, amount in row[4])
        wallets[row[0]].holds[row[1]] = Hold(row[1], row[2], row[3], parts)
    for row in db.rows_of(tx, "SELECT member_id, rule, period_start, amount FROM point_usage WHERE member_id = ANY(%(members)s)", **who):
        wallets[row[0]].usage[row[1], row[2]] = row[3]
    for wallet in wallets.values():
        wallet.next_event = rules.soonest(wallet)
    return wallets


def save(tx: Connection, before: Mapping[UUID, Wallet], after: Mapping[UUID, Wallet]) -> None:
    """Write what differs between the wallets before and after, for members whose standing the caller has just won."""
    _save_totals(tx, before, after)
    _save_lots(tx, before, after)
    _save_holds(tx, before, after)
    _save_usage(tx, before, after)


def _save_totals(tx: Connection, before: Mapping[UUID, Wallet], after: Mapping[UUID, Wallet]) -> None:
    rows = [
        (member, unit, totals)
        for member, wallet in after.items()
        for unit, totals in wallet.totals.items()
        if before[member].totals.get(unit) != totals
    ]
    if not rows:
        return
    arrays = _columns([_READ_SUMS(row[2]) for row in rows], _SUMS)
    columns = ", ".join(_SUMS)
    db.rows_of(
        tx,
        f"""INSERT INTO point_totals (member_id, unit, {columns})
            SELECT * FROM unnest(%(members)s::uuid[], %(units)s::text[], {", ".join(f"%({name})s::bigint[]" for name in _SUMS)})
            ON CONFLICT (member_id, unit) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SUMS)}""",
        members=[row[0] for row in rows],
        units=[row[1] for row in rows],
        **arrays,
    )


def _save_lots(tx: Connection, before: Mapping[UUID, Wallet], after: Mapping[UUID, Wallet]) -> None:
    kept: list[tuple[Any, ...]] = []
    gone: list[tuple[Any, ...]] = []
    for member, wallet in after.items():
        old = before[member].lots
        kept += [(member, *key, amount) for key, amount in wallet.lots.items() if old.get(key) != amount]
        gone += [(member, *key) for key in old.keys() - wallet.lots.keys()]
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


def _save_holds(tx: Connection, before: Mapping[UUID, Wallet], after: Mapping[UUID, Wallet]) -> None:
    kept = [
        (m, h.hold_id, h.unit, h.until, _parts(h))
        for m, w in after.items()
        for h in w.holds.values()
        if before[m].holds.get(h.hold_id) != h
    ]
    gone = [(m, hold_id) for m, w in after.items() for hold_id in before[m].holds.keys() - w.holds.keys()]
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


def _save_usage(tx: Connection, before: Mapping[UUID, Wallet], after: Mapping[UUID, Wallet]) -> None:
    rows = [(m, *key, n) for m, w in after.items() for key, n in w.usage.items() if before[m].usage.get(key) != n]
    if rows:
        db.rows_of(
            tx,
            """INSERT INTO point_usage (member_id, rule, period_start, amount)
               SELECT * FROM unnest(%(m)s::uuid[], %(r)s::text[], %(p)s::date[], %(n)s::bigint[])
               ON CONFLICT (member_id, rule, period_start) DO UPDATE SET amount = excluded.amount""",
            **_columns(rows, "mrpn"),
        )
