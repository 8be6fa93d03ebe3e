"""The append-only queue, and beside it the few deliveries that failed or wait behind a failed one."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform import db

LANES = 16
"""Into how many parts keys are spread; each is drained by one worker at a time. Stored in rows: never lower it."""

# Every row is inserted once and deleted once: without eager vacuuming the dead ones would slow down the search for the next.
_QUEUE_STORAGE = {"autovacuum_vacuum_scale_factor": 0.01, "autovacuum_vacuum_threshold": 2000, "autovacuum_vacuum_cost_delay": 0}

outbox = sa.Table(
    "outbox",
    db.metadata,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Uuid, nullable=False),
    sa.Column("payload", JSONB, nullable=False),
    sa.Column("emitted_at", sa.DateTime(timezone=True), nullable=False),
    postgresql_with=_QUEUE_STORAGE,
)

_waiting = sa.text("parked_at IS NULL")

outbox_retries = sa.Table(
    "outbox_retries",
    db.metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("event_id", sa.BigInteger, nullable=False),
    sa.Column("subscriber", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Uuid, nullable=False),
    sa.Column("payload", JSONB, nullable=False),
    sa.Column("emitted_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("parked_at", sa.DateTime(timezone=True)),
    sa.Index("outbox_retries_due_idx", "lane", "due_at", postgresql_where=_waiting),
    sa.Index("outbox_retries_order_idx", "key", "subscriber", "event_id", postgresql_where=_waiting),
    sa.Index("outbox_retries_parked_idx", "id", postgresql_where=sa.text("parked_at IS NOT NULL")),
    postgresql_with=_QUEUE_STORAGE,
)
