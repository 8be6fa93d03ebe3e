"""What members do besides buying: each act may earn, once, by the rules that it triggers; and may release what waited for it."""

from dataclasses import replace
from datetime import datetime

from regulars.domains.coupons.rules import moving
from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Exposure, Programme, Rule, Standing, Unit
from regulars.domains.loyalty.rules import coupons, earn, give, goods, refund
from regulars.domains.loyalty.rules.earn import Run
from regulars.domains.loyalty.rules.reading import act_values
from regulars.domains.points import rules as points
from regulars.domains.points.model import Entry


def act_done(programme: Programme, decision: Decision, fact: model.ActDone, moment: datetime) -> None:
    """Grant what the act earns; release the order's grants that waited for it."""
    after = decision.standing
    run = Run(programme, after, fact.at, act_values(programme, after, fact), decision.room)
    for rule in programme.on_act.get(fact.act, ()):
        amount = _given(rule, fact)
        if amount and (rule.test is None or rule.test(run.values)):
            earn.grant(run, rule, [(earn.WHOLE, rule.id, amount)])
    give.post_earned(_at_once(programme, run), decision, run, ref=fact.ref, at=moment)
    _coupons(programme, decision, fact, moment)
    if fact.order_id is not None:
        for unit in programme.units.values():
            if unit.awaits and unit.awaits.act == fact.act:
                decision.entries += _release(programme, after, unit, fact, moment=moment)


def _coupons(programme: Programme, decision: Decision, fact: model.ActDone, moment: datetime) -> None:
    """Give the coupons that come with the act. Who may not have one now - the hold-out, or nobody once the stock is used up - gets the
    rest: an act is no claim that could be refused. An incentive is an exposure for both sides of the trial.
    """
    given = []
    for definition in programme.coupons.values():
        if definition.given_on != fact.act:
            continue
        coupon_id = coupons.derived_id(fact.ref, definition.id)
        is_given = coupons.offer(programme, decision, definition, coupon_id=coupon_id, source="rule", at=moment) is None
        if is_given:
            given.append(definition.id)
        if definition.incentive and (
            is_given or coupons.is_withheld(programme, decision, definition, coupon_id=coupon_id, source="rule", at=moment)
        ):
            decision.exposures.append(Exposure(definition.id, 1, "coupon"))
    if given:
        decision.answer["given"] = given


def _at_once(programme: Programme, run: Run) -> Programme:
    """The programme with units that wait for nothing: only what an order earned can be followed by an act about it, so that what an act
    earned would wait in vain and be given up.
    """
    units = programme.units
    if not any(units[name].awaits for name in run.earned):
        return programme
    return replace(programme, units=units | {name: replace(units[name], awaits=None) for name in run.earned})


def _given(rule: Rule, fact: model.ActDone) -> int:
    return rule.give if rule.kind == "fixed" else max(fact.value, 0) * rule.give // rule.per


def _release(programme: Programme, after: Standing, unit: Unit, fact: model.ActDone, *, moment: datetime) -> list[Entry]:
    history = [entry for entry in after.history.get(fact.order_id, []) if entry.unit == unit.id] if fact.order_id else []
    entries: list[Entry] = []
    for waiting in [entry for entry in history if entry.kind == "grant" and entry.available_at == entry.expires_at]:
        gone = sum(entry.amount for entry in history if entry.kind in ("reverse", "arrive") and entry.available_at == waiting.available_at)
        expires_at = give.expiry(unit.expiry, waiting.at, programme, joined_at=after.joined_at)
        left = max(0, waiting.amount - gone)
        entries += points.arrive(after.wallet, waiting, left, at=moment, expires_at=expires_at, why={"act": fact.act})
    return entries


def act_reversed(programme: Programme, decision: Decision, fact: model.ActReversed, moment: datetime) -> None:
    """Take back what the act gave, coupons too; a unit that owes leaves a debt for what is spent. What was never given takes nothing."""
    after, taken = decision.standing, dict[str, int]()
    for granted in [entry for entry in after.history.get(fact.ref, []) if entry.kind == "grant"]:
        unit = programme.units.get(granted.unit)
        why: dict[str, object] = {"reversed": str(fact.ref), "reason": fact.reason}
        owes = unit is not None and unit.owes
        there = refund.where_it_is(after, unit, granted, after.history[fact.ref])
        decision.entries += points.give_back(after.wallet, there, granted.amount, at=moment, owe=owes, why=why)
        taken[granted.unit] = taken.get(granted.unit, 0) + granted.amount
    _withdraw(decision, fact, moment)
    decision.answer["reversed"] = taken


def _withdraw(decision: Decision, fact: model.ActReversed, moment: datetime) -> None:
    """Withdraw the act's coupons that are still in hand; what was used has happened."""
    held = decision.standing.coupons
    for coupon in sorted(held.values(), key=lambda one: one.coupon_id):
        if coupon.state == "issued" and coupon.coupon_id == coupons.derived_id(fact.ref, coupon.definition):
            move = moving.void(held, coupon.coupon_id, at=moment, why={"reversed": str(fact.ref), "reason": fact.reason})
            goods.record_move(decision, move)
