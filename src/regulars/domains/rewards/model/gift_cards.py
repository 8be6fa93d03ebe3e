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


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """One card, found by ``code_hash``, a keyed digest of its normalised code; ``last_four`` is all of the code that is kept. Redeeming it
    before ``expires_at`` grants ``amount`` of the money ``unit``.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of the cards of one batch; each is worth ``face`` of the money ``unit``. Amounts are minor units of ``currency``."""

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
