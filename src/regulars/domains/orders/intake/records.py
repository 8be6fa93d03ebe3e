"""Sales and refunds of a file in the words of the house, once it is known who each customer is. Ids follow from the business keys."""

from collections.abc import Iterator

from regulars.domains.members.model import MemberRef
from regulars.domains.orders.intake.assembly import Sale
from regulars.domains.orders.intake.matching import PART, Matched, Part
from regulars.domains.orders.model import Order, Refund
from regulars.kernel import ids
from regulars.kernel.ids import OrderId, RefundId, SubjectId


def order(sale: Sale, source: str, ref: MemberRef | None) -> Order:
    """The order; without a member it belongs to a subject of its own."""
    number, at = sale.number, sale.at
    return Order(
        order_id=OrderId(ids.derived(at, "order", source, number)),
        subject_id=ref.subject_id if ref else SubjectId(ids.derived(at, "subject", source, number)),
        member_id=ref.member_id if ref else None,
        source=source,
        number=number,
        paid_at=at,
        currency=sale.currency,
        lines=tuple(sale.lines),
        freight=sale.freight,
        store=sale.store,
        channel=sale.channel,
    )


def refunds(found: Matched, source: str, ref: MemberRef | None) -> Iterator[tuple[Part, Refund]]:
    """One refund for each order that something is given back of, and one for what was not matched to any."""
    given = found.refund
    subject = ref.subject_id if ref else SubjectId(ids.derived(given.at, "subject", source, given.number))
    for part in found.parts:
        number = given.number + PART + part.order if part.order else given.number
        yield (
            part,
            Refund(
                refund_id=RefundId(ids.derived(given.at, "refund", source, number)),
                subject_id=subject,
                member_id=ref.member_id if ref else None,
                source=source,
                number=number,
                refunded_at=given.at,
                currency=given.currency,
                order_id=None,
                order_number=part.order,
                lines=tuple(part.lines),
            ),
        )
