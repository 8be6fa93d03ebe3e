"""What members are shown of coupons, rewards and benefits: what operators see of them, and the terms in words of both languages."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from regulars.domains.coupons.model import Definition
from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import naming, terms
from regulars.domains.loyalty.service.giving import Claimable
from regulars.domains.loyalty.service.malls import Offer
from regulars.domains.loyalty.service.perking import Perk
from regulars.domains.loyalty.service.showing import OwnCoupon
from regulars.domains.rewards.model import TRANSITIONS, Event, RewardOrder, State
from regulars.kernel import quotas
from regulars.kernel.text import Text


class WorthOut(schemas.Out):
    """What a coupon takes off: in words, and what stands large on it. `off` is minor units of `currency`, `rate_bp` what is left to pay."""

    kind: Annotated[str, Field(examples=["spend_off"])]
    words: shown.Words
    off: int | None
    rate_bp: int | None
    currency: str


class OwnCouponOut(shown.CouponOut):
    """A coupon of mine. `at_counter` is what a till takes for it; `why_not`: why no cart can use it now; `became`: how it ended."""

    worth: WorthOut
    terms: list[shown.Words]
    last_day: date | None
    at_counter: str
    why_not: shown.WhyOut | None
    became: shown.Words | None


class OwnCouponsOut(schemas.Out):
    """A page of my coupons."""

    items: list[OwnCouponOut]
    next: str | None


class OwnClaimableOut(shown.ClaimableOut):
    """A kind of coupon that I can claim, or why not; `span`: when it could be used then."""

    unit_label: shown.Words | None
    worth: WorthOut
    terms: list[shown.Words]
    span: list[shown.Words]


class OwnClaimablesOut(schemas.Out):
    """Every kind of coupon that members claim by themselves."""

    items: list[OwnClaimableOut]


class QuotaOut(schemas.Out):
    """So many times a period."""

    times: int
    words: shown.Words


class OwnRewardOut(shown.RewardOut):
    """An item of the mall with my own limit (null: none)."""

    unit_label: shown.Words
    limit: QuotaOut | None


class OwnRewardsOut(schemas.Out):
    """The mall, in the order of the programme."""

    items: list[OwnRewardOut]


class OwnRewardOrderOut(shown.RewardOrderOut):
    """An order of mine; `cancellable`: I can still cancel it."""

    label: shown.Words
    unit_label: shown.Words
    cancellable: bool


class OwnRewardOrdersOut(schemas.Out):
    """A page of my reward orders, newest first."""

    items: list[OwnRewardOrderOut]
    next: str | None


class OwnStepOut(schemas.Out):
    """One change of my order."""

    state: str
    at: datetime
    carrier: str
    tracking: str
    note: str


class OwnOneOrderOut(OwnRewardOrderOut):
    """An order of mine with everything that happened to it, the first first. `codes`: how many it has for me; `codes_seen`: I looked."""

    steps: list[OwnStepOut]
    codes: int
    codes_seen: bool


class OwnCodesOut(schemas.Out):
    """The codes of my order, and since when I have seen them: from then on it cannot be cancelled."""

    codes: list[str]
    seen_at: datetime


class OwnCancelledOut(schemas.Out):
    """My order was cancelled; `returned`: points that went back to the lots they came from."""

    id: str
    state: str
    returned: int
    duplicate: bool


class OwnBenefitOut(shown.BenefitOut):
    """A benefit, on which levels it is had (null: on all of them), and what else it asks for."""

    levels: list[str] | None
    condition: shown.Words | None
    quota: QuotaOut | None


class OwnBenefitsOut(schemas.Out):
    """Every benefit of the programme, for me."""

    items: list[OwnBenefitOut]


def _all(texts: list[Text]) -> list[dict[str, str]]:
    return [shown.words(text) for text in texts]


def _worth(definition: Definition, currency: str) -> dict[str, Any]:
    off = {"cash": definition.face, "spend_off": definition.steps[0].off if definition.steps else None}.get(definition.kind)
    return {
        "kind": definition.kind,
        "words": shown.words(terms.worth(definition, currency)),
        "off": off,
        "rate_bp": definition.rate_bp if definition.kind == "percent" else None,
        "currency": currency,
    }


def coupon(one: OwnCoupon, programme: Programme, *, in_hand: bool) -> dict[str, Any]:
    """As :class:`OwnCouponOut`."""
    held = one.held
    told = shown.coupon(held, programme)
    return {
        **told,
        "state": told["state"] if in_hand or held.state != "issued" else "lapsed",
        "worth": _worth(one.terms, programme.currency),
        "terms": _all(terms.bounds(one.terms, programme)),
        "last_day": terms.last_day(held, programme.zone),
        # A code of a batch says by itself whose it is; of all others the coupon's own number does.
        "at_counter": held.code if held.source == "batch" else told["id"],
        "why_not": {"code": one.refused.reason, "text": shown.words(one.refused.text)} if one.refused else None,
        "became": None if in_hand else shown.words(terms.became(programme, held, one.last)),
    }


def claimable(found: Claimable, programme: Programme) -> dict[str, Any]:
    """As :class:`OwnClaimableOut`."""
    definition, claim = found.definition, found.definition.claim
    return {
        **shown.claimable(found),
        "unit_label": shown.words(naming.unit(programme, claim.unit)) if claim and claim.unit else None,
        "worth": _worth(definition, programme.currency),
        "terms": _all(terms.bounds(definition, programme)),
        "span": _all(terms.span(definition, programme.zone)),
    }


def reward(offer: Offer, programme: Programme) -> dict[str, Any]:
    """As :class:`OwnRewardOut`."""
    one = offer.reward
    return {**shown.reward(offer, programme.currency), "unit_label": shown.words(one.unit_label), "limit": _quota(one.limit)}


def _quota(quota: quotas.Quota | None) -> dict[str, Any] | None:
    return {"times": quota.times, "words": shown.words(quotas.SAID[quota.period])} if quota else None


def order(one: RewardOrder, programme: Programme, labels: Mapping[str, Text], *, unseen: Collection[UUID]) -> dict[str, Any]:
    """As :class:`OwnRewardOrderOut`; ``unseen`` are orders whose codes nobody has seen."""
    return {
        **shown.reward_order(one),
        "label": shown.words(labels.get(one.reward, Text(one.reward, one.reward))),
        "unit_label": shown.words(naming.unit(programme, one.unit)),
        "cancellable": State.cancelled in TRANSITIONS[one.state] or (one.state is State.completed and one.reward_order_id in unseen),
    }


def step(event: Event) -> dict[str, Any]:
    """As :class:`OwnStepOut`."""
    return {name: getattr(event, name) for name in OwnStepOut.model_fields}


def benefit(perk: Perk) -> dict[str, Any]:
    """As :class:`OwnBenefitOut`."""
    who = perk.benefit.audience
    return {
        **shown.benefit(perk),
        "levels": [level for level, _ in who.tiers] or None,
        "condition": shown.words(who.condition) if who.condition else None,
        "quota": _quota(perk.benefit.quota),
    }
