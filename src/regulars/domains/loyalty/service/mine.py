"""What a member sees of its own standing. Whose id is given has been let in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from regulars.domains.loyalty.model import Programme, Standing
from regulars.domains.loyalty.rules import mine as rules
from regulars.domains.loyalty.rules import naming, passing
from regulars.domains.loyalty.service import publishing, reading
from regulars.domains.loyalty.service.reading import Balance, JournalRow
from regulars.domains.loyalty.store import mine as store
from regulars.domains.members import service as members
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refunded
from regulars.domains.points.model import ALWAYS, NEVER
from regulars.domains.tiers.model import Projection
from regulars.kernel.ids import MemberId
from regulars.kernel.text import Text
from regulars.platform.context import Ctx

Before = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Overview:
    """Where the member stands now, under the programme in force now."""

    programme: Programme
    standing: Standing
    projection: Projection
    balances: list[Balance]


@dataclass(frozen=True, slots=True)
class DayLot:
    """So many units that are there through ``last_day``; None: for ever."""

    amount: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order, how far it is refunded, and by unit what it earned and what refunds took back of that."""

    state: Refunded
    refunded: int
    earned: dict[str, tuple[int, int]]


def overview(ctx: Ctx, member_id: MemberId) -> Overview:
    """Where the member stands. Raises ``not_found``, ``programme.none``.

    The transaction must be one that can write: who never bought is told apart from the hold-out here for the first time.
    """
    programme, standing = publishing.programmes(ctx).at(ctx.now), reading.standing(ctx, member_id)
    balances = [reading.balance_of(standing, unit.id) for unit in programme.shown_units]
    return Overview(programme, standing, passing.project(programme, standing, programme.ladder, at=standing.as_of), balances)


def level(found: Overview) -> Text:
    """What the member's level is called."""
    return naming.level(found.programme.ladder, found.projection.level).label


def lots(found: Overview, unit: str) -> list[DayLot]:
    """What can be spent of a unit by the last day it is there, soonest first."""
    by_day: dict[date | None, int] = {}
    for (name, expires_at, available_at), amount in sorted(found.standing.wallet.lots.items()):
        if name == unit and available_at == ALWAYS:
            day = None if expires_at == NEVER else rules.last_day(expires_at, found.programme)
            by_day[day] = by_day.get(day, 0) + amount
    return [DayLot(amount, day) for day, amount in by_day.items()]


def coupon_days(found: Overview) -> list[DayLot]:
    """How many coupons in hand end on which local day, soonest first."""
    by_day: dict[date | None, int] = {}
    for held in sorted((one for one in found.standing.coupons.values() if one.live), key=lambda one: one.ends):
        day = None if held.ends == NEVER else rules.last_day(held.ends, found.programme)
        by_day[day] = by_day.get(day, 0) + 1
    return [DayLot(amount, day) for day, amount in by_day.items()]


def ledger(ctx: Ctx, member_id: MemberId, *, unit: str | None, before: tuple[int, int] | None, limit: int) -> list[JournalRow]:
    """A page of what changed the member's balance of ``unit`` (its points, when left out), newest first.

    Raises ``points.unit_unknown``, ``programme.none``.
    """
    programme = publishing.programmes(ctx).at(ctx.now)
    name = rules.main_unit(programme) if unit is None else programme.unit(unit).id
    return reading.journal(ctx, member_id, unit=name, before=before, limit=limit)


def levels_history(ctx: Ctx, member_id: MemberId, limit: int = 20) -> list[JournalRow]:
    """How the member's level changed, newest first."""
    ladder = publishing.programmes(ctx).at(ctx.now).ladder
    return reading.journal(ctx, member_id, unit=ladder.id, limit=limit)


def own_orders(ctx: Ctx, member_id: MemberId, *, before: Before | None, limit: int) -> list[OwnOrder]:
    """A page of the member's orders, newest first, each with what it earned."""
    subjects = members.subjects(ctx, [member_id]).get(member_id, [])
    rows = orders.list_orders(ctx, subjects, before=before, limit=limit)
    states = orders.states(ctx, [(order.subject_id, order.order_id) for order, _ in rows])
    earned = store.earned(ctx.tx, member_id, [order.order_id for order, _ in rows])
    return [OwnOrder(states[order.order_id], refunded, earned.get(order.order_id, {})) for order, refunded in rows]


def most_orders(ctx: Ctx, source: str, limit: int) -> Sequence[tuple[MemberId, int]]:
    """The members with the most orders from one source: for a demo, to sign in as somebody with a history."""
    return [(MemberId(member), count) for member, count in store.most_orders(ctx.tx, source, limit)]
