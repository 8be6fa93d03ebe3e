"""What a benefit is, and one use of it. Costs are minor units of the programme's currency, borne by the brand; shares are basis points."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from regulars.kernel import audience, problem
from regulars.kernel.audience import Audience
from regulars.kernel.problem import Kind as ProblemKind
from regulars.kernel.quotas import Quota, UsageKey
from regulars.kernel.text import Text

UNKNOWN = problem.define(
    "benefits.unknown",
    ProblemKind.not_found,
    en="The programme has no benefit {benefit}; it has {known}.",
    zh="会员计划没有权益 {benefit}，现有 {known}。",
)
HELD_OUT = problem.define(
    "benefits.held_out",
    ProblemKind.forbidden,
    en="{benefit} is not part of the basic terms.",
    zh="{benefit_zh}不属于基础权益。",
)
QUOTA_USED = problem.define(
    "benefits.quota_used",
    ProblemKind.limit,
    en="{benefit}: {left} of {granted} {period} are left, {asked} were asked for. The next ones come on {next_day}.",
    zh="{benefit_zh}{period_zh} {granted} 次，剩余 {left} 次，本次需要 {asked} 次。下次发放日为 {next_day}。",
)
USED_UP = problem.define(
    "benefits.used_up",
    ProblemKind.limit,
    en="{benefit}: {left} of {granted} in a lifetime are left, {asked} were asked for.",
    zh="{benefit_zh}终身 {granted} 次，剩余 {left} 次，本次需要 {asked} 次。",
)
COST_MISSING = problem.define(
    "benefits.cost_missing",
    ProblemKind.invalid,
    en="Say what this use of {benefit} costs the brand: the programme sets no cost for it.",
    zh="请填写本次使用{benefit_zh}的成本：会员计划未设定其单位成本。",
)


USE_UNKNOWN = problem.define(
    "benefits.use_unknown",
    ProblemKind.not_found,
    en="There is no use {use} of this member.",
    zh="该会员没有权益使用记录 {use}。",
)


class Kind(StrEnum):
    """What is given. Only its use differs, never how it is counted."""

    free_delivery = "free_delivery"
    exclusive_price = "exclusive_price"
    priority_service = "priority_service"
    birthday_gift = "birthday_gift"
    event_access = "event_access"
    custom = "custom"


class ClawBack(StrEnum):
    """What becomes of uses when a refund takes away what they rested on: the tier or condition that allowed them, or their order."""

    keep = "keep"
    """Nothing: what was given stays given."""
    charge = "charge"
    """Their cost is owed."""


class State(StrEnum):
    """Where a use stands: ``used`` and ``charged`` count against the quota, ``reversed`` does not."""

    used = "used"
    charged = "charged"
    reversed = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One benefit of the programme, its condition compiled.

    ``quota`` None is unlimited. ``unit_cost`` None means that each use says its own. ``incentive``: withheld from the hold-out.
    ``discount_bp`` is what an exclusive price takes off, ``max_freight`` the most that free delivery pays of one delivery. What is charged
    is owed in ``charge_unit``; without one in the programme's own choice.
    """

    id: str
    label: Text
    kind: Kind
    audience: Audience = audience.EVERYBODY
    quota: Quota | None = None
    unit_cost: int | None = None
    incentive: bool = False
    claw_back: ClawBack = ClawBack.keep
    charge_unit: str | None = None
    discount_bp: int | None = None
    max_freight: int | None = None

    @property
    def counter(self) -> str:
        """The name its uses are counted under."""
        return f"benefit:{self.id}"

    @property
    def charges(self) -> bool:
        """Whether a refund may make its uses owed."""
        return self.claw_back is ClawBack.charge


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """``quantity`` uses of a benefit at once, for ``cost`` in all. ``at`` is when it happened, ``changed_at`` when its state last changed.

    ``level`` is the tier that allowed it, ``period`` the first local day it counts in (None when nothing is counted), ``charged`` what the
    member was made to owe for it.
    """

    use_id: UUID
    benefit: str
    quantity: int
    cost: int
    at: datetime
    level: str
    period: date | None
    order_ref: str | None = None
    state: State = State.used
    changed_at: datetime
    charged: int = 0

    @property
    def counters(self) -> Mapping[UsageKey, int]:
        """What recording this state adds to the member's counters: given once when used, taken once when reversed, else nothing."""
        if self.period is None or self.state is State.charged:
            return {}
        return {(f"benefit:{self.benefit}", self.period): self.quantity if self.state is State.used else -self.quantity}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Uses that are paid for after all, as they stand afterwards, and what that adds to the debt in minor units."""

    uses: tuple[Use, ...]
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One benefit in one month: uses that were not given back. ``granted`` is None when it is unlimited or not known."""

    benefit: str
    first_day: date
    granted: int | None
    used: int
    cost: int
    members: int
