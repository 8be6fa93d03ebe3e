"""What a hold-out and an exposure are."""

from dataclasses import dataclass
from datetime import datetime

from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind

STALE = problem.define(
    "experiments.stale",
    Kind.conflict,
    en="Version {version} of the hold-out settings is not the current one. Read them again, then repeat the change.",
    zh="对照组设置的版本 {version} 已过期。请重新读取后再修改。",
)
BASIS = 10_000
DEFAULT_SHARE_BP = 500
MAX_SHARE_BP = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOut:
    """How the hold-out is set: ``share_bp`` basis points of members first seen from now on; ``on`` False treats all alike.

    ``salt`` stays what it was when the installation was made. ``version`` grows by one with each change.
    """

    salt: str
    share_bp: int
    on: bool
    version: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """A member met ``what`` (an incentive, a message: ``rule:double-points``) at ``at``, or would have met it: ``held_out``."""

    member_id: MemberId
    what: str
    at: datetime
    held_out: bool
