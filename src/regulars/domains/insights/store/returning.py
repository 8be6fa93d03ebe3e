"""Questions about coming back: repurchase, from purchase to purchase, the days between, retention by cohort, activation."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from regulars.domains.insights.model.answers import By, Filters
from regulars.domains.insights.store import asking

GROUPS = {"month": "first_month", "tier": "tier", "store": "store", "channel": "channel", "product": "product"}


def repurchase(asked: Filters, windows: Sequence[int], last_day: int, by: By | None) -> ir.Table:
    """(key, held out, then for each window: members counted, of them returned). Without ``by`` the key is null."""
    found = asking.firsts(asked)
    key = found[GROUPS[by]].cast("string") if by is not None else ibis.null("string")
    counts: dict[str, ir.IntegerScalar] = {}
    for days in windows:
        counted = repurchase_counted(found, days, last_day)
        counts[f"of_{days}"] = found.count(where=counted)
        counts[f"n_{days}"] = found.count(where=counted & repurchased(found, days))
    return found.group_by(key.name("key"), found.held_out.name("arm")).aggregate(**counts)


def repurchase_counted(found: ir.Table, days: int, last_day: int) -> ir.BooleanValue:
    """Whether a member's first purchase is long enough ago."""
    return found["first"] <= last_day - days


def repurchased(found: ir.Table, days: int) -> ir.BooleanValue:
    """Whether the second purchase came in time; null, which no count counts, without one."""
    return found.second - found["first"] <= days


def conversion(asked: Filters, windows: Sequence[int], last_day: int, most: int) -> ir.Table:
    """(purchase, held out, reached, then for each window: counted, of them went on), of the first ``most`` purchases."""
    orders = asking.orders(asked)
    found = orders.filter(orders.n <= most)
    counts = {"reached": found.count()}
    for days in windows:
        counted = found.day <= last_day - days
        counts[f"of_{days}"] = found.count(where=counted)
        counts[f"n_{days}"] = found.count(where=counted & (found.next_gap <= days))
    return found.group_by(found.n.name("purchase"), found.held_out.name("arm")).aggregate(**counts)


def waiting(asked: Filters, purchase: int, last_day: int) -> ir.Table:
    """(days, went on after exactly that long, only watched that long) since the ``purchase``-th."""
    orders = asking.orders(asked)
    found = orders.filter(orders.n == purchase)
    went_on = found.next_gap.notnull()
    days = found.next_gap.coalesce(last_day - found.day).name("days")
    return found.group_by(days).aggregate(events=found.count(where=went_on), censored=found.count(where=~went_on))


def intervals(asked: Filters) -> ir.Table:
    """(days, how many intervals of that length), by the day, store and channel of the later purchase."""
    orders = asking.orders(asked)
    found = orders.filter(orders.gap.notnull())
    return found.group_by("gap").aggregate(count=found.count())


def cohort_months(asked: Filters) -> ir.Table:
    """(first month, month, members active in it, what their kept orders came to less refunds)."""
    standing = Filters(tiers=asked.tiers, arm=asked.arm)
    orders = asking.orders(standing)
    found = orders.filter(orders.first_month.notnull())
    if asked.from_day or asked.to_day or asked.stores or asked.channels:
        # The cohort is chosen by its members' first orders, not by each order.
        found = found.semi_join(asking.firsts(asked).select("member_no"), "member_no")
    kept = (found.total - found.refunded).sum(where=found.kept)
    return found.group_by("first_month", "month").aggregate(active=found.count(where=found.leads_month), revenue=kept)


def cohort_lasting(asked: Filters) -> ir.Table:
    """(first month, last month, members)."""
    found = asking.firsts(asked)
    return found.group_by("first_month", "last_month").aggregate(members=found.count())


def activation(asked: Filters, windows: Sequence[int], last_day: int) -> ir.Table:
    """(held out, then for each window: members who joined early enough, of them activated)."""
    found = asking.joined(asked)
    counts: dict[str, ir.IntegerScalar] = {}
    for days in windows:
        counted = activation_counted(found, days, last_day)
        counts[f"of_{days}"] = found.count(where=counted)
        counts[f"n_{days}"] = found.count(where=counted & activated(found, days))
    return found.group_by(found.held_out.name("arm")).aggregate(**counts)


def activation_counted(found: ir.Table, days: int, last_day: int) -> ir.BooleanValue:
    """Whether a member joined long enough ago."""
    return found.joined <= last_day - days


def activated(found: ir.Table, days: int) -> ir.BooleanValue:
    """Whether the first purchase came in time; null, which no count counts, without one."""
    return found["first"] - found.joined <= days
