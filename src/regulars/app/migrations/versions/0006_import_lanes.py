"""Imports are recorded in lanes, side by side."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the cursor of an import to its lanes; one that is being recorded gets a single lane and goes on where it was."""
    op.create_table(
        "import_lanes",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("low", sa.Text(collation="C"), nullable=True),
        sa.Column("high", sa.Text(collation="C"), nullable=True),
        sa.Column("cursor_customer", sa.Text(collation="C"), nullable=True),
        sa.Column("cursor_done", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "lane", name=op.f("import_lanes_pkey")),
    )
    op.execute(
        """INSERT INTO import_lanes
           SELECT import_id, 0, NULL, NULL, cursor_customer, cursor_done, false, 0, progress, CAST('{}' AS jsonb), updated_at
             FROM imports WHERE state = 'applying'"""
    )
    op.drop_column("imports", "cursor_done")
    op.drop_column("imports", "cursor_customer")


def downgrade() -> None:
    """Put the cursor back. Imports that moved on in lanes are given up: what they recorded is recognised when they begin anew."""
    op.add_column("imports", sa.Column("cursor_customer", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("cursor_done", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("imports", "cursor_done", server_default=None)
    op.execute(
        """UPDATE imports i SET cursor_customer = l.cursor_customer, cursor_done = l.cursor_done, progress = l.progress
             FROM import_lanes l WHERE l.import_id = i.import_id AND l.counts = '{}'"""
    )
    op.execute(
        """UPDATE imports SET state = 'abandoned', wrapped_key = NULL
            WHERE import_id IN (SELECT import_id FROM import_lanes WHERE counts <> '{}')"""
    )
    for waiting in ("import_rows", "import_people", "import_quarantine"):
        op.execute(f"DELETE FROM {waiting} WHERE import_id IN (SELECT import_id FROM imports WHERE state = 'abandoned')")
    op.drop_table("import_lanes")
