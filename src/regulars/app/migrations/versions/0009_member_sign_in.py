"""Members who sign in, and their one-time codes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "member_attempts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", _AT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "place", name=op.f("member_attempts_pkey")),
    )
    op.create_index(op.f("member_attempts_until_idx"), "member_attempts", ["until"], unique=False)
    op.create_table(
        "member_codes",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("purpose", "contact", name=op.f("member_codes_pkey")),
    )
    op.create_index(op.f("member_codes_expires_at_idx"), "member_codes", ["expires_at"], unique=False)
    op.create_table(
        "member_inbox",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "message_id", name=op.f("member_inbox_pkey")),
    )
    op.create_table(
        "member_sessions",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("card_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "session_id", name=op.f("member_sessions_pkey")),
    )
    op.create_index(op.f("member_sessions_expires_at_idx"), "member_sessions", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop them: everybody is signed out."""
    for table in ("member_sessions", "member_inbox", "member_codes", "member_attempts"):
        op.drop_table(table)
