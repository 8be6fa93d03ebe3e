"""Several ladders with what was said about a level's end; counters that all members share."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, with a default that the previous release lives with, and the table."""
    op.add_column("tier_standings", sa.Column("state", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("counters_never_negative_check")),
        sa.PrimaryKeyConstraint("name", name=op.f("counters_pkey")),
        postgresql_with={"fillfactor": "50"},
    )


def downgrade() -> None:
    """What only the newer release knows goes."""
    op.drop_table("counters")
    op.drop_column("tier_standings", "state")
