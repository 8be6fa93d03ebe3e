"""Which sale a refund gives back: first in, first out, among earlier lines of the same customer, product and price.

A row of a refund is matched only when the whole of its quantity is found; then the pieces may come from several lines. What a
piece is worth is its share of what was paid for the line, so a refund reverses exactly what was sold, the last piece taking the
rounding rest. Lines already refunded elsewhere (an earlier file, the API) are no longer there to be given back.
"""

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from regulars.domains.orders.intake.assembly import GivenBack, Sale, Wanted
from regulars.domains.orders.model import Refund, Refunded, RefundLine
from regulars.kernel import money
from regulars.kernel.ids import SubjectId

PART = ":"
"""Between the number of a refund and that of the order it gives back, when a refund is recorded order by order."""


@dataclass(slots=True)
class Lot:
    """A line that may be given back: ``left`` pieces of ``quantity``, and ``worth`` minor units of its ``payable``.

    ``price`` is None for a line from the database, which keeps no unit prices: then its ``amount`` tells.
    """

    at: datetime
    number: str
    line: int
    product: str
    price: str | None
    quantity: int
    amount: int
    payable: int
    left: int
    worth: int
    exponent: int

    def sold_at(self, price: str) -> bool:
        """Whether the line was sold at this unit price."""
        if self.price is not None:
            return self.price == price
        return _amount(self.quantity, price, self.exponent) == self.amount

    def take(self, quantity: int) -> int:
        """Give back ``quantity`` pieces and return what they are worth."""
        kept = self.left - quantity
        # By what stays, so that the pieces sum to the line however they are taken.
        worth = self.worth - min(self.worth, self.payable * kept // self.quantity)
        self.left, self.worth = kept, self.worth - worth
        return worth


@dataclass(frozen=True, slots=True)
class Part:
    """What a refund gives back of one order (``order`` is its number), or without one (empty)."""

    order: str
    lines: list[RefundLine]
    rows: list[int]


@dataclass(slots=True)
class Matched:
    """What became of a refund: its parts, each row's class, and whether it was ``known`` before; ``changed``: with other content."""

    refund: GivenBack
    parts: list[Part]
    matched: list[int]
    unmatched: list[int]
    known: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What the database knows of one customer: orders with what was refunded of them, and the refunds themselves."""

    orders: Sequence[Refunded]
    refunds: Sequence[Refund]


_WHEN = attrgetter("at", "number", "line")


@dataclass(slots=True)
class Shelf:
    """One customer's lines, as they are bought and given back. ``sales`` wait here until a refund asks for them."""

    sales: list[Sale] = field(default_factory=list)
    history: History | None = None
    _numbers: frozenset[str] = frozenset()
    _lots: dict[str, list[Lot]] | None = None

    def remember(self, history: History) -> None:
        """What the database knows counts from now on, instead of what the file says of the same orders."""
        self.history = history
        self._numbers = frozenset(state.order.number for state in history.orders)
        self._lots = None

    def add(self, sale: Sale) -> None:
        """The sale's lines may be given back from now on."""
        self.sales.append(sale)
        if self._lots is not None and sale.number not in self._numbers:
            self._put(_lots_of(sale))

    def match(self, refund: GivenBack) -> Matched:
        """Take the refund's rows from the shelf, as far as their sales are there."""
        if self._lots is None:
            self._lots = {}
            for state in self.history.orders if self.history else ():
                self._put(_recorded_lots(state, self.history.refunds if self.history else ()))
            for sale in self.sales:
                if sale.number not in self._numbers:
                    self._put(_lots_of(sale))
        before = [r for r in self.history.refunds if base(r) == refund.number] if self.history else []
        if before:
            return self._again(refund, before)
        found = Matched(refund, [], [], [])
        by_order: dict[str, tuple[list[RefundLine], list[int]]] = {}
        for place, row in enumerate(refund.wanted, 1):
            pieces = self._take(row, refund.at)
            (found.matched if pieces else found.unmatched).append(row.row_no)
            for order, line in pieces or [("", RefundLine(place, row.amount, row.quantity))]:
                lines, rows = by_order.setdefault(order, ([], []))
                lines.append(line)
                rows.append(row.row_no)
        found.parts = [Part(order, merged(lines) if order else lines, rows) for order, (lines, rows) in sorted(by_order.items())]
        return found

    def _put(self, lots: Iterable[Lot]) -> None:
        shelf = self._lots if self._lots is not None else {}
        for lot in lots:
            insort(shelf.setdefault(lot.product, []), lot, key=_WHEN)

    def _take(self, row: Wanted, at: datetime) -> list[tuple[str, RefundLine]] | None:
        lots = [lot for lot in (self._lots or {}).get(row.product, ()) if lot.left and lot.at <= at and lot.sold_at(row.price)]
        wanted = row.quantity
        if sum(lot.left for lot in lots) < wanted:
            return None
        pieces = []
        for lot in lots:
            quantity = min(lot.left, wanted)
            pieces.append((lot.number, RefundLine(lot.line, lot.take(quantity), quantity)))
            wanted -= quantity
            if not wanted:
                break
        return pieces

    def _again(self, refund: GivenBack, before: Sequence[Refund]) -> Matched:
        """A refund that is recorded keeps the sales it was matched to then, whatever came to light since."""
        unmatched = {line.no: line for part in before if not part.order_number for line in part.lines}
        found = Matched(refund, [], [], [], known=True)
        given: Counter[str] = Counter()
        for place, row in enumerate(refund.wanted, 1):
            line = unmatched.pop(place, None)
            if line is None:
                given[row.product] += row.quantity
                found.matched.append(row.row_no)
            else:
                found.changed = found.changed or (line.amount, line.quantity) != (row.amount, row.quantity)
                found.unmatched.append(row.row_no)
        found.changed = found.changed or bool(unmatched) or given != self._products(before)
        return found

    def _products(self, refunds: Sequence[Refund]) -> Counter[str]:
        """How many pieces of each product the recorded refunds gave back."""
        orders = {state.order.number: state.order for state in self.history.orders} if self.history else {}
        products = {(number, line.no): line.product for number, order in orders.items() for line in order.lines}
        pieces: Counter[str] = Counter()
        for part in refunds:
            for line in part.lines if part.order_number else ():
                pieces[products.get((part.order_number, line.no), "")] += line.quantity
        return pieces


def base(refund: Refund) -> str:
    """The number in the file of a recorded refund."""
    return refund.number.removesuffix(PART + refund.order_number) if refund.order_number else refund.number


def merged(lines: Iterable[RefundLine]) -> list[RefundLine]:
    """One entry a line of the order: several rows of a refund may take from the same one."""
    amounts: dict[int, tuple[int, int]] = {}
    for line in lines:
        amount, quantity = amounts.get(line.no, (0, 0))
        amounts[line.no] = (amount + line.amount, quantity + line.quantity)
    return [RefundLine(no, amount, quantity) for no, (amount, quantity) in sorted(amounts.items())]


def _lots_of(sale: Sale) -> list[Lot]:
    exponent = money.exponent(sale.currency)
    return [
        Lot(sale.at, sale.number, n.no, n.product, price, n.quantity, n.amount, n.payable, n.quantity, n.payable, exponent)
        for n, price in zip(sale.lines, sale.prices, strict=True)
    ]


def _recorded_lots(state: Refunded, refunds: Iterable[Refund]) -> list[Lot]:
    order = state.order
    exponent = money.exponent(order.currency)
    pieces: Counter[int] = Counter()
    for refund in refunds:
        for line in refund.lines if refund.order_id == order.order_id else ():
            pieces[line.no] += line.quantity
    lots = []
    for n in order.lines:
        worth = n.payable - state.by_line.get(n.no, 0)
        # Who refunds through the API may give an amount without a quantity: then the amount says how many pieces are gone.
        gone = max(pieces[n.no], n.quantity + (-worth * n.quantity // n.payable if n.payable else -n.quantity))
        left = max(0, n.quantity - gone)
        lots.append(Lot(order.paid_at, order.number, n.no, n.product, None, n.quantity, n.amount, n.payable, left, worth, exponent))
    return lots


def _amount(quantity: int, price: str, exponent: int) -> int:
    """Quantity x price in minor units, half to even; a price may also be minor units for a number of pieces, "500/3"."""
    minor, slash, pieces = price.partition("/")
    if slash:
        return money.half_even(quantity * int(minor), int(pieces))
    whole, _, fraction = price.partition(".")
    return money.half_even(quantity * int(whole + fraction) * 10**exponent, 10 ** len(fraction))


def histories(orders: Iterable[Refunded], refunds: Iterable[Refund], owners: Mapping[SubjectId, str]) -> dict[str, History]:
    """What is known of each customer; ``owners`` says whose a subject is."""
    states: dict[str, list[Refunded]] = {owner: [] for owner in owners.values()}
    given: dict[str, list[Refund]] = {owner: [] for owner in owners.values()}
    for state in orders:
        states[owners[state.order.subject_id]].append(state)
    for refund in refunds:
        given[owners[refund.subject_id]].append(refund)
    return {owner: History(states[owner], given[owner]) for owner in states}
