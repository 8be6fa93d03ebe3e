"""Every SQL statement of points: read and write the wallets of many members at once."""

from collections.abc import Iterable, Iterator, Sequence
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


def reads(members: Sequence[UUID]) -> list[db.Statement]:
    """What to ask for the wallets of ``members``: four statements, whatever the number."""
    return [
        _of(members, f"unit, {', '.join(_SUMS)} FROM point_totals"),
        _of(members, "unit, expires_at, available_at, amount FROM point_lots"),
        _of(members, "hold_id, unit, until, parts FROM point_holds"),
        _of(members, "rule, period_start, amount FROM point_usage"),
    ]


def _of(members: Sequence[UUID], what: str) -> db.Statement:
    """The rows of the members, each behind its member's id as text."""
    return db.Statement(f"SELECT member_id::text, {what} WHERE member_id = ANY(%(members)s::uuid[])", {"members": list(members)})


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


def writes(changes: Sequence[Change]) -> list[db.Statement]:
    """What writes that which differs between the wallets before and after, for members whose standing the caller has just won."""
    return [*_write_totals(changes), *_write_lots(changes), *_write_holds(changes), *_write_usage(changes)]


def _write_totals(changes: Sequence[Change]) -> Iterator[db.Statement]:
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
    yield db.Statement(
        f"""INSERT INTO point_totals (member_id, unit, {columns})
            SELECT * FROM unnest(%(members)s::uuid[], %(units)s::text[], {", ".join(f"%({name})s::bigint[]" for name in _SUMS)})
            ON CONFLICT (member_id, unit) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SUMS)}""",
        arrays,
    )


def _write_lots(changes: Sequence[Change]) -> Iterator[db.Statement]:
    kept: list[tuple[Any, ...]] = []
    gone: list[tuple[Any, ...]] = []
    for member, before, after in changes:
        old, new = before.lots, after.lots
        kept += [(member, *key, amount) for key, amount in new.items() if old.get(key) != amount]
        gone += [(member, *key) for key in old if key not in new]
    if kept:
        yield db.Statement(
            """INSERT INTO point_lots (member_id, unit, expires_at, available_at, amount)
               SELECT * FROM unnest(%(m)s::uuid[], %(u)s::text[], %(e)s::timestamptz[], %(a)s::timestamptz[], %(n)s::bigint[])
               ON CONFLICT (member_id, unit, expires_at, available_at) DO UPDATE SET amount = excluded.amount""",
            _columns(kept, "muean"),
        )
    if gone:
        yield db.Statement(
            """DELETE FROM point_lots l
                USING unnest(%(m)s::uuid[], %(u)s::text[], %(e)s::timestamptz[], %(a)s::timestamptz[]) AS w(m, u, e, a)
                WHERE l.member_id = w.m AND l.unit = w.u AND l.expires_at = w.e AND l.available_at = w.a""",
            _columns(gone, "muea"),
        )


def _columns(rows: Sequence[tuple[Any, ...]], names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _write_holds(changes: Sequence[Change]) -> Iterator[db.Statement]:
    kept = [
        (m, h.hold_id, h.unit, h.until, _parts(h))
        for m, before, after in changes
        for h in after.holds.values()
        if before.holds.get(h.hold_id) != h
    ]
    gone = [(m, hold_id) for m, before, after in changes for hold_id in before.holds if hold_id not in after.holds]
    if kept:
        yield db.Statement(
            """INSERT INTO point_holds (member_id, hold_id, unit, until, parts)
               SELECT m, h, u, t, p::jsonb
                 FROM unnest(%(m)s::uuid[], %(h)s::uuid[], %(u)s::text[], %(t)s::timestamptz[], %(p)s::text[]) AS w(m, h, u, t, p)
               ON CONFLICT (member_id, hold_id) DO UPDATE SET parts = excluded.parts""",
            _columns(kept, "mhutp"),
        )
    if gone:
        yield db.Statement(
            """DELETE FROM point_holds x USING unnest(%(m)s::uuid[], %(h)s::uuid[]) AS w(m, h)
                WHERE x.member_id = w.m AND x.hold_id = w.h""",
            _columns(gone, "mh"),
        )


def _parts(hold: Hold) -> str:
    return orjson.dumps([[at.isoformat(), amount] for at, amount in hold.parts]).decode()


def _write_usage(changes: Sequence[Change]) -> Iterator[db.Statement]:
    rows = [(m, *key, n) for m, before, after in changes for key, n in after.usage.items() if before.usage.get(key) != n]
    if rows:
        yield db.Statement(
            """INSERT INTO point_usage (member_id, rule, period_start, amount)
               SELECT * FROM unnest(%(m)s::uuid[], %(r)s::text[], %(p)s::date[], %(n)s::bigint[])
               ON CONFLICT (member_id, rule, period_start) DO UPDATE SET amount = excluded.amount""",
            _columns(rows, "mrpn"),
        )
