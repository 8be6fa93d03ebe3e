"""Facts and members for tests, with plain defaults."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from uuid import UUID

from regulars.domains.loyalty import document
from regulars.domains.loyalty.model import OrderPaid, Programme
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.domains.orders.model import Line, Order
from regulars.kernel import ids
from regulars.kernel.ids import HoldId, MemberId, OrderId, SubjectId
from regulars.platform.context import Ctx

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def demo_document() -> str:
    """The demo's programme as YAML."""
    return resources.files("regulars.demo").joinpath("programme.yaml").read_text("utf-8")


def programme(text: str | None = None, version: int = 1) -> Programme:
    """A compiled programme: the demo's unless another document is given."""
    return document.build(document.read(text or demo_document()), version)


def enrol(ctx: Ctx, count: int, *, prefix: str = "m", joined_at: datetime = NOON) -> list[MemberRef]:
    """``count`` members with external ids ``m0``, ``m1``, …"""
    return members.enrol(ctx, [Enrolment(external_id=f"{prefix}{i}", joined_at=joined_at) for i in range(count)])


def line(no: int = 1, amount: int = 1000, **more: object) -> Line:
    """A line of ten pounds."""
    return Line(no, str(more.pop("product", f"sku-{no}")), 1, amount, **more)  # type: ignore[arg-type]  # tests pass fields by name


def order(
    member: MemberRef | MemberId | None,
    number: str,
    lines: Sequence[Line] = (),
    *,
    at: datetime = NOON,
    source: str = "shop",
    currency: str = "GBP",
    **more: object,
) -> Order:
    """An order of one line of ten pounds."""
    order_id = OrderId(ids.derived(at, "order", source, number))
    member_id = member.member_id if isinstance(member, MemberRef) else member
    subject = SubjectId(member.subject_id if isinstance(member, MemberRef) else member_id or UUID(int=order_id.int))
    return Order(
        order_id=order_id,
        subject_id=subject,
        member_id=member_id,
        source=source,
        number=number,
        paid_at=at,
        currency=currency,
        lines=tuple(lines) or (line(),),
        **more,  # type: ignore[arg-type]  # tests pass fields by name
    )


def paid(
    member: MemberRef | MemberId | None, number: str, lines: Sequence[Line] = (), *, hold: UUID | None = None, **more: object
) -> OrderPaid:
    """The fact that such an order was paid."""
    return OrderPaid(order=order(member, number, lines, **more), hold_id=HoldId(hold) if hold else None)  # type: ignore[arg-type]  # tests pass fields by name
