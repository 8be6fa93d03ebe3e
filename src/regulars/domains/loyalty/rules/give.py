"""Units that move by wish: holds, redemptions, adjustments, transfers."""

from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme, Standing, TransferReceived, Unit
from regulars.domains.loyalty.rules import coupons
from regulars.domains.loyalty.rules.earn import Run
from regulars.domains.points import model as points_model
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.kernel import periods


def post_earned(programme: Programme, decision: Decision, run: Run, *, ref: UUID, at: datetime) -> None:
    """Grant what rules earned, each unit with its own expiry and delay; the answer says how much."""
    after, granted = decision.standing, dict[str, int]()
    for unit_id, what in run.earned.items():
        amount = what.amount
        if not amount:
            continue
        unit = programme.units[unit_id]
        entry = grant_entry(programme, after, unit, amount, earned_at=run.at, at=at, ref=ref, why=what.why())
        decision.entries += points.grant(after.wallet, entry)
        if unit.expiry.slides:
            decision.entries += points.extend(after.wallet, unit_id, entry.expires_at, at=at, ref=None, why={"slides": True})
        if not unit.hidden:
            granted[unit_id] = amount
    decision.exposures += run.exposures
    decision.taken |= run.taken
    decision.answer["granted"] = granted


def grant_entry(
    programme: Programme,
    after: Standing,
    unit: Unit,
    amount: int,
    *,
    earned_at: datetime,
    at: datetime,
    ref: UUID | None = None,
    why: dict[str, object] | None = None,
) -> Entry:
    """A grant of ``amount`` earned at ``earned_at`` and posted at ``at``, with the unit's own expiry and delay.

    What waits for an act is a lot that is available only at the moment it is given up.
    """
    reason = {} if why is None else why
    if unit.awaits:
        until = periods.rolling_expiry(earned_at, zone=programme.zone, days=unit.awaits.days)
        if until > at:
            return Entry(unit.id, "grant", amount, at, until, until, ref, reason)
    available = ALWAYS
    if unit.pending_days:
        due = periods.rolling_expiry(earned_at, zone=programme.zone, days=unit.pending_days - 1)
        available = due if due > at else ALWAYS
    lapses = expiry(unit.expiry, earned_at, programme, joined_at=after.joined_at)
    return Entry(unit.id, "grant", amount, at, lapses, available, ref, reason)


def expiry(rule: model.Expiry, at: datetime, programme: Programme, *, joined_at: datetime) -> datetime:
    """The instant at which something earned at ``at`` lapses."""
    if rule.kind == "never":
        return NEVER
    if rule.kind == "anniversary":
        joined, today = periods.local_date(joined_at, programme.zone), periods.local_date(at, programme.zone)
        years = next(n for n in (today.year - joined.year, today.year - joined.year + 1) if periods.add_months(joined, 12 * n) > today)
        return periods.day_start(periods.add_months(joined, 12 * years), programme.zone)
    if rule.kind == "calendar":
        return periods.calendar_expiry(at, zone=programme.zone, month=rule.month, day=rule.day, min_months=rule.months)
    return periods.rolling_expiry(at, zone=programme.zone, months=rule.months, days=rule.days, round_to=rule.round_to)


def hold_placed(programme: Programme, decision: Decision, fact: model.HoldPlaced, moment: datetime) -> None:
    """Set points aside for a cart. Raises ``points.insufficient`` or ``points.redeem_refused``."""
    wallet = decision.standing.wallet
    if fact.points or not fact.coupons:
        check_redeemable(programme, fact.unit, fact.points)
        why: dict[str, object] = {"hold": str(fact.ref), "until": fact.until.isoformat()}
        decision.entries += points.take(wallet, "hold", unit=fact.unit, amount=fact.points, at=moment, ref=fact.ref, why=why)
        wallet.next_event = min(wallet.next_event, fact.until)
    coupons.reserve(programme, decision, fact, moment)
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
    given_back = coupons.unreserve(decision, fact.ref, moment)
    if hold is None and not given_back:
        raise points_model.HOLD_GONE(hold=str(fact.ref), state="closed")
    if hold is not None:
        decision.entries += points.close_hold(decision.standing.wallet, hold, "unhold", at=moment, ref=hold.hold_id, why={})
    decision.answer["returned"] = hold.amount if hold else 0


def confirm(after: Standing, hold_id: UUID, order_id: UUID, moment: datetime) -> list[Entry]:
    """Spend a hold on the order it was placed for. Raises ``points.hold_gone`` when it timed out or was cancelled."""
    hold = after.wallet.holds.get(hold_id)
    if hold is None:
        if any(held.state == "reserved" and held.ref == hold_id for held in after.coupons.values()):
            return []
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
    unit = programme.unit(fact.unit)
    wallet, why = decision.standing.wallet, {"reason": fact.reason, "adjustment": True}
    if fact.points > 0:
        lapses = expiry(unit.expiry, fact.at, programme, joined_at=decision.standing.joined_at)
        decision.entries += points.grant(wallet, Entry(fact.unit, "grant", fact.points, moment, lapses, ALWAYS, fact.ref, why))
    else:
        decision.entries += points.take(wallet, "deduct", unit=fact.unit, amount=-fact.points, at=moment, ref=fact.ref, why=why)
    decision.answer["adjusted"] = fact.points


def loaded(programme: Programme, decision: Decision, fact: model.ValueLoaded, moment: datetime) -> None:
    """Add money that was paid, and its bonus as a grant of its own. Raises ``points.not_money``."""
    unit = programme.unit(fact.unit)
    if not unit.money:
        known = ", ".join(one.id for one in programme.units.values() if one.money)
        raise model.NOT_MONEY(unit=unit.id, known=known or "-")
    for amount, bonus in ((fact.amount, False), (fact.bonus, True)):
        if amount:
            why: dict[str, object] = {"loaded": fact.amount, "bonus": bonus, **({"reason": fact.reason} if fact.reason else {})}
            lapses = expiry(unit.expiry, fact.at, programme, joined_at=decision.standing.joined_at)
            decision.entries += points.grant(
                decision.standing.wallet, Entry(unit.id, "grant", amount, moment, lapses, ALWAYS, fact.ref, why)
            )
    decision.answer["loaded"] = fact.amount + fact.bonus


def extended(programme: Programme, decision: Decision, fact: model.ExpiryExtended, moment: datetime) -> None:
    """Let what would lapse earlier lapse at ``until``; what has lapsed stays lapsed."""
    unit = programme.unit(fact.unit)
    why: dict[str, object] = {"reason": fact.reason, "goodwill": True}
    entries = points.extend(decision.standing.wallet, unit.id, fact.until, at=moment, ref=fact.ref, why=why)
    decision.entries += entries
    decision.answer["extended"] = sum(entry.amount for entry in entries)


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
