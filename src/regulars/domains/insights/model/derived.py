"""The derived tables of the lake: what dashboards would otherwise work out again for every question.

Days are whole days since 1970-01-01 and months whole months since year 0, both local to the lake's zone: they subtract to plain
numbers, the same in every engine. Members are numbered from 0 in the order of their ids, because grouping a million members by a number
is several times faster than by a UUID; the numbers change with every export and never leave the lake.
"""

from collections.abc import Mapping
from datetime import date, timedelta

ORDERS = "derived_orders"
"""One row an order, facts and current circumstances side by side. Sorted by day."""
REFUNDS = "derived_refunds"
"""One row a refund, by the day it was made; without an order there is no store and no channel."""
MEMBERS = "derived_members"
"""One row a member, whether they ordered or not. Sorted by number."""
POINTS = "derived_points"
"""Journal entries summed by day, unit, kind and circumstances."""
LOTS = "derived_lots"
"""Points in lots by the day their validity ends; ``expires`` is null where it never does."""

NEW, RETURNING, ANONYMOUS = "new", "returning", "anonymous"

_CIRCUMSTANCES = {"tier": "string", "held_out": "boolean"}

SCHEMAS: Mapping[str, Mapping[str, str]] = {
    ORDERS: {
        "day": "int32",
        "week": "int32",  # the day of its Monday
        "month": "int32",
        "member_no": "int32",  # null: anonymous
        "kind": "string",  # new: until the end of the member's first order day
        "store": "string",
        "channel": "string",
        "total": "int64",
        "refunded": "int64",
        "kept": "boolean",  # not wholly refunded
        "first_month": "int32",  # of the member's first kept order
        "leads": "boolean",  # the member's first kept order of its day, week, month
        "leads_week": "boolean",
        "leads_month": "boolean",
        # Only on orders that lead a day:
        "n": "int32",  # the how-manieth day with kept orders this is
        "gap": "int32",  # days since the one before; null for the first
        "next_gap": "int32",  # days until the next; null for the last
        **_CIRCUMSTANCES,
    },
    REFUNDS: {
        "day": "int32",
        "week": "int32",
        "month": "int32",
        "member_no": "int32",
        "matched": "boolean",  # belongs to an order that we know
        "store": "string",
        "channel": "string",
        "total": "int64",
        **_CIRCUMSTANCES,
    },
    MEMBERS: {
        "member_no": "int32",
        "member_id": "uuid",
        "joined": "int32",
        "home": "string",  # the store they joined at
        "first": "int32",  # days with kept orders: the first, the second, the last; null without
        "second": "int32",
        "last": "int32",
        "first_month": "int32",
        "last_month": "int32",
        "order_days": "int32",
        "orders": "int32",
        "spend": "int64",
        "store": "string",  # of the first kept order, as channel and product
        "channel": "string",
        "product": "string",
        **_CIRCUMSTANCES,
    },
    POINTS: {
        "day": "int32",
        "month": "int32",
        "unit": "string",
        "kind": "string",
        **_CIRCUMSTANCES,
        "amount": "int64",
        "entries": "int64",
    },
    LOTS: {"expires": "int32", "month": "int32", "unit": "string", **_CIRCUMSTANCES, "amount": "int64"},
}

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date that :func:`day_number` numbers."""
    return _EPOCH + timedelta(days=number)


def month_number(day: date) -> int:
    """Months since January of year 0."""
    return day.year * 12 + day.month - 1


def month_of(number: int) -> date:
    """The first day of the month that :func:`month_number` numbers."""
    return date(number // 12, number % 12 + 1, 1)
