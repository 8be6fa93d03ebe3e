"""Operators."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("api_keys_pkey")),
    )
    op.create_index(op.f("api_keys_created_by_idx"), "api_keys", ["created_by"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'executed', 'refused', 'withdrawn', 'expired')", name=op.f("approvals_state_check")),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("approvals_pkey")),
    )
    op.create_index("approvals_pending_idx", "approvals", ["expires_at"], unique=False, postgresql_where=sa.text("state = 'pending'"))
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("audit_pkey")),
        sa.UniqueConstraint("no", name=op.f("audit_no_key")),
    )
    op.create_index(op.f("audit_action_at_audit_id_idx"), "audit", ["action", "at", "audit_id"], unique=False)
    op.create_index(op.f("audit_actor_id_at_audit_id_idx"), "audit", ["actor_id", "at", "audit_id"], unique=False)
    op.create_index(op.f("audit_at_audit_id_idx"), "audit", ["at", "audit_id"], unique=False)
    op.create_index(op.f("audit_entity_at_audit_id_idx"), "audit", ["entity", "at", "audit_id"], unique=False)
    op.create_index("audit_unsealed_idx", "audit", ["at", "audit_id"], unique=False, postgresql_where=sa.text("no IS NULL"))
    op.create_table(
        "audit_seals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("audit_seals_pkey")),
    )
    op.create_table(
        "operator_attempts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("operator_attempts_pkey")),
    )
    op.create_index(op.f("operator_attempts_since_idx"), "operator_attempts", ["since"], unique=False)
    op.create_table(
        "operator_roles",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("operator_roles_pkey")),
    )
    op.create_table(
        "operators",
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'disabled')", name=op.f("operators_state_check")),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("operators_pkey")),
        sa.UniqueConstraint("login", name=op.f("operators_login_key")),
    )
    op.create_table(
        "operators_setup",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("first_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("one", name=op.f("operators_setup_single_check")),
        sa.PrimaryKeyConstraint("one", name=op.f("operators_setup_pkey")),
    )
    op.create_table(
        "operator_grants",
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("stores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operators.operator_id"],
        ),
        sa.PrimaryKeyConstraint("operator_id", "role", name=op.f("operator_grants_pkey")),
    )
    op.create_table(
        "operator_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operators.operator_id"],
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("operator_sessions_pkey")),
    )
    op.create_index(op.f("operator_sessions_expires_at_idx"), "operator_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("operator_sessions_operator_id_idx"), "operator_sessions", ["operator_id"], unique=False)


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_index(op.f("operator_sessions_operator_id_idx"), table_name="operator_sessions")
    op.drop_index(op.f("operator_sessions_expires_at_idx"), table_name="operator_sessions")
    op.drop_table("operator_sessions")
    op.drop_table("operator_grants")
    op.drop_table("operators_setup")
    op.drop_table("operators")
    op.drop_table("operator_roles")
    op.drop_index(op.f("operator_attempts_since_idx"), table_name="operator_attempts")
    op.drop_table("operator_attempts")
    op.drop_table("audit_seals")
    op.drop_index("audit_unsealed_idx", table_name="audit", postgresql_where=sa.text("no IS NULL"))
    op.drop_index(op.f("audit_entity_at_audit_id_idx"), table_name="audit")
    op.drop_index(op.f("audit_at_audit_id_idx"), table_name="audit")
    op.drop_index(op.f("audit_actor_id_at_audit_id_idx"), table_name="audit")
    op.drop_index(op.f("audit_action_at_audit_id_idx"), table_name="audit")
    op.drop_table("audit")
    op.drop_index("approvals_pending_idx", table_name="approvals", postgresql_where=sa.text("state = 'pending'"))
    op.drop_table("approvals")
    op.drop_index(op.f("api_keys_created_by_idx"), table_name="api_keys")
    op.drop_table("api_keys")
