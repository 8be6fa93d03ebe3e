"""Questions about what was sold, who was active, where members stand and what they hold."""

import ibis
import ibis.expr.types as ir

from regulars.domains.insights.model import derived
from regulars.domains.insights.model.answers import Filters, Period
from regulars.domains.insights.store import asking, tables

_LEADS = {"day": "leads", "week": "leads_week", "month": "leads_month"}


def span() -> ir.Table:
    """(first day, last day) of all orders; null without any."""
    found = tables.table(derived.ORDERS)
    return found.aggregate(first=found.day.min(), last=found.day.max())


def sold(asked: Filters, by: Period | None) -> ir.Table:
    """(period, kind, orders, revenue, refunded of these). Without ``by`` the period is null."""
    found = asking.orders(asked)
    return _in_periods(found, by, "kind", orders=found.count(), revenue=found.total.sum(), refunded=found.refunded.sum())


def refunds(asked: Filters, by: Period | None) -> ir.Table:
    """(period, matched with an order, what was refunded), by the day the refund was made."""
    found = asking.refunds(asked)
    return _in_periods(found, by, "matched", total=found.total.sum())


def _in_periods(found: ir.Table, by: Period | None, key: str, **sums: ir.Scalar) -> ir.Table:
    """(period, key, sums). Where all is one period it is written in afterwards: grouping by it as well costs a third more."""
    if by is not None:
        return found.group_by(found[by].name("period"), key).aggregate(**sums)
    whole = found.group_by(key).aggregate(**sums)
    return whole.select(ibis.null("int32").name("period"), *whole.columns)


def active(asked: Filters, by: Period | None) -> ir.Table:
    """(period, members active in it, their orders that were not wholly refunded)."""
    if by is None and not (asked.from_day or asked.to_day or asked.stores or asked.channels):
        # Of all time and everywhere, that is everybody who ever ordered.
        people = asking.firsts(asked)
        return people.aggregate(period=ibis.null("int32"), active=people.count(), orders=people.orders.sum().coalesce(0))
    orders = asking.orders(asked)
    found = orders.filter(orders.kept & orders.member_no.notnull())
    if by is None:
        return found.aggregate(period=ibis.null("int32"), active=found.member_no.nunique(), orders=found.count())
    # Members are told apart once, when the tables are derived; a store or a channel has leaders of its own.
    whole = not (asked.stores or asked.channels)
    members = found.count(where=found[_LEADS[by]]) if whole and _whole_periods(asked, by) else found.member_no.nunique()
    return found.group_by(found[by].name("period")).aggregate(active=members, orders=found.count())


def _whole_periods(asked: Filters, by: Period) -> bool:
    """Whether a window cuts no period in two: who led the week on a Monday leads it on Thursday too, if the window begins there."""
    begin = asked.from_day
    if begin is None or by == "day":
        return True
    return begin.weekday() == 0 if by == "week" else begin.day == 1


def standing(asked: Filters) -> ir.Table:
    """(level, held out, members)."""
    found = asking.members(asked)
    return found.group_by("tier", "held_out").aggregate(members=found.count())


def joining(asked: Filters) -> ir.Table:
    """(members who joined in the window)."""
    found = asking.joined(asked)
    return found.aggregate(members=found.count())


def movements(asked: Filters) -> ir.Table:
    """(unit, month, kind, amount) of all entries up to the end of the window."""
    found = asking.points(asked, until_only=True)
    return found.group_by("unit", "month", "kind").aggregate(amount=found.amount.sum())


def moved(asked: Filters) -> ir.Table:
    """(unit, kind, amount) of the window's entries."""
    found = asking.points(asked)
    return found.group_by("unit", "kind").aggregate(amount=found.amount.sum())


def due(asked: Filters) -> ir.Table:
    """(unit, month of the last valid day, amount); the month is null where nothing lapses."""
    found = asking.lots(asked)
    return found.group_by("unit", "month").aggregate(amount=found.amount.sum())
