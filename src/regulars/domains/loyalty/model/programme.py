"""The compiled programme: what a published document means to ``decide``. Amounts are minor units, rates basis points."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.domains.benefits.model import Benefit
from regulars.domains.coupons.model import Definition, Lane
from regulars.domains.points import model as points
from regulars.domains.rewards.model import Reward
from regulars.domains.tiers import model as tiers
from regulars.domains.tiers.model import Ladder
from regulars.kernel import periods, problem
from regulars.kernel.problem import Kind
from regulars.kernel.text import Text

NO_PROGRAMME = problem.define(
    "programme.none",
    Kind.conflict,
    en="No programme is published yet. Publish one first: regulars programme publish FILE.",
    zh="尚未发布会员计划，请先发布：regulars programme publish FILE。",
)
STALE_QUOTE = problem.define(
    "quotes.stale",
    Kind.conflict,
    en="The quote is no longer valid: {reason}. A fresh one is enclosed.",
    zh="报价已失效：{reason}。附上新的报价。",
)
WRONG_CURRENCY = problem.define(
    "programme.currency",
    Kind.invalid,
    en="The programme settles in {currency}; the order is in {given}. Convert it first, or leave it out.",
    zh="会员计划以 {currency} 结算，订单币种为 {given}，请先换算或剔除。",
)
REDEEM_REFUSED = problem.define(
    "points.redeem_refused",
    Kind.limit,
    en="{unit} cannot be redeemed like this: {reason}.",
    zh="{unit}不能这样抵扣：{reason}。",
)

COUPON_UNKNOWN = problem.define(
    "coupons.unknown",
    Kind.not_found,
    en="The programme has no coupon {coupon}; it has {known}.",
    zh="会员计划没有优惠券 {coupon}，现有 {known}。",
)
NOT_MONEY = problem.define(
    "points.not_money",
    Kind.invalid,
    en="{unit} holds no money; only {known} can be loaded.",
    zh="{unit} 不是储值单位，可充值的单位：{known}。",
)

ORDER = "order"
"""The trigger of rules about orders; every other trigger is an act."""
MAIN = "main"
"""The ladder that every programme has."""
Values = dict[str, object]
Test = Callable[[Mapping[str, object]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """When a grant lapses: ``never``; ``rolling`` months or days after it was earned, rounded to the end of ``round_to`` (of 0 months:
    at the end of the period it was earned in); ``calendar``: at the end of the next ``month``/``day`` that is ``months`` away or
    more; ``anniversary``: on the member's next day of joining. ``slides``: whatever is earned renews every lot of the unit.
    """

    kind: str
    months: int = 0
    days: int = 0
    round_to: periods.RoundTo | None = None
    month: int = 12
    day: int = 31
    slides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """Grants wait for the act ``act`` about their order (a delivery, a review); after ``days`` without it they are cancelled."""

    act: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeem:
    """Points as cash: every ``points`` are worth ``worth`` minor units, in whole steps, up to ``max_share_bp`` of the cart."""

    points: int
    worth: int
    min_points: int
    max_share_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """How much one member may give away: a day, and at least in one go."""

    per_day: int
    min_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Something members collect. ``pending_days`` delays it, ``awaits`` makes it wait for an act; ``owes`` lets a refund leave a debt;
    ``only_counted``: nobody can spend it, so that its expiry waits for the review of the ladder that counts it (growth), where any
    other unit's is an event of its own. ``money``: it was paid for, and never goes below zero. ``minor``: amounts are minor units of
    the programme's currency. ``hidden``: only counted, never shown.
    """

    id: str
    label: Text
    expiry: Expiry
    pending_days: int
    owes: bool
    redeem: Redeem | None
    transfer: Transfer | None
    awaits: Await | None = None
    money: bool = False
    minor: bool = False
    hidden: bool = False
    only_counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most ``amount`` of a rule per ``period`` (order, day, week, month, quarter, year, lifetime) and member."""

    period: str
    """``order``, or a kind of ``kernel.periods``."""
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One earning rule, its condition compiled. ``by_line`` says whether the condition reads lines.

    ``kind``: ``per_amount`` gives ``give`` for every ``per`` minor units of the base, over the whole order or line by line;
    ``fixed`` gives ``give`` once an order, spread over its lines, ``whole`` to the order as a whole; ``multiply`` adds ``factor_bp`` -
    10,000 of what the per-amount rules gave a line, the highest factor of each ``lane``. ``exclude`` names what the base leaves out:
    discount, tax, points, freight. ``incentive`` rules are withheld from the hold-out. ``on``: ``order``, or the act that triggers it
    (``per`` then divides the act's own value). ``budget``: what the rule may give to all members together, counted in ``budget_name``.
    """

    id: str
    label: Text
    kind: str
    unit: str
    test: Test | None
    by_line: bool
    reads: frozenset[str]
    cap: Cap | None = None
    incentive: bool = False
    per: int = 1
    give: int = 0
    scope: str = "order"
    exclude: frozenset[str] = frozenset()
    factor_bp: int = 10_000
    lane: str = ""
    on: str = ORDER
    budget: int | None = None

    @property
    def budget_name(self) -> str:
        """The counter that the rule's budget is counted in."""
        return f"rule:{self.id}:budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A published version, compiled: everything ``decide`` needs to know about the brand's wishes. ``limits``: what the counters that
    all members share may reach, by name. ``earlier``: coupons of the versions before it, whose terms members still hold.
    """

    version: int
    label: Text
    currency: str
    zone: ZoneInfo
    units: dict[str, Unit]
    ladders: tuple[Ladder, ...]
    earn: tuple[Rule, ...]
    multiply: tuple[Rule, ...]
    reads: frozenset[str]
    on_act: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    coupons: Mapping[str, Definition] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()
    rewards: Mapping[str, Reward] = field(default_factory=dict)
    benefits: Mapping[str, Benefit] = field(default_factory=dict)
    earlier: Mapping[int, Mapping[str, Definition]] = field(default_factory=dict)

    @property
    def ladder(self) -> Ladder:
        """The main ladder."""
        return self.ladders[0]

    def ladder_of(self, ladder_id: str) -> Ladder:
        """The ladder by its id. Raises ``tiers.ladder_unknown``."""
        for ladder in self.ladders:
            if ladder.id == ladder_id:
                return ladder
        raise tiers.LADDER_UNKNOWN(ladder=ladder_id, known=", ".join(ladder.id for ladder in self.ladders))

    def coupon(self, coupon_id: str) -> Definition:
        """The coupon by its id. Raises ``coupons.unknown``."""
        found = self.coupons.get(coupon_id)
        if found is None:
            raise COUPON_UNKNOWN(coupon=problem.shown(coupon_id), known=", ".join(self.coupons) or "–")
        return found

    def terms(self, version: int, coupon_id: str) -> Definition:
        """What a coupon that was issued under ``version`` is worth. Raises ``KeyError`` for one that was never defined."""
        return self.coupons[coupon_id] if version == self.version else self.earlier[version][coupon_id]

    def limits_in(self, store: str) -> dict[str, int]:
        """Limits that count in one store alone."""
        found: dict[str, int] = {}
        for definition in self.coupons.values():
            if definition.budget.per_store is not None:
                found |= definition.caps(store)
        return found

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every earning rule."""
        return (*self.earn, *self.multiply, *(rule for rules in self.on_act.values() for rule in rules))

    @property
    def shown_units(self) -> tuple[Unit, ...]:
        """The units that people see."""
        return tuple(unit for unit in self.units.values() if not unit.hidden)

    @property
    def charging(self) -> bool:
        """Whether a refund may make uses of benefits owed."""
        return any(benefit.charges for benefit in self.benefits.values())

    def charge_unit(self, benefit: Benefit) -> Unit | None:
        """What the benefit's uses are charged in; None where nothing can be redeemed and owed."""
        if benefit.charge_unit is not None:
            return self.units[benefit.charge_unit]
        return next((unit for unit in self.units.values() if unit.redeem is not None and unit.owes), None)

    def unit(self, unit_id: str) -> Unit:
        """The unit by its id. Raises ``points.unit_unknown``."""
        found = self.units.get(unit_id)
        if found is None:
            raise points.UNIT_UNKNOWN(unit=unit_id, known=", ".join(self.units))
        return found


@dataclass(frozen=True, slots=True)
class Programmes:
    """Every published version by the time it takes effect; the first one also covers all history before it."""

    starts: tuple[datetime, ...]
    versions: tuple[Programme, ...]

    @classmethod
    def of(cls, versions: Sequence[tuple[datetime, Programme]]) -> "Programmes":
        """These versions, in the order in which they take effect; each knows the coupons of the others, which members may hold."""
        terms = {programme.version: programme.coupons for _, programme in versions if programme.coupons}
        if not terms:
            return cls(tuple(start for start, _ in versions), tuple(programme for _, programme in versions))
        return cls(tuple(start for start, _ in versions), tuple(replace(programme, earlier=terms) for _, programme in versions))

    def at(self, moment: datetime) -> Programme:
        """The version in force at ``moment``. Raises ``programme.none``."""
        if not self.versions:
            raise NO_PROGRAMME()
        return self.versions[max(0, bisect_right(self.starts, moment) - 1)]

    @property
    def give_coupons(self) -> bool:
        """Whether members may hold coupons at all."""
        return any(version.coupons for version in self.versions)

    @property
    def charging(self) -> bool:
        """Whether a refund may make uses of benefits owed under any version."""
        return any(version.charging for version in self.versions)

    def limits(self, moment: datetime, stores: Collection[str] = ()) -> Mapping[str, int]:
        """What shared counters may reach at ``moment``, and those of ``stores``; one that only older versions know keeps its last limit."""
        merged: dict[str, int] = {}
        for starts, version in zip(self.starts, self.versions, strict=True):
            if starts <= moment or not merged:
                merged |= version.limits
                for store in stores:
                    merged |= version.limits_in(store)
        return merged

    def by_version(self) -> dict[int, Programme]:
        return {programme.version: programme for programme in self.versions}
