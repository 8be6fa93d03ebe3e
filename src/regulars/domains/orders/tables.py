"""Orders and refunds as they were told to us, keyed by subject. Lines travel inside the row: an order is immutable and read whole."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform.db import metadata
from regulars.platform.lake import recording

_WHEN = sa.DateTime(timezone=True)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    sa.Column("order_id", sa.Uuid, primary_key=True),
    # The member at the time of recording: None is anonymous. Merges edit the subject map, never this row.
    sa.Column("member_id", sa.Uuid),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("paid_at", _WHEN, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("freight", sa.BigInteger, nullable=False),
    sa.Column("store", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    # [[no, product, quantity, amount, discount, tax, points_paid, category], …]: arrays, not objects, for a third of the bytes.
    sa.Column("lines", JSONB, nullable=False),
    sa.Column("payments", JSONB, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("refund_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("recorded_at", _WHEN, nullable=False),
    # For callers that know only our id; not unique, since a unique index may not cross members.
    sa.Index(None, "order_id"),
    *recording.columns(),
)
refunds = sa.Table(
    "refunds",
    metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    sa.Column("refund_id", sa.Uuid, primary_key=True),
    sa.Column("order_id", sa.Uuid),
    sa.Column("member_id", sa.Uuid),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("order_number", sa.Text, nullable=False),
    sa.Column("refunded_at", _WHEN, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("lines", JSONB, nullable=False),
    sa.Column("recorded_at", _WHEN, nullable=False),
    sa.Index(None, "subject_id", "order_id"),
    *recording.columns(),
)
waiting = sa.Table(
    "refunds_waiting",
    metadata,
    # Keyed by the order's business key: its subject is not known before the order comes.
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("order_number", sa.Text, primary_key=True),
    sa.Column("refund_id", sa.Uuid, primary_key=True),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("recorded_at", _WHEN, nullable=False),
)
