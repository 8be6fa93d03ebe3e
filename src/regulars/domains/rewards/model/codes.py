"""Codes that digital rewards hand out, from their upload to the order that has them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind as ProblemKind

CODES_GONE = problem.define(
    "rewards.codes_gone",
    ProblemKind.limit,
    en="{reward}: {left} codes are left, {asked} were asked for.",
    zh="{reward_zh}剩余兑换码 {left} 个，本次需要 {asked} 个。",
)
CODE_SEEN = problem.define(
    "rewards.code_seen",
    ProblemKind.conflict,
    en="The code of this order was shown on {day}. An order whose code was seen is not cancelled.",
    zh="该订单的兑换码已于 {day} 查看，查看后不能取消。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code as it is kept: ``sealed`` under the data key of its upload, found again by ``digest``. Nobody's until an order has it."""

    code_id: UUID
    digest: str
    sealed: bytes


class UploadState(StrEnum):
    """How an upload stands. Its codes can be handed out from the moment they are in the pool, the first before the last."""

    adding = "adding"
    ready = "ready"
    void = "void"
    """Withdrawn: what nobody had been given is gone, and nothing of it is handed out again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBatch:
    """One upload of ``wanted`` codes to the ``pool``, its data key wrapped: how many came in so far, how many were there already, and how
    many free ones were gone when it was withdrawn.
    """

    batch_id: UUID
    pool: str
    wrapped: bytes
    wanted: int
    made_at: datetime
    made_by: str
    added: int = 0
    known: int = 0
    withdrawn: int = 0
    state: UploadState = UploadState.adding


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWish:
    """An order that gets ``count`` codes of a pool, all or none."""

    order_id: UUID
    member_id: MemberId
    pool: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCode:
    """A code that an order has; ``seen_at`` None: nobody has seen it yet."""

    order_id: UUID
    code_id: UUID
    wrapped: bytes
    sealed: bytes
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """How many codes of a pool are free, are given and unseen, were seen."""

    pool: str
    free: int = 0
    given: int = 0
    seen: int = 0
