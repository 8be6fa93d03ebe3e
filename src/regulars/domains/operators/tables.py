"""Operators, grants, roles, sessions, sign-in attempts, keys, approvals and the audit log. None of them holds a member's data."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)
# Lists of names inside a row: short, read whole, and a JSON text travels in bulk where an array of arrays does not.
_TEXTS = JSONB

setup = sa.Table(
    "operators_setup",
    metadata,
    # One row: the lock behind which who-may-do-what changes, and whether the first run has happened.
    sa.Column("one", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("first_run_at", _WHEN),
    sa.CheckConstraint("one", name="single"),
)
operators = sa.Table(
    "operators",
    metadata,
    sa.Column("operator_id", sa.Uuid, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("created_at", _WHEN, nullable=False),
    sa.CheckConstraint("state IN ('active', 'disabled')", name="state"),
)
grants = sa.Table(
    "operator_grants",
    metadata,
    sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.operator_id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("stores", _TEXTS, nullable=False),
)
roles = sa.Table(
    "operator_roles",
    metadata,
    # Custom roles only: the built-in ones are part of the release.
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("permissions", _TEXTS, nullable=False),
)
sessions = sa.Table(
    "operator_sessions",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.operator_id"), nullable=False, index=True),
    sa.Column("opened_at", _WHEN, nullable=False),
    sa.Column("seen_at", _WHEN, nullable=False),
    sa.Column("expires_at", _WHEN, nullable=False, index=True),
)
attempts = sa.Table(
    "operator_attempts",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    # A digest: people type passwords into the login field, and an address is personal data.
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("since", _WHEN, nullable=False, index=True),
)
api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("key_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False),
    sa.Column("scopes", _TEXTS, nullable=False),
    sa.Column("stores", _TEXTS, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False, index=True),
    sa.Column("created_at", _WHEN, nullable=False),
    sa.Column("expires_at", _WHEN),
    sa.Column("last_used_at", _WHEN),
    sa.Column("revoked_at", _WHEN),
)
approvals = sa.Table(
    "approvals",
    metadata,
    sa.Column("approval_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", JSONB, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_for", sa.Text, nullable=False),
    sa.Column("asked_at", _WHEN, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("expires_at", _WHEN, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", _WHEN),
    sa.Column("decision_reason", sa.Text),
    sa.Column("result", JSONB),
    sa.CheckConstraint("state IN ('pending', 'executed', 'refused', 'withdrawn', 'expired')", name="state"),
    sa.Index("approvals_pending_idx", "expires_at", postgresql_where=sa.text("state = 'pending'")),
)
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("audit_id", sa.Uuid, primary_key=True),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("before", JSONB(none_as_null=True)),
    sa.Column("after", JSONB(none_as_null=True)),
    sa.Column("reason", sa.Text, nullable=False),
    # Place in the chain; null until the day is sealed.
    sa.Column("no", sa.BigInteger, unique=True),
    sa.Column("hash", sa.LargeBinary),
    sa.Index(None, "at", "audit_id"),
    sa.Index(None, "entity", "at", "audit_id"),
    sa.Index(None, "actor_id", "at", "audit_id"),
    sa.Index(None, "action", "at", "audit_id"),
    sa.Index("audit_unsealed_idx", "at", "audit_id", postgresql_where=sa.text("no IS NULL")),
)
seals = sa.Table(
    "audit_seals",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("last_no", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("sealed_at", _WHEN, nullable=False),
)
