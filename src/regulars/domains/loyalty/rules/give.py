"""Units that move by wish: holds, redemptions, adjustments, transfers."""

from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme, Standing, TransferReceived
from regulars.domains.points import model as points_model
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.kernel import periods


def grant_entry(programme: Programme, unit_id: str, amount: int, *, earned_at: datetime, at: datetime) -> Entry:
    """A grant of ``amount`` earned at ``earned_at`` and posted at ``at``, with the unit's own expiry and delay."""
    unit = programme.units[unit_id]
    available = ALWAYS
    if unit.pending_days:
        due = periods.rolling_expiry(earned_at, zone=programme.zone, days=unit.pending_days - 1)
        available = due if due > at else ALWAYS
    return Entry(unit_id, "grant", amount, at, expiry(unit.expiry, earned_at, programme), available, None, {})


def expiry(rule: model.Expiry, at: datetime, programme: Programme) -> datetime:
    """The instant at which something earned at ``at`` lapses."""
    if rule.kind == "never":
        return NEVER
    if rule.kind == "calendar":
        return periods.calendar_expiry(at, zone=programme.zone, month=rule.month, day=rule.day, min_months=rule.months)
    return periods.rolling_expiry(at, zone=programme.zone, months=rule.months, days=rule.days, round_to=rule.round_to)


def hold_placed(programme: Programme, decision: Decision, fact: model.HoldPlaced, moment: datetime) -> None:
    """Set points aside for a cart. Raises ``points.insufficient`` or ``points.redeem_refused``."""
    check_redeemable(programme, fact.unit, fact.points)
    why: dict[str, object] = {"hold": str(fact.ref), "until": fact.until.isoformat()}
    decision.entries += points.take(decision.standing.wallet, "hold", unit=fact.unit, amount=fact.points, at=moment, ref=fact.ref, why=why)
    decision.standing.wallet.next_event = min(decision.standing.wallet.next_event, fact.until)
    decision.answer["held"] = fact.points
    decision.answer["until"] = fact.until.isoformat()


def check_redeemable(programme: Programme, unit_id: str, amount: int) -> None:
    """Raise unless ``amount`` of the unit may be redeemed: a redeemable unit, whole steps, the minimum."""
    unit = programme.unit(unit_id)
    label = unit.label.en
    if unit.redeem is None:
        raise model.REDEEM_REFUSED(unit=label, reason="the programme does not redeem them")
    if amount < max(unit.redeem.min_points, 1):
        raise model.REDEEM_REFUSED(unit=label, reason=f"at least {max(unit.redeem.min_points, 1)}")
    if amount % unit.redeem.points:
        raise model.REDEEM_REFUSED(unit=label, reason=f"only multiples of {unit.redeem.points}")


def hold_cancelled(decision: Decision, fact: model.HoldCancelled, moment: datetime) -> None:
    """Give a hold back. Raises ``points.hold_gone`` when it is no longer open."""
    hold = decision.standing.wallet.holds.get(fact.ref)
    if hold is None:
        raise points_model.HOLD_GONE(hold=str(fact.ref), state="closed")
    decision.entries += points.close_hold(decision.standing.wallet, hold, "unhold", at=moment, ref=hold.hold_id, why={})
    decision.answer["returned"] = hold.amount


def confirm(after: Standing, hold_id: UUID, order_id: UUID, moment: datetime) -> list[Entry]:
    """Spend a hold on the order it was placed for. Raises ``points.hold_gone`` when it timed out or was cancelled."""
    hold = after.wallet.holds.get(hold_id)
    if hold is None:
        raise points_model.HOLD_GONE(hold=str(hold_id), state="closed")
    return points.close_hold(after.wallet, hold, "confirm", at=moment, ref=order_id, why={})


def redeemed(programme: Programme, decision: Decision, fact: model.PointsRedeemed, moment: datetime) -> None:
    """Spend points at once, soonest expiry first. Raises ``points.insufficient`` or ``points.redeem_refused``."""
    check_redeemable(programme, fact.unit, fact.points)
    why: dict[str, object] = {"reason": fact.reason} if fact.reason else {}
    wallet = decision.standing.wallet
    decision.entries += points.take(wallet, "spend", unit=fact.unit, amount=fact.points, at=moment, ref=fact.ref, why=why)
    decision.answer["spent"] = fact.points


def adjusted(programme: Programme, decision: Decision, fact: model.PointsAdjusted, moment: datetime) -> None:
    """Give or take units by hand. Raises ``points.insufficient`` when there is less to take."""
    programme.unit(fact.unit)
    wallet, why = decision.standing.wallet, {"reason": fact.reason, "adjustment": True}
    if fact.points > 0:
        entry = grant_entry(programme, fact.unit, fact.points, earned_at=fact.at, at=moment)
        decision.entries += points.grant(wallet, entry._replace(available_at=ALWAYS, ref=fact.ref, why=why))
    else:
        decision.entries += points.take(wallet, "deduct", unit=fact.unit, amount=-fact.points, at=moment, ref=fact.ref, why=why)
    decision.answer["adjusted"] = fact.points


def transferred(programme: Programme, decision: Decision, fact: model.PointsTransferred, moment: datetime) -> None:
    """Send points away, within the day's limit; the follow-up gives the receiver the same lots."""
    unit = programme.unit(fact.unit)
    if unit.transfer is None:
        raise points_model.TRANSFER_REFUSED(unit=unit.label.en, reason="the programme does not transfer them")
    if fact.receiver == fact.member_id:
        raise points_model.TRANSFER_REFUSED(unit=unit.label.en, reason="sender and receiver are the same member")
    if fact.points < unit.transfer.min_points:
        raise points_model.TRANSFER_REFUSED(unit=unit.label.en, reason=f"at least {unit.transfer.min_points}")
    wallet, day = decision.standing.wallet, periods.local_date(fact.at, programme.zone)
    rule = f"transfer:{fact.unit}"
    used = wallet.usage.get((rule, day), 0)
    if used + fact.points > unit.transfer.per_day:
        raise points_model.TRANSFER_REFUSED(unit=unit.label.en, reason=f"{unit.transfer.per_day - used} left today")
    why: dict[str, object] = {"to": str(fact.receiver), "caps": [(rule, day.isoformat(), fact.points)]}
    sent = points.take(wallet, "send", unit=fact.unit, amount=fact.points, at=moment, ref=fact.ref, why=why)
    decision.entries += sent
    decision.answer["sent"] = fact.points
    decision.follow_up = TransferReceived(
        member_id=fact.receiver,
        at=fact.at,
        ref=fact.ref,
        sender=fact.member_id,
        unit=fact.unit,
        lots=tuple((entry.expires_at, entry.amount) for entry in sent),
    )


def received(decision: Decision, fact: model.TransferReceived, moment: datetime) -> None:
    """Add the lots another member sent, with the expiry they had there."""
    for expires_at, amount in fact.lots:
        why: dict[str, object] = {"from": str(fact.sender)}
        entry = Entry(fact.unit, "receive", amount, moment, expires_at, ALWAYS, fact.ref, why)
        decision.entries += points.grant(decision.standing.wallet, entry)


HOLD_TIME = timedelta(minutes=15)
"""How long a hold lasts unless it is confirmed or cancelled."""
