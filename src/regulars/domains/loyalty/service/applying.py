"""``apply``: load the standings, decide each fact by pure rules, record everything once. The only way a standing changes.

The whole batch is one savepoint. Whoever lost a race - a claim somebody else took, a standing or an order somebody else wrote -
is left out, the rest is decided again from what was loaded, and the losers answer ``AGAIN``: the caller commits the winners first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.loyalty.model import (
    ActDone,
    ActReversed,
    BenefitReversed,
    CouponPassed,
    CouponRedeemed,
    Fact,
    LinesRefunded,
    OrderPaid,
    PointsTransferred,
    Programme,
    Programmes,
    RedemptionCancelled,
    RewardMoved,
    Standing,
    TimePassed,
)
from regulars.domains.loyalty.model.room import Room
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import passing
from regulars.domains.loyalty.service import loading, publishing, recording, unique_codes
from regulars.domains.loyalty.service.recording import Decided, Loaded
from regulars.domains.loyalty.store import counters
from regulars.domains.loyalty.store import standings as store
from regulars.domains.orders import model as orders_model
from regulars.domains.orders import rules as order_rules
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refunded
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId, OrderId
from regulars.kernel.problem import Problem
from regulars.platform import batching, claims
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx

AHEAD = timedelta(minutes=15)
"""How far a sender's clock may run ahead of ours."""


@dataclass(frozen=True, slots=True)
class Done:
    """A fact that is recorded, now or (``duplicate``) before: the same answer every time."""

    answer: dict[str, object]
    duplicate: bool = False


Answer = Done | Problem | batching.Again


@dataclass(slots=True)
class _Batch:
    """What a batch knows besides the facts: what was loaded, and claims as found."""

    ctx: Ctx
    programmes: Programmes
    loaded: Loaded = field(default_factory=Loaded)
    found: dict[claims.Key, Claim] = field(default_factory=dict)


@dataclass(slots=True)
class _Turn:
    """What facts are decided on, one after the other: everything as loaded, changed by every fact that is accepted."""

    standings: dict[MemberId, Standing]
    orders: dict[OrderId, Refunded]
    by_key: dict[str, OrderId]
    used: dict[str, int]


def apply(ctx: Ctx, facts: Sequence[Fact], *, actors: Sequence[str] | None = None) -> list[Answer]:
    """One answer a fact: ``Done``, the ``Problem`` that refused it, or ``AGAIN`` when it lost a race and has changed nothing.

    ``actors`` names who gave each fact, when that is not the one who runs the batch. Facts of one member are decided in the order
    given. Two facts with one key in a batch: the second answers ``AGAIN`` and finds the first next time.
    """
    answers: list[Answer] = [batching.AGAIN] * len(facts)
    batch = _Batch(ctx, publishing.programmes(ctx))
    live = _new_ones(batch, facts, answers)
    _load(batch, [fact for _, fact in live])
    while live:
        with recording.attempt(ctx) as attempt:
            decided = _decide(batch, live)
            late = _recorded_meanwhile(ctx, decided)
            for one in decided:
                one.actor = actors[one.index] if actors else ctx.actor.id
            lost = recording.record(ctx, decided, batch.loaded)
            attempt.keep = not lost
        if not lost:
            for one in decided:
                if one.index not in late:
                    answers[one.index] = one.refused or Done(one.answer)
            break
        live = [(index, fact) for index, fact in live if index not in lost.places and not lost.concerns(fact, batch.found)]
    return answers


def handle(ctx: Ctx, items: Sequence[Fact]) -> Sequence[Done | Problem | batching.Again]:
    """``apply`` in the form that ``platform.batching`` calls."""
    return apply(ctx, items)


def tick(ctx: Ctx, limit: int = 500) -> int:
    """Let time pass for members who are due; returns how many were. Run twice, it changes nothing the second time."""
    due = store.due(ctx.tx, ctx.now, limit)
    apply(ctx, [TimePassed(member_id=MemberId(member), at=ctx.now) for member in due])
    return len(due)


def _new_ones(batch: _Batch, facts: Sequence[Fact], answers: list[Answer]) -> list[tuple[int, Fact]]:
    keys = [fact.claim for fact in facts]
    wanted = {key for key in keys if key} | {_order_key(fact) for fact in facts if _needs_order(fact)}
    batch.found = claims.find(batch.ctx.tx, wanted)
    live: list[tuple[int, Fact]] = []
    seen: set[claims.Key] = set()
    for index, (fact, key) in enumerate(zip(facts, keys, strict=True)):
        if key is not None and key in batch.found:
            answers[index] = _known(fact, batch.found[key])
        elif key is None or key not in seen:
            if key:
                seen.add(key)
            live.append((index, fact))
    return live


def _recorded_meanwhile(ctx: Ctx, decided: Sequence[Decided]) -> set[int]:
    """The places of facts that were refused because of themselves: recorded by another transaction after this one had looked for them,
    but before it read the member. They are tried again, and get the answer they were given there.
    """
    refused = {key: one.index for one in decided if one.refused is not None and (key := one.fact.claim) is not None}
    return {refused[key] for key in claims.find(ctx.tx, refused.keys())} if refused else set()


def _known(fact: Fact, claim: Claim) -> Answer:
    if claim.body_hash != fact.fingerprint():
        if isinstance(fact, OrderPaid):
            return orders_model.ORDER_REUSED(number=fact.order.number, source=fact.order.source)
        return problem.KEY_REUSED(key=claim.key.replace("\x1f", ":"))
    answer = claim.answer or {}
    refused = answer.get("refused")
    if isinstance(refused, dict):
        return problem.declared()[refused["code"]](**refused["fields"])
    return Done(answer, duplicate=True)


def _needs_order(fact: Fact) -> bool:
    return isinstance(fact, LinesRefunded) and bool(fact.refund.order_number)


def _order_key(fact: Fact) -> claims.Key:
    if not isinstance(fact, LinesRefunded):
        raise TypeError("only a refund belongs to an order")
    return orders.ORDER, orders.key(fact.refund.source, fact.refund.order_number)


def _load(batch: _Batch, facts: Sequence[Fact]) -> None:
    located = [batch.found[_order_key(fact)] for fact in facts if _needs_order(fact) and _order_key(fact) in batch.found]
    batch.loaded.orders = orders.states(batch.ctx, [(c.subject_id, c.ref) for c in located if c.subject_id and c.ref]) if located else {}
    members = {fact.member_id for fact in facts if fact.member_id is not None}
    members |= {fact.receiver for fact in facts if isinstance(fact, PointsTransferred | CouponPassed)}
    members |= {state.order.member_id for state in batch.loaded.orders.values() if state.order.member_id}
    wanted = _wanted(facts)
    owned = [(s.order.member_id, order_id) for order_id, s in batch.loaded.orders.items() if s.order.member_id]
    wanted.refs += owned
    wanted.orders += owned
    if batch.programmes.charging and any(isinstance(fact, LinesRefunded) for fact in facts):
        # An order may come with its own refund: whoever bought something in this batch may have something taken back.
        wanted.refunded = {member for member, _ in owned} | {f.member_id for f in facts if isinstance(f, OrderPaid) and f.member_id}
    batch.loaded.standings = loading.load(batch.ctx, batch.programmes, members, wanted) if members else {}
    stores = {fact.order.store for fact in facts if isinstance(fact, OrderPaid) and fact.coupons}
    stores |= {fact.store for fact in facts if isinstance(fact, CouponRedeemed)}
    stores |= {state.order.store for state in batch.loaded.orders.values()}
    batch.loaded.limits = batch.programmes.limits(batch.ctx.now, stores)
    batch.loaded.used = counters.used(batch.ctx.tx, batch.loaded.limits)
    batch.loaded.known = unique_codes.look(batch.ctx, facts, batch.programmes)


def _wanted(facts: Sequence[Fact]) -> loading.Wanted:
    """What these facts look back on."""
    wanted = loading.Wanted()
    for fact in facts:
        match fact:
            case RedemptionCancelled() | ActReversed():
                wanted.refs.append((fact.member_id, fact.ref))
            case RewardMoved():
                wanted.refs.append((fact.member_id, fact.ref))
                wanted.reward_orders.append((fact.member_id, fact.ref))
            case BenefitReversed():
                wanted.refs.append((fact.member_id, fact.ref))
                wanted.uses.append((fact.member_id, fact.ref))
            case ActDone(order_id=UUID() as order_id):
                wanted.refs.append((fact.member_id, order_id))
    return wanted


def _decide(batch: _Batch, live: Sequence[tuple[int, Fact]]) -> list[Decided]:
    loaded = batch.loaded
    turn = _Turn(
        {member: standing.fork() for member, standing in loaded.standings.items()},
        dict(loaded.orders),
        {orders.key(s.order.source, s.order.number): order_id for order_id, s in loaded.orders.items()},
        dict(loaded.used),
    )
    decided = []
    for index, fact in live:
        try:
            one = _decide_one(batch, turn, fact, index=index)
        except Problem as refused:
            one = Decided(index, fact, refused=refused)
        decided.append(one)
    return decided


def _decide_one(batch: _Batch, turn: _Turn, fact: Fact, *, index: int) -> Decided:
    if fact.at > batch.ctx.now + AHEAD:
        raise orders_model.FUTURE(at=fact.at.isoformat(), minutes=int(AHEAD.total_seconds() // 60))
    one = Decided(index, fact)
    if isinstance(fact, LinesRefunded):
        fact = one.fact = _with_order(fact, turn)
        if fact.state is None and fact.refund.order_number:
            if fact.from_waiting:
                raise problem.NOT_FOUND(what="order", key=fact.refund.order_number)
            one.waits, one.answer = True, {"state": "waiting"}
            return one
        if fact.state is not None:
            turn.orders[fact.state.order.order_id] = order_rules.refunded_after(fact.state, fact.refund)
    if fact.member_id is not None:
        _decide_for_member(batch, one, fact, turn)
    if isinstance(fact, OrderPaid):
        turn.orders[fact.order.order_id] = Refunded(fact.order, {}, 0)
        turn.by_key[orders.key(fact.order.source, fact.order.number)] = fact.order.order_id
        one.answer["order"] = ids.encode("ord", fact.order.order_id)
    elif isinstance(fact, LinesRefunded):
        one.answer["refund"] = ids.encode("rfd", fact.refund.refund_id)
        one.answer["state"] = "applied" if fact.state else "unmatched"
    return one


def _with_order(fact: LinesRefunded, turn: _Turn) -> LinesRefunded:
    order_id = turn.by_key.get(orders.key(fact.refund.source, fact.refund.order_number)) if fact.refund.order_number else None
    if order_id is None:
        return fact
    state = turn.orders[order_id]
    refusal = order_rules.refusal(state, fact.refund)
    if refusal:
        raise refusal
    order = state.order
    refund = replace(fact.refund, order_id=order_id, subject_id=order.subject_id, member_id=order.member_id)
    return replace(fact, refund=refund, state=state)


def version_for(programmes: Programmes, at: datetime, recorded_at: datetime) -> Programme:
    """The version a fact is decided by: the one in force at its own time, but none that was not in force when it was recorded.

    A sender's clock may run ahead of ours; a version published in between must not reach back to what is already decided.
    """
    return programmes.at(min(at, recorded_at))


def _decide_for_member(batch: _Batch, one: Decided, fact: Fact, turn: _Turn) -> None:
    if isinstance(fact, LinesRefunded) and fact.state is None:
        return
    member, standings = fact.member_id, turn.standings
    if member is None or member not in standings:
        raise problem.NOT_FOUND(what="member", key=ids.encode("mbr", member) if member else "")
    programme = version_for(batch.programmes, fact.at, batch.ctx.now)
    unique_codes.check(batch.loaded.known, fact, programme, at=batch.ctx.now)
    decision = rules.decide(programme, standings[member], fact, room=Room(batch.loaded.limits, turn.used))
    if decision.follow_up is not None:
        receiver = decision.follow_up.member_id
        if receiver not in standings:
            raise problem.NOT_FOUND(what="member", key=ids.encode("mbr", receiver))
        follow_up = rules.decide(programme, standings[receiver], decision.follow_up, room=Room(batch.loaded.limits, turn.used))
        follow_up.standing.remember(follow_up.entries)
        standings[receiver] = follow_up.standing
        one.decisions.append((decision.follow_up, follow_up, passing.next_due(programme, follow_up.standing)))
    if isinstance(fact, TimePassed) and not decision.entries and standings[member].version:
        due = passing.next_due(programme, decision.standing)
        if due <= batch.ctx.now:
            raise RuntimeError(f"time has nothing to do for member {member}, yet it is due")
        one.heads[member] = (decision.standing, due)
    else:
        one.decisions.append((fact, decision, passing.next_due(programme, decision.standing)))
    decision.standing.remember(decision.entries)
    standings[member] = decision.standing
    if decision.taken:
        # As it was when this was decided: the next fact of the batch finds less, and what is recorded has to lead here again.
        decision.room = {name: left for name in decision.taken if (left := decision.room.get(name)) is not None}
    for name, amount in decision.taken.items():
        turn.used[name] = turn.used.get(name, 0) + amount
    one.answer = {"member": ids.encode("mbr", member), **decision.answer}
