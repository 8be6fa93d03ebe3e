"""From spooled rows to sales and refunds: rows of one number become one order, each row counted in exactly one class.

Rows come sorted by customer, time and number, all rows of a number together. Everything here is a function of the rows alone, so
a second run over the same rows, or a resumed one, makes the same orders with the same ids.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from regulars.domains.orders.intake import reasons
from regulars.domains.orders.intake.model import Bad, Profile
from regulars.domains.orders.model import Line


class Spooled(NamedTuple):
    """A row as it comes back from the spool; ``owner`` is the customer of its whole order, empty for nobody."""

    owner: str
    order_no: str
    row_no: int
    customer: str
    at: datetime
    product: str
    quantity: int
    price: str
    amount: int
    discount: int
    tax: int
    freight: int
    currency: str
    category: str
    store: str
    channel: str


@dataclass(slots=True)
class Sale:
    """An order of the file. ``prices`` are the unit prices of ``lines``; ``rows`` the rows it was made of."""

    number: str
    owner: str
    at: datetime
    currency: str
    lines: list[Line]
    prices: list[str]
    freight: int
    store: str
    channel: str
    rows: list[int]
    bad: list[Bad] = field(default_factory=list)
    repeated: int = 0
    free: int = 0


class Wanted(NamedTuple):
    """A row of a refund: so many pieces of a product that had been bought at a price."""

    row_no: int
    product: str
    price: str
    quantity: int
    amount: int


@dataclass(slots=True)
class GivenBack:
    """A refund of the file, before its sales are found."""

    number: str
    owner: str
    at: datetime
    currency: str
    wanted: list[Wanted]
    bad: list[Bad] = field(default_factory=list)
    repeated: int = 0
    free: int = 0


Group = Sale | GivenBack

_NUMBER = itemgetter(1)
# Product and price first, then everything else but the row's number, so that equal rows stand side by side.
_PLACE = itemgetter(5, 7, 13, 6, 8, 9, 10, 4, 3, 11, 14, 15)


def groups(rows: Iterable[Sequence[object]], profile: Profile) -> Iterator[Group]:
    """One group for each number, in the order of the rows; a number that begins with the refund prefix is a refund."""
    prefix = profile.refund_prefix
    for number, same in groupby(rows, _NUMBER):
        lines = [Spooled._make(row) for row in same]
        if prefix and str(number).startswith(prefix):
            yield _refund(lines, drop=profile.drop_repeats)
        else:
            yield _sale(lines, drop=profile.drop_repeats)


def _sale(rows: list[Spooled], *, drop: bool) -> Sale:
    first = rows[0]
    if len(rows) == 1:
        line = Line(1, first.product, first.quantity, first.amount, first.discount, first.tax, 0, first.category)
        return Sale(
            first.order_no,
            first.owner,
            first.at,
            first.currency,
            [line],
            [first.price],
            first.freight,
            first.store,
            first.channel,
            [first.row_no],
            free=first.amount == 0,
        )
    rows, bad, repeated = _sorted_out(rows, drop=drop)
    lines, prices = _lines(rows)
    return Sale(
        first.order_no,
        first.owner,
        min(row.at for row in rows),
        rows[0].currency,
        lines,
        prices,
        # Files repeat what belongs to the whole order on each of its rows, or state it once.
        max(row.freight for row in rows),
        next((row.store for row in rows if row.store), ""),
        next((row.channel for row in rows if row.channel), ""),
        [row.row_no for row in rows],
        bad,
        repeated,
        sum(row.amount == 0 for row in rows),
    )


def _refund(rows: list[Spooled], *, drop: bool) -> GivenBack:
    first = rows[0]
    rows, bad, repeated = _sorted_out(rows, drop=drop)
    wanted = [Wanted(row.row_no, row.product, row.price, row.quantity, row.amount) for row in rows]
    free = sum(row.amount == 0 for row in rows)
    return GivenBack(first.order_no, first.owner, min(row.at for row in rows), rows[0].currency, wanted, bad, repeated, free)


def _sorted_out(rows: list[Spooled], *, drop: bool) -> tuple[list[Spooled], list[Bad], int]:
    """The rows that belong together, those that don't, and how many of the good ones repeat another.

    The first row that names a customer speaks for the order (rows without one go with it), and its currency counts.
    """
    owner = rows[0].owner
    currency = next(row.currency for row in rows if row.customer == owner or not owner)
    good: list[Spooled] = []
    bad: list[Bad] = []
    seen: set[tuple[object, ...]] = set()
    repeated = 0
    for row in rows:
        same = row[3:]
        if row.customer and row.customer != owner:
            bad.append(Bad(row.row_no, "customer", row.customer, reasons.CUSTOMER_DIFFERS.code, owner))
        elif row.currency != currency:
            bad.append(Bad(row.row_no, "currency", row.currency, reasons.CURRENCY_DIFFERS.code, currency))
        elif drop and same in seen:
            bad.append(Bad(row.row_no, "", row.product, reasons.REPEATED.code))
        else:
            repeated += same in seen
            seen.add(same)
            good.append(row)
    return good, bad, repeated


def _lines(rows: list[Spooled]) -> tuple[list[Line], list[str]]:
    """Lines in the order of products and prices, so that an export sorted in another way is still the same order; rows that are
    alike in everything become one line.
    """
    lines: list[Line] = []
    prices: list[str] = []
    last: tuple[object, ...] | None = None
    for row in sorted(rows, key=_PLACE):
        same = row[3:]
        if same == last:
            line = lines[-1]
            line.quantity += row.quantity
            line.amount += row.amount
            line.discount += row.discount
            line.tax += row.tax
        else:
            lines.append(Line(len(lines) + 1, row.product, row.quantity, row.amount, row.discount, row.tax, 0, row.category))
            prices.append(row.price)
        last = same
    return lines, prices
