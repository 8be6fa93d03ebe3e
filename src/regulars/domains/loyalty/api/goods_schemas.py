"""What the routes of coupons, rewards and benefits have in common, for operators and members alike."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import Field

from regulars.domains.coupons.model import NEVER, Held
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.service.giving import Claimable
from regulars.domains.loyalty.service.malls import Offer
from regulars.domains.loyalty.service.perking import Perk
from regulars.domains.rewards.model import PREFIX as REWARD_ORDER
from regulars.domains.rewards.model import RewardOrder
from regulars.kernel import ids, problem
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text
from regulars.platform.http.strict import Strict

USE = "use"
"""What the ids of uses of benefits begin with on the wire."""
CouponPath = Annotated[str, Path(min_length=1, max_length=40, examples=["cpn_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
OrderPath = Annotated[str, Path(min_length=1, max_length=40, examples=["rwd_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
UsePath = Annotated[str, Path(min_length=1, max_length=40, examples=["use_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
Name = Annotated[str, Field(min_length=1, max_length=40)]


class Words(schemas.Out):
    """The same in both languages."""

    en: str
    zh: str


class WhyOut(schemas.Out):
    """A reason why not, to show and to tell apart."""

    code: str
    text: Words


class CouponOut(schemas.Out):
    """One coupon of a member. `ends` null: it does not lapse. `transfers_left`: how often it may still change hands."""

    id: str
    definition: str
    label: Words
    state: str
    starts: datetime
    ends: datetime | None
    code: str
    source: str
    transfers_left: int


class CouponsOut(schemas.Out):
    """A page of coupons."""

    items: list[CouponOut]
    next: str | None


class ClaimableOut(schemas.Out):
    """A kind of coupon: what it costs to claim, how many are left (null: no end), and why it cannot be claimed now (null: it can)."""

    definition: str
    label: Words
    kind: str
    claimable: bool
    by_code: bool
    unit: str
    price: int
    left: int | None
    claim_from: datetime | None
    claim_until: datetime | None
    why_not: WhyOut | None


class ClaimablesOut(schemas.Out):
    """Every kind of coupon the programme has."""

    items: list[ClaimableOut]


class GivenOut(schemas.Out):
    """The coupon that was given. The same `Idempotency-Key` gets the same answer."""

    id: str
    member: str
    definition: str
    starts: datetime
    ends: datetime | None
    duplicate: bool


class DoneOut(schemas.Out):
    """What was changed, and whether it had been before."""

    id: str
    member: str
    duplicate: bool


class RewardOut(schemas.Out):
    """One item of the mall: price, how many are left in stock and may be ordered (null: no end), and every reason why not now."""

    id: str
    label: Words
    description: Words | None
    image: str
    kind: str
    unit: str
    points: int
    cash: int
    currency: str
    left: int | None
    allowed: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    why_not: list[WhyOut]


class RewardsOut(schemas.Out):
    """The mall, in the order of the programme."""

    items: list[RewardOut]


class RewardOrderOut(schemas.Out):
    """A reward order as it stands; `points` and `cash` are for the whole quantity."""

    id: str
    reward: str
    kind: str
    quantity: int
    unit: str
    points: int
    cash: int
    currency: str
    state: str
    placed_at: datetime
    changed_at: datetime
    address_ref: str
    carrier: str
    tracking: str
    note: str


class RewardOrdersOut(schemas.Out):
    """A page of reward orders."""

    items: list[RewardOrderOut]
    next: str | None


class OrderedOut(schemas.Out):
    """The order that was placed. `cash` is to be paid besides the points."""

    id: str
    member: str
    state: str
    points: int
    cash: int
    duplicate: bool


class OrderIn(Strict):
    """What is ordered. `address_ref` names an address that the shop keeps, never the address itself."""

    reward: Annotated[Name, Field(examples=["tea-set"])]
    quantity: Annotated[int, Field(ge=1, le=1_000)] = 1
    address_ref: Annotated[str, Field(max_length=200)] = ""


class BenefitOut(schemas.Out):
    """A benefit and what the member has of it in this period; null is unlimited. `next_at`: when the next ones come."""

    id: str
    label: Words
    kind: str
    eligible: bool
    granted: int | None
    used: int
    left: int | None
    next_at: datetime | None
    why_not: WhyOut | None


class BenefitsOut(schemas.Out):
    """Every benefit of the programme, for one member."""

    items: list[BenefitOut]


class CodeIn(Strict):
    """A code as it was typed."""

    code: Annotated[str, Field(min_length=1, max_length=80, examples=["TEA-2F7K-9QXM"])]


class ClaimIn(Strict):
    """What a member wants: a kind of coupon, or what a code stands for. Exactly one of the two."""

    definition: Annotated[Name | None, Field(examples=["welcome"])] = None
    code: Annotated[str | None, Field(min_length=1, max_length=80)] = None

    def one(self) -> None:
        """Raises ``input.invalid`` unless exactly one is given."""
        if (self.definition is None) == (self.code is None):
            raise problem.invalid("definition", "both" if self.code else "neither", "exactly one of definition and code")


def words(text: Text) -> dict[str, str]:
    """Both languages, JSON-ready."""
    return {"en": text.en, "zh": text.zh}


def why(refused: Problem) -> dict[str, Any]:
    """A refusal as a reason to show."""
    return {"code": refused.code, "text": {"en": refused.text("en"), "zh": refused.text("zh")}}


def coupon(held: Held, programme: Programme) -> dict[str, Any]:
    """As :class:`CouponOut`."""
    terms = programme.terms(held.version, held.definition)
    return {
        "id": ids.encode(schemas.COUPON, held.coupon_id),
        "definition": held.definition,
        "label": words(terms.label),
        "state": held.state,
        "starts": held.starts,
        "ends": None if held.ends == NEVER else held.ends,
        "code": held.code,
        "source": held.source,
        "transfers_left": max(0, terms.transfers - held.passed) if held.state == "issued" else 0,
    }


def claimable(found: Claimable) -> dict[str, Any]:
    """As :class:`ClaimableOut`."""
    definition, claim = found.definition, found.definition.claim
    return {
        "definition": definition.id,
        "label": words(definition.label),
        "kind": definition.kind,
        "claimable": claim is not None,
        "by_code": bool(definition.generic_code),
        "unit": claim.unit if claim else "",
        "price": claim.price if claim else 0,
        "left": found.left,
        "claim_from": claim.start if claim else None,
        "claim_until": claim.until if claim else None,
        "why_not": {"code": found.refused.reason, "text": words(found.refused.text)} if found.refused else None,
    }


def given(answer: Mapping[str, Any], coupon_id: UUID, *, duplicate: bool) -> dict[str, Any]:
    """As :class:`GivenOut`."""
    about = answer["coupon"]
    ends = datetime.fromisoformat(about["ends"])
    return {
        "id": ids.encode(schemas.COUPON, coupon_id),
        "member": answer["member"],
        "definition": about["definition"],
        "starts": about["starts"],
        "ends": None if ends == NEVER else about["ends"],
        "duplicate": duplicate,
    }


def reward(offer: Offer, currency: str) -> dict[str, Any]:
    """As :class:`RewardOut`."""
    one = offer.reward
    same = {name: getattr(one, name) for name in ("id", "image", "unit", "points", "cash", "opens_at", "closes_at")}
    return {
        **same,
        "label": words(one.label),
        "description": words(one.description) if one.description else None,
        "kind": one.kind.value,
        "currency": currency,
        "left": offer.left,
        "allowed": offer.allowed,
        "why_not": [why(refused) for refused in offer.refusals],
    }


_ORDER = (
    "reward",
    "quantity",
    "unit",
    "points",
    "cash",
    "currency",
    "placed_at",
    "changed_at",
    "address_ref",
    "carrier",
    "tracking",
    "note",
)


def reward_order(order: RewardOrder) -> dict[str, Any]:
    """As :class:`RewardOrderOut`."""
    same = {name: getattr(order, name) for name in _ORDER}
    return {"id": ids.encode(REWARD_ORDER, order.reward_order_id), "kind": order.kind.value, "state": order.state.value, **same}


def benefit(perk: Perk) -> dict[str, Any]:
    """As :class:`BenefitOut`."""
    allowed = perk.allowance
    return {
        "id": perk.benefit.id,
        "label": words(perk.benefit.label),
        "kind": perk.benefit.kind.value,
        "eligible": perk.refused is None,
        "granted": allowed.granted,
        "used": allowed.used,
        "left": allowed.left,
        "next_at": allowed.next_at,
        "why_not": why(perk.refused) if perk.refused else None,
    }
