"""Benefits at work: each use is counted against its quota and costs what it costs; a use that did not happen gives its quota back; one
whose ground a refund took away is owed, where the benefit says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.domains.benefits import model as benefits_model
from regulars.domains.benefits import rules as benefits
from regulars.domains.benefits.model import Benefit, State, Use
from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme, Standing
from regulars.domains.loyalty.rules import give, goods, passing
from regulars.domains.loyalty.rules.reading import member_values
from regulars.domains.orders.model import Refund, Refunded
from regulars.domains.points import rules as points
from regulars.domains.points.model import NEVER
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import Ladder, TierStanding
from regulars.kernel import ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What a refund may take away: benefits that charge and that the member might have before it, its level, and since when; the ladders
    that wait for their review and whose level was carried until now (``carried``).
    """

    allowed: Mapping[str, Benefit]
    level: str
    since: datetime
    carried: tuple[Ladder, ...]


def used(programme: Programme, decision: Decision, fact: model.BenefitUsed, moment: datetime) -> None:
    """Use a benefit. Raises who may have it, ``benefits.quota_used``, ``benefits.used_up``, ``benefits.cost_missing``."""
    after = decision.standing
    made = benefits.use(
        benefits.get(programme.benefits, fact.benefit),
        member_values(programme, after, fact.at),
        after.wallet.usage,
        use_id=fact.ref,
        at=fact.at,
        zone=programme.zone,
        joined_at=after.joined_at,
        quantity=fact.quantity,
        cost=fact.cost,
        order_ref=fact.order_ref,
        held_out=after.held_out,
    )
    _record(decision, made, kind="use", at=moment)
    decision.answer |= {"benefit": made.benefit, "cost": made.cost}


def taken_back(programme: Programme, decision: Decision, fact: model.BenefitReversed, moment: datetime) -> None:
    """Give the quota of a use back, and what it was charged. Raises ``benefits.use_unknown``; a second time changes nothing."""
    after = decision.standing
    use = after.uses.get(fact.ref)
    if use is None:
        raise benefits_model.USE_UNKNOWN(use=str(fact.ref))
    back = benefits.reverse(use, at=moment)
    if back is not None:
        if use.state is State.charged:
            _return_charge(programme, decision, use, moment)
        _record(decision, back, kind="give_back", at=moment)
    decision.answer["reversed"] = use.quantity


def at_stake(programme: Programme, standing: Standing, moment: datetime) -> Stake:
    """What a refund may take from the member as it stands now."""
    values = member_values(programme, standing, moment)
    allowed = {one.id: one for one in programme.benefits.values() if one.charges and benefits.find_refusal(one, values) is None}
    waiting = (ladder for ladder in programme.ladders if ladder.on_refund == "at_review")
    carried = tuple(ladder for ladder in waiting if _sunk(programme, standing, ladder, moment) is None)
    return Stake(allowed=allowed, level=standing.tier.level, since=standing.tier.since, carried=carried)


def _sunk(programme: Programme, standing: Standing, ladder: Ladder, at: datetime) -> TierStanding | None:
    balance = passing.counted(programme, standing, ladder, at=at)
    return tiers.sunk(ladder, standing.tiers[ladder.id], balance=balance, at=at, zone=programme.zone)


def charge(programme: Programme, decision: Decision, fact: model.LinesRefunded, stake: Stake, moment: datetime) -> None:
    """Make owed what was used since the refunded order, or since the level that is lost now if that is later, of benefits that the member
    might have until now; and what was used for the order itself, once all of it is refunded.

    A level that stays until its review counts as lost when what is left does not carry it any more: the ladder is patient about the
    level, the benefit is not about what was used already. What is used after this refund rests on that patience, and is never charged.
    """
    after, state = decision.standing, fact.state
    if state is None or not after.uses:
        return
    # In an order of its own, since what was loaded and what is decided again do not come in the same one.
    uses = sorted(after.uses.values(), key=lambda use: (use.at, use.use_id))
    paid_at, left = state.order.paid_at, _left(programme, after, stake, moment)
    since = paid_at if left.tier.level == stake.level else max(paid_at, stake.since)
    lost = benefits.claw_back(stake.allowed, uses, member_values(programme, left, moment), since=since, at=moment)
    whole = _names(state) if _is_whole(state, fact.refund) else ()
    with_it = benefits.claw_back_order(programme.benefits, uses, whole, at=moment)
    total: dict[str, int] = {}
    for use in {use.use_id: use for use in (*lost.uses, *with_it.uses)}.values():
        _charge(programme, decision, use, fact, moment=moment, total=total)
    if total:
        decision.answer["charged"] = total


def _left(programme: Programme, after: Standing, stake: Stake, at: datetime) -> Standing:
    """The member on the levels that what is left carries, though a ladder may leave it on a higher one until its review."""
    lost = {ladder.id: lower for ladder in stake.carried if (lower := _sunk(programme, after, ladder, at)) is not None}
    if not lost:
        return after
    left = after.copy()
    left.tiers |= lost
    return left


def _is_whole(state: Refunded, refund: Refund) -> bool:
    """Whether nothing of the order is left once ``refund`` has gone back."""
    now = dict(state.by_line)
    for line in refund.lines:
        now[line.no] = now.get(line.no, 0) + line.amount
    return all(now.get(line.no, 0) >= line.payable for line in state.order.lines)


def _names(state: Refunded) -> tuple[str, ...]:
    """How a use may name the order: by our id, by its number, or by source and number."""
    order = state.order
    return ids.encode("ord", order.order_id), order.number, f"{order.source}:{order.number}"


def _charge(
    programme: Programme, decision: Decision, use: Use, fact: model.LinesRefunded, *, moment: datetime, total: dict[str, int]
) -> None:
    """The cost in units, rounded down in the member's favour. What is less than one unit is not charged."""
    unit = programme.charge_unit(programme.benefits[use.benefit])
    amount = use.charged * unit.redeem.points // unit.redeem.worth if unit is not None and unit.redeem is not None else 0
    if unit is None or not amount:
        return
    why: dict[str, object] = {"benefit": use.benefit, "refund": str(fact.ref), "cost": use.charged}
    wallet = decision.standing.wallet
    decision.entries += points.charge(wallet, unit.id, amount, at=moment, ref=use.use_id, owe=unit.owes, why=why)
    _record(decision, use, kind="charge", at=moment)
    total[unit.id] = total.get(unit.id, 0) + amount


def _return_charge(programme: Programme, decision: Decision, use: Use, moment: datetime) -> None:
    after = decision.standing
    taken = [entry for entry in after.history.get(use.use_id, []) if not goods.is_about(entry)]
    unit = programme.units.get(taken[0].unit) if taken else None
    lapses = give.expiry(unit.expiry, moment, programme, joined_at=after.joined_at) if unit is not None else NEVER
    decision.entries += points.undo_charge(after.wallet, taken, at=moment, expires_at=lapses, why={"benefit": use.benefit})


def _record(decision: Decision, use: Use, *, kind: str, at: datetime) -> None:
    why: dict[str, object] = {"cost": use.cost, "level": use.level}
    caps = [[name, day.isoformat(), amount] for (name, day), amount in use.counters.items()]
    goods.record(decision, f"benefit:{use.benefit}", kind, use.quantity, at=at, ref=use.use_id, why=why | ({"caps": caps} if caps else {}))
    decision.standing.uses[use.use_id] = use
