"""One member's history under a programme that was not in force: every fact decided in the order of its own time, from an empty standing.

The same ``decide`` as the engine's. What history holds and the programme would have refused (points that are not there, a unit it does
not know) is left out and counted; nothing else is changed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from regulars.domains.loyalty.model import ORDER, Decision, Fact, OrderPaid, Programme, Rule, Standing, StandingOpened, TimePassed
from regulars.domains.loyalty.model import simulation as model
from regulars.domains.loyalty.model.facts import HoldCancelled, LinesRefunded, RedemptionCancelled
from regulars.domains.loyalty.model.simulation import Flow, LevelSum, Replayed, RuleSum, Told
from regulars.domains.loyalty.rules import decide as engine
from regulars.domains.loyalty.rules import earn, passing
from regulars.domains.tiers.model import Ladder
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem

BASIS = 10_000


def sampled(member_id: UUID, share_bp: int) -> bool:
    """Whether the member is in a sample of ``share_bp`` of every 10,000: always the same ones, and a larger sample keeps the smaller."""
    return int.from_bytes(hashlib.sha256(b"simulation\0" + member_id.bytes).digest()[:8], "big") % BASIS < share_bp


def ladders(programme: Programme) -> tuple[Ladder, ...]:
    """Every ladder of the programme."""
    return programme.ladders


def levels(programme: Programme, standing: Standing) -> dict[str, str]:
    """The member's level on every ladder."""
    return {ladder.id: standing.tiers[ladder.id].level for ladder in programme.ladders}


def opened(programme: Programme, member_id: MemberId, joined_at: datetime, *, held_out: bool) -> Standing:
    """Where the member would have begun."""
    standing = Standing(member_id, 0, 0, joined_at, joined_at, held_out, {})
    passing.advance(programme, standing, joined_at)
    return standing


def replay(programme: Programme, start: Standing, told: Sequence[Told], *, as_of: datetime, since: datetime | None = None) -> Replayed:
    """What the history comes to by ``as_of``. ``start`` is used up. ``told`` is in the order in which it is to be decided."""
    run = _Run(programme, start, remembers=any(isinstance(one.fact, _LOOKS_BACK) for one in told))
    counting = since is None
    before: dict[str, Flow] = {}
    for one in told:
        if one.counted and not counting and since is not None:
            run.pass_time(since)
            before, counting = _flows(run.standing), True
        run.take(one)
    if not counting and since is not None:
        run.pass_time(since)
        before = _flows(run.standing)
    run.pass_time(as_of)
    run.result.flows = _between(before, _flows(run.standing))
    run.result.levels = levels(programme, run.standing)
    return run.result


_LOOKS_BACK = (LinesRefunded, RedemptionCancelled)


class _Run:
    def __init__(self, programme: Programme, standing: Standing, *, remembers: bool) -> None:
        self.programme = programme
        self.standing = standing
        self.result = Replayed()
        self._remembers = remembers
        self._levels = levels(programme, standing)
        self._missing: set[UUID] = set()
        self._capped = [rule for rule in programme.rules if rule.cap is not None and rule.on == ORDER]

    def take(self, one: Told) -> None:
        """Decide the fact, or count that it would have been refused."""
        fact = _adapted(self.programme, one.fact)
        decision = self._decided(fact)
        if decision is None:
            return
        before, self.standing = self.standing, decision.standing
        if self._remembers:
            self.standing.remember(decision.entries)
        if isinstance(fact, OrderPaid):
            self._earned(one, decision)
            if self._capped and one.counted:
                self._cut_to_nothing(before, fact, decision)
        else:
            self._follow(decision)

    def pass_time(self, to: datetime) -> None:
        """Bring the standing up to and with ``to``."""
        if to > self.standing.as_of:
            decision = engine.decide(self.programme, self.standing, TimePassed(member_id=self.standing.member_id, at=to))
            self.standing = decision.standing
            self._follow(decision)

    def _decided(self, fact: Fact) -> Decision | None:
        if isinstance(fact, HoldCancelled | RedemptionCancelled) and fact.ref in self._missing:
            # What was never allowed cannot be undone; it was counted when it was refused.
            return None
        try:
            return engine.decide(self.programme, self.standing, fact)
        except Problem:
            if isinstance(fact, OrderPaid) and fact.hold_id is not None:
                if fact.hold_id not in self._missing:
                    self._refuse("hold")
                return engine.decide(self.programme, self.standing, replace(fact, hold_id=None))
            self._missing.add(fact.ref)
            self._refuse(fact.kind)
            return None

    def _refuse(self, kind: str) -> None:
        self.result.refused[kind] = self.result.refused.get(kind, 0) + 1

    def _follow(self, decision: Decision) -> None:
        for entry in decision.entries:
            if entry.kind == "tier":
                self._levels[entry.unit] = str(entry.why["to"])

    def _earned(self, one: Told, decision: Decision) -> None:
        """What the order earned, by rule, month and the level it was placed on: reviews before it count, the climb it leads to doesn't."""
        placed: dict[str, str] | None = None
        units: dict[str, int] = {}
        for entry in decision.entries:
            if entry.kind == "grant":
                placed = placed or dict(self._levels)
                units[entry.unit] = units.get(entry.unit, 0) + entry.amount
                if one.counted:
                    self._by_rule(entry.why)
            elif entry.kind == "tier":
                self._levels[entry.unit] = str(entry.why["to"])
        if not one.counted:
            return
        months = self.result.months
        for unit, amount in units.items():
            months[one.month, unit] = months.get((one.month, unit), 0) + amount
        for place in (placed or self._levels).items():
            level = self.result.at_level.get(place)
            if level is None:
                level = self.result.at_level[place] = LevelSum()
            level.add(LevelSum(1, one.total, units))

    def _by_rule(self, why: dict[str, object]) -> None:
        given: dict[str, int] = {}
        parts = why.get("parts")
        for _, rule, amount in parts if isinstance(parts, list | tuple) else ():
            given[rule] = given.get(rule, 0) + amount
        rules = self.result.rules
        for rule, amount in given.items():
            known = rules.get(rule)
            if known is None:
                known = rules[rule] = RuleSum()
            # It may be known already by what its cap cut from an order that was given nothing of it.
            known.members = 1
            known.units += amount
            known.orders += 1
        cut = why.get("cut")
        if isinstance(cut, list | tuple):
            self._by_cap(cut)

    def _by_cap(self, cut: Iterable[tuple[str, int, int]]) -> None:
        for rule, desired, granted in cut:
            known = self.result.rules.get(rule)
            if known is None:
                known = self.result.rules[rule] = RuleSum()
            known.cut += desired - granted

    def _cut_to_nothing(self, before: Standing, fact: OrderPaid, decision: Decision) -> None:
        """What caps cut from units of which the order was then given nothing. No journal entry tells of that, so the rules are asked
        once more, as they were asked before, and only where a cap had been used up.
        """
        granted = {entry.unit for entry in decision.entries if entry.kind == "grant"}
        spent = {rule.unit for rule in self._capped if rule.unit not in granted and self._used_up(rule, fact.order.paid_at)}
        if not spent:
            return
        then = before.copy()
        passing.advance(self.programme, then, fact.at)
        for unit, earned in earn.earn(self.programme, then, fact.order).earned.items():
            if unit in spent:
                self._by_cap(earned.cut)

    def _used_up(self, rule: Rule, at: datetime) -> bool:
        key = earn.usage_key(self.programme, rule, at)
        return key is not None and rule.cap is not None and self.standing.wallet.usage.get(key, 0) >= rule.cap.amount


def _adapted(programme: Programme, fact: Fact) -> Fact:
    """What was taken over from an earlier system, without units and levels that the programme does not know."""
    if not isinstance(fact, StandingOpened):
        return fact
    known = {level.id for level in programme.ladder.levels}
    lots = tuple(lot for lot in fact.lots if lot[0] in programme.units)
    return replace(fact, lots=lots, level=fact.level if fact.level in known else None)


def _flows(standing: Standing) -> dict[str, Flow]:
    return {
        unit: Flow(t.granted, t.received, t.spent, t.expired, t.reversed, t.sent, t.outstanding)
        for unit, t in standing.wallet.totals.items()
    }


def _between(before: dict[str, Flow], after: dict[str, Flow]) -> dict[str, Flow]:
    """What flowed between two moments; outstanding is what there is at the second."""
    found = {}
    for unit, flow in after.items():
        was = before.get(unit, model.Flow())
        found[unit] = Flow(
            flow.granted - was.granted,
            flow.received - was.received,
            flow.spent - was.spent,
            flow.expired - was.expired,
            flow.reversed - was.reversed,
            flow.sent - was.sent,
            flow.outstanding,
        )
    return found
