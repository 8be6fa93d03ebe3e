"""Simulations: what was asked, and what it came to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "simulations",
        sa.Column("simulation_id", sa.Uuid(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("draft_version", sa.Integer()),
        sa.Column("running", sa.Text(), nullable=False),
        sa.Column("running_version", sa.Integer(), nullable=False),
        sa.Column("as_of", _AT, nullable=False),
        sa.Column("since", _AT),
        sa.Column("sample_bp", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("ended_at", _AT),
        sa.Column("result", JSONB()),
        sa.Column("error", JSONB()),
        sa.PrimaryKeyConstraint("simulation_id", name=op.f("simulations_pkey")),
    )
    op.create_index(op.f("simulations_asked_at_simulation_id_idx"), "simulations", ["asked_at", "simulation_id"], unique=False)
    op.create_index(op.f("simulations_draft_version_idx"), "simulations", ["draft_version"], unique=False)


def downgrade() -> None:
    """Drop it, with every result; nothing else rests on them."""
    op.drop_table("simulations")
