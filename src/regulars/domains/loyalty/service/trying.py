"""Try an order: what a version, or a document that is not even a draft yet, would do with it, and why each rule did so. Nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.loyalty import document, model
from regulars.domains.loyalty.model import OrderPaid, Programme, Standing
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import explain, tracing
from regulars.domains.loyalty.rules.tracing import Trace
from regulars.domains.loyalty.service import loading, publishing
from regulars.domains.orders.model import Order
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers import rules as tier_rules
from regulars.kernel import conditions, problem
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx

NOBODY = MemberId(UUID(int=0))
"""The member that a made-up standing belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """A member that does not exist: level (``None``: what the balance carries), orders, spend in minor units, units, days since joining."""

    level: str | None = None
    orders: int = 0
    spend: int = 0
    balances: Mapping[str, int] = field(default_factory=dict)
    joined_days_ago: int = 0
    held_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the order would do: units granted, the level before and after, every rule's trace, the journal rows in words."""

    programme: Programme
    granted: dict[str, int]
    level_before: str
    level_after: str
    traces: list[Trace]
    reasons: tuple[dict[str, str], ...]


def try_order(ctx: Ctx, order: Order, *, text: str | None = None, version: int | None = None, made_up: MadeUp | None = None) -> Tried:
    """``order`` under the document ``text``, or ``version``, or (neither) what is in force at the order's time.

    A member of ``order`` is taken as they stand now, unless somebody is ``made_up`` in their place. Raises ``programme.invalid``,
    ``not_found``, ``programme.none``, ``programme.currency``, and ``input.invalid`` for a level or a unit that the document does not know.
    """
    programmes = publishing.programmes(ctx)
    if text is None:
        number = programmes.at(order.paid_at).version if version is None else version
        text = publishing.version(ctx, number).document
    typed = document.read(text)
    programme = document.build(typed, version or 0)
    if made_up is not None or order.member_id is None:
        standing = _standing(programme, made_up or MadeUp(), order.paid_at)
    else:
        standing = loading.load_one(ctx, programmes, order.member_id)
    standing = rules.decide(programme, standing, model.TimePassed(member_id=standing.member_id, at=order.paid_at)).standing
    decision = rules.decide(programme, standing, OrderPaid(order=order))
    granted = decision.answer["granted"]
    return Tried(
        programme=programme,
        granted=granted if isinstance(granted, dict) else {},
        level_before=standing.tier.level,
        level_after=decision.standing.tier.level,
        traces=tracing.trace(programme, standing, order, _trees(typed)),
        reasons=tuple({lang: explain.sentence(programme, entry, lang) for lang in ("en", "zh")} for entry in decision.entries),
    )


def _trees(typed: document.Document) -> dict[str, conditions.Tree]:
    registry = document.registry(typed)
    return {rule.id: conditions.parse(rule.when, registry) for rule in typed.earning if rule.when is not None}


def _standing(programme: Programme, wanted: MadeUp, at: datetime) -> Standing:
    ladder = programme.ladder
    levels = [level.id for level in ladder.levels]
    if wanted.level is not None and wanted.level not in levels:
        raise problem.invalid("standing.level", wanted.level, "one of " + ", ".join(levels))
    joined_at = at - timedelta(days=wanted.joined_days_ago)
    rank = ladder.carried(wanted.balances.get(ladder.unit, 0)) if wanted.level is None else ladder.rank(wanted.level)
    tier = replace(tier_rules.placed(ladder, rank, at=at, zone=programme.zone), since=joined_at)
    standing = Standing(NOBODY, 0, 0, joined_at, joined_at, wanted.held_out, {ladder.id: tier}, wanted.orders, wanted.spend)
    for unit, amount in wanted.balances.items():
        if unit not in programme.units:
            raise problem.invalid(f"standing.balances.{unit}", amount, "a unit of the programme: " + ", ".join(programme.units))
        if amount:
            points.grant(standing.wallet, Entry(unit, "grant", amount, joined_at, NEVER, ALWAYS, None, {"opening": True}))
    return standing
