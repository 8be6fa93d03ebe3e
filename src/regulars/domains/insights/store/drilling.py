"""The members behind a number: for every bucket of every metric, a table with their numbers."""

from datetime import datetime
from uuid import UUID

import ibis
import ibis.expr.types as ir

from regulars.domains.insights.model import derived
from regulars.domains.insights.model.answers import Bucket
from regulars.domains.insights.store import asking, returning, tables

Expression = ir.Table
"""What the members are drawn from; built here, run here."""


def repurchase(of: Bucket, last_day: int) -> ir.Table:
    """Counted, returned or not; in a group when ``by`` is given."""
    found = _group(asking.firsts(of.filters), of)
    if of.days is None:
        return found
    counted = found.filter(returning.repurchase_counted(found, of.days, last_day))
    return _with_outcome(counted, returning.repurchased(counted, of.days), of)


def activation(of: Bucket, last_day: int) -> ir.Table:
    """Joined early enough, activated or not."""
    days = of.days or 0
    found = asking.joined(of.filters)
    counted = found.filter(returning.activation_counted(found, days, last_day))
    return _with_outcome(counted, returning.activated(counted, days), of)


def conversion(of: Bucket, last_day: int) -> ir.Table:
    """Reached the purchase; with ``days`` counted, went on in time or not."""
    orders = asking.orders(of.filters)
    found = orders.filter(orders.n == (of.purchase or 1))
    if of.days is None:
        return found
    counted = found.filter(found.day <= last_day - of.days)
    return _with_outcome(counted, counted.next_gap <= of.days, of)


def intervals(of: Bucket) -> ir.Table:
    """Members with an interval that long."""
    orders = asking.orders(of.filters)
    found = orders.filter(orders.gap >= (of.from_days or 1))
    return found if of.to_days is None else found.filter(found.gap <= of.to_days)


def cohort(of: Bucket) -> ir.Table:
    """Of one cohort: everybody, or who was active so many months after it, or then or later."""
    found = asking.firsts(of.filters)
    if of.month is None:
        return found
    first = derived.month_number(of.month)
    these = found.filter(found.first_month == first)
    if of.after is None:
        return these
    if of.of == "retention_rolling":
        return these.filter(these.last_month >= first + of.after)
    orders = tables.table(derived.ORDERS)
    active = orders.filter(orders.leads_month & (orders.month == first + of.after))
    return these.semi_join(active.select("member_no"), "member_no")


def orders(of: Bucket, *, kept: bool) -> ir.Table:
    """Members with an order in the period and of the part; only orders that were not wholly refunded, if ``kept``."""
    found = _period(asking.orders(of.filters), of)
    if kept:
        found = found.filter(found.kept)
    if of.of == "refunded":
        found = found.filter(found.refunded > 0)
    return found if of.part is None else found.filter(found.kind == of.part)


def refunds(of: Bucket) -> ir.Table:
    """Members with a refund in the period, with an order or without one."""
    found = _period(asking.refunds(of.filters), of)
    return found.filter(found.matched if of.of == "refunds_made" else ~found.matched)


def joined(of: Bucket) -> ir.Table:
    """Members who joined in the window."""
    return asking.joined(of.filters)


def members(of: Bucket) -> ir.Table:
    """All members, or those of one level."""
    found = asking.members(of.filters)
    return _group(found, of) if of.by == "tier" else found


def moved(of: Bucket, kinds: tuple[str, ...], begin: datetime | None, end: datetime | None) -> ir.Table:
    """Members with journal entries of these kinds from ``begin`` to before ``end``, both UTC."""
    entries = tables.table("entries")
    conditions = [entries.kind.isin(kinds)]
    if of.unit is not None:
        conditions.append(entries.unit == of.unit)
    if begin is not None:
        conditions.append(entries.at >= ibis.timestamp(begin.isoformat()))
    if end is not None:
        conditions.append(entries.at < ibis.timestamp(end.isoformat()))
    found = entries.filter(conditions).select("member_id")
    return asking.members(of.filters).semi_join(found, "member_id")


def holding(of: Bucket, into: tuple[str, ...], out: tuple[str, ...], begin: datetime | None, end: datetime | None) -> ir.Table:
    """Members with more put into than taken out of lots that lapse after ``begin`` and at ``end`` at the latest."""
    entries = tables.table("entries")
    conditions = [entries.kind.isin(into + out)]
    if of.unit is not None:
        conditions.append(entries.unit == of.unit)
    if begin is not None:
        conditions.append(entries.expires_at > ibis.timestamp(begin.isoformat()))
    if end is not None:
        conditions.append(entries.expires_at <= ibis.timestamp(end.isoformat()))
    found = entries.filter(conditions)
    signed = ibis.ifelse(found.kind.isin(into), found.amount, -found.amount)
    left = found.group_by("member_id").aggregate(left=signed.sum())
    return asking.members(of.filters).semi_join(left.filter(left.left > 0).select("member_id"), "member_id")


def page(found: ir.Table, after: UUID | None, limit: int) -> ir.Table:
    """The ids of the members in ``found``, each once, in order of id, from behind ``after``."""
    these = _people(found)
    later = these if after is None else these.filter(these.member_id > ibis.literal(after, "uuid"))
    return later.order_by("member_id").limit(limit)


def total(found: ir.Table) -> ir.Table:
    """How many members ``found`` has."""
    return _people(found).count().as_table()


def _people(found: ir.Table) -> ir.Table:
    everybody = tables.table(derived.MEMBERS)
    return everybody.semi_join(found.filter(found.member_no.notnull()).select("member_no"), "member_no").select("member_id")


def _group(found: ir.Table, of: Bucket) -> ir.Table:
    """Of ``found`` those of the group, if one is asked for."""
    if of.by is None or (of.key is None and not of.missing):
        return found
    column = found[returning.GROUPS[of.by]]
    if of.missing:
        return found.filter(column.isnull())
    return found.filter(column == (derived.month_number(of.month) if of.by == "month" and of.month else of.key))


def _period(found: ir.Table, of: Bucket) -> ir.Table:
    if of.period is None or of.start is None:
        return found
    number = derived.month_number(of.start) if of.period == "month" else derived.day_number(of.start)
    return found.filter(found[of.period] == number)


def _with_outcome(counted: ir.Table, happened: ir.BooleanValue, of: Bucket) -> ir.Table:
    if of.outcome == "counted":
        return counted
    did = happened.coalesce(ibis.literal(value=False))
    return counted.filter(did if of.outcome == "yes" else ~did)
