"""What is asked of the lake and what it answers. Days are local to the answer's zone, money is in minor units, shares in basis points.

Everything is plain data: an answer is JSON as it stands, and each of its lists is a table that can be downloaded.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Arm = Literal["held_out", "rest"]
By = Literal["month", "tier", "store", "channel", "product"]
Period = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Whom and what a question is about; empty and ``None``: everything. ``from_day`` and ``to_day`` are both inside."""

    from_day: date | None = None
    to_day: date | None = None
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    arm: Arm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A text in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a number of the answer is. ``of`` is what a share is a share of; ``unit``: share, days, count, money or points."""

    name: str
    unit: str
    version: int
    label: Saying
    text: Saying
    of: Saying | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an answer rests on: ``watermark`` is the instant up to which facts are in the lake, ``first_day`` to ``last_day`` their days."""

    zone: str
    currency: str
    watermark: datetime | None
    epoch: str
    first_day: date | None
    last_day: date | None
    filters: Filters
    definitions: tuple[Definition, ...]
    notes: tuple[Saying, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``n`` of ``denominator``, with a 95 % interval; without a denominator there is no rate."""

    n: int
    denominator: int
    rate_bp: int | None
    low_bp: int | None
    high_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmsRow:
    """The members who are held out beside all others. ``difference_bp`` is the rest less the held out, with a 95 % interval.

    ``small``: one side has so few members that the difference says little.
    """

    metric: str
    days: int
    rest_n: int
    rest_denominator: int
    rest_bp: int | None
    held_out_n: int
    held_out_denominator: int
    held_out_bp: int | None
    difference_bp: int | None
    low_bp: int | None
    high_bp: int | None
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One number. ``days`` is the N of a share within N days, ``unit`` the kind of points; ``before`` is the value then."""

    metric: str
    days: int | None
    unit: str | None
    part: str | None
    value: int | None
    n: int | None
    denominator: int | None
    low_bp: int | None
    high_bp: int | None
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The main numbers. ``part`` splits one: new, returning, anonymous."""

    about: About
    compared_from: date | None
    compared_to: date | None
    figures: tuple[FigureRow, ...]
    arms: tuple[ArmsRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepurchaseRow:
    """Within ``days``, of the group ``key``: null is the group of those without one; ``rest`` marks all smaller groups together."""

    key: str | None
    rest: bool
    days: int
    n: int
    denominator: int
    rate_bp: int | None
    low_bp: int | None
    high_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepurchaseAnswer:
    """Repurchase of everybody asked about, in groups, before, and by arm."""

    about: About
    by: By | None
    total: tuple[RepurchaseRow, ...]
    groups: tuple[RepurchaseRow, ...]
    compared_from: date | None
    compared_to: date | None
    before: tuple[RepurchaseRow, ...]
    arms: tuple[ArmsRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow:
    """How many intervals are ``from_days`` to ``to_days`` long, both inside; the last bar has no end."""

    from_days: int
    to_days: int | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalsAnswer:
    """Days between purchases: ``n`` intervals, their ``median`` and ``p75``."""

    about: About
    n: int
    median: int | None
    p75: int | None
    histogram: tuple[IntervalRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionRow:
    """From the ``purchase``-th to the next: ``reached`` got there at all; ``n`` of ``denominator`` went on within ``days``."""

    purchase: int
    reached: int
    days: int
    n: int
    denominator: int
    rate_bp: int | None
    low_bp: int | None
    high_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRow:
    """By ``day`` after the purchase this share has purchased again; ``at_risk`` could be watched until then."""

    day: int
    reached_bp: int
    low_bp: int
    high_bp: int
    at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionAnswer:
    """How many go on from each purchase to the next, the curve after the ``purchase``-th, and the arms there."""

    about: About
    purchase: int
    steps: tuple[ConversionRow, ...]
    curve: tuple[CurveRow, ...]
    arms: tuple[ArmsRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """Members whose first order is in ``month`` (its first day), ``after`` months later. ``complete``: that month is over."""

    month: date
    after: int
    denominator: int
    fixed: int
    fixed_bp: int | None
    rolling: int
    rolling_bp: int | None
    revenue: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortsAnswer:
    """Retention by the month of the first order."""

    about: About
    cells: tuple[CohortRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueRow:
    """One period beginning on ``start``: money in minor units, refunds of two kinds as the definitions say."""

    start: date
    orders: int
    orders_new: int
    orders_returning: int
    orders_anonymous: int
    revenue: int
    revenue_new: int
    revenue_returning: int
    revenue_anonymous: int
    refunded: int
    refunds_made: int
    refunds_unmatched: int
    average_order: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueAnswer:
    """Revenue by period, and of the whole window (whose ``start`` is its first day)."""

    about: About
    by: Period
    total: RevenueRow | None
    periods: tuple[RevenueRow, ...]
    compared_from: date | None
    compared_to: date | None
    before: RevenueRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    """One unit in one month: movements, and what is outstanding at its end."""

    unit: str
    month: date
    issued: int
    received: int
    spent: int
    expired: int
    reversed: int
    sent: int
    outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """Points of a unit whose last valid day is in ``month``; null: they do not lapse."""

    unit: str
    month: date | None
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsAnswer:
    """Points by unit and month, and when what is left lapses."""

    about: About
    months: tuple[PointsRow, ...]
    due: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """Members on ``level``; null: without a standing."""

    level: str | None
    members: int
    denominator: int
    share_bp: int | None
    held_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TiersAnswer:
    """How members are spread over the levels."""

    about: About
    levels: tuple[TierRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One period beginning on ``start``; ``complete``: it is over and began within the data."""

    start: date
    active: int
    orders: int
    orders_per_100: int | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRow:
    """Of those who joined early enough, how many ordered within ``days``."""

    days: int
    n: int
    denominator: int
    rate_bp: int | None
    low_bp: int | None
    high_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityAnswer:
    """Active members by period, and activation of those who joined in the window."""

    about: About
    by: Period
    periods: tuple[ActivityRow, ...]
    activation: tuple[ActivationRow, ...]
    arms: tuple[ArmsRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The members behind one number: ``of`` a metric, and what singles the bucket out. What does not apply is ``None``."""

    of: str
    outcome: Literal["counted", "yes", "no"] = "counted"
    days: int | None = None
    by: By | None = None
    key: str | None = None
    missing: bool = False
    """The group of those without a value of ``by``."""
    purchase: int | None = None
    month: date | None = None
    after: int | None = None
    rolling: bool = False
    from_days: int | None = None
    to_days: int | None = None
    start: date | None = None
    period: Period | None = None
    part: str | None = None
    unit: str | None = None
    filters: Filters = field(default_factory=Filters)
