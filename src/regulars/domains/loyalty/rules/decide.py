"""``decide``: one fact, one standing, one programme version in; one decision out. Deterministic, and it changes none of its arguments."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Fact, Programme, Standing
from regulars.domains.loyalty.rules import acts, coupons, earn, give, levels, mall, passing, perks, refund
from regulars.domains.loyalty.rules.earn import NO_ROOM
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, Entry


def decide(programme: Programme, standing: Standing, fact: Fact, *, room: Mapping[str, int] = NO_ROOM) -> Decision:
    """What ``fact`` changes. Raises the ``Problem`` that refuses it; nothing has changed then. ``room``: what is left in shared
    counters; one that is not named limits nothing.

    A fact that is older than the standing keeps its own time for rules, caps, expiry and windows; its entries are posted as of the
    standing's time, because history is never rewritten.
    """
    after = standing.copy()
    moment = max(fact.at, after.as_of)
    entries = passing.advance(programme, after, moment)
    decision = Decision(after, entries, {}, programme.version, room=room)
    _apply(programme, decision, fact, moment)
    # What came too late to be of use lapses now, not before it was given.
    entries += [entry._replace(at=moment) for entry in points.advance(after.wallet, moment)]
    entries += passing.climb(programme, after, moment)
    after.seq += 1
    decision.answer["level"] = after.tier.level
    return decision


def _apply(programme: Programme, decision: Decision, fact: Fact, moment: datetime) -> None:  # noqa: C901 - one case a fact, no logic
    match fact:
        case model.OrderPaid():
            order_paid(programme, decision, fact, moment)
        case model.LinesRefunded():
            lines_refunded(programme, decision, fact, moment)
        case model.HoldPlaced():
            give.hold_placed(programme, decision, fact, moment)
        case model.HoldCancelled():
            give.hold_cancelled(decision, fact, moment)
        case model.PointsRedeemed():
            give.redeemed(programme, decision, fact, moment)
        case model.RedemptionCancelled():
            refund.redemption_cancelled(decision, fact, moment)
        case model.PointsAdjusted():
            give.adjusted(programme, decision, fact, moment)
        case model.PointsTransferred():
            give.transferred(programme, decision, fact, moment)
        case model.TransferReceived():
            give.received(decision, fact, moment)
        case model.StandingOpened():
            opened(programme, decision, fact, moment)
        case model.ActDone():
            acts.act_done(programme, decision, fact, moment)
        case model.ActReversed():
            acts.act_reversed(programme, decision, fact, moment)
        case model.ValueLoaded():
            give.loaded(programme, decision, fact, moment)
        case model.ExpiryExtended():
            give.extended(programme, decision, fact, moment)
        case model.LevelGiven():
            levels.given(programme, decision, fact, moment)
        case model.LevelsReassessed():
            levels.reassessed(programme, decision, fact, moment)
        case model.TimePassed():
            pass
        case _:
            _apply_goods(programme, decision, fact, moment)


def _apply_goods(programme: Programme, decision: Decision, fact: model.AboutGoods, moment: datetime) -> None:
    match fact:
        case model.CouponGiven():
            coupons.given(programme, decision, fact, moment)
        case model.CouponVoided():
            coupons.voided(decision, fact, moment)
        case model.CouponRedeemed():
            coupons.redeemed(programme, decision, fact, moment)
        case model.CouponPassed():
            coupons.passed(programme, decision, fact, moment)
        case model.CouponReceived():
            coupons.received(decision, fact, moment)
        case model.RewardOrdered():
            mall.ordered(programme, decision, fact, moment)
        case model.RewardMoved():
            mall.moved(decision, fact, moment)
        case model.BenefitUsed():
            perks.used(programme, decision, fact, moment)
        case model.BenefitReversed():
            perks.taken_back(programme, decision, fact, moment)
        case _:
            assert_never(fact)


def order_paid(programme: Programme, decision: Decision, fact: model.OrderPaid, moment: datetime) -> None:
    """Grant what the order earns, confirm the points that paid a part of it, count the order."""
    after, order = decision.standing, fact.order
    if order.currency != programme.currency:
        raise model.WRONG_CURRENCY(currency=programme.currency, given=order.currency)
    if fact.hold_id:
        decision.entries += give.confirm(after, fact.hold_id, order.order_id, moment)
    if fact.coupons:
        coupons.use_on_order(programme, decision, fact, moment)
    run = earn.earn(programme, after, order, room=decision.room)
    give.post_earned(programme, decision, run, ref=order.order_id, at=moment)
    after.orders += 1
    after.spend += order.total
    after.first_order_at = min(after.first_order_at or order.paid_at, order.paid_at)
    after.last_order_at = max(after.last_order_at or order.paid_at, order.paid_at)


def lines_refunded(programme: Programme, decision: Decision, fact: model.LinesRefunded, moment: datetime) -> None:
    """Take back what the lines were granted, move down where a ladder says so, charge uses of benefits that rested on either."""
    stake = perks.at_stake(programme, decision.standing, moment) if programme.charging else None
    refund.lines_refunded(programme, decision, fact, moment)
    decision.entries += passing.lower(programme, decision.standing, moment)
    if stake is not None:
        perks.charge(programme, decision, fact, stake, moment)


def opened(programme: Programme, decision: Decision, fact: model.StandingOpened, moment: datetime) -> None:
    """Take over lots and level from an earlier system, with their own dates."""
    after = decision.standing
    for unit, expires_at, available_at, amount in fact.lots:
        available = ALWAYS if available_at <= moment else available_at
        decision.entries += points.grant(
            after.wallet, Entry(unit, "grant", amount, moment, expires_at, available, fact.ref, {"opening": True})
        )
    if fact.level is not None:
        decision.entries.append(levels.opened(programme, after, fact, at=moment))
