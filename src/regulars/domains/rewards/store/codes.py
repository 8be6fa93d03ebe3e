"""Codes to hand out: given to one order each, taken back unseen, shown. Sealed codes pass through, never readable ones."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.rewards.model import CodeWish, GivenCode, Pool
from regulars.platform import db

_GIVEN = "c.order_id, c.code_id, b.wrapped, c.sealed, c.seen_at"


def free(tx: Connection, pools: Collection[str]) -> dict[str, int]:
    """How many codes of each pool are free, those of no code left out."""
    rows = db.rows_of(
        tx, "SELECT pool, count(*) FROM reward_codes WHERE pool = ANY(%(p)s::text[]) AND order_id IS NULL GROUP BY pool", p=list(pools)
    )
    return dict(rows)


def pools(tx: Connection) -> list[Pool]:
    """Every pool that ever got a code, by name."""
    rows = db.rows_of(
        tx,
        """SELECT pool, count(*) FILTER (WHERE order_id IS NULL), count(*) FILTER (WHERE order_id IS NOT NULL AND seen_at IS NULL),
                  count(*) FILTER (WHERE seen_at IS NOT NULL)
             FROM reward_codes GROUP BY pool ORDER BY pool""",
    )
    return [Pool(pool=row[0], free=row[1], given=row[2], seen=row[3]) for row in rows]


def give(tx: Connection, wishes: Sequence[CodeWish], *, at: datetime) -> set[UUID]:
    """Each order has all its codes, the oldest free ones, or none; the answer are the orders that have them.

    Codes that somebody else is just taking are passed over, not waited for: so no lock is waited for, and none deadlocks.
    """
    by_pool: dict[str, list[CodeWish]] = {}
    for wish in wishes:
        by_pool.setdefault(wish.pool, []).append(wish)
    given: list[tuple[Any, ...]] = []
    served: set[UUID] = set()
    for pool, mine in sorted(by_pool.items()):
        there = _lock(tx, pool, sum(wish.count for wish in mine))
        for wish in mine:
            if len(there) >= wish.count:
                given += [(pool, digest, wish.order_id, wish.member_id) for digest in there[: wish.count]]
                there = there[wish.count :]
                served.add(wish.order_id)
    if given:
        pools_, digests, orders, members = zip(*given, strict=True)
        db.rows_of(
            tx,
            """UPDATE reward_codes c SET order_id = w.o, given_to = w.m, given_at = %(at)s
                 FROM unnest(%(p)s::text[], %(d)s::text[], %(o)s::uuid[], %(m)s::uuid[]) AS w(p, d, o, m)
                WHERE c.pool = w.p AND c.digest = w.d RETURNING 1""",
            at=at,
            p=list(pools_),
            d=list(digests),
            o=list(orders),
            m=list(members),
        )
    return served


def _lock(tx: Connection, pool: str, count: int) -> list[str]:
    rows = db.rows_of(
        tx,
        """SELECT digest FROM reward_codes WHERE pool = %(pool)s AND order_id IS NULL
            ORDER BY code_id LIMIT %(count)s FOR UPDATE SKIP LOCKED""",
        pool=pool,
        count=count,
    )
    return [row[0] for row in rows]


def take_back(tx: Connection, order_ids: Collection[UUID]) -> dict[UUID, int]:
    """The orders' codes that nobody has seen are free again, or gone where their upload was withdrawn; how many each order gave back.

    The upload's row is held, so that one which is withdrawn just now either finds the code free or is known to be withdrawn.
    """
    rows = db.rows_of(
        tx,
        """WITH mine AS (
             SELECT c.pool, c.digest, c.order_id, b.state FROM reward_codes c JOIN reward_code_batches b USING (batch_id)
              WHERE c.order_id = ANY(%(orders)s::uuid[]) AND c.seen_at IS NULL
              ORDER BY c.pool, c.digest FOR UPDATE OF c FOR SHARE OF b),
           gone AS (
             DELETE FROM reward_codes c USING mine
              WHERE c.pool = mine.pool AND c.digest = mine.digest AND mine.state = 'void' RETURNING mine.order_id),
           freed AS (
             UPDATE reward_codes c SET order_id = NULL, given_to = NULL, given_at = NULL
               FROM mine WHERE c.pool = mine.pool AND c.digest = mine.digest AND mine.state <> 'void' RETURNING mine.order_id)
           SELECT order_id FROM gone UNION ALL SELECT order_id FROM freed""",
        orders=list(order_ids),
    )
    counts: dict[UUID, int] = {}
    for (order_id,) in rows:
        counts[order_id] = counts.get(order_id, 0) + 1
    return counts


def of_orders(tx: Connection, order_ids: Collection[UUID]) -> dict[UUID, list[GivenCode]]:
    """The codes of each order that has any, oldest first."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_GIVEN} FROM reward_codes c JOIN reward_code_batches b USING (batch_id)
             WHERE c.order_id = ANY(%(orders)s::uuid[]) ORDER BY c.order_id, c.code_id""",
        orders=list(order_ids),
    )
    return _by_order(rows)


def see(tx: Connection, order_id: UUID, *, at: datetime) -> list[GivenCode]:
    """The order's codes are seen, from the first time on; empty when it has none (any more)."""
    rows = db.rows_of(
        tx,
        f"""UPDATE reward_codes c SET seen_at = coalesce(c.seen_at, %(at)s) FROM reward_code_batches b
             WHERE c.order_id = %(order)s AND b.batch_id = c.batch_id RETURNING {_GIVEN}""",
        order=order_id,
        at=at,
    )
    return sorted(_by_order(rows).get(order_id, []), key=lambda code: code.code_id)


def _by_order(rows: Sequence[Sequence[Any]]) -> dict[UUID, list[GivenCode]]:
    found: dict[UUID, list[GivenCode]] = {}
    for row in rows:
        code = GivenCode(order_id=row[0], code_id=row[1], wrapped=bytes(row[2]), sealed=bytes(row[3]), seen_at=row[4])
        found.setdefault(code.order_id, []).append(code)
    return found


def seen_at(codes: Mapping[UUID, Sequence[GivenCode]], order_id: UUID) -> datetime | None:
    """When the order's codes were first seen; None while nobody has."""
    return min((code.seen_at for code in codes.get(order_id, ()) if code.seen_at is not None), default=None)
