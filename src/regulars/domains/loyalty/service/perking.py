"""Benefits as they are seen: what a member may have and has had, and what each benefit gave and cost in a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.domains.benefits import rules, store
from regulars.domains.benefits.model import Benefit, Month, Use
from regulars.domains.loyalty.rules.reading import member_values
from regulars.domains.loyalty.service import publishing, reading
from regulars.kernel import periods, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.kernel.quotas import Allowance
from regulars.platform.context import Ctx

LONGEST = timedelta(days=5 * 366)
EARLIEST, LATEST = date(1970, 1, 2), date(2100, 12, 30)


@dataclass(frozen=True, slots=True)
class Perk:
    """A benefit, what of it is granted, used and left now, and why the member may not have it at all (None: it may)."""

    benefit: Benefit
    allowance: Allowance
    refused: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one benefit came to in a time; ``months`` are its own parts. Costs are minor units."""

    benefit: Benefit
    used: int
    cost: int
    months: tuple[Month, ...]


def perks(ctx: Ctx, member_id: MemberId) -> list[Perk]:
    """Every benefit of the programme in force, for one member. Raises ``programme.none``, ``not_found``."""
    programme, standing = publishing.programmes(ctx).at(ctx.now), reading.standing(ctx, member_id)
    values = member_values(programme, standing, ctx.now)
    return [
        Perk(
            benefit,
            rules.allowance(benefit, standing.wallet.usage, at=ctx.now, zone=programme.zone, joined_at=standing.joined_at),
            rules.find_refusal(benefit, values, held_out=standing.held_out),
        )
        for benefit in programme.benefits.values()
    ]


def uses_of(ctx: Ctx, member_id: MemberId, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Use]:
    """A page of the member's uses, newest first."""
    return store.page(ctx.tx, member_id, after=after, limit=limit)


def report(ctx: Ctx, first_day: date, last_day: date) -> tuple[str, list[Report]]:
    """The currency, and what each benefit of the programme in force came to from one day through another, by month; days and months are
    the programme's own. Raises ``input.invalid``, ``programme.none``.
    """
    programme = publishing.programmes(ctx).at(ctx.now)
    if not EARLIEST <= first_day <= LATEST:
        raise problem.invalid("from", first_day.isoformat(), f"a day from {EARLIEST} to {LATEST}")
    if not first_day <= last_day <= min(LATEST, first_day + LONGEST):
        raise problem.invalid("to", last_day.isoformat(), f"a day on or after {first_day}, five years later at most")
    start, end = (periods.day_start(day, programme.zone) for day in (first_day, last_day + timedelta(days=1)))
    months: Mapping[date, datetime] = rules.month_starts(start, end, programme.zone)
    # The first month begins where the report does.
    first = next(iter(months))
    found = store.monthly(ctx.tx, {**months, first: start}, until=end, granted={})
    by_benefit: dict[str, list[Month]] = {}
    for month in found:
        by_benefit.setdefault(month.benefit, []).append(month)
    return programme.currency, [
        Report(
            benefit=benefit,
            used=sum(month.used for month in by_benefit.get(benefit.id, ())),
            cost=sum(month.cost for month in by_benefit.get(benefit.id, ())),
            months=tuple(by_benefit.get(benefit.id, ())),
        )
        for benefit in programme.benefits.values()
    ]
