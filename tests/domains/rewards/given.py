"""A mug for 100 points, ten in stock, two a month, for silver; what a member asks for; a gift card."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from regulars.domains.rewards import rules
from regulars.domains.rewards.model import GiftCard, Kind, Ordered, Reward, RewardOrder
from regulars.domains.rewards.rules import Wish
from regulars.kernel import periods
from regulars.kernel.audience import Audience
from regulars.kernel.quotas import Quota
from regulars.kernel.text import Text

LONDON = periods.zone("Europe/London")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOINED = datetime(2024, 5, 10, 12, tzinfo=UTC)
SILVER = {"member.tier": "silver"}
MUG = Reward(
    id="mug",
    label=Text("The mug", "马克杯"),
    kind=Kind.goods,
    unit="points",
    unit_label=Text("points", "积分"),
    points=100,
    cash=250,
    stock=10,
    limit=Quota(times=2, period="month"),
    audience=Audience(tiers=(("silver", Text("Silver", "银卡")),)),
)
WISH = Wish(quantity=1, at=NOON, zone=LONDON, joined_at=JOINED, values=SILVER, usage={}, available=1000, room=10, address_ref="adr_home")


def mug(**more: Any) -> Reward:
    """The mug, changed as named."""
    return replace(MUG, **more)


def wish(**more: Any) -> Wish:
    """One, by a silver member with 1,000 points and an address, changed as named."""
    return replace(WISH, **more)


def ordered(reward: Reward = MUG, *, no: int = 1, **more: Any) -> Ordered:
    """What becomes of such a wish."""
    return rules.order(reward, wish(**more), reward_order_id=UUID(int=no), currency="GBP", actor="member")


def placed(*, no: int = 1, **more: Any) -> RewardOrder:
    """An order of the mug."""
    return ordered(no=no, **more).order


def card(digest: str = "d1", **more: Any) -> GiftCard:
    """An open gift card of 50.00, good for a year."""
    plain = GiftCard(
        code_hash=digest,
        last_four="89BC",
        batch="spring",
        unit="wallet",
        amount=5000,
        currency="GBP",
        expires_at=datetime(2027, 3, 1, tzinfo=UTC),
        made_at=NOON,
        made_by="operator",
    )
    return replace(plain, **more)
