"""Files sent for import, who asked for a job, and what lists of members are filtered and sorted by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SORTED = (
    ("listed_members", ["last_order_at", "member_id"]),
    ("listed_members", ["spend", "member_id"]),
    ("listed_members", ["points", "member_id"]),
    ("tier_standings", ["ladder", "level"]),
    ("members", ["store", "joined_at", "member_id"]),
)


def upgrade() -> None:
    """Create the tables and the indexes. Each index of a large table is built while writers wait."""
    op.create_table(
        "job_askers",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("job_askers_pkey")),
    )
    op.create_table(
        "listed_members",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spend", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("listed_members_pkey")),
    )
    op.create_table(
        "uploads",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("uploads_pkey")),
    )
    op.create_index(op.f("uploads_uploaded_at_idx"), "uploads", ["uploaded_at"], unique=False)
    op.create_table(
        "upload_imports",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("upload_imports_pkey")),
    )
    op.create_index(op.f("upload_imports_upload_id_idx"), "upload_imports", ["upload_id"], unique=False)
    op.create_index(op.f("upload_imports_asked_at_idx"), "upload_imports", ["asked_at"], unique=False)
    for table, columns in _SORTED:
        op.create_index(op.f(f"{table}_{'_'.join(columns)}_idx"), table, columns, unique=False)
    op.create_index(op.f("members_status_idx"), "members", ["status"], unique=False, postgresql_where=sa.text("status <> 'active'"))


def downgrade() -> None:
    """Drop them. Files that were sent stay on disk."""
    op.drop_index(op.f("members_status_idx"), table_name="members")
    for table, columns in reversed(_SORTED):
        op.drop_index(op.f(f"{table}_{'_'.join(columns)}_idx"), table_name=table)
    op.drop_table("upload_imports")
    op.drop_table("uploads")
    op.drop_table("listed_members")
    op.drop_table("job_askers")
