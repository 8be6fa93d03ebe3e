"""Refunds that came before their orders. Whichever of the two commits last announces it, and its handler finds the other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model import LinesRefunded
from regulars.domains.loyalty.service import applying
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refund, RefundLine
from regulars.kernel import problem
from regulars.kernel.ids import MemberId, RefundId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.context import Ctx
from regulars.platform.outbox import Event


def on_orders(ctx: Ctx, events: Sequence[Event]) -> None:
    """Apply the refunds that waited for these orders. Raises ``unavailable`` after a lost race, so that the events come again."""
    numbers = sorted({(str(event.payload["source"]), str(event.payload["number"])) for event in events})
    present = orders.locate(ctx, numbers)
    bodies = orders.take_waiting(ctx, [number for number in numbers if number in present]) if present else []
    facts = [to_fact(body) for body in bodies]
    for fact, answer in zip(facts, applying.apply(ctx, facts) if facts else [], strict=True):
        if answer is batching.AGAIN:
            raise problem.UNAVAILABLE()
        if isinstance(answer, Problem):
            orders.refuse_waiting(ctx, fact.refund, answer)


def to_fact(body: dict[str, Any]) -> LinesRefunded:
    """The fact of a kept refund."""
    refund = Refund(
        refund_id=RefundId(UUID(body["refund_id"])),
        subject_id=SubjectId(UUID(body["subject_id"])),
        member_id=MemberId(UUID(body["member_id"])) if body["member_id"] else None,
        source=body["source"],
        number=body["number"],
        order_id=None,
        order_number=body["order_number"],
        refunded_at=datetime.fromisoformat(body["refunded_at"]),
        currency=body["currency"],
        lines=tuple(RefundLine(*line) for line in body["lines"]),
    )
    return LinesRefunded(refund=refund, from_waiting=True)
