"""What the members' own routes give: plain words in the member's language, days of the programme's zone."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from regulars.domains.loyalty.api.schemas import Out


class ExpiringOut(Out):
    """So many units that are there through this local day; `last_day` null: for ever."""

    amount: int
    last_day: date | None


class OwnBalanceOut(Out):
    """What I have of one unit. `expiring_next` is what lapses first. With a `currency` the unit is money, in minor units."""

    unit: str
    label: Annotated[str, Field(examples=["积分"])]
    currency: str | None
    available: int
    pending: int
    held: int
    debt: int
    expiring_next: ExpiringOut | None


class OwnTierOut(Out):
    """My level, through which day it is sure (null: for ever), and what keeps it."""

    level: str
    label: str
    since: datetime
    keep_through: date | None
    missing_to_keep: int
    keep_words: Annotated[str | None, Field(examples=["320 more growth value by 2026-12-31 keeps Gold"])]


class ProgressOut(Out):
    """The way to the next level: `amount` of `unit` now, the level begins at `start` and the next at `goal` (null: none). With a
    `currency` all of them are money, in minor units.
    """

    unit: str
    label: str
    currency: str | None
    amount: int
    start: int
    goal: int | None
    missing: int | None
    next_level: str | None
    next_label: str | None
    words: Annotated[str, Field(examples=["再得 560 成长值升铂金卡"])]


class CouponCountOut(Out):
    """How many coupons I have in hand, and how many of them end first, on which local day."""

    in_hand: int
    expiring_next: ExpiringOut | None


class MeOut(Out):
    """The card: who I am, where I stand, what I have. `coupons` is null where there are none to have; `mall`: there are rewards."""

    id: str
    name: str | None
    language: Annotated[str, Field(description="What these words are written in: zh or en.")]
    joined_at: datetime
    programme: str
    time_zone: str
    tier: OwnTierOut
    progress: ProgressOut
    balances: list[OwnBalanceOut]
    coupons: CouponCountOut | None
    mall: bool
    check_in: Annotated[bool, Field(description="Whether checking in earns something.")]


class ReleasingOut(Out):
    """Units that become available on this local day."""

    amount: int
    day: date


class OwnUnitOut(OwnBalanceOut):
    """One unit with its lots, soonest first."""

    spendable: Annotated[bool, Field(description="Whether it can be redeemed; growth value can't.")]
    lots: list[ExpiringOut]
    releasing: list[ReleasingOut]


class PointsOut(Out):
    """Every unit, and how more of each is earned."""

    items: list[OwnUnitOut]
    how_to_earn: list[str]


class LedgerRowOut(Out):
    """One thing that happened. `change` is what it did to what I have; 0 when it only changed the units' state."""

    month: Annotated[str, Field(examples=["2026-03"])]
    day: date
    at: datetime
    unit: str
    kind: str
    change: int
    amount: int
    words: Annotated[str, Field(examples=["获得 125 积分 (每消费 1 英镑得 1 积分 +125)"])]
    last_day: Annotated[date | None, Field(description="Through which day these units are there; null: for ever.")]


class LedgerOut(Out):
    """A page of what happened, newest first."""

    items: list[LedgerRowOut]
    next: str | None


class LevelOut(Out):
    """One level: what it needs, what it brings, whether I am there."""

    level: str
    label: str
    threshold: int
    missing: int
    current: bool
    unlocked: bool
    invited: Annotated[bool, Field(description="Had by invitation only, whatever its threshold.")]
    benefits: list[str]


class MoveOut(Out):
    """A change of my level."""

    day: date
    words: str


class LadderOut(Out):
    """A ladder from the lowest level up, and where I stand on it. `label` is what it counts."""

    id: str
    name: str
    unit: str
    label: str
    amount: int
    tier: OwnTierOut
    progress: ProgressOut
    levels: list[LevelOut]


class TiersOut(Out):
    """The main ladder from the lowest level up, where I stand, and how I came there; and the programme's other ladders."""

    unit: str
    label: str
    amount: int
    tier: OwnTierOut
    progress: ProgressOut
    levels: list[LevelOut]
    history: list[MoveOut]
    others: list[LadderOut]


class OwnLineOut(Out):
    """What was bought."""

    product: str
    quantity: int
    amount: int


class EarnedOut(Out):
    """What an order earned of one unit, and what refunds took back of that."""

    unit: str
    label: str
    granted: int
    taken_back: int


class OwnOrderOut(Out):
    """One order. Amounts in minor units; `total_text` and `refunded_text` in major ones."""

    number: str
    paid_at: datetime
    day: date
    currency: str
    total: int
    total_text: str
    refunded: int
    refunded_text: str
    store: str
    channel: str
    lines: list[OwnLineOut]
    earned: list[EarnedOut]


class OwnOrdersOut(Out):
    """A page of orders, newest first."""

    items: list[OwnOrderOut]
    next: str | None
