"""Points, tiers and the engine."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "decisions",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "seq", name=op.f("decisions_pkey")),
    )
    op.create_table(
        "journal",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=True),
        sa.Column("why", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "seq", "n", name=op.f("journal_pkey")),
    )
    op.create_index(op.f("journal_member_id_ref_idx"), "journal", ["member_id", "ref"], unique=False)
    op.create_table(
        "point_holds",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "hold_id", name=op.f("point_holds_pkey")),
    )
    op.create_table(
        "point_lots",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("point_lots_positive_check")),
        sa.PrimaryKeyConstraint("member_id", "unit", "expires_at", "available_at", name=op.f("point_lots_pkey")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_table(
        "point_totals",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("available", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pending", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("debt", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("granted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expired", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reversed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sent", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("member_id", "unit", name=op.f("point_totals_pkey")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_table(
        "point_usage",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "rule", "period_start", name=op.f("point_usage_pkey")),
    )
    op.create_table(
        "programme_versions",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'published') = (effective_from IS NOT NULL)", name=op.f("programme_versions_published_from_check")),
        sa.CheckConstraint("state IN ('draft', 'published', 'discarded')", name=op.f("programme_versions_state_check")),
        sa.PrimaryKeyConstraint("version", name=op.f("programme_versions_pkey")),
    )
    op.create_table(
        "standings",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("spend", sa.BigInteger(), nullable=False),
        sa.Column("first_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("standings_pkey")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(op.f("standings_next_due_at_idx"), "standings", ["next_due_at"], unique=False)
    op.create_table(
        "tier_standings",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "ladder", name=op.f("tier_standings_pkey")),
        postgresql_with={"fillfactor": "80"},
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("tier_standings")
    op.drop_index(op.f("standings_next_due_at_idx"), table_name="standings")
    op.drop_table("standings")
    op.drop_table("programme_versions")
    op.drop_table("point_usage")
    op.drop_table("point_totals")
    op.drop_table("point_lots")
    op.drop_table("point_holds")
    op.drop_index(op.f("journal_member_id_ref_idx"), table_name="journal")
    op.drop_table("journal")
    op.drop_table("decisions")
