"""Each benefit of the programme: granted, used, what it cost, and what it did."""

import math
from datetime import date, timedelta

from regulars.domains.benefits.model import Benefit
from regulars.domains.insights.model import metrics
from regulars.domains.insights.model.answers import Share
from regulars.domains.insights.model.benefits import DEFINITIONS, HEADINGS, SAID, Basis, BenefitAnswer, BenefitRow, Effect
from regulars.domains.insights.service import answering
from regulars.domains.insights.service.tabling import Cell, Rows
from regulars.domains.insights.store import benefits as store
from regulars.domains.insights.store import reporting
from regulars.domains.loyalty import service as loyalty
from regulars.kernel import periods, problem, quotas
from regulars.platform.context import Ctx
from regulars.science import proportions

LONGEST = timedelta(days=5 * 366)
EARLIEST, LATEST = date(1970, 1, 2), date(2100, 12, 30)


def effects(ctx: Ctx, first_day: date | None, last_day: date | None, *, days: int) -> BenefitAnswer:
    """What each benefit of the programme in force came to in a window of local days, a year up to today unless it is told, and whether
    members came back within ``days``. Raises ``programme.none``, ``input.invalid``.
    """
    programme = loyalty.programmes(ctx).at(ctx.now)
    to = last_day or periods.local_date(ctx.now, programme.zone)
    begin = first_day or to - timedelta(days=364)
    if not EARLIEST <= begin <= LATEST:
        raise problem.invalid("from", begin.isoformat(), f"a day from {EARLIEST} to {LATEST}")
    if not begin <= to <= min(LATEST, begin + LONGEST):
        raise problem.invalid("to", to.isoformat(), f"a day on or after {begin}, five years later at most")
    last = reporting.overview(ctx.tx, programme.zone.key)[1] or begin
    asked = [
        store.Asked(
            benefit=benefit.id,
            ladder=programme.ladder.id,
            levels=[level for level, _ in benefit.audience.tiers] or None,
            zone=programme.zone.key,
            first_day=begin,
            last_day=to,
            days=days,
            last=last,
        )
        for benefit in programme.benefits.values()
    ]
    return BenefitAnswer(
        zone=programme.zone.key,
        currency=programme.currency,
        first_day=begin,
        last_day=to,
        days=days,
        items=tuple(_row(ctx, benefit, one) for benefit, one in zip(programme.benefits.values(), asked, strict=True)),
    )


def _row(ctx: Ctx, benefit: Benefit, asked: store.Asked) -> BenefitRow:
    may, held_out, used, cost, users = store.sums(ctx.tx, asked)
    # Who is held out of incentives has every other benefit: then there is nobody by lot without it.
    basis: Basis = "trial" if benefit.incentive and held_out else "users"
    eligible = may - held_out if benefit.incentive else may
    return BenefitRow(
        benefit=benefit.id,
        label=benefit.label,
        eligible=eligible,
        granted=benefit.quota.times * eligible if benefit.quota is not None else None,
        period=benefit.quota.period if benefit.quota is not None else None,
        used=used,
        cost=cost,
        users=users,
        effect=_effect(store.came_back(ctx.tx, asked, basis), basis),
    )


def _effect(counts: dict[bool, tuple[int, int]], basis: Basis) -> Effect:
    having, lacking = counts.get(True, (0, 0)), counts.get(False, (0, 0))
    found = proportions.newcombe((having[1], having[0]), (lacking[1], lacking[0]))
    return Effect(
        basis=basis,
        causal=basis == "trial",
        having=answering.share(having[1], having[0]),
        lacking=answering.share(lacking[1], lacking[0]),
        difference_bp=None if found is None else round(found.estimate * 10_000),
        low_bp=None if found is None else math.floor(found.low * 10_000),
        high_bp=None if found is None else math.ceil(found.high * 10_000),
        small=min(having[0], lacking[0]) < metrics.SMALL,
    )


def tables(answer: BenefitAnswer, language: str) -> dict[str, Rows]:
    """The answer for a spreadsheet: every benefit in one row, and what each number means, headings first, in the reader's language."""
    items: Rows = [[heading.in_(language) for heading in HEADINGS]]
    items += [_cells(row, language) for row in answer.items]
    meanings: Rows = [[name, text.in_(language)] for name, text in DEFINITIONS.items()]
    window: Rows = [[name, str(getattr(answer, name))] for name in ("zone", "currency", "first_day", "last_day", "days")]
    return {"items": items, "definitions": [*meanings, *window]}


def _cells(row: BenefitRow, language: str) -> list[Cell]:
    effect = row.effect
    sides = [cell for side in (effect.having, effect.lacking) for cell in _side(side)]
    apart: list[Cell] = [effect.difference_bp, effect.low_bp, effect.high_bp, effect.small]
    said: list[Cell] = [SAID[effect.basis].in_(language), effect.causal]
    period = quotas.SAID[row.period].in_(language) if row.period is not None else None
    came: list[Cell] = [row.eligible, row.granted, period, row.used, row.users, row.cost]
    return [row.label.in_(language), row.benefit, *came, *said, *sides, *apart]


def _side(side: Share) -> list[Cell]:
    return [side.n, side.denominator, side.rate_bp, side.low_bp, side.high_bp]
