"""Coupons as operators write them. Amounts are minor units, rates basis points, days local days of the programme."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from regulars.domains.loyalty.document import parts


def _iso(given: object) -> object:
    """YAML reads an unquoted day as a date; the document keeps its text, so that it is written as it was read."""
    return given.isoformat() if isinstance(given, date) and not isinstance(given, datetime) else given


def _real(day: str) -> str:
    date.fromisoformat(day)
    return day


Day = Annotated[str, BeforeValidator(_iso), Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real)]


class Lane(parts.Part):
    """A group of coupons that are applied together; the order of lanes is the order of discounts."""

    id: parts.Id
    many: bool = False


class Step(parts.Part):
    """From this much on, so much less is paid. (YAML reads a bare ``off`` as false.)"""

    from_: Annotated[parts.Positive, Field(alias="from")]
    less: parts.Positive


class SpendOff(parts.Part):
    """The highest step that is reached counts; with ``every`` the only step counts as often as it fits."""

    steps: Annotated[list[Step], Field(min_length=1, max_length=20)]
    every: bool = False

    @model_validator(mode="after")
    def rising(self) -> Self:
        pairs = list(zip(self.steps, self.steps[1:], strict=False))
        if any(later.from_ <= step.from_ or later.less <= step.less for step, later in pairs):
            raise ValueError("steps rise, and each takes off more than the one before")
        if self.every and len(self.steps) > 1:
            raise ValueError("every goes with a single step")
        return self


class Percent(parts.Part):
    """Leaves ``rate_bp`` to pay: 8000 is 20 % off."""

    rate_bp: Annotated[int, Field(ge=0, lt=10_000)]


class Cash(parts.Part):
    """Pays up to ``face``; what is left of it is lost."""

    face: parts.Positive


class Exchange(parts.Part):
    """One unit is free but for ``copay``: the cheapest or dearest of the lines it counts on."""

    pick: Literal["cheapest", "dearest"] = "cheapest"
    copay: parts.Amount = 0


class FreeDelivery(parts.Part):
    """Pays freight, up to ``max_discount`` of the coupon."""


class Times(parts.Part):
    """At most ``times`` a period."""

    times: Annotated[int, Field(ge=1, le=10**6)]
    per: Literal["day", "week", "month", "quarter", "year", "lifetime"]


class CouponBudget(parts.Part):
    """The most all coupons of this kind may cost; ``when_short`` says what the one gets that no longer fits."""

    total: parts.Positive | None = None
    per_store: parts.Positive | None = None
    when_short: Literal["cut", "refuse"] = "cut"


class Validity(parts.Part):
    """Usable between two days, both included, or for a span after the issue (``days: 0, round_to: month``: to the end of its month)."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    delay_days: Annotated[int, Field(ge=0, le=3650)] = 0
    months: Annotated[int, Field(ge=0, le=240)] = 0
    days: Annotated[int, Field(ge=0, le=7300)] | None = None
    round_to: Literal["day", "month", "quarter", "year"] | None = None

    @model_validator(mode="after")
    def possible(self) -> Self:
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError("until is not before from")
        if self.round_to and self.days is None and not self.months:
            raise ValueError("round_to goes with days or months")
        return self


class Price(parts.Part):
    """What a claim costs: ``amount`` of a unit."""

    unit: parts.Id
    amount: parts.Positive


class Claim(parts.Part):
    """How members get the coupon by themselves. ``when`` reads the member, not an order."""

    when: dict[str, Any] | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    limit: Times | None = None
    price: Price | None = None


class Coupon(parts.Part):
    """One kind of coupon: exactly one of the five worths, where it counts, when, how often, and how members get it.

    ``given_on``: an act such as registration or birthday, which brings one each time.
    """

    id: parts.Id
    label: parts.Label
    spend_off: SpendOff | None = None
    percent: Percent | None = None
    cash: Cash | None = None
    exchange: Exchange | None = None
    free_delivery: FreeDelivery | None = None
    max_discount: parts.Positive | None = None
    when: dict[str, Any] | None = None
    min_spend: parts.Amount = 0
    min_spend_on: Literal["scope", "order"] = "scope"
    stores: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default_factory=list)
    validity: Validity = Validity()
    lane: parts.Id = "main"
    exclusive: bool = False
    per_order: Annotated[int, Field(ge=1, le=100)] = 1
    limit: Times | None = None
    stock: parts.Positive | None = None
    budget: CouponBudget = CouponBudget()
    incentive: bool = False
    claim: Claim | None = None
    given_on: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None
    generic_code: Annotated[str, Field(min_length=3, max_length=28)] | None = None
    code_uses: parts.Positive | None = None
    transfers: Annotated[int, Field(ge=0, le=100)] = 0
    on_refund: Literal["return", "never"] = "return"
    grace_days: Annotated[int, Field(ge=0, le=365)] = 0

    @model_validator(mode="after")
    def consistent(self) -> Self:
        worths = (self.spend_off, self.percent, self.cash, self.exchange, self.free_delivery)
        if sum(worth is not None for worth in worths) != 1:
            raise ValueError("give exactly one of spend_off, percent, cash, exchange, free_delivery")
        if self.generic_code is not None and self.claim is None:
            raise ValueError("a generic_code is typed by members who claim: give claim as well")
        if self.code_uses is not None and self.generic_code is None:
            raise ValueError("code_uses goes with generic_code")
        return self
