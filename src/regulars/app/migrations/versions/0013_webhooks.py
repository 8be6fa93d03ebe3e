"""Webhooks: endpoints with their secrets, messages with their deliveries and attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_BUSY = {"autovacuum_vacuum_scale_factor": "0.02", "autovacuum_vacuum_cost_delay": "0"}


def upgrade() -> None:
    """Create the tables."""
    _endpoints()
    op.create_table(
        "webhook_messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("webhook_messages_pkey")),
    )
    op.create_index(op.f("webhook_messages_created_at_idx"), "webhook_messages", ["created_at"], unique=False)
    _deliveries()
    op.create_table(
        "webhook_attempts",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "message_id", "no", name=op.f("webhook_attempts_pkey")),
        sa.ForeignKeyConstraint(
            ["endpoint_id", "message_id"],
            ["webhook_deliveries.endpoint_id", "webhook_deliveries.message_id"],
            name="webhook_attempts_delivery_fkey",
            ondelete="CASCADE",
        ),
    )


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("events", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=True),
        sa.Column("failing_since", _AT, nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.CheckConstraint("stopped IN ('operator', 'gone', 'failing')", name=op.f("webhook_endpoints_stopped_check")),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("webhook_endpoints_pkey")),
    )
    op.create_table(
        "webhook_secrets",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("secret_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id", "secret_id", name=op.f("webhook_secrets_pkey")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.endpoint_id"], ondelete="CASCADE"),
    )


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lease", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", _AT, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name=op.f("webhook_deliveries_state_check")),
        sa.CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name=op.f("webhook_deliveries_waits_check")),
        sa.PrimaryKeyConstraint("endpoint_id", "message_id", name=op.f("webhook_deliveries_pkey")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.endpoint_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["webhook_messages.message_id"], ondelete="CASCADE"),
        postgresql_with=_BUSY,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("webhook_deliveries_due_idx", "webhook_deliveries", ["endpoint_id", "next_at"], unique=False, postgresql_where=waiting)
    op.create_index(
        op.f("webhook_deliveries_endpoint_id_created_at_message_id_idx"),
        "webhook_deliveries",
        ["endpoint_id", "created_at", "message_id"],
        unique=False,
    )
    op.create_index(op.f("webhook_deliveries_message_id_idx"), "webhook_deliveries", ["message_id"], unique=False)


def downgrade() -> None:
    """Drop them: nobody is told any more, and what was told is forgotten."""
    for table in ("webhook_attempts", "webhook_deliveries", "webhook_messages", "webhook_secrets", "webhook_endpoints"):
        op.drop_table(table)
