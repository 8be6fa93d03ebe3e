"""Every SQL statement of benefits: the uses of many members at once, and what they add up to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.benefits.model import Month, State, Use
from regulars.kernel.ids import MemberId
from regulars.platform import db

Key = tuple[MemberId, UUID]
_COLUMNS = "use_id, benefit, quantity, cost, at, level, period, order_ref, state, changed_at, charged"


def save(tx: Connection, uses: Sequence[tuple[MemberId, Use]]) -> None:
    """Write new uses, each in its last state, of members whose standing was just won; one that is there already stays as it is."""
    if uses:
        columns = zip(*[(member, *_row(use)) for member, use in uses], strict=True)
        db.rows_of(
            tx,
            f"""INSERT INTO benefit_uses (member_id, {_COLUMNS})
                SELECT * FROM unnest(%(m)s::uuid[], %(u)s::uuid[], %(b)s::text[], %(q)s::bigint[], %(c)s::bigint[], %(a)s::timestamptz[],
                                     %(l)s::text[], %(p)s::date[], %(o)s::text[], %(s)s::text[], %(w)s::timestamptz[], %(d)s::bigint[])
                ON CONFLICT (member_id, use_id) DO NOTHING""",
            **{name: list(column) for name, column in zip("mubqcalposwd", columns, strict=True)},
        )


def change(tx: Connection, uses: Sequence[tuple[MemberId, Use]]) -> set[Key]:
    """Write the last state of each use; return those that changed. One given back before never changes again, whoever asks twice."""
    if not uses:
        return set()
    rows = db.rows_of(
        tx,
        """UPDATE benefit_uses b SET state = w.s, changed_at = w.w, charged = w.d
             FROM unnest(%(m)s::uuid[], %(u)s::uuid[], %(s)s::text[], %(w)s::timestamptz[], %(d)s::bigint[]) AS w(m, u, s, w, d)
            WHERE b.member_id = w.m AND b.use_id = w.u AND b.state <> 'reversed' AND b.state <> w.s
        RETURNING b.member_id, b.use_id""",
        m=[member for member, _ in uses],
        u=[use.use_id for _, use in uses],
        s=[use.state.value for _, use in uses],
        w=[use.changed_at for _, use in uses],
        d=[use.charged for _, use in uses],
    )
    return {(MemberId(row[0]), row[1]) for row in rows}


def load(tx: Connection, keys: Collection[Key]) -> dict[Key, Use]:
    """Those of the uses that are there, by member and id."""
    rows = db.rows_of(
        tx,
        f"""SELECT member_id, {_COLUMNS} FROM benefit_uses
             WHERE (member_id, use_id) IN (SELECT * FROM unnest(%(m)s::uuid[], %(u)s::uuid[]))""",
        m=[key[0] for key in keys],
        u=[key[1] for key in keys],
    )
    return {(MemberId(row[0]), row[1]): _use(row[1:]) for row in rows}


def since(tx: Connection, starts: Mapping[MemberId, datetime]) -> dict[MemberId, list[Use]]:
    """What each member has used since its own start and not given back, oldest first: what a lost tier may charge."""
    rows = db.rows_of(
        tx,
        f"""SELECT member_id, {_COLUMNS} FROM benefit_uses b
              JOIN unnest(%(m)s::uuid[], %(a)s::timestamptz[]) AS w(m, a) ON b.member_id = w.m
             WHERE b.at >= w.a AND b.state <> 'reversed' ORDER BY b.at, b.use_id""",
        m=list(starts),
        a=list(starts.values()),
    )
    found: dict[MemberId, list[Use]] = {member: [] for member in starts}
    for row in rows:
        found[MemberId(row[0])].append(_use(row[1:]))
    return found


def page(tx: Connection, member: MemberId, *, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> list[Use]:
    """At most ``limit`` uses of a member, the newest first, behind the cursor (at, use id)."""
    behind = "AND (at, use_id) < (%(at)s::timestamptz, %(use)s::uuid)" if after else ""
    rows = db.rows_of(
        tx,
        f"SELECT {_COLUMNS} FROM benefit_uses WHERE member_id = %(member)s {behind} ORDER BY at DESC, use_id DESC LIMIT %(limit)s",
        member=member,
        limit=limit,
        **({"at": after[0], "use": after[1]} if after else {}),
    )
    return [_use(row) for row in rows]


def monthly(tx: Connection, months: Mapping[date, datetime], *, until: datetime, granted: Mapping[tuple[str, date], int]) -> list[Month]:
    """Per benefit and month what was used and what it cost, uses given back left out, by benefit and month.

    ``months`` come from ``rules.month_starts`` and end at ``until``; ``granted`` says what eligible members were given, where it is known.
    A month with a grant and no use is listed as well.
    """
    if not months:
        return []
    rows = db.rows_of(
        tx,
        # The bounds are instants of the programme's zone: the server's idea of a month is never asked.
        """SELECT benefit, width_bucket(at, %(starts)s::timestamptz[]), sum(quantity)::bigint, sum(cost)::bigint, count(DISTINCT member_id)
             FROM benefit_uses
            WHERE at >= %(first)s AND at < %(until)s AND state <> 'reversed'
         GROUP BY 1, 2""",
        starts=list(months.values()),
        first=next(iter(months.values())),
        until=until,
    )
    days = list(months)
    used = {(row[0], days[row[1] - 1]): row[2:] for row in rows}
    return [
        Month(benefit=benefit, first_day=day, granted=granted.get((benefit, day)), used=sums[0], cost=sums[1], members=sums[2])
        for benefit, day in sorted(used.keys() | granted.keys())
        for sums in (used.get((benefit, day), (0, 0, 0)),)
    ]


def _row(use: Use) -> tuple[Any, ...]:
    return (
        use.use_id,
        use.benefit,
        use.quantity,
        use.cost,
        use.at,
        use.level,
        use.period,
        use.order_ref,
        use.state.value,
        use.changed_at,
        use.charged,
    )


def _use(row: Sequence[Any]) -> Use:
    return Use(
        use_id=row[0],
        benefit=row[1],
        quantity=row[2],
        cost=row[3],
        at=row[4],
        level=row[5],
        period=row[6],
        order_ref=row[7],
        state=State(row[8]),
        changed_at=row[9],
        charged=row[10],
    )
