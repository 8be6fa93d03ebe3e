"""Everything that can happen to a standing. A fact carries its business key, its member, its effective time and its content.

``kind`` names it in the decisions table; ``body()`` is its content as JSON and ``from_body`` reads it back, so that ``verify`` can
decide it again. Orders and refunds keep their content in the ``orders`` slice.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson

from regulars.domains.orders import rules as orders
from regulars.domains.orders.model import Order, Refund, Refunded
from regulars.kernel.ids import HoldId, MemberId

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid:
    """An order was paid; ``hold_id`` confirms the points set aside for it. Anonymous orders change no standing."""

    order: Order
    hold_id: HoldId | None = None
    kind: ClassVar[str] = "order"

    @property
    def member_id(self) -> MemberId | None:
        return self.order.member_id

    @property
    def at(self) -> datetime:
        return self.order.paid_at

    @property
    def ref(self) -> UUID:
        return self.order.order_id

    @property
    def claim(self) -> tuple[str, str]:
        return "order", f"{self.order.source}\x1f{self.order.number}"

    def fingerprint(self) -> bytes:
        return orders.fingerprint(self.order)

    def body(self) -> Body:
        return {"hold": str(self.hold_id)} if self.hold_id else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesRefunded:
    """Lines of an order were given back. ``state`` is the order before it, filled in by the service; without it nothing is reversed."""

    refund: Refund
    state: Refunded | None = None
    from_waiting: bool = False
    kind: ClassVar[str] = "refund"

    @property
    def member_id(self) -> MemberId | None:
        return self.state.order.member_id if self.state else self.refund.member_id

    @property
    def at(self) -> datetime:
        return self.refund.refunded_at

    @property
    def ref(self) -> UUID:
        return self.refund.refund_id

    @property
    def claim(self) -> tuple[str, str]:
        return "refund_applied" if self.from_waiting else "refund", f"{self.refund.source}\x1f{self.refund.number}"

    def fingerprint(self) -> bytes:
        return orders.refund_fingerprint(self.refund)

    def body(self) -> Body:
        return {"taken": {str(no): amount for no, amount in self.state.by_line.items()}} if self.state else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keyed:
    """A fact with its own content, keyed by an id the caller chose or was given."""

    member_id: MemberId
    at: datetime
    ref: UUID
    kind: ClassVar[str] = ""

    @property
    def claim(self) -> tuple[str, str] | None:
        return self.kind, self.ref.hex

    def body(self) -> Body:
        """The fields that are not in the decision's own columns, JSON-ready."""
        return {}

    def fingerprint(self) -> bytes:
        # A hold's deadline follows from when it was asked for: a retry a second later is still the same wish.
        body = {name: value for name, value in self.body().items() if name != "until"}
        content = [self.kind, self.member_id.hex, body]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(_Keyed):
    """``points`` of ``unit`` are set aside for a cart until ``until``; ``ref`` is the hold's id."""

    unit: str
    points: int
    until: datetime
    kind: ClassVar[str] = "hold"

    def body(self) -> Body:
        return {"unit": self.unit, "points": self.points, "until": self.until.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCancelled(_Keyed):
    """The hold ``ref`` is given back to its lots."""

    kind: ClassVar[str] = "hold_cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRedeemed(_Keyed):
    """``points`` of ``unit`` are spent at once; ``ref`` is the redemption's id."""

    unit: str
    points: int
    reason: str = ""
    kind: ClassVar[str] = "redeem"

    def body(self) -> Body:
        return {"unit": self.unit, "points": self.points, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionCancelled(_Keyed):
    """The redemption ``ref`` is undone: its points return to their lots with their old expiry."""

    kind: ClassVar[str] = "redeem_cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsAdjusted(_Keyed):
    """A person gave (``points`` > 0) or took (< 0) units, for a reason that members may read."""

    unit: str
    points: int
    reason: str
    kind: ClassVar[str] = "adjust"

    def body(self) -> Body:
        return {"unit": self.unit, "points": self.points, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTransferred(_Keyed):
    """``points`` of ``unit`` go to ``receiver`` with their lots' expiry; both standings change or none."""

    receiver: MemberId
    unit: str
    points: int
    kind: ClassVar[str] = "transfer"

    def body(self) -> Body:
        return {"receiver": str(self.receiver), "unit": self.unit, "points": self.points}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceived(_Keyed):
    """The other half of a transfer: ``lots`` are (expires_at, amount). Follows from the sender's decision, never sent by a caller."""

    sender: MemberId
    unit: str
    lots: tuple[tuple[datetime, int], ...]
    kind: ClassVar[str] = "transfer_in"

    @property
    def claim(self) -> tuple[str, str] | None:
        return None

    def body(self) -> Body:
        return {"sender": str(self.sender), "unit": self.unit, "lots": [[at.isoformat(), amount] for at, amount in self.lots]}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOpened(_Keyed):
    """What a member brings from an earlier system: lots with their own expiry, level and since when. Only as a first fact."""

    lots: tuple[tuple[str, datetime, datetime, int], ...]
    level: str | None = None
    since: datetime | None = None
    keep_until: datetime | None = None
    kind: ClassVar[str] = "opening"

    def body(self) -> Body:
        return {
            "lots": [
                [unit, expires_at.isoformat(), available_at.isoformat(), amount] for unit, expires_at, available_at, amount in self.lots
            ],
            "level": self.level,
            "since": self.since.isoformat() if self.since else None,
            "keep_until": self.keep_until.isoformat() if self.keep_until else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(_Keyed):
    """The clock's own fact: it has no key, because when nothing is due it changes nothing."""

    ref: UUID = field(default=UUID(int=0))
    kind: ClassVar[str] = "time"

    @property
    def claim(self) -> tuple[str, str] | None:
        return None


Fact = (
    OrderPaid
    | LinesRefunded
    | HoldPlaced
    | HoldCancelled
    | PointsRedeemed
    | RedemptionCancelled
    | PointsAdjusted
    | PointsTransferred
    | TransferReceived
    | StandingOpened
    | TimePassed
)


def from_body(kind: str, *, member_id: MemberId, at: datetime, ref: UUID, body: Body) -> Fact:
    """The fact a decision was made about, from its recorded row. Raises ``ValueError`` for a kind that is not keyed by a body."""
    common: dict[str, Any] = {"member_id": member_id, "at": at, "ref": ref}
    read = _READERS.get(kind)
    if read is None:
        raise ValueError(f"a fact of kind {kind!r} has no body to read it from")
    return read(common, body)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _hold(common: Body, b: Body) -> HoldPlaced:
    return HoldPlaced(**common, unit=b["unit"], points=b["points"], until=datetime.fromisoformat(b["until"]))


def _transfer_in(common: Body, b: Body) -> TransferReceived:
    lots = tuple((datetime.fromisoformat(at), amount) for at, amount in b["lots"])
    return TransferReceived(**common, sender=MemberId(UUID(b["sender"])), unit=b["unit"], lots=lots)


def _opening(common: Body, b: Body) -> StandingOpened:
    lots = tuple((u, datetime.fromisoformat(e), datetime.fromisoformat(a), n) for u, e, a, n in b["lots"])
    return StandingOpened(**common, lots=lots, level=b["level"], since=_time(b["since"]), keep_until=_time(b["keep_until"]))


_READERS: dict[str, Callable[[Body, Body], Fact]] = {
    "hold": _hold,
    "hold_cancel": lambda c, _: HoldCancelled(**c),
    "redeem": lambda c, b: PointsRedeemed(**c, unit=b["unit"], points=b["points"], reason=b["reason"]),
    "redeem_cancel": lambda c, _: RedemptionCancelled(**c),
    "adjust": lambda c, b: PointsAdjusted(**c, unit=b["unit"], points=b["points"], reason=b["reason"]),
    "transfer": lambda c, b: PointsTransferred(**c, receiver=MemberId(UUID(b["receiver"])), unit=b["unit"], points=b["points"]),
    "transfer_in": _transfer_in,
    "opening": _opening,
    "time": lambda c, _: TimePassed(**c),
}
