"""Members, catalog, experiments, privacy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "categories",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("path", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("categories_pkey")),
    )
    op.create_table(
        "consents",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "receipt_id", name=op.f("consents_pkey")),
    )
    op.create_table(
        "exposures",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "what", "at", name=op.f("exposures_pkey")),
    )
    op.create_table(
        "holdout_members",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("holdout_members_pkey")),
    )
    op.create_table(
        "holdout_settings",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("holdout_settings_pkey")),
    )
    op.create_table(
        "member_blinds",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "kind", "token", name=op.f("member_blinds_pkey")),
    )
    op.create_index(op.f("member_blinds_kind_token_idx"), "member_blinds", ["kind", "token"], unique=False)
    op.create_table(
        "member_duplicates",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "other_id", "field", name=op.f("member_duplicates_pkey")),
    )
    op.create_index(op.f("member_duplicates_other_id_idx"), "member_duplicates", ["other_id"], unique=False)
    op.create_table(
        "member_fields",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "field", name=op.f("member_fields_pkey")),
    )
    op.create_table(
        "member_keys",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("member_keys_pkey")),
    )
    op.create_table(
        "member_notes",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "note_id", name=op.f("member_notes_pkey")),
    )
    op.create_table(
        "members",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("store", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('active', 'closed', 'erased')", name=op.f("members_status_check")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("members_pkey")),
    )
    op.create_index(op.f("members_joined_at_member_id_idx"), "members", ["joined_at", "member_id"], unique=False)
    op.create_table(
        "stores",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("stores_pkey")),
    )
    op.create_table(
        "subject_members",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "subject_id", name=op.f("subject_members_pkey")),
    )
    op.create_index(op.f("subject_members_subject_id_idx"), "subject_members", ["subject_id"], unique=False)
    op.create_table(
        "subjects",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("subjects_pkey")),
    )
    op.create_table(
        "products",
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(price IS NULL) = (currency IS NULL)", name=op.f("products_price_has_currency_check")),
        sa.ForeignKeyConstraint(
            ["category"],
            ["categories.code"],
        ),
        sa.PrimaryKeyConstraint("sku", name=op.f("products_pkey")),
    )
    op.create_index(op.f("products_category_idx"), "products", ["category"], unique=False)


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_index(op.f("products_category_idx"), table_name="products")
    op.drop_table("products")
    op.drop_table("subjects")
    op.drop_index(op.f("subject_members_subject_id_idx"), table_name="subject_members")
    op.drop_table("subject_members")
    op.drop_table("stores")
    op.drop_index(op.f("members_joined_at_member_id_idx"), table_name="members")
    op.drop_table("members")
    op.drop_table("member_notes")
    op.drop_table("member_keys")
    op.drop_table("member_fields")
    op.drop_index(op.f("member_duplicates_other_id_idx"), table_name="member_duplicates")
    op.drop_table("member_duplicates")
    op.drop_index(op.f("member_blinds_kind_token_idx"), table_name="member_blinds")
    op.drop_table("member_blinds")
    op.drop_table("holdout_settings")
    op.drop_table("holdout_members")
    op.drop_table("exposures")
    op.drop_table("consents")
    op.drop_table("categories")
