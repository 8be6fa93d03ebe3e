"""Gift cards: what one is worth, how it came to whoever has it, and what all of them come to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind as ProblemKind

CARD_UNKNOWN = problem.define(
    "rewards.card_unknown",
    ProblemKind.not_found,
    en="There is no gift card with this code.",
    zh="没有此礼品卡。",
)
CARD_REDEEMED = problem.define(
    "rewards.card_redeemed",
    ProblemKind.conflict,
    en="The gift card ending in {last_four} was redeemed on {day}.",
    zh="尾号 {last_four} 的礼品卡已于 {day} 兑换。",
)
CARD_VOID = problem.define(
    "rewards.card_void",
    ProblemKind.conflict,
    en="The gift card ending in {last_four} was withdrawn.",
    zh="尾号 {last_four} 的礼品卡已作废。",
)
CARD_EXPIRED = problem.define(
    "rewards.card_expired",
    ProblemKind.limit,
    en="The gift card ending in {last_four} expired on {day}.",
    zh="尾号 {last_four} 的礼品卡已于 {day} 过期。",
)
CARD_CURRENCY = problem.define(
    "rewards.card_currency",
    ProblemKind.invalid,
    en="The gift card is in {given}; the programme settles in {currency}.",
    zh="礼品卡币种为 {given}，会员计划以 {currency} 结算。",
)


class CardState(StrEnum):
    """Where a gift card stands. Whether it has expired is asked of the time, not stored."""

    open = "open"
    redeemed = "redeemed"
    void = "void"


class Origin(StrEnum):
    """How a gift card came to whoever has it: that decides whether the brand owes its money to a customer or has made a promise."""

    sold = "sold"
    given = "given"
    """For nothing: goodwill, or a promotion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """One card, found by ``code_hash``, a keyed digest of its normalised code; ``last_four`` is all of the code that is kept. Redeeming it
    before ``expires_at`` grants ``amount`` of the money ``unit``.

    ``origin`` None: nobody said, as of cards made by an earlier release. One that was sold has the ``price`` that was paid for it, and
    may name the order that sold it (``sold_order``, as the shop calls it) and the member who bought it (``sold_to``).
    """

    code_hash: str
    last_four: str
    batch: str
    unit: str
    amount: int
    currency: str
    expires_at: datetime
    made_at: datetime
    made_by: str
    state: CardState = CardState.open
    redeemed_by: MemberId | None = None
    redeemed_at: datetime | None = None
    origin: Origin | None = None
    price: int | None = None
    sold_order: str | None = None
    sold_to: MemberId | None = None

    @property
    def paid(self) -> int:
        """How much of its amount somebody paid for; the rest is a bonus. All of it where nobody said."""
        if self.origin is None:
            return self.amount
        return min(self.price or 0, self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Cards of one origin in one money unit. ``open`` ones can still be redeemed, ``lapsed`` ones no longer: that is breakage. Of each
    their number, their face and what was received for them (None: nobody said); minor units of ``currency``.
    """

    origin: Origin | None
    unit: str
    currency: str
    open_cards: int
    open_amount: int
    open_received: int | None
    lapsed_cards: int
    lapsed_amount: int
    lapsed_received: int | None
    redeemed_cards: int
    redeemed_amount: int
    redeemed_received: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of the cards of one batch; each is worth ``face`` of the money ``unit``. Amounts are minor units of ``currency``; how
    they came to whoever has them is said as of a card.
    """

    batch: str
    unit: str
    currency: str
    face: int
    expires_at: datetime
    made_at: datetime
    made_by: str
    cards: int
    redeemed: int
    void: int
    amount: int
    redeemed_amount: int
    origin: Origin | None = None
    price: int | None = None
    sold_order: str | None = None
    sold_to: MemberId | None = None
