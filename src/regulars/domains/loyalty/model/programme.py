"""The compiled programme: what a published document means to ``decide``. Amounts are minor units, rates basis points."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.domains.points import model as points
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

Values = dict[str, object]
Test = Callable[[Mapping[str, object]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """When a grant lapses: ``never``; ``rolling`` months or days after it was earned, rounded to the end of ``round_to``; or
    ``calendar``: at the end of the next ``month``/``day`` that is ``months`` away or more.
    """

    kind: str
    months: int = 0
    days: int = 0
    round_to: periods.RoundTo | None = None
    month: int = 12
    day: int = 31


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
    """Something members collect. ``pending_days`` delays it; ``owes`` lets a refund leave a debt; ``lapses_alone`` makes its expiry
    an event of its own (points), instead of something a tier review looks at (growth).
    """

    id: str
    label: Text
    expiry: Expiry
    pending_days: int
    owes: bool
    redeem: Redeem | None
    transfer: Transfer | None

    @property
    def lapses_alone(self) -> bool:
        return self.redeem is not None or self.transfer is not None


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
    ``fixed`` gives ``give`` once an order; ``multiply`` adds ``factor_bp`` - 10,000 of what the per-amount rules gave a line, the
    highest factor of each ``lane``. ``exclude`` names what the base leaves out: discount, tax, points, freight. ``incentive`` rules
    are withheld from the hold-out.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A published version, compiled: everything ``decide`` needs to know about the brand's wishes."""

    version: int
    label: Text
    currency: str
    zone: ZoneInfo
    units: dict[str, Unit]
    ladder: Ladder
    earn: tuple[Rule, ...]
    multiply: tuple[Rule, ...]
    reads: frozenset[str]

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

    def at(self, moment: datetime) -> Programme:
        """The version in force at ``moment``. Raises ``programme.none``."""
        if not self.versions:
            raise NO_PROGRAMME()
        return self.versions[max(0, bisect_right(self.starts, moment) - 1)]

    def by_version(self) -> dict[int, Programme]:
        return {programme.version: programme for programme in self.versions}
