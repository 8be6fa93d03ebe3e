"""Coupons in members' hands, and codes in batches."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "coupon_batches",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('making', 'ready', 'void')", name=op.f("coupon_batches_state_check")),
        sa.CheckConstraint("wanted > 0 AND made >= 0 AND made <= wanted", name=op.f("coupon_batches_made_check")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("coupon_batches_pkey")),
    )
    op.create_table(
        "coupon_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("coupon_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", _AT, nullable=True),
        sa.CheckConstraint(
            "(taken_by IS NULL) = (coupon_id IS NULL) AND (taken_by IS NULL) = (taken_at IS NULL)",
            name=op.f("coupon_codes_taken_check"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("coupon_codes_pkey")),
    )
    op.create_index(op.f("coupon_codes_batch_id_code_idx"), "coupon_codes", ["batch_id", "code"], unique=False)
    op.create_index(
        "coupon_codes_taken_by_idx", "coupon_codes", ["taken_by"], unique=False, postgresql_where=sa.text("taken_by IS NOT NULL")
    )
    op.create_table(
        "member_coupons",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts", _AT, nullable=False),
        sa.Column("ends", _AT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=True),
        sa.Column("until", _AT, nullable=False),
        sa.Column("passed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('issued', 'reserved', 'used', 'void', 'lapsed', 'passed_on')", name=op.f("member_coupons_state_check")
        ),
        sa.PrimaryKeyConstraint("member_id", "coupon_id", name=op.f("member_coupons_pkey")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "member_coupons_live_idx",
        "member_coupons",
        ["member_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('issued', 'reserved')"),
    )
    op.create_index(op.f("member_coupons_definition_coupon_id_idx"), "member_coupons", ["definition", "coupon_id"], unique=False)


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in ("member_coupons", "coupon_codes", "coupon_batches"):
        op.drop_table(table)
