"""Uploads of reward codes come in part by part, and can be withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table of parts. What is there came in whole, as does what the previous release goes on uploading."""
    op.add_column("reward_code_batches", sa.Column("wanted", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("reward_code_batches", sa.Column("withdrawn", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("reward_code_batches", sa.Column("state", sa.Text(), server_default="ready", nullable=False))
    op.create_check_constraint(op.f("reward_code_batches_state_check"), "reward_code_batches", "state IN ('adding', 'ready', 'void')")
    op.create_table(
        "reward_code_parts",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "n", name=op.f("reward_code_parts_pkey")),
    )


def downgrade() -> None:
    """Drop them. Codes that had not come in yet are lost; what came in stays in its pool."""
    op.drop_table("reward_code_parts")
    op.drop_constraint(op.f("reward_code_batches_state_check"), "reward_code_batches", type_="check")
    for column in ("state", "withdrawn", "wanted"):
        op.drop_column("reward_code_batches", column)
