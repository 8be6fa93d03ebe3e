"""What a member is shown of its own coupons, rewards and benefits, each with the terms it stands under. Whose id is given was let in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from regulars.domains.coupons.model import Definition, Held, Refused
from regulars.domains.coupons.store import holding
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import terms
from regulars.domains.loyalty.service import giving, malls, perking, publishing, reading
from regulars.domains.loyalty.service.giving import Claimable
from regulars.domains.loyalty.service.perking import Perk
from regulars.domains.loyalty.store import journal
from regulars.domains.points.model import Entry
from regulars.domains.rewards import model as rewards
from regulars.domains.rewards.model import Event, RewardOrder
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.text import Text
from regulars.platform.context import Ctx

_HELD_OUT = frozenset({"control_group", "benefits.held_out"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCoupon:
    """A coupon with its terms; ``refused``: why it cannot be used now; ``last``: the entry that ended it, None while in hand."""

    held: Held
    terms: Definition
    refused: Refused | None = None
    last: Entry | None = None


def in_hand(ctx: Ctx, member_id: MemberId) -> tuple[Programme, list[OwnCoupon]]:
    """The coupons that can be used, now or later, the one that lapses first first. Raises ``not_found``, ``programme.none``."""
    programme, standing = publishing.programmes(ctx).at(ctx.now), reading.standing(ctx, member_id)
    held = sorted((one for one in standing.coupons.values() if one.live), key=lambda one: (one.ends, one.coupon_id))
    return programme, [
        OwnCoupon(
            held=one,
            terms=programme.terms(one.version, one.definition),
            refused=terms.why_not(programme, standing, one, at=ctx.now),
        )
        for one in held
    ]


def past(ctx: Ctx, member_id: MemberId, *, used: bool, before: UUID | None, limit: int) -> tuple[Programme, list[OwnCoupon]]:
    """A page of the coupons that were used, or that ended in another way, the newest first. Raises ``programme.none``."""
    programme = publishing.programmes(ctx).at(ctx.now)
    return programme, _ended(ctx, programme, member_id, holding.past(ctx.tx, member_id, used=used, at=ctx.now, before=before, limit=limit))


def ever(ctx: Ctx, member_id: MemberId, *, before: UUID | None, limit: int) -> tuple[Programme, list[OwnCoupon]]:
    """A page of every coupon the member has or had, the newest first. Raises ``programme.none``."""
    programme = publishing.programmes(ctx).at(ctx.now)
    return programme, _ended(ctx, programme, member_id, giving.ever_held(ctx, member_id, before=before, limit=limit))


def _ended(ctx: Ctx, programme: Programme, member_id: MemberId, held: Sequence[Held]) -> list[OwnCoupon]:
    entries = journal.of_refs(ctx.tx, [(member_id, one.coupon_id) for one in held], terms.ENDS)
    last = {ref: found[-1] for (_, ref), found in entries.items()}
    return [OwnCoupon(held=one, terms=programme.terms(one.version, one.definition), last=last.get(one.coupon_id)) for one in held]


def to_claim(ctx: Ctx, member_id: MemberId) -> tuple[Programme, list[Claimable]]:
    """The coupons that members claim by themselves. Who is held out of incentives is not shown what it cannot get, nor told why."""
    found = giving.claimable(ctx, member_id)
    shown = [one for one in found if one.definition.claim is not None and not (one.refused and one.refused.reason in _HELD_OUT)]
    return publishing.programmes(ctx).at(ctx.now), shown


def perks(ctx: Ctx, member_id: MemberId) -> list[Perk]:
    """The benefits of the programme in force; those that are withheld from the member's side of a trial are left out."""
    return [one for one in perking.perks(ctx, member_id) if not (one.refused and one.refused.code in _HELD_OUT)]


def own_order(ctx: Ctx, member_id: MemberId, order_id: UUID) -> tuple[RewardOrder, list[Event]]:
    """One reward order of the member and all that happened to it. Raises ``rewards.order_unknown``, for another member's as well."""
    owner, order, events = malls.read(ctx, order_id)
    if owner != member_id:
        raise rewards.ORDER_UNKNOWN(order=ids.encode(rewards.PREFIX, order_id))
    return order, events


def reward_labels(ctx: Ctx) -> dict[str, Text]:
    """What every reward that was ever offered is called, by the newest version that knows it."""
    return {reward.id: reward.label for version in publishing.programmes(ctx).versions for reward in version.rewards.values()}
