"""What the lake was given, and up to where.

Rows that are there already are numbered 0: no transaction is older, so the first export takes them all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FOLLOWED = ("decisions", "exposures", "journal", "orders", "refunds")


def upgrade() -> None:
    """Add the transaction number to what is followed, and the ledger."""
    for table in FOLLOWED:
        # With a constant first: a default that differs from row to row would rewrite the table under an exclusive lock.
        op.add_column(table, sa.Column("recorded_in", sa.BigInteger(), server_default="0", nullable=False))
        op.alter_column(table, "recorded_in", server_default=sa.text("txid_current()"))
        op.create_index(op.f(f"{table}_recorded_in_idx"), table, ["recorded_in"], unique=False, postgresql_using="brin")
    op.create_table(
        "lake_epochs",
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("system_identifier", sa.Text(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("lake_epochs_pkey")),
    )
    op.create_table(
        "lakes",
        sa.Column("lake_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.Uuid(), nullable=True),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lake_id", name=op.f("lakes_pkey")),
    )


def downgrade() -> None:
    """Drop them. A lake that was filled before is filled anew after the next upgrade."""
    op.drop_table("lakes")
    op.drop_table("lake_epochs")
    for table in FOLLOWED:
        op.drop_index(op.f(f"{table}_recorded_in_idx"), table_name=table)
        op.drop_column(table, "recorded_in")
