"""Coupons, rewards and benefits: given, used, passed on, taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from regulars.domains.loyalty.model.facts.keyed import Body, Keyed
from regulars.kernel.ids import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponGiven(Keyed):
    """A coupon of ``definition`` for the member; ``ref`` is its id. ``source``: claim, batch, gift, rule, exchange; ``code`` is what was
    typed or is printed on it.
    """

    definition: str
    source: str
    code: str = ""
    kind: ClassVar[str] = "coupon"

    def body(self) -> Body:
        return {"definition": self.definition, "source": self.source, "code": self.code}


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponVoided(Keyed):
    """The coupon ``ref`` is withdrawn, for a reason that members may read."""

    reason: str
    kind: ClassVar[str] = "coupon_void"

    def body(self) -> Body:
        return {"reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRedeemed(Keyed):
    """A clerk took the coupon at the counter for a bill of ``amount`` minor units; ``ref`` is the redemption's id."""

    coupon: str
    amount: int
    store: str = ""
    kind: ClassVar[str] = "coupon_use"

    def body(self) -> Body:
        return {"coupon": self.coupon, "amount": self.amount, "store": self.store}


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponPassed(Keyed):
    """The coupon goes to ``receiver``; both standings change or none."""

    coupon_id: UUID
    receiver: MemberId
    kind: ClassVar[str] = "coupon_pass"

    def body(self) -> Body:
        return {"coupon": str(self.coupon_id), "receiver": str(self.receiver)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponReceived(Keyed):
    """The other half: the coupon as it was sent. Follows from the sender's decision, never sent by a caller."""

    coupon_id: UUID
    definition: str
    starts: datetime
    ends: datetime
    terms: dict[str, object]
    kind: ClassVar[str] = "coupon_in"

    @property
    def claim(self) -> tuple[str, str] | None:
        return None

    def body(self) -> Body:
        dates = {"starts": self.starts.isoformat(), "ends": self.ends.isoformat()}
        return {"coupon": str(self.coupon_id), "definition": self.definition, **dates, "terms": self.terms}


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardOrdered(Keyed):
    """The member ordered ``quantity`` of a reward, by ``by``; ``ref`` is the order, ``address_ref`` names an address kept elsewhere."""

    reward: str
    quantity: int
    by: str
    address_ref: str = ""
    kind: ClassVar[str] = "reward"

    def body(self) -> Body:
        return {"reward": self.reward, "quantity": self.quantity, "by": self.by, "address": self.address_ref}


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardMoved(Keyed):
    """The reward order ``ref`` was fulfilled, completed or cancelled by ``by``."""

    state: str
    by: str
    carrier: str = ""
    tracking: str = ""
    note: str = ""
    kind: ClassVar[str] = "reward_move"

    @property
    def claim(self) -> tuple[str, str] | None:
        # An order reaches each state once.
        return self.kind, f"{self.ref.hex}\x1f{self.state}"

    def body(self) -> Body:
        return {"state": self.state, "by": self.by, "carrier": self.carrier, "tracking": self.tracking, "note": self.note}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitUsed(Keyed):
    """The member used a benefit ``quantity`` times; ``ref`` is the use's id. ``cost`` in minor units where the programme sets none."""

    benefit: str
    quantity: int = 1
    cost: int | None = None
    order_ref: str | None = None
    kind: ClassVar[str] = "benefit"

    def body(self) -> Body:
        return {"benefit": self.benefit, "quantity": self.quantity, "cost": self.cost, "order": self.order_ref}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitReversed(Keyed):
    """The use ``ref`` did not happen after all: its quota is given back, once."""

    reason: str = ""
    kind: ClassVar[str] = "benefit_reversed"

    def body(self) -> Body:
        return {"reason": self.reason}
