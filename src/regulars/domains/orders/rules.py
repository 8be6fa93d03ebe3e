"""What makes two orders the same, and what may still be refunded."""

import hashlib

import orjson

from regulars.domains.orders import model
from regulars.domains.orders.model import Order, Refund, Refunded
from regulars.kernel.problem import Problem


def fingerprint(order: Order) -> bytes:
    """SHA-256 of everything the sender told us about the order: another content under the same number is a conflict."""
    return _hash(
        [
            order.source,
            order.number,
            order.paid_at.isoformat(),
            order.currency,
            [[n.no, n.product, n.quantity, n.amount, n.discount, n.tax, n.points_paid, n.category] for n in order.lines],
            order.freight,
            order.store,
            order.channel,
            [[p.method, p.amount] for p in order.payments],
            order.subject_id.hex if order.member_id else "",
        ]
    )


def refund_fingerprint(refund: Refund) -> bytes:
    """SHA-256 of everything the sender told us about the refund."""
    return _hash(
        [
            refund.source,
            refund.number,
            refund.refunded_at.isoformat(),
            refund.currency,
            refund.order_number,
            [[n.no, n.amount, n.quantity] for n in refund.lines],
        ]
    )


def _hash(content: list[object]) -> bytes:
    return hashlib.sha256(orjson.dumps(content)).digest()


def refusal(state: Refunded, refund: Refund) -> Problem | None:
    """Why ``refund`` cannot be taken from the order: an unknown line, more than is left, or another member's order."""
    order = state.order
    if refund.member_id is not None and refund.member_id != order.member_id:
        return model.REFUND_WRONG_MEMBER(number=order.number)
    payable = {line.no: line.payable for line in order.lines}
    asked: dict[int, int] = {}
    for line in refund.lines:
        if line.no not in payable:
            return model.REFUND_UNKNOWN_LINE(number=order.number, line=line.no)
        asked[line.no] = asked.get(line.no, 0) + line.amount
        left = payable[line.no] - state.by_line.get(line.no, 0)
        if asked[line.no] > left:
            return model.REFUND_TOO_LARGE(number=order.number, line=line.no, left=left, asked=asked[line.no])
    return None


def refunded_after(state: Refunded, refund: Refund) -> Refunded:
    """The order's state once ``refund`` is recorded."""
    by_line = state.by_line.copy()
    for line in refund.lines:
        by_line[line.no] = by_line.get(line.no, 0) + line.amount
    return Refunded(state.order, by_line, state.version + 1)
