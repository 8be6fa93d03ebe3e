"""Who may have a benefit, how often, what a use costs, what becomes of it later. ``values`` are attribute values, ``usage`` counters."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from regulars.domains.benefits import model
from regulars.domains.benefits.model import Benefit, Charge, State, Use
from regulars.kernel import audience, money, periods, problem, quotas
from regulars.kernel.problem import Problem
from regulars.kernel.quotas import Allowance, UsageKey


def get(benefits: Mapping[str, Benefit], benefit_id: str) -> Benefit:
    """The benefit by its id. Raises ``benefits.unknown``."""
    found = benefits.get(benefit_id)
    if found is None:
        raise model.UNKNOWN(benefit=problem.shown(benefit_id), known=", ".join(benefits) or "–")
    return found


def find_refusal(benefit: Benefit, values: Mapping[str, object], *, held_out: bool = False) -> Problem | None:
    """Why the member may not have the benefit at all: tier, then condition, then the hold-out; None when it may."""
    refused = audience.find_refusal(benefit.audience, benefit.label, values)
    if refused is None and held_out and benefit.incentive:
        return model.HELD_OUT(benefit=benefit.label.en, benefit_zh=benefit.label.zh)
    return refused


def allowance(benefit: Benefit, usage: Mapping[UsageKey, int], *, at: datetime, zone: periods.Zone, joined_at: datetime) -> Allowance:
    """What is granted, used and left of the benefit in the period that holds ``at``."""
    return quotas.allowance(benefit.counter, benefit.quota, usage, at=at, zone=zone, joined_at=joined_at)


def use(
    benefit: Benefit,
    values: Mapping[str, object],
    usage: Mapping[UsageKey, int],
    *,
    use_id: UUID,
    at: datetime,
    zone: periods.Zone,
    joined_at: datetime,
    quantity: int = 1,
    cost: int | None = None,
    order_ref: str | None = None,
    held_out: bool = False,
) -> Use:
    """The use as it is recorded; its ``counters`` are to be added. ``cost`` is that of the whole use; it goes before the programme's.

    Raises who may have it, ``benefits.quota_used`` or ``benefits.used_up``, ``benefits.cost_missing``, ``input.invalid``.
    """
    refused = find_refusal(benefit, values, held_out=held_out)
    if refused is not None:
        raise refused
    if quantity < 1:
        raise problem.invalid("quantity", quantity, "one or more")
    allowed = allowance(benefit, usage, at=at, zone=zone, joined_at=joined_at)
    if not allowed.allows(quantity):
        raise _used_up(benefit, allowed, asked=quantity, zone=zone)
    return Use(
        use_id=use_id,
        benefit=benefit.id,
        quantity=quantity,
        cost=_cost(benefit, quantity, cost),
        at=at,
        level=str(values.get(audience.TIER, "")),
        period=allowed.key[1] if allowed.key else None,
        order_ref=order_ref,
        changed_at=at,
    )


def _used_up(benefit: Benefit, allowed: Allowance, *, asked: int, zone: periods.Zone) -> Problem:
    label, left, granted_ = benefit.label, allowed.left, allowed.granted
    if benefit.quota is None or allowed.next_at is None:
        return model.USED_UP(benefit=label.en, benefit_zh=label.zh, left=left, granted=granted_, asked=asked)
    period, next_day = quotas.SAID[benefit.quota.period], periods.local_date(allowed.next_at, zone).isoformat()
    return model.QUOTA_USED(
        benefit=label.en,
        benefit_zh=label.zh,
        left=left,
        granted=granted_,
        asked=asked,
        period=period.en,
        period_zh=period.zh,
        next_day=next_day,
    )


def _cost(benefit: Benefit, quantity: int, given: int | None) -> int:
    """What the brand bears: the cost the use gives, within what the benefit pays at most, else the programme's own."""
    if given is None:
        if benefit.unit_cost is None:
            raise model.COST_MISSING(benefit=benefit.label.en, benefit_zh=benefit.label.zh)
        return benefit.unit_cost * quantity
    if given < 0:
        raise problem.invalid("cost", given, "zero or more minor units")
    return given if benefit.max_freight is None else min(given, benefit.max_freight * quantity)


def freight_paid(benefit: Benefit, freight: int) -> int:
    """How much of one delivery's ``freight`` the brand pays; the member pays the rest."""
    return freight if benefit.max_freight is None else min(freight, benefit.max_freight)


def price_cut(benefit: Benefit, amount: int) -> int:
    """What an exclusive price takes off ``amount``, rounded down; nothing for other benefits."""
    return money.mul_bp(amount, benefit.discount_bp or 0)


def reverse(use: Use, *, at: datetime) -> Use | None:
    """The use as it stands when it is given back; its ``counters`` give the quota back. None when it was given back before.

    What it was ``charged`` stays on it: whoever records this returns that amount.
    """
    return None if use.state is State.reversed else replace(use, state=State.reversed, changed_at=at)


def claw_back(
    benefits: Mapping[str, Benefit], uses: Iterable[Use], values: Mapping[str, object], *, since: datetime, at: datetime
) -> Charge:
    """What is charged when a refund has left the member with these ``values``: uses since ``since`` of benefits that charge and that it may
    no longer have. A use is charged once, and never when it was given back.
    """
    lost = {
        benefit.id
        for benefit in benefits.values()
        if benefit.charges and audience.find_refusal(benefit.audience, benefit.label, values) is not None
    }
    return _charge((use for use in uses if use.benefit in lost and use.at >= since), at)


def claw_back_order(benefits: Mapping[str, Benefit], uses: Iterable[Use], order_names: Collection[str], *, at: datetime) -> Charge:
    """What is charged when the order of these names was refunded to its last line: uses that were made for it, of benefits that charge."""
    charging = {benefit.id for benefit in benefits.values() if benefit.charges}
    return _charge((use for use in uses if use.benefit in charging and use.order_ref in order_names), at)


def _charge(uses: Iterable[Use], at: datetime) -> Charge:
    charged = tuple(
        replace(use, state=State.charged, charged=use.cost, changed_at=at) for use in uses if use.state is State.used and use.cost
    )
    return Charge(uses=charged, amount=sum(use.charged for use in charged))


def granted(benefit: Benefit, eligible: int) -> int | None:
    """How many uses ``eligible`` members were given in one period; None when the benefit is unlimited."""
    return None if benefit.quota is None else benefit.quota.times * eligible


def month_starts(start: datetime, end: datetime, zone: periods.Zone) -> dict[date, datetime]:
    """First local day and first instant of every month that ``start <= x < end`` touches, in order."""
    found: dict[date, datetime] = {}
    moment = start
    while moment < end:
        first, following = periods.period_bounds(moment, "month", zone)
        found[periods.local_date(first, zone)] = first
        moment = following
    return found
