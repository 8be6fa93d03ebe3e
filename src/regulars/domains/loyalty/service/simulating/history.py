"""What happened to members, as facts in the order of their own time, and what of it had to be assumed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domains.loyalty.model import Fact, LinesRefunded, OrderPaid, from_body
from regulars.domains.loyalty.model.simulation import Ask, Told
from regulars.domains.loyalty.store import simulations as store
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Order, Refund, Refunded
from regulars.kernel import periods
from regulars.kernel.ids import HoldId, MemberId, OrderId, RefundId
from regulars.platform.context import Ctx

_TAKEN_OVER = {"opening": "opening", "adjust": "adjust", "transfer_in": "transfer_in"}
"""Facts that are taken as they were, whatever the draft would have made of their cause."""
_BLANKS = ("order.store", "order.channel", "line.category")

_Row = tuple[Any, ...]
_Key = tuple[datetime, int, int]


@dataclass(slots=True)
class History:
    """One member: facts to be replayed, and what they say about both sides alike."""

    member_id: MemberId
    joined_at: datetime
    held_out: bool
    told: list[Told] = field(default_factory=list)
    orders: int = 0
    refunds: int = 0
    spend: int = 0
    assumed: dict[str, int] = field(default_factory=dict)

    def assume(self, code: str) -> None:
        """One more of what had to be assumed."""
        self.assumed[code] = self.assumed.get(code, 0) + 1


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads members by the few hundred: three statements each time."""

    ctx: Ctx
    ask: Ask
    zone: ZoneInfo = field(kw_only=True)
    reads: frozenset[str] = field(kw_only=True)

    def read(self, heads: Sequence[tuple[UUID, datetime, bool]]) -> Iterator[History]:
        """The histories of these members (id, joined at, held out), in their order."""
        rows = store.facts_of(self.ctx.tx, [head[0] for head in heads], until=self.ask.as_of)
        of_refunds = [(row[3], row[2]) for row in rows if row[1] == "refund"]
        refunds = orders.refunds(self.ctx, of_refunds) if of_refunds else {}
        keys = [(row[3], row[2]) for row in rows if row[1] == "order"]
        keys += [(refund.subject_id, refund.order_id) for refund in refunds.values() if refund.order_id]
        states = orders.states(self.ctx, keys)
        by_member: dict[UUID, list[_Row]] = {}
        for row in rows:
            by_member.setdefault(row[0], []).append(row)
        for member, joined_at, held_out in heads:
            yield self._history(History(MemberId(member), joined_at, held_out), by_member.get(member, ()), states, refunds)

    def _history(self, one: History, rows: Sequence[_Row], states: dict[OrderId, Refunded], refunds: dict[RefundId, Refund]) -> History:
        taken: dict[OrderId, dict[int, int]] = {}
        for fact in _in_time(one, rows, states, refunds):
            told = LinesRefunded(refund=fact.refund, state=_state(fact, taken)) if isinstance(fact, LinesRefunded) else fact
            self._tell(one, told)
        return one

    def _tell(self, one: History, fact: Fact) -> None:
        counted = self.ask.since is None or fact.at >= self.ask.since
        total = 0
        if isinstance(fact, OrderPaid):
            total = fact.order.total
            one.orders += counted
            self._blanks(one, fact.order)
        elif isinstance(fact, LinesRefunded):
            total = -fact.refund.total
            one.refunds += counted
        elif fact.kind in _TAKEN_OVER:
            one.assume(fact.kind)
        if counted:
            one.spend += total
        day = periods.local_date(fact.at, self.zone)
        one.told.append(Told(fact, day.year * 12 + day.month - 1, total, counted))

    def _blanks(self, one: History, order: Order) -> None:
        """Count what a condition of either side reads and the order does not say."""
        reads = self.reads
        if "order.store" in reads and not order.store:
            one.assume("order.store")
        if "order.channel" in reads and not order.channel:
            one.assume("order.channel")
        if "line.category" in reads and not all(line.category for line in order.lines):
            one.assume("line.category")
        if any(line.points_paid for line in order.lines):
            one.assume("points_paid")


def _in_time(one: History, rows: Sequence[_Row], states: dict[OrderId, Refunded], refunds: dict[RefundId, Refund]) -> list[Fact]:
    """The facts by their own time, those of one instant as they were recorded. A refund never comes before its order, nor an order
    before the hold that it confirms: whose clock is wrong does not matter then.
    """
    placed: list[tuple[_Key, Fact]] = []
    at_key: dict[UUID, _Key] = {}
    for seq, row in enumerate(rows):
        fact = _fact(row, states, refunds)
        if fact is None:
            one.assume(f"fact.{row[1]}")
            continue
        key: _Key = (fact.at, seq, 0)
        if isinstance(fact, OrderPaid) and fact.hold_id in at_key:
            key = max(key, (*at_key[fact.hold_id][:2], 1))
        elif isinstance(fact, LinesRefunded) and fact.state is not None and fact.state.order.order_id in at_key:
            key = max(key, (*at_key[fact.state.order.order_id][:2], 2))
        at_key[fact.ref] = key
        placed.append((key, fact))
    placed.sort(key=_first)
    return [fact for _, fact in placed]


def _first(placed: tuple[_Key, Fact]) -> _Key:
    return placed[0]


def _fact(row: _Row, states: dict[OrderId, Refunded], refunds: dict[RefundId, Refund]) -> Fact | None:
    member, kind, ref, _, at, body = row
    if kind == "order":
        state = states.get(OrderId(ref))
        hold = HoldId(UUID(body["hold"])) if body and "hold" in body else None
        return OrderPaid(order=state.order, hold_id=hold) if state else None
    if kind == "refund":
        refund = refunds.get(RefundId(ref))
        state = states.get(refund.order_id) if refund and refund.order_id else None
        return LinesRefunded(refund=refund, state=state) if refund and state else None
    try:
        return from_body(kind, member_id=MemberId(member), at=at, ref=ref, body=body)
    except (KeyError, ValueError, TypeError):
        return None


def _state(fact: LinesRefunded, taken: dict[OrderId, dict[int, int]]) -> Refunded | None:
    """The order as it was before this refund; ``taken`` then holds this one, too."""
    if fact.state is None:
        return None
    order = fact.state.order
    by_line = taken.setdefault(order.order_id, {})
    before = Refunded(order, dict(by_line), 0)
    for line in fact.refund.lines:
        by_line[line.no] = by_line.get(line.no, 0) + line.amount
    return before
