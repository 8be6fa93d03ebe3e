"""What a refund takes back: exactly what its lines were granted, in any number of parts.

For every line the reversal after a cumulative refund of ``r`` out of ``payable`` is ``floor(granted x r / payable)``; a part reverses
the difference to what came before it. So the parts never exceed the grant, and the last one takes the rounding rest.
Docs: docs/algorithms/refunds.md works an example.
"""

from datetime import datetime

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme, Standing, Unit
from regulars.domains.loyalty.rules import coupons
from regulars.domains.loyalty.rules.earn import WHOLE
from regulars.domains.orders.model import Refunded
from regulars.domains.points import model as points_model
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, Entry
from regulars.kernel import money


def lines_refunded(programme: Programme, decision: Decision, fact: model.LinesRefunded, moment: datetime) -> None:
    """Reverse what the lines were granted and return the points that paid for them."""
    state = fact.state
    if state is None:
        return
    before = dict(state.by_line)
    now = before.copy()
    for line in fact.refund.lines:
        now[line.no] = now.get(line.no, 0) + line.amount
    after = decision.standing
    history = after.history.get(state.order.order_id, [])
    reversed_: dict[str, int] = {}
    for granted in [entry for entry in history if entry.kind == "grant"]:
        by_line = _by_line(granted)
        amount = share(state, by_line, now) - share(state, by_line, before)
        if amount:
            unit = programme.units.get(granted.unit)
            why: dict[str, object] = {"refund": str(fact.ref)}
            owes = unit is not None and unit.owes
            there = where_it_is(after, unit, granted, history)
            decision.entries += points.give_back(after.wallet, there, amount, at=moment, owe=owes, why=why)
            if unit is None or not unit.hidden:
                reversed_[granted.unit] = reversed_.get(granted.unit, 0) + amount
    decision.entries += _return_spent(decision, fact, state, before=before, now=now, moment=moment)
    coupons.returned(programme, decision, state, now, moment)
    after.spend -= fact.refund.total
    decision.answer["reversed"] = reversed_


def where_it_is(after: Standing, unit: Unit | None, granted: Entry, history: list[Entry]) -> Entry:
    """The grant, in the lot that holds it now: one that waited may have arrived, one that slides lapses with the youngest."""
    arrived = next((e for e in history if e.kind == "arrive" and (e.unit, e.available_at) == (granted.unit, granted.available_at)), None)
    if arrived is not None:
        granted = granted._replace(expires_at=arrived.expires_at, available_at=ALWAYS)
    if unit is not None and unit.expiry.slides and granted.available_at == ALWAYS:
        latest = max((key[1] for key in after.wallet.lots if key[0] == unit.id and key[2] == ALWAYS), default=granted.expires_at)
        return granted._replace(expires_at=max(granted.expires_at, latest))
    return granted


def _by_line(granted: Entry) -> dict[int, int]:
    parts = granted.why.get("parts")
    by_line: dict[int, int] = {}
    for no, _, amount in parts if isinstance(parts, list | tuple) else ():
        by_line[no] = by_line.get(no, 0) + amount
    return by_line


def share(state: Refunded, by_line: dict[int, int], refunded: dict[int, int]) -> int:
    """How much of what each line carries belongs to the part of it that is ``refunded``: floor(carried x refunded / payable); what the
    order carries as a whole goes with the last of its lines.
    """
    total = 0
    for line in state.order.lines:
        carried, payable = by_line.get(line.no, 0), line.payable
        if carried and payable > 0:
            total += carried * min(refunded.get(line.no, 0), payable) // payable
    whole = by_line.get(WHOLE, 0)
    if whole and all(refunded.get(line.no, 0) >= line.payable for line in state.order.lines):
        total += whole
    return total


def _return_spent(
    decision: Decision, fact: model.LinesRefunded, state: Refunded, *, before: dict[int, int], now: dict[int, int], moment: datetime
) -> list[Entry]:
    after = decision.standing
    spent = [entry for entry in after.history.get(state.order.order_id, []) if entry.kind in ("confirm", "spend")]
    total = sum(entry.amount for entry in spent)
    if not total:
        return []
    weights = [line.points_paid for line in state.order.lines]
    if not any(weights):
        weights = [line.payable for line in state.order.lines]
    by_line = {line.no: part for line, part in zip(state.order.lines, money.split(total, weights), strict=True)}
    skip = share(state, by_line, before)
    amount = share(state, by_line, now) - skip
    decision.answer["returned"] = amount
    return points.restore(after.wallet, spent, skip=skip, amount=amount, at=moment, why={"refund": str(fact.ref)})


def redemption_cancelled(decision: Decision, fact: model.RedemptionCancelled, moment: datetime) -> None:
    """Undo a redemption: every point returns to its lot. Raises ``points.redemption_unknown``."""
    after = decision.standing
    entries = after.history.get(fact.ref, [])
    spent = [entry for entry in entries if entry.kind == "spend"]
    if not spent or any(entry.kind == "restore" for entry in entries):
        raise points_model.REDEMPTION_UNKNOWN(redemption=str(fact.ref))
    total = sum(entry.amount for entry in spent)
    decision.entries += points.restore(after.wallet, spent, skip=0, amount=total, at=moment, why={"cancelled": True})
    decision.answer["returned"] = total
