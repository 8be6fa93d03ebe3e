"""The timers: ``due_at`` is what was asked for, ``next_at`` when it is tried (later than that once it failed)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform import db

timers = sa.Table(
    "timers",
    db.metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Uuid, primary_key=True),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("payload", JSONB, nullable=False),
    sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("reason", sa.Text),
    sa.Column("parked_at", sa.DateTime(timezone=True)),
    sa.Index("timers_next_idx", "next_at", postgresql_where=sa.text("parked_at IS NULL")),
    sa.Index("timers_parked_idx", "parked_at", postgresql_where=sa.text("parked_at IS NOT NULL")),
    postgresql_with={"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_cost_delay": 0},
)
