"""Everything that can happen to a standing. A fact carries its business key, its member, its effective time and its content.

``kind`` names it in the decisions table; ``body()`` is its content as JSON and ``from_body`` reads it back, so that ``verify`` can
decide it again. Orders and refunds keep their content in the ``orders`` slice.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model.facts.buying import CouponUse, LinesRefunded, OrderPaid, uses
from regulars.domains.loyalty.model.facts.goods import (
    BenefitReversed,
    BenefitUsed,
    CouponGiven,
    CouponPassed,
    CouponReceived,
    CouponRedeemed,
    CouponVoided,
    RewardMoved,
    RewardOrdered,
)
from regulars.domains.loyalty.model.facts.keyed import Body
from regulars.domains.loyalty.model.facts.moving import (
    ExpiryExtended,
    HoldCancelled,
    HoldPlaced,
    PointsAdjusted,
    PointsRedeemed,
    PointsTransferred,
    RedemptionCancelled,
    TransferReceived,
    ValueLoaded,
)
from regulars.domains.loyalty.model.facts.standing import ActDone, ActReversed, LevelGiven, LevelsReassessed, StandingOpened, TimePassed
from regulars.kernel.ids import MemberId

__all__ = [
    "AboutGoods",
    "ActDone",
    "ActReversed",
    "BenefitReversed",
    "BenefitUsed",
    "Body",
    "CouponGiven",
    "CouponPassed",
    "CouponReceived",
    "CouponRedeemed",
    "CouponUse",
    "CouponVoided",
    "ExpiryExtended",
    "Fact",
    "FollowUp",
    "HoldCancelled",
    "HoldPlaced",
    "LevelGiven",
    "LevelsReassessed",
    "LinesRefunded",
    "OrderPaid",
    "PointsAdjusted",
    "PointsRedeemed",
    "PointsTransferred",
    "RedemptionCancelled",
    "RewardMoved",
    "RewardOrdered",
    "StandingOpened",
    "TimePassed",
    "TransferReceived",
    "ValueLoaded",
    "from_body",
    "uses",
]

FollowUp = TransferReceived | CouponReceived
"""What a member gets because another gave it away: decided with the sender's own fact."""
AboutGoods = (
    BenefitReversed
    | BenefitUsed
    | CouponGiven
    | CouponPassed
    | CouponReceived
    | CouponRedeemed
    | CouponVoided
    | RewardMoved
    | RewardOrdered
)
Fact = (
    ActDone
    | ActReversed
    | BenefitReversed
    | BenefitUsed
    | CouponGiven
    | CouponPassed
    | CouponReceived
    | CouponRedeemed
    | CouponVoided
    | ExpiryExtended
    | HoldCancelled
    | HoldPlaced
    | LevelGiven
    | LevelsReassessed
    | LinesRefunded
    | OrderPaid
    | PointsAdjusted
    | PointsRedeemed
    | PointsTransferred
    | RedemptionCancelled
    | RewardMoved
    | RewardOrdered
    | StandingOpened
    | TimePassed
    | TransferReceived
    | ValueLoaded
)


def from_body(kind: str, *, member_id: MemberId, at: datetime, ref: UUID, body: Body) -> Fact:
    """The fact a decision was made about, from its recorded row. Raises ``ValueError`` for a kind that is not keyed by a body."""
    common: dict[str, Any] = {"member_id": member_id, "at": at, "ref": ref}
    read = _READERS.get(kind)
    if read is None:
        raise ValueError(f"a fact of kind {kind!r} has no body to read it from")
    return read(common, body)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _hold(common: Body, b: Body) -> HoldPlaced:
    return HoldPlaced(
        **common, unit=b["unit"], points=b["points"], until=datetime.fromisoformat(b["until"]), coupons=uses(b.get("coupons", ()))
    )


def _transfer_in(common: Body, b: Body) -> TransferReceived:
    lots = tuple((datetime.fromisoformat(at), amount) for at, amount in b["lots"])
    return TransferReceived(**common, sender=MemberId(UUID(b["sender"])), unit=b["unit"], lots=lots)


def _opening(common: Body, b: Body) -> StandingOpened:
    lots = tuple((u, datetime.fromisoformat(e), datetime.fromisoformat(a), n) for u, e, a, n in b["lots"])
    return StandingOpened(**common, lots=lots, level=b["level"], since=_time(b["since"]), keep_until=_time(b["keep_until"]))


def _act(common: Body, b: Body) -> ActDone:
    order_id = UUID(b["order"]) if "order" in b else None
    return ActDone(**common, act=b["act"], source=b["source"], number=b["number"], value=b["value"], about=b["about"], order_id=order_id)


def _level(common: Body, b: Body) -> LevelGiven:
    return LevelGiven(**common, ladder=b["ladder"], level=b["level"], reason=b["reason"], lasts=_time(b["lasts"]))


def _coupon_in(common: Body, b: Body) -> CouponReceived:
    starts, ends = datetime.fromisoformat(b["starts"]), datetime.fromisoformat(b["ends"])
    return CouponReceived(**common, coupon_id=UUID(b["coupon"]), definition=b["definition"], starts=starts, ends=ends, terms=b["terms"])


def _load(common: Body, b: Body) -> ValueLoaded:
    return ValueLoaded(**common, unit=b["unit"], amount=b["amount"], bonus=b["bonus"], reason=b["reason"], card=b.get("card", ""))


def _benefit(common: Body, b: Body) -> BenefitUsed:
    return BenefitUsed(**common, benefit=b["benefit"], quantity=b["quantity"], cost=b["cost"], order_ref=b["order"])


def _passed(common: Body, b: Body) -> CouponPassed:
    return CouponPassed(**common, coupon_id=UUID(b["coupon"]), receiver=MemberId(UUID(b["receiver"])))


def _named(made: Callable[..., Fact], *names: str) -> Callable[[Body, Body], Fact]:
    """A reader of a fact whose body holds its fields by their own names."""
    return lambda common, b: made(**common, **{name: b[name] for name in names})


_READERS: dict[str, Callable[[Body, Body], Fact]] = {
    "hold": _hold,
    "hold_cancel": lambda c, _: HoldCancelled(**c),
    "redeem": _named(PointsRedeemed, "unit", "points", "reason"),
    "redeem_cancel": lambda c, _: RedemptionCancelled(**c),
    "adjust": _named(PointsAdjusted, "unit", "points", "reason"),
    "transfer": lambda c, b: PointsTransferred(**c, receiver=MemberId(UUID(b["receiver"])), unit=b["unit"], points=b["points"]),
    "transfer_in": _transfer_in,
    "opening": _opening,
    "act": _act,
    "act_reversed": _named(ActReversed, "reason"),
    "load": _load,
    "extend": lambda c, b: ExpiryExtended(**c, unit=b["unit"], until=datetime.fromisoformat(b["until"]), reason=b["reason"]),
    "level": _level,
    "reassess": _named(LevelsReassessed, "down"),
    "coupon": _named(CouponGiven, "definition", "source", "code"),
    "coupon_void": _named(CouponVoided, "reason"),
    "coupon_use": _named(CouponRedeemed, "coupon", "amount", "store"),
    "coupon_pass": _passed,
    "coupon_in": _coupon_in,
    "reward": lambda c, b: RewardOrdered(**c, reward=b["reward"], quantity=b["quantity"], by=b["by"], address_ref=b["address"]),
    "reward_move": _named(RewardMoved, "state", "by", "carrier", "tracking", "note"),
    "benefit": _benefit,
    "benefit_reversed": _named(BenefitReversed, "reason"),
    "time": lambda c, _: TimePassed(**c),
}
