"""Tables of the members slice. Every member table has ``member_id`` first in its primary key; none refers across members."""

import sqlalchemy as sa

from regulars.platform import db

_AT = sa.DateTime(timezone=True)

subjects = sa.Table(
    "subjects",
    db.metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    sa.Column("opened_at", _AT, nullable=False),
)

subject_members = sa.Table(
    "subject_members",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    sa.Column("since", _AT, nullable=False),
    # Not unique: a unique index would cross members. That a subject has one member follows from how the map is edited.
    sa.Index(None, "subject_id"),
)

members = sa.Table(
    "members",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("external_id", sa.Text),
    sa.Column("joined_at", _AT, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="active"),
    sa.Column("locale", sa.Text, nullable=False, server_default=""),
    sa.Column("store", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("recorded_at", _AT, nullable=False),
    sa.CheckConstraint("status IN ('active', 'closed', 'erased')", name="status"),
    # Lists and searches go from the newest member back.
    sa.Index(None, "joined_at", "member_id"),
    sa.Index(None, "store", "joined_at", "member_id"),
    # Closed and erased accounts are few; the active ones are everybody.
    sa.Index("members_status_idx", "status", postgresql_where=sa.text("status <> 'active'")),
)

member_keys = sa.Table(
    "member_keys",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)

member_fields = sa.Table(
    "member_fields",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", _AT, nullable=False),
)

member_blinds = sa.Table(
    "member_blinds",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, primary_key=True),
    sa.Index(None, "kind", "token"),
)

member_duplicates = sa.Table(
    "member_duplicates",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("other_id", sa.Uuid, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("found_at", _AT, nullable=False),
    sa.Index(None, "other_id"),
)

member_notes = sa.Table(
    "member_notes",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("note_id", sa.Uuid, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", _AT, nullable=False),
)

consents = sa.Table(
    "consents",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("receipt_id", sa.Uuid, primary_key=True),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("policy_version", sa.Text, nullable=False),
    sa.Column("at", _AT, nullable=False),
    sa.Column("recorded_at", _AT, nullable=False),
)

member_sessions = sa.Table(
    "member_sessions",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("session_id", sa.Uuid, primary_key=True),
    # A digest: who reads the table can't sign in with it. The token carries the key of its row, so no index crosses members.
    sa.Column("secret_hash", sa.LargeBinary, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("card", sa.Text, nullable=False),
    # The last time step whose code was shown at a counter: an earlier or equal one was used before.
    sa.Column("card_step", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("opened_at", _AT, nullable=False),
    sa.Column("seen_at", _AT, nullable=False),
    sa.Column("expires_at", _AT, nullable=False, index=True),
)

member_inbox = sa.Table(
    "member_inbox",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("message_id", sa.Uuid, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("sent_at", _AT, nullable=False),
    sa.Column("expires_at", _AT, nullable=False),
)

member_codes = sa.Table(
    "member_codes",
    db.metadata,
    sa.Column("purpose", sa.Text, primary_key=True),
    # Keyed digests both: of the phone or e-mail address, and of the code together with it.
    sa.Column("contact", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("expires_at", _AT, nullable=False, index=True),
)

member_attempts = sa.Table(
    "member_attempts",
    db.metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("until", _AT, nullable=False, index=True),
)
