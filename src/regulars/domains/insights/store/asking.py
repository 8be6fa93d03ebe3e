"""What a question's filters select: orders, first orders, joinings, refunds, points. Every question starts from one of these."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from regulars.domains.insights.model import derived
from regulars.domains.insights.model.answers import Filters
from regulars.domains.insights.store import tables

HELD_OUT = "held_out"


def orders(asked: Filters) -> ir.Table:
    """Orders by their own day, store and channel, and where their member stands now."""
    found = tables.table(derived.ORDERS)
    return _where(found, [*_days(found.day, asked), *_codes(found, asked), *_standing(found, asked)])


def firsts(asked: Filters) -> ir.Table:
    """Members who purchased, by the day, store and channel of their first order."""
    found = tables.table(derived.MEMBERS)
    first = found["first"]
    return _where(found, [first.notnull(), *_days(first, asked), *_codes(found, asked), *_standing(found, asked)])


def joined(asked: Filters) -> ir.Table:
    """Members by the day and the store they joined at. Nobody joins through a channel: that filter is not heeded."""
    found = tables.table(derived.MEMBERS)
    at = [found.home.isin(asked.stores)] if asked.stores else []
    return _where(found, [*_days(found.joined, asked), *at, *_standing(found, asked)])


def members(asked: Filters) -> ir.Table:
    """All members as they stand now; of the filters only tiers, arm and the store they joined at."""
    found = tables.table(derived.MEMBERS)
    at = [found.home.isin(asked.stores)] if asked.stores else []
    return _where(found, [*at, *_standing(found, asked)])


def refunds(asked: Filters) -> ir.Table:
    """Refunds by the day they were made, and the store and channel of their order."""
    found = tables.table(derived.REFUNDS)
    return _where(found, [*_days(found.day, asked), *_codes(found, asked), *_standing(found, asked)])


def points(asked: Filters, *, until_only: bool = False) -> ir.Table:
    """Sums of the journal by day; with ``until_only`` from the very beginning. Points belong to no store and no channel."""
    found = tables.table(derived.POINTS)
    days = Filters(to_day=asked.to_day) if until_only else asked
    return _where(found, [*_days(found.day, days), *_standing(found, asked)])


def lots(asked: Filters) -> ir.Table:
    """What is in lots now."""
    found = tables.table(derived.LOTS)
    return _where(found, _standing(found, asked))


def _where(found: ir.Table, conditions: Sequence[ir.BooleanValue]) -> ir.Table:
    return found.filter(list(conditions)) if conditions else found


def _days(column: ir.Column, asked: Filters) -> list[ir.BooleanValue]:
    found = []
    if asked.from_day is not None:
        found.append(column >= derived.day_number(asked.from_day))
    if asked.to_day is not None:
        found.append(column <= derived.day_number(asked.to_day))
    return found


def _codes(found: ir.Table, asked: Filters) -> list[ir.BooleanValue]:
    wanted = (("store", asked.stores), ("channel", asked.channels))
    return [found[name].isin(values) for name, values in wanted if values]


def _standing(found: ir.Table, asked: Filters) -> list[ir.BooleanValue]:
    conditions = [found.tier.isin(asked.tiers)] if asked.tiers else []
    if asked.arm is not None:
        conditions.append(found.held_out == ibis.literal(asked.arm == HELD_OUT))
    return conditions
