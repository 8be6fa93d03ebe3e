"""Re-assessments of ladders: previews of who would move, and how far each re-assessment is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "reassessment_previews",
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("draft_version", sa.Integer()),
        sa.Column("running_version", sa.Integer(), nullable=False),
        sa.Column("down", sa.Boolean(), nullable=False),
        sa.Column("as_of", _AT, nullable=False),
        sa.Column("job_id", sa.BigInteger()),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("ended_at", _AT),
        sa.Column("result", JSONB()),
        sa.Column("error", JSONB()),
        sa.PrimaryKeyConstraint("preview_id", name=op.f("reassessment_previews_pkey")),
    )
    op.create_index(
        op.f("reassessment_previews_asked_at_preview_id_idx"), "reassessment_previews", ["asked_at", "preview_id"], unique=False
    )
    op.create_table(
        "reassessments",
        sa.Column("reassessment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("down", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Uuid()),
        sa.Column("looked", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("moved", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("steps", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("refused", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("ended_at", _AT),
        sa.Column("error", JSONB()),
        sa.PrimaryKeyConstraint("reassessment_id", name=op.f("reassessments_pkey")),
    )
    op.create_index(op.f("reassessments_at_reassessment_id_idx"), "reassessments", ["at", "reassessment_id"], unique=False)


def downgrade() -> None:
    """Drop them. Who moved stays in the journal."""
    op.drop_table("reassessments")
    op.drop_table("reassessment_previews")
