"""Platform."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from regulars.platform import jobs

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the job queue's own schema."""
    jobs.install(op.get_bind())
    op.create_table(
        "claims",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("claims_pkey")),
    )
    op.create_table(
        "job_progress",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run", sa.Uuid(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("deaths", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("ok", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("skipped", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("rated_from", sa.BigInteger(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("job_progress_pkey")),
    )
    op.create_table(
        "outbox",
        sa.Column("lane", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("emitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "id", name=op.f("outbox_pkey")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.01, "autovacuum_vacuum_threshold": 2000, "autovacuum_vacuum_cost_delay": 0},
    )
    op.create_table(
        "outbox_retries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("emitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_retries_pkey")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.01, "autovacuum_vacuum_threshold": 2000, "autovacuum_vacuum_cost_delay": 0},
    )
    op.create_index(
        "outbox_retries_due_idx", "outbox_retries", ["lane", "due_at"], unique=False, postgresql_where=sa.text("parked_at IS NULL")
    )
    op.create_index(
        "outbox_retries_order_idx",
        "outbox_retries",
        ["key", "subscriber", "event_id"],
        unique=False,
        postgresql_where=sa.text("parked_at IS NULL"),
    )
    op.create_index("outbox_retries_parked_idx", "outbox_retries", ["id"], unique=False, postgresql_where=sa.text("parked_at IS NOT NULL"))
    op.create_table(
        "timers",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("timers_pkey")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_cost_delay": 0},
    )
    op.create_index("timers_next_idx", "timers", ["next_at"], unique=False, postgresql_where=sa.text("parked_at IS NULL"))
    op.create_index("timers_parked_idx", "timers", ["parked_at"], unique=False, postgresql_where=sa.text("parked_at IS NOT NULL"))


def downgrade() -> None:
    """Drop them, with everything in them."""
    jobs.uninstall(op.get_bind())
    op.drop_index("timers_parked_idx", table_name="timers", postgresql_where=sa.text("parked_at IS NOT NULL"))
    op.drop_index("timers_next_idx", table_name="timers", postgresql_where=sa.text("parked_at IS NULL"))
    op.drop_table("timers")
    op.drop_index("outbox_retries_parked_idx", table_name="outbox_retries", postgresql_where=sa.text("parked_at IS NOT NULL"))
    op.drop_index("outbox_retries_order_idx", table_name="outbox_retries", postgresql_where=sa.text("parked_at IS NULL"))
    op.drop_index("outbox_retries_due_idx", table_name="outbox_retries", postgresql_where=sa.text("parked_at IS NULL"))
    op.drop_table("outbox_retries")
    op.drop_table("outbox")
    op.drop_table("job_progress")
    op.drop_table("claims")
