"""Who may order what, what an order takes and grants, how it goes on, and when a gift card may be taken.

``values`` are attribute values, ``usage`` the member's counters, ``room`` how many are left in stock (None without end).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.rewards import model
from regulars.domains.rewards.model import (
    AT_ONCE,
    SAID,
    TRANSITIONS,
    CardState,
    GiftCard,
    Grant,
    GrantCode,
    GrantCoupon,
    GrantMoney,
    Kind,
    Ordered,
    Reward,
    RewardOrder,
    State,
)
from regulars.kernel import audience, periods, problem, quotas
from regulars.kernel.problem import Problem
from regulars.kernel.quotas import Allowance, UsageKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a member asks for, when, and what is known of it then: enough to say yes or no, and to order."""

    quantity: int
    at: datetime
    zone: periods.Zone
    joined_at: datetime
    values: Mapping[str, object]
    usage: Mapping[UsageKey, int]
    available: int
    room: int | None = None
    address_ref: str = ""


def get(rewards: Mapping[str, Reward], reward_id: str) -> Reward:
    """The reward by its id. Raises ``rewards.unknown``."""
    found = rewards.get(reward_id)
    if found is None:
        raise model.UNKNOWN(reward=problem.shown(reward_id), known=", ".join(rewards) or "–")
    return found


def allowance(reward: Reward, wish: Wish) -> Allowance:
    """What the member may still order of it in the period that holds the wish."""
    return quotas.allowance(reward.counter, reward.limit, wish.usage, at=wish.at, zone=wish.zone, joined_at=wish.joined_at)


def refusals(reward: Reward, wish: Wish) -> Iterator[Problem]:
    """Every reason why the wish cannot be met, the one nobody can change first: window, audience, limit, stock, points, address."""
    if wish.quantity < 1:
        yield problem.invalid("quantity", wish.quantity, "one or more")
        return
    asked, left = wish.quantity, max(0, wish.room or 0)
    if reward.opens_at is not None and wish.at < reward.opens_at:
        yield model.NOT_YET(reward=reward.label.en, reward_zh=reward.label.zh, opens=_day(reward.opens_at, wish))
    if reward.closes_at is not None and wish.at >= reward.closes_at:
        # What ends at midnight ended the day before.
        last = _day(reward.closes_at - timedelta(microseconds=1), wish)
        yield model.NO_LONGER(reward=reward.label.en, reward_zh=reward.label.zh, closes=last)
    other = audience.find_refusal(reward.audience, reward.label, wish.values)
    if other is not None:
        yield other
    allowed = allowance(reward, wish)
    if not allowed.allows(asked):
        yield _limit_reached(reward, allowed, wish)
    if reward.stock is not None and asked > left:
        yield model.OUT_OF_STOCK(reward=reward.label.en, reward_zh=reward.label.zh, left=left, asked=asked)
    yield from _unpaid(reward, wish)


def _unpaid(reward: Reward, wish: Wish) -> Iterator[Problem]:
    points = reward.points * wish.quantity
    if points > wish.available:
        yield model.POINTS_MISSING(
            reward=reward.label.en,
            reward_zh=reward.label.zh,
            points=points,
            unit=reward.unit_label.en,
            unit_zh=reward.unit_label.zh,
            available=wish.available,
            missing=points - wish.available,
        )
    if reward.kind is Kind.goods and not wish.address_ref:
        yield model.ADDRESS_MISSING(reward=reward.label.en, reward_zh=reward.label.zh)


def _day(at: datetime, wish: Wish) -> str:
    return periods.local_date(at, wish.zone).isoformat()


def _limit_reached(reward: Reward, allowed: Allowance, wish: Wish) -> Problem:
    label, left, granted, asked = reward.label, allowed.left, allowed.granted, wish.quantity
    if reward.limit is None or allowed.next_at is None:
        return model.LIMIT_SPENT(reward=label.en, reward_zh=label.zh, left=left, granted=granted, asked=asked)
    period, next_day = quotas.SAID[reward.limit.period], _day(allowed.next_at, wish)
    return model.LIMIT_REACHED(
        reward=label.en,
        reward_zh=label.zh,
        left=left,
        granted=granted,
        asked=asked,
        period=period.en,
        period_zh=period.zh,
        next_day=next_day,
    )


def find_refusal(reward: Reward, wish: Wish) -> Problem | None:
    """The first reason why the wish cannot be met; None when it can."""
    return next(refusals(reward, wish), None)


def order(reward: Reward, wish: Wish, *, reward_order_id: UUID, currency: str, actor: str) -> Ordered:
    """The order as it is recorded, and what it grants at once. Raises the first refusal; nothing is taken then.

    The points are spent under ``reward_order_id``, so that a cancellation finds the lots they came from.
    """
    refused = find_refusal(reward, wish)
    if refused is not None:
        raise refused
    allowed = allowance(reward, wish)
    placed = RewardOrder(
        reward_order_id=reward_order_id,
        reward=reward.id,
        kind=reward.kind,
        quantity=wish.quantity,
        unit=reward.unit,
        points=reward.points * wish.quantity,
        cash=reward.cash * wish.quantity,
        currency=currency,
        placed_at=wish.at,
        changed_at=wish.at,
        changed_by=actor,
        state=State.completed if reward.kind in AT_ONCE else State.placed,
        address_ref=wish.address_ref,
        period=allowed.key[1] if allowed.key else None,
        from_stock=reward.stock is not None,
    )
    return Ordered(order=placed, grants=_grants(reward, wish.quantity))


def _grants(reward: Reward, quantity: int) -> tuple[Grant, ...]:
    match reward.grant:
        case None:
            return ()
        case GrantCoupon(coupon, count):
            return (GrantCoupon(coupon, count * quantity),)
        case GrantMoney(unit, amount):
            return (GrantMoney(unit, amount * quantity),)
        case GrantCode(batch, count):
            return (GrantCode(batch, count * quantity),)


def ways(order: RewardOrder) -> frozenset[State]:
    """Where the order can go. A code can go back until somebody has seen it: whoever moves the order looks after that."""
    if order.kind is Kind.digital and order.state is State.completed:
        return frozenset({State.cancelled})
    return TRANSITIONS[order.state]


def may_cancel(state: State) -> bool:
    """Whether an order that stands so can still be cancelled."""
    return State.cancelled in TRANSITIONS[state]


def moved(order: RewardOrder, to: State, *, at: datetime, actor: str, carrier: str = "", tracking: str = "", note: str = "") -> RewardOrder:
    """The order in its next state. What is not said stays: a completed order keeps its tracking. Raises ``rewards.wrong_state``."""
    if to not in ways(order):
        raise _wrong_state(order, to)
    return replace(
        order,
        state=to,
        version=order.version + 1,
        changed_at=at,
        changed_by=actor,
        carrier=carrier or order.carrier,
        tracking=tracking or order.tracking,
        note=note,
    )


def cancelled(order: RewardOrder, *, at: datetime, actor: str, note: str = "") -> RewardOrder | None:
    """The cancelled order: its ``points`` return to the lots they came from, its ``cash`` is repaid, its ``usage`` and ``rooms`` give back.

    None when it was cancelled before: a second cancellation changes nothing. Raises ``rewards.wrong_state`` once it is fulfilled.
    """
    return None if order.state is State.cancelled else moved(order, State.cancelled, at=at, actor=actor, note=note)


def _wrong_state(order: RewardOrder, wanted: State) -> Problem:
    # In the order of the states, so that the sentence is the same every time.
    open_, state = [SAID[way] for way in State if way in ways(order)], order.state
    return model.WRONG_STATE(
        state=SAID[state].en,
        state_zh=SAID[state].zh,
        wanted=SAID[wanted].en,
        wanted_zh=SAID[wanted].zh,
        ways=", ".join(way.en for way in open_) or "nothing else",
        ways_zh="、".join(way.zh for way in open_) or "无",
    )


def find_card_refusal(card: GiftCard | None, *, at: datetime, zone: periods.Zone, currency: str) -> Problem | None:
    """Why the gift card cannot be taken at ``at``; None when it can. ``card`` is None when no card has the code."""
    if card is None:
        return model.CARD_UNKNOWN()
    match card.state:
        case CardState.redeemed:
            day = periods.local_date(card.redeemed_at or at, zone).isoformat()
            return model.CARD_REDEEMED(last_four=card.last_four, day=day)
        case CardState.void:
            return model.CARD_VOID(last_four=card.last_four)
        case CardState.open if card.expires_at <= at:
            last = periods.local_date(card.expires_at - timedelta(microseconds=1), zone).isoformat()
            return model.CARD_EXPIRED(last_four=card.last_four, day=last)
        case CardState.open if card.currency != currency:
            return model.CARD_CURRENCY(given=card.currency, currency=currency)
        case CardState.open:
            return None
