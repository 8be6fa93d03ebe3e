"""The engine's own tables: programme versions; standings, one head row a member; decisions and their journal, append-only."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)

programmes = sa.Table(
    "programme_versions",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", _WHEN, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("effective_from", _WHEN),
    sa.Column("published_by", sa.Text),
    sa.CheckConstraint("state IN ('draft', 'published', 'discarded')", name="state"),
    sa.CheckConstraint("(state = 'published') = (effective_from IS NOT NULL)", name="published_from"),
)
standings = sa.Table(
    "standings",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    # Counts recorded batches; the write is refused when somebody else recorded one in between.
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("as_of", _WHEN, nullable=False),
    sa.Column("joined_at", _WHEN, nullable=False),
    sa.Column("held_out", sa.Boolean, nullable=False),
    sa.Column("orders", sa.BigInteger, nullable=False),
    sa.Column("spend", sa.BigInteger, nullable=False),
    sa.Column("first_order_at", _WHEN),
    sa.Column("last_order_at", _WHEN),
    sa.Column("next_due_at", _WHEN, nullable=False),
    sa.Index(None, "next_due_at"),
    postgresql_with={"fillfactor": "80"},
)
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    # The standing's version that this decision was recorded with.
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ref", sa.Uuid, nullable=False),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("recorded_at", _WHEN, nullable=False),
    sa.Column("programme", sa.Integer, nullable=False),
    # The fact's own content, and what was read beyond the standing: enough to decide it again.
    sa.Column("body", JSONB, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
)
journal = sa.Table(
    "journal",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("expires_at", _WHEN, nullable=False),
    sa.Column("available_at", _WHEN, nullable=False),
    sa.Column("ref", sa.Uuid),
    sa.Column("why", JSONB, nullable=False),
    sa.Index(None, "member_id", "ref"),
)
