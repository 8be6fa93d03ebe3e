"""Load: the standings of every member in a batch, each with its version, in one way to the database and back, and without a lock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from uuid import UUID

from regulars.domains.benefits import store as benefits
from regulars.domains.coupons.model import Held
from regulars.domains.coupons.store import holding as coupons
from regulars.domains.experiments import service as experiments
from regulars.domains.loyalty.model import REMEMBERED, Programmes, Standing
from regulars.domains.loyalty.store import journal, standings
from regulars.domains.members import service as members
from regulars.domains.points import store as points
from regulars.domains.points.model import ALWAYS
from regulars.domains.rewards.store import orders as rewards
from regulars.domains.tiers import store as tiers
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import db
from regulars.platform.context import Ctx


@dataclass(slots=True)
class Wanted:
    """What the facts of a batch look back on, each by member: journal entries by what they belong to (``refs``), reward orders, uses
    of benefits, and orders whose coupons may come back. Of members in ``refunded`` all uses, as a refund may charge them.
    """

    refs: list[tuple[UUID, UUID]] = field(default_factory=list)
    reward_orders: list[tuple[MemberId, UUID]] = field(default_factory=list)
    uses: list[tuple[MemberId, UUID]] = field(default_factory=list)
    orders: list[tuple[UUID, UUID]] = field(default_factory=list)
    refunded: set[MemberId] = field(default_factory=set)


_NOTHING = Wanted()


def load(ctx: Ctx, programmes: Programmes, member_ids: Iterable[MemberId], wanted: Wanted = _NOTHING) -> dict[MemberId, Standing]:
    """The standings of ``member_ids`` as recorded, with what is ``wanted`` of their past.

    A member without a standing gets a fresh one of version 0. An id that is no member is left out.
    """
    asked = sorted(set(member_ids), key=attrgetter("int"))
    if not asked:
        return {}
    # Heads first: what changes between two of these statements then carries a newer version than was read, and the write notices.
    read = [standings.read(asked), tiers.read(asked), *points.reads(asked)]
    head_rows, tier_rows, *wallet_rows = db.rows_of_each(ctx.tx, read + [coupons.read(asked)] * programmes.give_coupons)
    coupon_rows = wallet_rows.pop() if programmes.give_coupons else []
    heads = standings.heads(head_rows)
    new = [member for member in asked if member not in heads]
    refs = members.refs(ctx, new) if new else {}
    sides = experiments.assign(ctx, refs) if refs else {}
    known = [member for member in asked if member in heads or member in refs]
    wallets = points.wallets(asked, wallet_rows)
    levels = tiers.levels(asked, tier_rows)
    found: dict[MemberId, Standing] = {}
    for member in known:
        head = heads.get(member)
        if head is None:
            joined_at = refs[member].joined_at
            found[member] = Standing(member, 0, 0, joined_at, joined_at, sides[member], {})
        else:
            _, version, seq, as_of, joined_at, held_out, orders, spend, first, last, _ = head
            tiers_ = levels.get(member) or {}
            found[member] = Standing(member, version, seq, as_of, joined_at, held_out, tiers_, orders, spend, first, last)
        found[member].wallet = wallets[member]
    if programmes.give_coupons:
        _add_coupons(ctx, found, coupons.held(asked, coupon_rows), wanted)
    _add_past(ctx, found, wanted)
    return found


def _add_coupons(ctx: Ctx, found: Mapping[MemberId, Standing], held: Mapping[UUID, Mapping[UUID, Held]], wanted: Wanted) -> None:
    """Coupons in hand, and those that refunds may give back, with the entries that used them."""
    for owner, standing in found.items():
        standing.coupons |= held[owner]
    if wanted.orders:
        for member, used in coupons.used_on(ctx.tx, wanted.orders).items():
            found[MemberId(member)].coupons |= used
            wanted.refs += [(member, coupon_id) for coupon_id in used]


def _add_past(ctx: Ctx, found: Mapping[MemberId, Standing], wanted: Wanted) -> None:
    for (member, ref), entries in (journal.of_refs(ctx.tx, wanted.refs, REMEMBERED) if wanted.refs else {}).items():
        found[MemberId(member)].history[ref] = entries
    for (owner, order_id), order in (rewards.load(ctx.tx, wanted.reward_orders) if wanted.reward_orders else {}).items():
        found[owner].reward_orders[order_id] = order
    for (owner, use_id), use in (benefits.load(ctx.tx, wanted.uses) if wanted.uses else {}).items():
        found[owner].uses[use_id] = use
    refunded = {member: ALWAYS for member in wanted.refunded if member in found}
    for owner, uses in (benefits.since(ctx.tx, refunded) if refunded else {}).items():
        found[owner].uses |= {use.use_id: use for use in uses}


def load_one(ctx: Ctx, programmes: Programmes, member_id: MemberId) -> Standing:
    """One member's standing as recorded. Raises ``not_found``."""
    found = load(ctx, programmes, [member_id])
    if not found:
        raise problem.NOT_FOUND(what="member", key=ids.encode("mbr", member_id))
    return found[member_id]
