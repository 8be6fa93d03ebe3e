"""Proofs of the ledger that were run on the command line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "verifications",
        sa.Column("verification_id", sa.Uuid(), nullable=False),
        sa.Column("decisions", sa.BigInteger(), nullable=False),
        sa.Column("disagreements", sa.BigInteger(), nullable=False),
        sa.Column("first", JSONB(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("started_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("verification_id", name=op.f("verifications_pkey")),
    )
    op.create_index(op.f("verifications_ended_at_verification_id_idx"), "verifications", ["ended_at", "verification_id"], unique=False)


def downgrade() -> None:
    """Drop it. That they took place stays in the audit log."""
    op.drop_table("verifications")
