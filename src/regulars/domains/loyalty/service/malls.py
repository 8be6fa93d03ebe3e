"""The rewards mall as it is seen: what is offered and left, what a member may and why not, orders and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domains.loyalty.model import Programme, RewardOrdered, Standing
from regulars.domains.loyalty.rules.reading import member_values
from regulars.domains.loyalty.service import publishing, reading
from regulars.domains.loyalty.store import counters
from regulars.domains.rewards import model, rules
from regulars.domains.rewards.model import Event, GrantCode, Queued, Reward, RewardOrder, State
from regulars.domains.rewards.rules import Wish
from regulars.domains.rewards.store import codes
from regulars.domains.rewards.store import orders as store
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform import claims
from regulars.platform.context import Ctx

After = tuple[datetime, UUID] | None
_SOME_ADDRESS = "-"


@dataclass(frozen=True, slots=True)
class Offer:
    """An item of the mall; ``left`` in stock and ``allowed`` to the member are None without end; no refusals where nobody was named."""

    reward: Reward
    left: int | None
    allowed: int | None
    refusals: tuple[Problem, ...]


def offers(ctx: Ctx, member_id: MemberId | None) -> tuple[Programme, list[Offer]]:
    """The mall of the programme in force; with a member, every reason why one of each cannot be ordered now.

    Raises ``programme.none``, ``not_found``.
    """
    programme = publishing.programmes(ctx).at(ctx.now)
    used = counters.used(ctx.tx, [reward.room for reward in programme.rewards.values() if reward.stock is not None])
    pools = {reward.grant.batch for reward in programme.rewards.values() if isinstance(reward.grant, GrantCode)}
    free = codes.free(ctx.tx, pools) if pools else {}
    standing = reading.standing(ctx, member_id) if member_id is not None else None
    return programme, [_offer(ctx, programme, reward, standing=standing, used=used, free=free) for reward in programme.rewards.values()]


def _offer(
    ctx: Ctx, programme: Programme, reward: Reward, *, standing: Standing | None, used: Mapping[str, int], free: Mapping[str, int]
) -> Offer:
    left = None if reward.stock is None else max(0, reward.stock - used.get(reward.room, 0))
    if isinstance(reward.grant, GrantCode):
        there = free.get(reward.grant.batch, 0) // reward.grant.count
        left = there if left is None else min(left, there)
    if standing is None:
        return Offer(reward, left, None, ())
    wish = Wish(
        quantity=1,
        at=ctx.now,
        zone=programme.zone,
        joined_at=standing.joined_at,
        values=member_values(programme, standing, ctx.now),
        usage=standing.wallet.usage,
        available=standing.wallet.total(reward.unit).available,
        room=left,
        # Which address is asked for when it is ordered.
        address_ref=_SOME_ADDRESS,
    )
    return Offer(reward, left, rules.allowance(reward, wish).left, tuple(rules.refusals(reward, wish)))


def orders_of(ctx: Ctx, member_id: MemberId, *, after: After, limit: int) -> list[RewardOrder]:
    """A page of the member's reward orders, newest first."""
    return store.page(ctx.tx, member_id, after=after, limit=limit)


def waiting(ctx: Ctx, state: State, *, after: After, limit: int) -> list[Queued]:
    """A page of everybody's orders in a state, oldest first."""
    return store.queue(ctx.tx, state, after=after, limit=limit)


def counts(ctx: Ctx) -> dict[State, int]:
    """How many orders stand in each state."""
    return store.counts(ctx.tx)


def owner(ctx: Ctx, order_id: UUID) -> MemberId:
    """Whose reward order it is. Raises ``rewards.order_unknown``."""
    key = (RewardOrdered.kind, order_id.hex)
    claim = claims.find(ctx.tx, [key]).get(key)
    if claim is None or claim.subject_id is None:
        raise model.ORDER_UNKNOWN(order=ids.encode(model.PREFIX, order_id))
    return MemberId(claim.subject_id)


def read(ctx: Ctx, order_id: UUID) -> tuple[MemberId, RewardOrder, list[Event]]:
    """One order, whose it is and everything that happened to it. Raises ``rewards.order_unknown``."""
    member_id = owner(ctx, order_id)
    return member_id, store.load(ctx.tx, [(member_id, order_id)])[member_id, order_id], store.events(ctx.tx, member_id, order_id)
