"""Standings of points: a cache of the journal, in rows per unit, lot, hold and cap. Each begins with the member's id."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


totals = sa.Table(
    "point_totals",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    _count("available"),
    _count("pending"),
    _count("held"),
    _count("debt"),
    _count("granted"),
    _count("received"),
    _count("spent"),
    _count("expired"),
    _count("reversed"),
    _count("sent"),
    # Every write leaves the key columns alone, so room on the page keeps updates off the index.
    postgresql_with={"fillfactor": "80"},
)
lots = sa.Table(
    "point_lots",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("expires_at", _WHEN, primary_key=True),
    sa.Column("available_at", _WHEN, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.CheckConstraint("amount > 0", name="positive"),
    postgresql_with={"fillfactor": "80"},
)
holds = sa.Table(
    "point_holds",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("hold_id", sa.Uuid, primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("until", _WHEN, nullable=False),
    sa.Column("parts", JSONB, nullable=False),
)
usage = sa.Table(
    "point_usage",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("period_start", sa.Date, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
)
