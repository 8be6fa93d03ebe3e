"""Codes that are made in batches and wait for a member each, and what operators look for among them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.domains.coupons.model.holding import Held, State

BatchState = Literal["making", "ready", "void"]
CodeState = Literal["free", "taken", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """``wanted`` codes of ``length`` characters behind a ``prefix``, ``made`` so far. Only a batch that is ``ready`` gives codes out."""

    batch_id: UUID
    definition: str
    name: str
    prefix: str
    length: int
    wanted: int
    created_at: datetime
    created_by: str
    made: int = 0
    state: BatchState = "making"


@dataclass(frozen=True, slots=True)
class Code:
    """One code; ``state`` is void with its batch as long as nobody took it."""

    code: str
    batch_id: UUID
    definition: str
    state: CodeState
    member_id: UUID | None
    coupon_id: UUID | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Taking:
    """A member's wish for a code, to become the coupon ``coupon_id``."""

    code: str
    member_id: UUID
    coupon_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFilter:
    """Which codes; None is every."""

    definition: str | None = None
    batch_id: UUID | None = None
    state: CodeState | None = None
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponFilter:
    """Which coupons; None is every."""

    definition: str | None = None
    state: State | None = None
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MemberCoupon:
    """A coupon with the member who holds it."""

    member_id: UUID
    held: Held
