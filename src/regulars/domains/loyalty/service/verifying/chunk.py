"""Everything that is stored about some members, read at once, and the facts their decisions stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from regulars.domains.coupons.model import Held
from regulars.domains.coupons.store import holding as coupon_store
from regulars.domains.loyalty.model import Fact, LinesRefunded, OrderPaid, Programme, Programmes, from_body, uses
from regulars.domains.loyalty.store import replay, standings
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refund, Refunded
from regulars.domains.points import store as point_store
from regulars.domains.points.model import Entry, Wallet
from regulars.domains.tiers import store as tier_store
from regulars.domains.tiers.model import TierStanding
from regulars.kernel.ids import HoldId, MemberId, OrderId, RefundId
from regulars.platform import claims
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx


@dataclass(slots=True)
class Chunk:
    """Everything stored about some members."""

    programmes: Programmes
    versions: Mapping[int, Programme]
    heads: Mapping[UUID, tuple[Any, ...]]
    wallets: Mapping[UUID, Wallet]
    tiers: Mapping[UUID, Mapping[str, TierStanding]]
    coupons: Mapping[UUID, Mapping[UUID, Held]]
    orders: Mapping[OrderId, Refunded]
    refunds: Mapping[RefundId, Refund]
    decisions: dict[UUID, list[tuple[Any, ...]]] = field(default_factory=dict)
    journal: dict[UUID, dict[int, list[Entry]]] = field(default_factory=dict)
    held: dict[claims.Key, Claim] = field(default_factory=dict)


def read(ctx: Ctx, programmes: Programmes, members: Sequence[UUID]) -> Chunk:
    """Everything about these members, as the transaction sees it."""
    rows = replay.decisions(ctx.tx, members)
    keys = [(row[5], row[4]) for row in rows if row[3] == "order"]
    refunds = orders.refunds(ctx, [(row[5], row[4]) for row in rows if row[3] == "refund"])
    keys += [(refund.subject_id, refund.order_id) for refund in refunds.values() if refund.order_id]
    chunk = Chunk(
        programmes,
        programmes.by_version(),
        standings.load(ctx.tx, members),
        point_store.load(ctx.tx, members),
        tier_store.load(ctx.tx, members),
        coupon_store.load_all(ctx.tx, members),
        orders.states(ctx, keys),
        refunds,
    )
    for row in rows:
        chunk.decisions.setdefault(row[0], []).append(row)
    for member, seq, _, *entry in replay.entries(ctx.tx, members):
        chunk.journal.setdefault(member, {}).setdefault(seq, []).append(Entry(*entry))
    facts = [fact for row in rows if (fact := fact_of(chunk, row)) is not None]
    chunk.held = claims.find(ctx.tx, [key for fact in facts for key in claim_keys(fact)])
    return chunk


def claim_keys(fact: Fact) -> list[claims.Key]:
    """The claims a fact may hold."""
    if isinstance(fact, LinesRefunded):
        # A refund that waited for its order holds two claims; one that did not holds the first.
        return [("refund", fact.claim[1]), ("refund_applied", fact.claim[1])]
    return [fact.claim] if fact.claim else []


def fact_of(chunk: Chunk, row: tuple[Any, ...]) -> Fact | None:
    """The recorded fact of a decision; None when it is not there or makes no sense."""
    member, _, _, kind, ref, _, at, _, body, _ = row
    if kind == "order":
        state = chunk.orders.get(OrderId(ref))
        hold_id = HoldId(UUID(body["hold"])) if "hold" in body else None
        return OrderPaid(order=state.order, hold_id=hold_id, coupons=uses(body.get("coupons", ()))) if state else None
    if kind == "refund":
        refund = chunk.refunds.get(RefundId(ref))
        state = chunk.orders.get(refund.order_id) if refund and refund.order_id else None
        if refund is None or state is None:
            return None
        taken = {int(no): amount for no, amount in body["taken"].items()}
        return LinesRefunded(refund=refund, state=Refunded(state.order, taken, 0))
    try:
        return from_body(kind, member_id=MemberId(member), at=at, ref=ref, body=body)
    except (KeyError, ValueError, TypeError):
        return None
