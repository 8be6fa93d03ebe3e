"""Load: the standings of every member in a batch, each with its version, in a fixed number of statements and without a lock."""

from collections.abc import Iterable
from operator import attrgetter
from uuid import UUID

from regulars.domains.experiments import service as experiments
from regulars.domains.loyalty.model import Programmes, Standing
from regulars.domains.loyalty.store import journal, standings
from regulars.domains.members import service as members
from regulars.domains.points import store as points
from regulars.domains.tiers import rules as tier_rules
from regulars.domains.tiers import store as tiers
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx


def load(
    ctx: Ctx, programmes: Programmes, member_ids: Iterable[MemberId], refs: Iterable[tuple[UUID, UUID]] = ()
) -> dict[MemberId, Standing]:
    """The standings of ``member_ids`` as recorded, with the history of each (member, ref) asked for.

    A member without a standing gets a fresh one of version 0. An id that is no member is left out.
    """
    wanted = sorted(set(member_ids), key=attrgetter("int"))
    if not wanted:
        return {}
    heads = standings.load(ctx.tx, wanted)
    new = [member for member in wanted if member not in heads]
    refs_ = members.refs(ctx, new) if new else {}
    sides = experiments.assign(ctx, refs_) if refs_ else {}
    known = [member for member in wanted if member in heads or member in refs_]
    wallets = points.load(ctx.tx, known)
    # Members start on the lowest level of the first version, whatever is in force by then: replay must find the same.
    ladder = programmes.versions[0].ladder if programmes.versions else programmes.at(ctx.now).ladder
    levels = tiers.load(ctx.tx, [member for member in known if member in heads], ladder.id)
    found: dict[MemberId, Standing] = {}
    for member in known:
        head = heads.get(member)
        if head is None:
            joined_at = refs_[member].joined_at
            tier = tier_rules.opened(ladder, joined_at)
            found[member] = Standing(member, 0, 0, joined_at, joined_at, sides[member], tier)
        else:
            _, version, seq, as_of, joined_at, held_out, orders, spend, first, last, _ = head
            tier = levels.get(member) or tier_rules.opened(ladder, joined_at)
            found[member] = Standing(member, version, seq, as_of, joined_at, held_out, tier, orders, spend, first, last)
        found[member].wallet = wallets[member]
    for (member_id, ref), entries in (journal.of_refs(ctx.tx, refs) if refs else {}).items():
        found[MemberId(member_id)].history[ref] = entries
    return found


def load_one(ctx: Ctx, programmes: Programmes, member_id: MemberId) -> Standing:
    """One member's standing as recorded. Raises ``not_found``."""
    found = load(ctx, programmes, [member_id])
    if not found:
        raise problem.NOT_FOUND(what="member", key=ids.encode("mbr", member_id))
    return found[member_id]
