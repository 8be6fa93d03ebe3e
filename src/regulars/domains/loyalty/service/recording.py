"""Record: claims, then heads over the version they were read at, then everything else for the whole batch; one savepoint."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from regulars.domains.benefits import store as benefits
from regulars.domains.benefits.model import State, Use
from regulars.domains.coupons.store import holding as coupons
from regulars.domains.experiments import service as experiments
from regulars.domains.experiments.model import Exposure
from regulars.domains.loyalty import events
from regulars.domains.loyalty.model import (
    BenefitReversed,
    BenefitUsed,
    CouponPassed,
    Decision,
    Fact,
    LinesRefunded,
    OrderPaid,
    PointsTransferred,
    RewardMoved,
    RewardOrdered,
    Standing,
)
from regulars.domains.loyalty.rules import goods
from regulars.domains.loyalty.service import unique_codes
from regulars.domains.loyalty.store import counters, journal, standings
from regulars.domains.members import service as members
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refunded
from regulars.domains.points import store as points
from regulars.domains.points.model import Entry
from regulars.domains.rewards.model import PREFIX as REWARD_ORDER
from regulars.domains.rewards.model import RewardOrder
from regulars.domains.rewards.store import orders as rewards
from regulars.domains.tiers import store as tiers
from regulars.domains.tiers.model import TierStanding
from regulars.kernel import ids
from regulars.kernel.ids import MemberId, OrderId
from regulars.kernel.problem import Kind, Problem
from regulars.platform import claims, db, outbox
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx


@dataclass(slots=True)
class Decided:
    """What became of the fact at ``index``: decisions to record with their next due time, or the refusal; the caller's answer."""

    index: int
    fact: Fact
    decisions: list[tuple[Fact, Decision, datetime]] = field(default_factory=list)
    heads: dict[MemberId, tuple[Standing, datetime]] = field(default_factory=dict)
    answer: dict[str, object] = field(default_factory=dict)
    refused: Problem | None = None
    actor: str = ""
    waits: bool = False


@dataclass(slots=True)
class Loaded:
    """What a batch was decided on, as it was read: standings, orders and their refunds, how far shared counters may be and were used,
    codes that work once.
    """

    standings: dict[MemberId, Standing] = field(default_factory=dict)
    orders: dict[OrderId, Refunded] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    known: unique_codes.Known = field(default_factory=unique_codes.Known)


@dataclass(slots=True)
class Lost:
    """Who lost a race: keys that somebody else took, members whose standing and orders whose refunds somebody else wrote, and the
    places of facts that wanted more of a shared counter than others had left, or a code that somebody else took.
    """

    keys: set[claims.Key] = field(default_factory=set)
    members: set[MemberId] = field(default_factory=set)
    orders: set[OrderId] = field(default_factory=set)
    places: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.keys or self.members or self.orders or self.places)

    def concerns(self, fact: Fact, found: Mapping[claims.Key, Claim]) -> bool:
        """Whether ``fact`` touches anything that was lost."""
        if fact.claim in self.keys or fact.member_id in self.members:
            return True
        if isinstance(fact, PointsTransferred | CouponPassed):
            return fact.receiver in self.members
        if isinstance(fact, LinesRefunded) and fact.refund.order_number:
            located = found.get((orders.ORDER, orders.key(fact.refund.source, fact.refund.order_number)))
            # A refund whose order came in this very batch goes with everything that lost: it is rare and cheap to try again.
            return located is None or located.ref in self.orders or bool(self.members)
        return False


@dataclass(slots=True)
class Attempt:
    """Whether what was written since the savepoint stays."""

    keep: bool = False


@contextmanager
def attempt(ctx: Ctx) -> Iterator[Attempt]:
    """A savepoint that is given up, with all its locks, unless the block sets ``keep``."""
    savepoint = ctx.tx.begin_nested()
    made = Attempt()
    try:
        yield made
    except BaseException:
        savepoint.rollback()
        raise
    if made.keep:
        savepoint.commit()
    else:
        savepoint.rollback()


def record(ctx: Ctx, decided: Sequence[Decided], loaded: Loaded) -> Lost:
    """Write everything that was decided; returns what was lost, and then the caller gives the savepoint up."""
    lost = Lost(keys=claims.take(ctx.tx, [claim for one in decided if (claim := _claim(one))]))
    if lost:
        return lost
    after, due = _heads(decided, loaded.standings)
    if after:
        lost.members = standings.save(ctx.tx, list(after.values()), due)
    done = [one for one in decided if not one.refused]
    lost.places = _take_counters(ctx, decided, loaded.limits)
    lost.places |= unique_codes.take(ctx, [(one.index, one.fact, one.answer) for one in done], known=loaded.known)
    if lost:
        return lost
    announced = _record_orders(ctx, done)
    lost.orders = _record_refunds(ctx, done, loaded.orders)
    if lost:
        return lost
    if after:
        _save_standings(ctx, after, loaded.standings)
        _save_goods(ctx, done)
        announced += _append(ctx, done, after)
    outbox.emit(ctx, announced)
    return lost


def _take_counters(ctx: Ctx, decided: Sequence[Decided], limits: Mapping[str, int]) -> set[int]:
    """Take what the decisions take of shared counters; returns the places of those that wanted what is no longer there."""
    wanted: dict[str, int] = {}
    places: dict[str, set[int]] = {}
    for one in decided:
        for _, decision, _ in one.decisions:
            for name, amount in decision.taken.items():
                wanted[name] = wanted.get(name, 0) + amount
                places.setdefault(name, set()).add(one.index)
    refused = counters.take(ctx.tx, wanted, limits) if wanted else set()
    return set().union(*(places[name] for name in refused))


def _claim(one: Decided) -> Claim | None:
    key = one.fact.claim
    if key is None:
        return None
    if one.refused is not None:
        if one.refused.kind is not Kind.limit:
            return None
        refusal: dict[str, object] = {"refused": {"code": one.refused.code, "fields": one.refused.fields}}
        return Claim(*key, body_hash=one.fact.fingerprint(), ref=one.fact.ref, answer=refusal)
    subject: UUID | None = one.fact.member_id
    if isinstance(one.fact, OrderPaid):
        subject = one.fact.order.subject_id
    elif isinstance(one.fact, LinesRefunded):
        subject = one.fact.refund.subject_id
    return Claim(*key, body_hash=one.fact.fingerprint(), subject_id=subject, ref=one.fact.ref, answer=one.answer)


# In id order, so that two transactions over the same members wait for each other instead of deadlocking, and pages are met in order.
# PostgreSQL orders UUIDs as the numbers they are; Python's own comparison of them is a function call each.
_BY_ID = attrgetter("int")


def _heads(decided: Sequence[Decided], loaded: Mapping[MemberId, Standing]) -> tuple[dict[MemberId, Standing], dict[MemberId, datetime]]:
    after: dict[MemberId, Standing] = {}
    due: dict[MemberId, datetime] = {}
    for one in decided:
        for member, (standing, next_due) in one.heads.items():
            after[member], due[member] = standing, next_due
        for _, decision, next_due in one.decisions:
            after[decision.standing.member_id], due[decision.standing.member_id] = decision.standing, next_due
    for member, standing in after.items():
        standing.version = loaded[member].version + 1
    return {member: after[member] for member in sorted(after, key=_BY_ID)}, due


def _record_orders(ctx: Ctx, done: Sequence[Decided]) -> list[outbox.Event]:
    paid = [one.fact.order for one in done if isinstance(one.fact, OrderPaid)]
    if not paid:
        return []
    anonymous = [order.subject_id for order in paid if order.member_id is None]
    if anonymous:
        members.open_subjects(ctx, anonymous)
    return orders.record(ctx, paid)


def _record_refunds(ctx: Ctx, done: Sequence[Decided], loaded: Mapping[OrderId, Refunded]) -> set[OrderId]:
    waiting = [(one.fact.refund, refund_body(one.fact)) for one in done if one.waits and isinstance(one.fact, LinesRefunded)]
    if waiting:
        orders.keep_waiting(ctx, waiting)
    refunds = [one.fact for one in done if isinstance(one.fact, LinesRefunded) and not one.waits]
    if not refunds:
        return set()
    last: dict[OrderId, Refunded] = {}
    for fact in refunds:
        if fact.state is not None:
            by_line = dict(last.get(fact.state.order.order_id, fact.state).by_line)
            for line in fact.refund.lines:
                by_line[line.no] = by_line.get(line.no, 0) + line.amount
            last[fact.state.order.order_id] = Refunded(fact.state.order, by_line, fact.state.version + 1)
    before = {order_id: loaded[order_id].version if order_id in loaded else 0 for order_id in last}
    return orders.record_refunds(ctx, [fact.refund for fact in refunds], list(last.values()), before)


def refund_body(fact: LinesRefunded) -> dict[str, object]:
    """A refund as JSON, for the time until its order comes."""
    refund = fact.refund
    return {
        "refund_id": str(refund.refund_id),
        "subject_id": str(refund.subject_id),
        "member_id": str(refund.member_id) if refund.member_id else None,
        "source": refund.source,
        "number": refund.number,
        "order_number": refund.order_number,
        "refunded_at": refund.refunded_at.isoformat(),
        "currency": refund.currency,
        "lines": [[line.no, line.amount, line.quantity] for line in refund.lines],
    }


def _save_standings(ctx: Ctx, after: Mapping[MemberId, Standing], loaded: Mapping[MemberId, Standing]) -> None:
    changes = [(member, loaded[member], standing) for member, standing in after.items()]
    statements = points.writes([(member, before.wallet, now.wallet) for member, before, now in changes])
    statements += tiers.writes({member: moved for member, before, now in changes if (moved := _moved(before, now))})
    if any(standing.coupons for standing in after.values()):
        statements += coupons.writes({m: loaded[m].coupons for m in after}, {m: standing.coupons for m, standing in after.items()})
    db.rows_of_each(ctx.tx, statements)


def _save_goods(ctx: Ctx, done: Sequence[Decided]) -> None:
    """Every state of a reward order and of a benefit's use that was decided, in order."""
    placed: list[tuple[MemberId, RewardOrder]] = []
    used: list[tuple[MemberId, Use]] = []
    for one in done:
        for fact, decision, _ in one.decisions:
            member = decision.standing.member_id
            if isinstance(fact, RewardOrdered | RewardMoved):
                placed.append((member, decision.standing.reward_orders[fact.ref]))
            elif isinstance(fact, BenefitUsed | BenefitReversed):
                used.append((member, decision.standing.uses[fact.ref]))
            elif isinstance(fact, LinesRefunded):
                used += _charged(member, decision)
    if placed:
        rewards.save(ctx.tx, placed)
    if used:
        benefits.save(ctx.tx, used)
        # A use may be charged and given back in one batch: only where it stands in the end is written.
        last = {(member, use.use_id): (member, use) for member, use in used if use.state is not State.used}
        benefits.change(ctx.tx, list(last.values()))


def _charged(member: MemberId, decision: Decision) -> list[tuple[MemberId, Use]]:
    """The uses that a refund made owed."""
    uses = decision.standing.uses
    return [(member, uses[entry.ref]) for entry in decision.entries if entry.ref in uses and entry.unit.startswith(goods.BENEFIT)]


def _moved(before: Standing, after: Standing) -> dict[str, TierStanding]:
    """The ladders on which the member stands otherwise than before."""
    return {ladder: tier for ladder, tier in after.tiers.items() if before.tiers.get(ladder) != tier}


def _append(ctx: Ctx, done: Sequence[Decided], after: Mapping[MemberId, Standing]) -> list[outbox.Event]:
    """Journal and exposures are written; what is to be announced comes back."""
    rows: list[tuple[Any, ...]] = []
    entries: list[tuple[UUID, int, int, Any]] = []
    announced: list[outbox.Event] = []
    exposures: list[Exposure] = []
    for one in done:
        for fact, decision, _ in one.decisions:
            member, seq = decision.standing.member_id, decision.standing.seq
            body = _body(fact, decision)
            rows.append(
                (
                    member,
                    seq,
                    after[member].version,
                    fact.kind,
                    fact.ref,
                    _subject(fact),
                    fact.at,
                    ctx.now,
                    decision.programme,
                    body,
                    one.actor,
                )
            )
            entries += [(member, seq, n, entry) for n, entry in enumerate(decision.entries)]
            announced += _events(decision)
            exposures += [Exposure(member, e.what, fact.at, decision.standing.held_out) for e in decision.exposures]
    journal.append(ctx.tx, rows, entries)
    experiments.log_exposures(ctx, exposures)
    return announced


def _subject(fact: Fact) -> UUID:
    if isinstance(fact, OrderPaid):
        return fact.order.subject_id
    if isinstance(fact, LinesRefunded):
        return fact.refund.subject_id
    return fact.member_id


def _body(fact: Fact, decision: Decision) -> str:
    body, standing = fact.body(), decision.standing
    if decision.taken:
        # What was left in each counter decided the outcome, and what was taken of it adds up to what is used.
        body = {**body, "room": {name: [decision.room.get(name), amount] for name, amount in decision.taken.items()}}
    if standing.seq == 1:
        # What the first decision read that neither the fact nor an earlier decision says: enough to open the standing again.
        body = {**body, "joined_at": standing.joined_at.isoformat(), "held_out": standing.held_out}
    return journal.json(body)


def _events(decision: Decision) -> list[outbox.Event]:
    member = decision.standing.member_id
    changes = [[e.unit, e.kind, e.amount, e.ref] for e in decision.entries if e.kind != "tier" and not goods.is_about(e)]
    made = []
    if changes:
        made.append(outbox.Event(events.POINTS_CHANGED, member, {"changes": changes}))
    coupon_changes = [[e.ref, e.unit.removeprefix(goods.COUPON), e.kind] for e in decision.entries if e.unit.startswith(goods.COUPON)]
    if coupon_changes:
        made.append(outbox.Event(events.COUPONS_CHANGED, member, {"changes": coupon_changes}))
    for entry in decision.entries:
        if entry.kind == "tier":
            made += _tier_events(member, entry)
        elif entry.unit.startswith(goods.REWARD):
            made.append(_reward_event(member, entry))
        elif entry.unit.startswith(goods.BENEFIT):
            made.append(_benefit_event(member, entry))
    return made


def _tier_events(member: MemberId, entry: Entry) -> list[outbox.Event]:
    why, about = entry.why, {"at": entry.at.isoformat(), "ladder": entry.unit}
    if why["from"] != why["to"]:
        return [outbox.Event(events.TIER_CHANGED, member, {**about, **{k: why[k] for k in ("from", "to", "reason")}})]
    if why["reason"] == "notice" and why.get("missing"):
        return [
            outbox.Event(events.TIER_WILL_DROP, member, {**about, "level": why["to"], "missing": why["missing"], "review": why["until"]})
        ]
    return []


def _reward_event(member: MemberId, entry: Entry) -> outbox.Event:
    order = {"order": ids.encode(REWARD_ORDER, entry.ref) if entry.ref else "", "reward": entry.unit.removeprefix(goods.REWARD)}
    payload = {**order, "quantity": entry.amount, "at": entry.at.isoformat(), "state": entry.why["state"]}
    if entry.kind == "order":
        return outbox.Event(events.REWARD_ORDERED, member, {**payload, "points": entry.why["points"], "cash": entry.why["cash"]})
    return outbox.Event(events.REWARD_CHANGED, member, payload)


_USE_STATES = {"use": "used", "charge": "charged", "give_back": "reversed"}


def _benefit_event(member: MemberId, entry: Entry) -> outbox.Event:
    state = _USE_STATES[entry.kind]
    about = {"use": str(entry.ref), "benefit": entry.unit.removeprefix(goods.BENEFIT), "at": entry.at.isoformat()}
    return outbox.Event(events.BENEFIT_USED, member, {**about, "quantity": entry.amount, "cost": entry.why["cost"], "state": state})
