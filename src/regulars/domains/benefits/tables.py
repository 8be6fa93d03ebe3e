"""Uses of benefits, a row each: what the journal of decisions says about them, kept so that it can be listed and added up."""

import sqlalchemy as sa

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)

uses = sa.Table(
    "benefit_uses",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("use_id", sa.Uuid, primary_key=True),
    sa.Column("benefit", sa.Text, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    # The first local day of the period it counts in; none where nothing is counted.
    sa.Column("period", sa.Date),
    sa.Column("order_ref", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("changed_at", _WHEN, nullable=False),
    sa.Column("charged", sa.BigInteger, nullable=False, server_default="0"),
    # What a benefit cost in a month.
    sa.Index(None, "benefit", "at"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("cost >= 0", name="cost"),
    sa.CheckConstraint("state IN ('used', 'charged', 'reversed')", name="state"),
)
