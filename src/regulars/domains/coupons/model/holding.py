"""The coupons a member holds, the moves that change them, and what can be refused."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.kernel import problem

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a coupon that does not lapse: a real date, because drivers disagree about infinity."""

State = Literal["issued", "reserved", "used", "void", "lapsed", "passed_on"]
Kind = Literal["issue", "receive", "reserve", "unreserve", "use", "give_back", "void", "lapse", "pass_on"]
LIVE: frozenset[State] = frozenset({"issued", "reserved"})
KINDS: frozenset[Kind] = frozenset({"issue", "receive", "reserve", "unreserve", "use", "give_back", "void", "lapse", "pass_on"})

NOT_USABLE = problem.define(
    "coupons.not_usable",
    problem.Kind.limit,
    en="Coupon {coupon} cannot be used: {reason}.",
    zh="优惠券 {coupon} 不可用：{reason_zh}。",
)
NOT_CLAIMED = problem.define(
    "coupons.not_claimed",
    problem.Kind.limit,
    en="Coupon {coupon} cannot be claimed: {reason}.",
    zh="优惠券 {coupon} 不可领取：{reason_zh}。",
)
NOT_PASSED = problem.define(
    "coupons.not_passed_on",
    problem.Kind.limit,
    en="Coupon {coupon} cannot be passed on: {reason}.",
    zh="优惠券 {coupon} 不可转赠：{reason_zh}。",
)
GONE = problem.define(
    "coupons.gone",
    problem.Kind.conflict,
    en="Coupon {coupon} is {state} and cannot change like this.",
    zh="优惠券 {coupon} 的状态为 {state}，不能这样变更。",
)
CODE_TAKEN = problem.define(
    "coupons.code_taken",
    problem.Kind.conflict,
    en="The coupon code was taken already, or its batch was withdrawn. Each code works once.",
    zh="该券码已被领取，或所属批次已作废。每个券码只能使用一次。",
)


@dataclass(frozen=True, slots=True)
class Held:
    """One coupon of a member. ``version`` is the programme it was issued under, whose terms it keeps; ``ref`` the hold it is reserved by
    (until ``until``), the order it was used on, or the member it was passed on to; ``passed`` how often it changed hands.
    """

    coupon_id: UUID
    definition: str
    version: int
    state: State
    starts: datetime
    ends: datetime
    code: str = ""
    source: str = "claim"
    ref: UUID | None = None
    until: datetime = NEVER
    passed: int = 0

    @property
    def live(self) -> bool:
        """Whether it can still be used, now or later."""
        return self.state in LIVE


class Move(NamedTuple):
    """One line of the journal about one coupon. ``why`` is JSON-ready and holds all that rebuilding needs; its ``caps`` are uses of limits
    as (rule, first day of the period, times), in the form in which entries of points carry theirs.
    """

    coupon_id: UUID
    definition: str
    kind: Kind
    at: datetime
    starts: datetime
    ends: datetime
    why: dict[str, object]
