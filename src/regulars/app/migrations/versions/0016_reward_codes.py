"""Codes of digital rewards: pools that are filled by uploads, each code sealed and given to one order."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "reward_code_batches",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("reward_code_batches_pkey")),
    )
    op.create_index(op.f("reward_code_batches_pool_batch_id_idx"), "reward_code_batches", ["pool", "batch_id"], unique=False)
    op.create_table(
        "reward_codes",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("given_to", sa.Uuid(), nullable=True),
        sa.Column("given_at", _AT, nullable=True),
        sa.Column("seen_at", _AT, nullable=True),
        sa.CheckConstraint(
            "(order_id IS NULL) = (given_to IS NULL) AND (order_id IS NULL) = (given_at IS NULL)"
            " AND (seen_at IS NULL OR order_id IS NOT NULL)",
            name=op.f("reward_codes_given_check"),
        ),
        sa.PrimaryKeyConstraint("pool", "digest", name=op.f("reward_codes_pkey")),
    )
    op.create_index(
        "reward_codes_free_idx", "reward_codes", ["pool", "code_id"], unique=False, postgresql_where=sa.text("order_id IS NULL")
    )
    op.create_index("reward_codes_order_idx", "reward_codes", ["order_id"], unique=False, postgresql_where=sa.text("order_id IS NOT NULL"))


def downgrade() -> None:
    """Drop them. Codes are lost with them; what they cost stays in the journal."""
    op.drop_table("reward_codes")
    op.drop_table("reward_code_batches")
