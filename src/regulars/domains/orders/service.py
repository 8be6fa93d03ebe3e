"""The verbs of orders. Recording happens inside ``loyalty.service.apply``, which holds the claims; reading is open to all."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from regulars.domains.orders import events, store
from regulars.domains.orders.model import Order, Refund, Refunded
from regulars.kernel import ids, problem
from regulars.kernel.ids import OrderId, RefundId
from regulars.kernel.problem import Problem
from regulars.platform import claims, outbox
from regulars.platform.context import Ctx

ORDER = "order"
REFUND = "refund"


def key(source: str, number: str) -> str:
    """The business key of an order or a refund inside its claim kind: sources cannot contain the separator."""
    return f"{source}\x1f{number}"


def record(ctx: Ctx, orders: Sequence[Order]) -> list[outbox.Event]:
    """Append orders whose claims the caller holds; the caller emits what announces them, together with what else it has to say."""
    store.append(ctx.tx, orders, ctx.now)
    return [_paid(order) for order in orders]


def _paid(order: Order) -> outbox.Event:
    payload = {
        "order": ids.encode("ord", order.order_id),
        "source": order.source,
        "number": order.number,
        "at": order.paid_at.isoformat(),
        "total": order.total,
        "currency": order.currency,
    }
    return outbox.Event(events.ORDER_PAID, order.subject_id, payload)


def record_refunds(ctx: Ctx, refunds: Sequence[Refund], states: Sequence[Refunded], before: dict[OrderId, int]) -> set[OrderId]:
    """Append refunds whose claims the caller holds, move their orders to ``states``, and announce them.

    Returns the orders that somebody else refunded in between (``before`` holds the versions read): the caller must then undo
    everything and try again.
    """
    written = store.mark_refunded(ctx.tx, states, before)
    lost = {state.order.order_id for state in states} - written
    if not lost:
        store.append_refunds(ctx.tx, refunds, ctx.now)
        outbox.emit(ctx, [_refunded(refund) for refund in refunds])
    return lost


def _refunded(refund: Refund) -> outbox.Event:
    payload: dict[str, object] = {
        "refund": ids.encode("rfd", refund.refund_id),
        "order": ids.encode("ord", refund.order_id) if refund.order_id else None,
        "at": refund.refunded_at.isoformat(),
        "total": refund.total,
    }
    return outbox.Event(events.ORDER_REFUNDED, refund.subject_id, payload)


def states(ctx: Ctx, keys: Iterable[tuple[UUID, UUID]]) -> dict[OrderId, Refunded]:
    """Orders by (subject, order id) with what was refunded of them; unknown ones are left out."""
    return store.read(ctx.tx, keys)


def locate(ctx: Ctx, numbers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], claims.Claim]:
    """The claims (subject and order id) of orders by (source, number); unknown ones are left out."""
    wanted = {(ORDER, key(source, number)): (source, number) for source, number in numbers}
    return {wanted[found]: claim for found, claim in claims.find(ctx.tx, wanted).items()}


def by_ids(ctx: Ctx, order_ids: Sequence[OrderId]) -> list[Refunded]:
    """Orders by id alone, for callers who know no subject: asks every shard, so only for single look-ups."""
    return store.by_ids(ctx.tx, order_ids)


def get_order(ctx: Ctx, subject_id: UUID, order_id: UUID) -> Refunded:
    """One order with what was refunded of it. Raises ``not_found``."""
    found = store.read(ctx.tx, [(subject_id, order_id)])
    if not found:
        raise problem.NOT_FOUND(what="order", key=ids.encode("ord", order_id))
    return found[OrderId(order_id)]


def refunds(ctx: Ctx, keys: Sequence[tuple[UUID, UUID]]) -> dict[RefundId, Refund]:
    """Refunds by (subject, refund id)."""
    return store.refunds_of(ctx.tx, keys)


def of_subjects(ctx: Ctx, subjects: Sequence[UUID]) -> list[Refunded]:
    """Every order of the subjects, oldest first."""
    return store.of_subjects(ctx.tx, subjects)


def list_orders(ctx: Ctx, subjects: Sequence[UUID], *, before: tuple[datetime, UUID] | None, limit: int) -> list[tuple[Order, int]]:
    """A page of the subjects' orders with their refunded amounts, newest first."""
    return store.page(ctx.tx, subjects, before=before, limit=limit)


def keep_waiting(ctx: Ctx, waiting: Sequence[tuple[Refund, dict[str, object]]]) -> None:
    """Keep refunds that came before their orders, and announce it: whichever of the two commits last finds the other."""
    store.keep_waiting(ctx.tx, waiting, ctx.now)
    outbox.emit(ctx, [outbox.Event(events.REFUND_WAITS, r.refund_id, {"source": r.source, "number": r.order_number}) for r, _ in waiting])


def take_waiting(ctx: Ctx, numbers: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """Remove and return what waits for these orders (source, number)."""
    return store.take_waiting(ctx.tx, numbers)


def refuse_waiting(ctx: Ctx, refund: Refund, refusal: Problem) -> None:
    """Announce that a refund that waited for its order cannot be taken from it: somebody has to look."""
    payload = {"refund": ids.encode("rfd", refund.refund_id), "source": refund.source, "number": refund.number, "code": refusal.code}
    outbox.emit(ctx, [outbox.Event(events.REFUND_REFUSED, refund.refund_id, payload)])
