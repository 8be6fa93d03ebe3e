"""The rewards mall: an order spends points, takes stock and gives what it gives; a cancelled one returns points and stock, once."""

from datetime import datetime

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme, Standing
from regulars.domains.loyalty.rules import coupons, give, goods
from regulars.domains.loyalty.rules.reading import member_values
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, Entry
from regulars.domains.rewards import model as rewards_model
from regulars.domains.rewards import rules as rewards
from regulars.domains.rewards.model import Grant, GrantCode, GrantCoupon, GrantMoney, Reward, RewardOrder, State


def ordered(programme: Programme, decision: Decision, fact: model.RewardOrdered, moment: datetime) -> None:
    """Order a reward. Raises the first reason why the member may not: time, tier, limit, stock, points, address."""
    after, reward = decision.standing, rewards.get(programme.rewards, fact.reward)
    wish = wish_of(programme, decision, reward, quantity=fact.quantity, at=moment, address_ref=fact.address_ref)
    made = rewards.order(reward, wish, reward_order_id=fact.ref, currency=programme.currency, actor=fact.by)
    row = made.order
    why: dict[str, object] = {"reward": reward.id}
    decision.entries += points.take(after.wallet, "spend", unit=row.unit, amount=row.points, at=moment, ref=fact.ref, why=why)
    _record(decision, row, kind="order", at=moment)
    for place, granted in enumerate(made.grants):
        _grant(programme, decision, granted, fact=fact, place=place, at=moment)
    decision.answer |= {"points": row.points, "cash": row.cash, "state": row.state.value}


def wish_of(programme: Programme, decision: Decision, reward: Reward, *, quantity: int, at: datetime, address_ref: str) -> rewards.Wish:
    """What is known of the member when it asks for a reward."""
    after = decision.standing
    return rewards.Wish(
        quantity=quantity,
        at=at,
        zone=programme.zone,
        joined_at=after.joined_at,
        values=member_values(programme, after, at),
        usage=after.wallet.usage,
        available=after.wallet.total(reward.unit).available,
        room=decision.room.get(reward.room, reward.stock),
        address_ref=address_ref,
    )


def _record(decision: Decision, row: RewardOrder, *, kind: str, at: datetime) -> None:
    why: dict[str, object] = {"points": row.points, "cash": row.cash, "state": row.state.value}
    caps = [[name, day.isoformat(), amount] for (name, day), amount in row.usage.items()]
    goods.record(
        decision, f"reward:{row.reward}", kind, row.quantity, at=at, ref=row.reward_order_id, why=why | ({"caps": caps} if caps else {})
    )
    for name, amount in row.rooms.items():
        decision.taken[name] = decision.taken.get(name, 0) + amount
    decision.standing.reward_orders[row.reward_order_id] = row


def _grant(programme: Programme, decision: Decision, granted: Grant, *, fact: model.RewardOrdered, place: int, at: datetime) -> None:
    match granted:
        case GrantCoupon(coupon, count):
            for n in range(count):
                coupon_id = coupons.derived_id(fact.ref, place * 1000 + n)
                coupons.issue(programme, decision, coupon, coupon_id=coupon_id, source="exchange", at=at)
        case GrantMoney(unit_id, amount):
            unit, after = programme.unit(unit_id), decision.standing
            lapses = give.expiry(unit.expiry, at, programme, joined_at=after.joined_at)
            entry = Entry(unit_id, "grant", amount, at, lapses, ALWAYS, fact.ref, {"reward": fact.reward})
            decision.entries += points.grant(after.wallet, entry)
        case GrantCode(batch, count):
            # Which ones they are is found when it is recorded: what decides knows how many, and no code.
            decision.answer["codes"] = {"batch": batch, "count": count}


def moved(decision: Decision, fact: model.RewardMoved, moment: datetime) -> None:
    """Fulfil, complete or cancel a reward order. Raises ``rewards.order_unknown``, ``rewards.wrong_state``."""
    after = decision.standing
    row = after.reward_orders.get(fact.ref)
    if row is None:
        raise rewards_model.ORDER_UNKNOWN(order=str(fact.ref))
    state = State(fact.state)
    new = rewards.moved(row, state, at=moment, actor=fact.by, carrier=fact.carrier, tracking=fact.tracking, note=fact.note)
    _record(decision, new, kind=state.value, at=moment)
    if state is State.cancelled:
        decision.answer["returned"] = _give_back(decision, after, fact, moment)
    decision.answer["state"] = state.value


def _give_back(decision: Decision, after: Standing, fact: model.RewardMoved, moment: datetime) -> int:
    """Return the points to their lots. Coupons and money given at once are completed at once and never get here."""
    history = after.history.get(fact.ref, [])
    spent = [entry for entry in history if entry.kind == "spend"]
    total = sum(entry.amount for entry in spent)
    decision.entries += points.restore(after.wallet, spent, skip=0, amount=total, at=moment, why={"cancelled": True})
    return total
