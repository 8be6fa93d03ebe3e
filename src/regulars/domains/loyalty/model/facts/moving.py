"""Units that move by wish: holds, redemptions, adjustments, transfers, money paid in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import orjson

from regulars.domains.loyalty.model.facts.buying import CouponUse
from regulars.domains.loyalty.model.facts.keyed import Body, Keyed
from regulars.kernel.ids import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Keyed):
    """``points`` of ``unit`` and ``coupons`` are set aside for a cart until ``until``; ``ref`` is the hold's id."""

    unit: str
    points: int
    until: datetime
    coupons: tuple[CouponUse, ...] = ()
    kind: ClassVar[str] = "hold"

    def body(self) -> Body:
        coupons = {"coupons": [use.written() for use in self.coupons]} if self.coupons else {}
        return {"unit": self.unit, "points": self.points, "until": self.until.isoformat(), **coupons}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCancelled(Keyed):
    """The hold ``ref`` is given back to its lots."""

    kind: ClassVar[str] = "hold_cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRedeemed(Keyed):
    """``points`` of ``unit`` are spent at once; ``ref`` is the redemption's id."""

    unit: str
    points: int
    reason: str = ""
    kind: ClassVar[str] = "redeem"

    def body(self) -> Body:
        return {"unit": self.unit, "points": self.points, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionCancelled(Keyed):
    """The redemption ``ref`` is undone: its points return to their lots with their old expiry."""

    kind: ClassVar[str] = "redeem_cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsAdjusted(Keyed):
    """A person gave (``points`` > 0) or took (< 0) units, for a reason that members may read."""

    unit: str
    points: int
    reason: str
    kind: ClassVar[str] = "adjust"

    def body(self) -> Body:
        return {"unit": self.unit, "points": self.points, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTransferred(Keyed):
    """``points`` of ``unit`` go to ``receiver`` with their lots' expiry; both standings change or none."""

    receiver: MemberId
    unit: str
    points: int
    kind: ClassVar[str] = "transfer"

    def body(self) -> Body:
        return {"receiver": str(self.receiver), "unit": self.unit, "points": self.points}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceived(Keyed):
    """The other half of a transfer: ``lots`` are (expires_at, amount). Follows from the sender's decision, never sent by a caller."""

    sender: MemberId
    unit: str
    lots: tuple[tuple[datetime, int], ...]
    kind: ClassVar[str] = "transfer_in"

    @property
    def claim(self) -> tuple[str, str] | None:
        return None

    def body(self) -> Body:
        return {"sender": str(self.sender), "unit": self.unit, "lots": [[at.isoformat(), amount] for at, amount in self.lots]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLoaded(Keyed):
    """The member paid ``amount`` minor units into the money unit ``unit`` and was given ``bonus`` on top; or a gift card paid it, whose
    code has the digest ``card``.
    """

    unit: str
    amount: int
    bonus: int = 0
    reason: str = ""
    card: str = ""
    kind: ClassVar[str] = "load"

    def body(self) -> Body:
        card = {"card": self.card} if self.card else {}
        return {"unit": self.unit, "amount": self.amount, "bonus": self.bonus, "reason": self.reason, **card}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryExtended(Keyed):
    """Lots of ``unit`` that would lapse before ``until`` lapse then instead: goodwill, for a reason members may read."""

    unit: str
    until: datetime
    reason: str
    kind: ClassVar[str] = "extend"

    def body(self) -> Body:
        return {"unit": self.unit, "until": self.until.isoformat(), "reason": self.reason}

    def fingerprint(self) -> bytes:
        # Unlike a hold's, this deadline is what was asked for.
        content = [self.kind, self.member_id.hex, self.body()]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()
