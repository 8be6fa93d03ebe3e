"""The engine's own tables: programme versions; standings, one head row a member; decisions and their journal, append-only."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform.db import metadata
from regulars.platform.lake import recording

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
    *recording.columns(),
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
    *recording.columns(),
)
# What all members share: budgets and stocks. Limits are the programme's; a write beyond them is refused. Keyed by name, like claims.
counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("used", sa.BigInteger, nullable=False),
    sa.CheckConstraint("used >= 0", name="never_negative"),
    # One row may be written by every batch.
    postgresql_with={"fillfactor": "50"},
)
# What lists of members are sorted by, copied from standings and balances a little later: their own tables are written with every order,
# and three more indexes on them would cost more than the rest of the write.
listed_members = sa.Table(
    "listed_members",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    # The standing's version that was copied.
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("last_order_at", _WHEN),
    sa.Column("spend", sa.BigInteger, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Index(None, "last_order_at", "member_id"),
    sa.Index(None, "spend", "member_id"),
    sa.Index(None, "points", "member_id"),
)
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("upload_id", sa.Uuid, primary_key=True),
    # What the sender called it: a label, never a path.
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("uploaded_by", sa.Text, nullable=False),
    sa.Column("uploaded_at", _WHEN, nullable=False),
    # Its content is gone since then.
    sa.Column("removed_at", _WHEN),
    sa.Index(None, "uploaded_at"),
)
upload_imports = sa.Table(
    "upload_imports",
    metadata,
    sa.Column("run_id", sa.Uuid, primary_key=True),
    sa.Column("upload_id", sa.Uuid, nullable=False),
    # Which column means what, and how values are written: what the import is under for good.
    sa.Column("settings", JSONB, nullable=False),
    # The file's name of this import alone, so that the intake knows it from others of the same file.
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("job_id", sa.BigInteger, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", _WHEN, nullable=False),
    # Why its last run failed: {"code", "en", "zh"}.
    sa.Column("error", JSONB),
    sa.Index(None, "upload_id"),
    sa.Index(None, "asked_at"),
)
simulations = sa.Table(
    "simulations",
    metadata,
    sa.Column("simulation_id", sa.Uuid, primary_key=True),
    # Both documents as they were when it was asked for: a job that is run again finds the same question.
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("draft_version", sa.Integer),
    sa.Column("running", sa.Text, nullable=False),
    sa.Column("running_version", sa.Integer, nullable=False),
    sa.Column("as_of", _WHEN, nullable=False),
    sa.Column("since", _WHEN),
    sa.Column("sample_bp", sa.Integer, nullable=False),
    sa.Column("job_id", sa.BigInteger, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", _WHEN, nullable=False),
    sa.Column("ended_at", _WHEN),
    sa.Column("result", JSONB),
    # Why it failed: {"code", "en", "zh"}.
    sa.Column("error", JSONB),
    sa.Index(None, "asked_at", "simulation_id"),
    sa.Index(None, "draft_version"),
)
reassessment_previews = sa.Table(
    "reassessment_previews",
    metadata,
    sa.Column("preview_id", sa.Uuid, primary_key=True),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("draft_version", sa.Integer),
    sa.Column("running_version", sa.Integer, nullable=False),
    sa.Column("down", sa.Boolean, nullable=False),
    sa.Column("as_of", _WHEN, nullable=False),
    # None for one that a command line worked out by itself.
    sa.Column("job_id", sa.BigInteger),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", _WHEN, nullable=False),
    sa.Column("ended_at", _WHEN),
    sa.Column("result", JSONB),
    # Why it failed: {"code", "en", "zh"}.
    sa.Column("error", JSONB),
    sa.Index(None, "asked_at", "preview_id"),
)
reassessments = sa.Table(
    "reassessments",
    metadata,
    sa.Column("reassessment_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("down", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    # The moment everybody is looked at, whenever the job comes to them.
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("preview_id", sa.Uuid, nullable=False),
    sa.Column("job_id", sa.BigInteger, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    # Everybody up to and with this member is done and counted.
    sa.Column("cursor", sa.Uuid),
    sa.Column("looked", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("moved", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("failed", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    # [[ladder, level before, level after, members], …]
    sa.Column("steps", JSONB, nullable=False, server_default=sa.text("'[]'")),
    # The first refusals: [[member, code], …]
    sa.Column("refused", JSONB, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("ended_at", _WHEN),
    sa.Column("error", JSONB),
    sa.Index(None, "at", "reassessment_id"),
)
verifications = sa.Table(
    "verifications",
    metadata,
    sa.Column("verification_id", sa.Uuid, primary_key=True),
    sa.Column("decisions", sa.BigInteger, nullable=False),
    sa.Column("disagreements", sa.BigInteger, nullable=False),
    # The first disagreements in words, which name members by their ids only.
    sa.Column("first", JSONB, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("started_at", _WHEN, nullable=False),
    sa.Column("ended_at", _WHEN, nullable=False),
    sa.Index(None, "ended_at", "verification_id"),
)
