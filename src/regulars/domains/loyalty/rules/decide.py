"""``decide``: one fact, one standing, one programme version in; one decision out. Deterministic, and it changes none of its arguments."""

from datetime import datetime
from typing import assert_never

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Fact, Programme, Standing
from regulars.domains.loyalty.rules import earn, give, passing, refund
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, Entry
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import TierStanding


def decide(programme: Programme, standing: Standing, fact: Fact) -> Decision:
    """What ``fact`` changes. Raises the ``Problem`` that refuses it; nothing has changed then.

    A fact that is older than the standing keeps its own time for rules, caps, expiry and windows; its entries are posted as of the
    standing's time, because history is never rewritten.
    """
    after = standing.copy()
    moment = max(fact.at, after.as_of)
    entries = passing.advance(programme, after, moment)
    decision = Decision(after, entries, {}, programme.version)
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
            refund.lines_refunded(programme, decision, fact, moment)
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
        case model.TimePassed():
            pass
        case _:
            assert_never(fact)


def order_paid(programme: Programme, decision: Decision, fact: model.OrderPaid, moment: datetime) -> None:
    """Grant what the order earns, confirm the points that paid a part of it, count the order."""
    after, order = decision.standing, fact.order
    if order.currency != programme.currency:
        raise model.WRONG_CURRENCY(currency=programme.currency, given=order.currency)
    if fact.hold_id:
        decision.entries += give.confirm(after, fact.hold_id, order.order_id, moment)
    earned, decision.exposures = earn.earn(programme, after, order)
    granted: dict[str, int] = {}
    for unit_id, what in earned.items():
        amount = what.amount
        if amount:
            granted[unit_id] = amount
            entry = give.grant_entry(programme, unit_id, amount, earned_at=order.paid_at, at=moment)
            decision.entries += points.grant(after.wallet, entry._replace(ref=order.order_id, why=what.why()))
    after.orders += 1
    after.spend += order.total
    after.first_order_at = min(after.first_order_at or order.paid_at, order.paid_at)
    after.last_order_at = max(after.last_order_at or order.paid_at, order.paid_at)
    decision.answer["granted"] = granted


def opened(programme: Programme, decision: Decision, fact: model.StandingOpened, moment: datetime) -> None:
    """Take over lots and level from an earlier system, with their own dates."""
    after = decision.standing
    for unit, expires_at, available_at, amount in fact.lots:
        available = ALWAYS if available_at <= moment else available_at
        decision.entries += points.grant(
            after.wallet, Entry(unit, "grant", amount, moment, expires_at, available, fact.ref, {"opening": True})
        )
    if fact.level is not None:
        since = fact.since or moment
        until = fact.keep_until or tiers.keep_until(programme.ladder, since, programme.zone)
        new = TierStanding(fact.level, since, tiers.NO_REVIEW if programme.ladder.rank(fact.level) == 0 else until)
        decision.entries.append(passing.change(programme, after, new, at=moment, reason="opening"))
