"""Endpoints with their secrets; messages, their deliveries and attempts. None is keyed by a member: bodies hold ids only."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform import db

_AT = sa.DateTime(timezone=True)
# Rows that are updated at every attempt and deleted after a month.
_BUSY = {"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_cost_delay": 0}

endpoints = sa.Table(
    "webhook_endpoints",
    db.metadata,
    sa.Column("endpoint_id", sa.Uuid, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("events", JSONB, nullable=False),
    sa.Column("stopped", sa.Text),
    sa.Column("failing_since", _AT),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", _AT, nullable=False),
    sa.CheckConstraint("stopped IN ('operator', 'gone', 'failing')", name="stopped"),
)
secrets = sa.Table(
    "webhook_secrets",
    db.metadata,
    sa.Column("endpoint_id", sa.Uuid, sa.ForeignKey("webhook_endpoints.endpoint_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("secret_id", sa.Uuid, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", _AT, nullable=False),
    sa.Column("expires_at", _AT),
)
messages = sa.Table(
    "webhook_messages",
    db.metadata,
    sa.Column("message_id", sa.Uuid, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    # Text, not JSONB: the bytes that are signed are the bytes that are sent, at every attempt.
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", _AT, nullable=False),
    sa.Column("created_at", _AT, nullable=False, index=True),
)
deliveries = sa.Table(
    "webhook_deliveries",
    db.metadata,
    sa.Column("endpoint_id", sa.Uuid, sa.ForeignKey("webhook_endpoints.endpoint_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("message_id", sa.Uuid, sa.ForeignKey("webhook_messages.message_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lease", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("next_at", _AT),
    sa.Column("created_at", _AT, nullable=False),
    sa.Column("ended_at", _AT),
    sa.Column("last_status", sa.Integer),
    sa.Column("last_error", sa.Text),
    sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="state"),
    sa.CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="waits"),
    sa.Index("webhook_deliveries_due_idx", "endpoint_id", "next_at", postgresql_where=sa.text("state = 'waiting'")),
    sa.Index(None, "endpoint_id", "created_at", "message_id"),
    sa.Index(None, "message_id"),
    postgresql_with=_BUSY,
)
attempts = sa.Table(
    "webhook_attempts",
    db.metadata,
    sa.Column("endpoint_id", sa.Uuid, primary_key=True),
    sa.Column("message_id", sa.Uuid, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("at", _AT, nullable=False),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("response", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(
        ["endpoint_id", "message_id"],
        ["webhook_deliveries.endpoint_id", "webhook_deliveries.message_id"],
        name="webhook_attempts_delivery_fkey",
        ondelete="CASCADE",
    ),
)
