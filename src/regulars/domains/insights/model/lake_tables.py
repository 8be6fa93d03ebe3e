"""The tables of the lake, column by column: the contract between what writes it (the export) and what reads it (metrics).

Ids are UUIDs; instants are microseconds in UTC; money is in minor units of the row's currency; points are whole. Codes are text. No
column holds a personal field: whose a fact is, says ``subject_members``, which erasure empties.
"""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

_ID = pa.uuid()
_AT = pa.timestamp("us", tz="UTC")
_CODE = pa.string()
_BIG = pa.int64()


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeTable:
    """One table. ``source``: the PostgreSQL table its rows are recorded in, or none for a snapshot, which is rewritten whole.

    ``key`` names a row; ``sums`` are the columns whose totals must be the same on both sides, each for every value of ``within``.
    ``times`` are the instants that the calendar has to cover.
    """

    name: str
    schema: pa.Schema
    key: tuple[str, ...]
    source: str | None = None
    sums: tuple[str, ...] = ()
    within: str | None = None
    times: tuple[str, ...] = ()

    @property
    def grows(self) -> bool:
        """Whether rows are only ever added: then the table is partitioned by the UTC month of ``recorded_at``."""
        return self.source is not None


def _schema(optional: tuple[str, ...] = (), /, **columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=name in optional) for name, kind in columns.items()])


ORDERS = LakeTable(
    name="orders",
    source="orders",
    key=("subject_id", "order_id"),
    sums=("total", "freight", "lines"),
    within="currency",
    times=("paid_at",),
    schema=_schema(
        ("first_product",),
        order_id=_ID,
        subject_id=_ID,
        source=_CODE,
        number=_CODE,
        paid_at=_AT,
        currency=_CODE,
        total=_BIG,
        freight=_BIG,
        store=_CODE,
        channel=_CODE,
        lines=pa.int32(),
        first_product=_CODE,
        recorded_at=_AT,
    ),
)
"""Orders as they were told to us. ``first_product`` is that of the first line; ``store`` and ``channel`` may be empty."""

ORDER_LINES = LakeTable(
    name="order_lines",
    source="orders",
    key=("order_id", "no"),
    sums=("quantity", "amount", "discount", "tax"),
    schema=_schema(
        order_id=_ID,
        subject_id=_ID,
        no=pa.int32(),
        product=_CODE,
        category=_CODE,
        quantity=_BIG,
        amount=_BIG,
        discount=_BIG,
        tax=_BIG,
        paid_at=_AT,
        recorded_at=_AT,
    ),
)
"""The lines of orders; ``amount`` is what was to be paid for the line."""

REFUNDS = LakeTable(
    name="refunds",
    source="refunds",
    key=("subject_id", "refund_id"),
    sums=("total",),
    within="currency",
    times=("refunded_at",),
    schema=_schema(
        ("order_id",),
        refund_id=_ID,
        order_id=_ID,
        subject_id=_ID,
        refunded_at=_AT,
        currency=_CODE,
        total=_BIG,
        recorded_at=_AT,
    ),
)
"""Refunds; one without an order belongs to none that we know."""

ENTRIES = LakeTable(
    name="entries",
    source="journal",
    key=("member_id", "seq", "n"),
    sums=("amount",),
    within="unit",
    times=("at",),
    schema=_schema(
        member_id=_ID,
        seq=_BIG,
        n=pa.int32(),
        unit=_CODE,
        kind=_CODE,
        amount=_BIG,
        at=_AT,
        expires_at=_AT,
        available_at=_AT,
        recorded_at=_AT,
    ),
)
"""The journal of points and tiers."""

DECISIONS = LakeTable(
    name="decisions",
    source="decisions",
    key=("member_id", "seq"),
    sums=("version", "programme"),
    within="kind",
    times=("at",),
    schema=_schema(
        member_id=_ID,
        seq=_BIG,
        version=_BIG,
        kind=_CODE,
        ref=_ID,
        subject_id=_ID,
        at=_AT,
        recorded_at=_AT,
        programme=pa.int32(),
    ),
)
"""What was decided about each fact, by which version of the programme."""

EXPOSURES = LakeTable(
    name="exposures",
    source="exposures",
    key=("member_id", "what", "at"),
    within="what",
    schema=_schema(member_id=_ID, what=_CODE, at=_AT, held_out=pa.bool_(), recorded_at=_AT),
)
"""Which member met what, or would have."""

MEMBERS = LakeTable(
    name="members",
    key=("member_id",),
    times=("joined_at",),
    schema=_schema(member_id=_ID, joined_at=_AT, source=_CODE, status=_CODE, store=_CODE, held_out=pa.bool_()),
)
"""Every member as it is now; an erased one stays, under an id that leads to nobody."""

SUBJECT_MEMBERS = LakeTable(
    name="subject_members",
    key=("subject_id",),
    schema=_schema(subject_id=_ID, member_id=_ID),
)
"""Whose facts they are, now. A subject that is not here is anonymous."""

TIER_STANDINGS = LakeTable(
    name="tier_standings",
    key=("member_id", "ladder"),
    schema=_schema(member_id=_ID, ladder=_CODE, level=_CODE, since=_AT, keep_until=_AT),
)
"""Where members stand on ladders, now."""

CALENDAR = LakeTable(
    name="calendar",
    key=("slot_start",),
    schema=_schema(
        slot_start=_AT,
        local_day=pa.date32(),
        local_week=pa.date32(),
        local_month=pa.date32(),
        local_hour=pa.int32(),
    ),
)
"""Each quarter of an hour of the data's span (UTC) and where it lies in the programme's zone: its day, the Monday of its week, the first
of its month, and the hour of the day, 0 to 23. ``time_bucket`` or ``date_trunc`` of an instant to the quarter finds its row.
"""

GROWING: Final = (ORDERS, ORDER_LINES, REFUNDS, ENTRIES, DECISIONS, EXPOSURES)
SNAPSHOTS: Final = (MEMBERS, SUBJECT_MEMBERS, TIER_STANDINGS, CALENDAR)
TABLES: Final = {table.name: table for table in (*GROWING, *SNAPSHOTS)}
