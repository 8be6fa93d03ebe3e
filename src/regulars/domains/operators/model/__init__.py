"""What operators, grants, sessions, keys, approvals and audit rows are. Times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

OperatorId = NewType("OperatorId", UUID)
KeyId = NewType("KeyId", UUID)
ApprovalId = NewType("ApprovalId", UUID)

OPERATOR = "opr"
KEY = "key"
APPROVAL = "apr"
AUDIT = "aud"
KEY_TEXT = "rk"

Json = Mapping[str, object]


class OperatorState(StrEnum):
    """Whether a person may sign in."""

    active = "active"
    disabled = "disabled"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role given to a person; ``stores`` (codes) limits it to those stores, empty means everywhere."""

    role: str
    stores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A person. ``login`` is normalised and unique; ``must_change`` until the password that was handed out is replaced."""

    operator_id: OperatorId
    login: str
    name: str
    state: OperatorState
    must_change: bool
    grants: tuple[Grant, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a sign-in is checked against; ``password_hash`` is argon2id in PHC format."""

    operator_id: OperatorId
    login: str
    state: OperatorState
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A named set of permissions. Built-in ones cannot be changed."""

    role: str
    name_en: str
    name_zh: str
    permissions: frozenset[str]
    built_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser with the person behind it, as it is read back for each request."""

    operator: Operator
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    permissions: frozenset[str]


class KeyState(StrEnum):
    """Whether a key opens anything."""

    active = "active"
    expired = "expired"
    revoked = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key of another system. ``scopes`` are permissions, ``stores`` limits them as in a grant; no ``expires_at``: lasts."""

    key_id: KeyId
    name: str
    scopes: tuple[str, ...]
    stores: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def state_at(self, now: datetime) -> KeyState:
        """The key's state at ``now``; what is both revoked and expired was revoked."""
        if self.revoked_at is not None:
            return KeyState.revoked
        return KeyState.expired if self.expires_at is not None and self.expires_at <= now else KeyState.active


class ApprovalState(StrEnum):
    """Where a pending command stands; every state but ``pending`` is final."""

    pending = "pending"
    executed = "executed"
    refused = "refused"
    withdrawn = "withdrawn"
    expired = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A command that waits for a second person. ``asked_by`` is the actor's id, ``asked_for`` the person behind it (a key's creator)."""

    approval_id: ApprovalId
    kind: str
    payload: Json
    asked_by: str
    asked_for: str
    asked_at: datetime
    reason: str
    state: ApprovalState
    expires_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    result: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """Who did what to which entity, and why, without personal data. ``no`` and ``hash`` are set once the row is sealed."""

    audit_id: UUID
    at: datetime
    actor_kind: str
    actor_id: str
    action: str
    entity: str
    before: Json | None = None
    after: Json | None = None
    reason: str = ""
    no: int | None = None
    hash: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The end of one UTC day in the chain: the number and hash of the last row so far, and how many rows that day added."""

    day: date
    last_no: int
    rows: int
    hash: bytes


class BreakKind(StrEnum):
    """How the chain is broken at a place."""

    row_changed = "row_changed"
    row_missing = "row_missing"
    seal_changed = "seal_changed"
    seal_missing = "seal_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first place where the chain does not hold: a row's number (and id, when it is there) or a day's seal."""

    kind: BreakKind
    no: int | None = None
    audit_id: UUID | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a walk over the chain found. ``head`` is the last good hash: noted elsewhere, it shows if the end was cut off."""

    rows: int
    days: int
    head: bytes
    broken: Break | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits of signing in and of waiting. One address may be a whole shop behind one router, so it gets more tries than an account."""

    account_attempts: int = 10
    address_attempts: int = 100
    attempt_window: timedelta = timedelta(minutes=15)
    session_for: timedelta = timedelta(hours=12)
    session_idle: timedelta = timedelta(hours=2)
    approval_for: timedelta = timedelta(days=7)


POLICY = Policy()
