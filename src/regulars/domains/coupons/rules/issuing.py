"""Who gets a coupon, and from when until when it can be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.domains.coupons.model import NEVER, Definition, Move, Refused, Room, name_of_room
from regulars.domains.coupons.rules import applying, reasons
from regulars.domains.coupons.rules.applying import Shortfall
from regulars.kernel import codes, periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for: a coupon of ``definition`` under the programme ``version`` for a member; ``source`` says by which way (claim,
    batch, rule, gift, exchange). ``code`` is what was typed or is printed on it; ``values`` are what a claim's condition reads.
    """

    definition: Definition
    version: int
    coupon_id: UUID
    at: datetime
    zone: periods.Zone
    currency: str
    source: str
    values: Mapping[str, object]
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The move that gives the coupon, what it takes from shared counters, and the units it costs the member."""

    move: Move
    taken: dict[str, int]
    unit: str
    price: int


def issue(asked: Request, *, room: Room) -> Issued | Refused:
    """The coupon, or why the member does not get it. Posts nothing: the caller does once the price is paid."""
    definition = asked.definition
    starts, ends = validity(definition, asked.at, asked.zone)
    claim = definition.claim if asked.source == "claim" else None
    short = _claim(asked, room) if asked.source == "claim" else None
    short = short or _available(asked, room, ends)
    if short is not None:
        text = reasons.said(short, definition, currency=asked.currency, zone=asked.zone)
        return Refused(coupon_id=None, definition=definition.id, reason=short.reason, text=text, missing=short.missing)
    why: dict[str, object] = {"version": asked.version, "code": _code(asked), "source": asked.source, "passed": 0}
    if claim is not None and claim.limit is not None:
        rule, day = _claim_key(asked)
        why["caps"] = [[rule, day.isoformat(), 1]]
    taken = {name_of_room(definition.id, what): 1 for what in _counted(asked)}
    move = Move(asked.coupon_id, definition.id, "issue", asked.at, starts, ends, why)
    return Issued(move=move, taken=taken, unit=claim.unit if claim else "", price=claim.price if claim else 0)


def validity(definition: Definition, at: datetime, zone: periods.Zone) -> tuple[datetime, datetime]:
    """From when until when a coupon issued at ``at`` can be used."""
    terms = definition.validity
    starts = at
    if terms.delay_days:
        starts = periods.day_start(periods.local_date(at, zone) + timedelta(days=terms.delay_days), zone)
    if terms.start is not None:
        starts = max(starts, terms.start)
    ends = terms.until or NEVER
    if terms.days is not None or terms.months:
        ends = min(ends, periods.rolling_expiry(starts, months=terms.months, days=terms.days or 0, round_to=terms.round_to, zone=zone))
    return starts, ends


def _code(asked: Request) -> str:
    return codes.normalise(asked.code) if asked.code else ""


def _counted(asked: Request) -> list[str]:
    """The shared counters an issue takes one from."""
    by_code = asked.definition.code_uses is not None and bool(asked.definition.generic_code) and asked.source == "claim"
    return ["stock"] * (asked.definition.stock is not None) + ["code"] * by_code


def _claim_key(asked: Request) -> tuple[str, date]:
    claim = asked.definition.claim
    if claim is None or claim.limit is None:
        raise ValueError("only a limited claim is counted")
    return applying.usage_key(asked.definition, "claim", claim.limit, at=asked.at, zone=asked.zone)


def _claim(asked: Request, room: Room) -> Shortfall | None:
    """What keeps the member from claiming the coupon."""
    claim, generic = asked.definition.claim, asked.definition.generic_code
    if claim is None or (claim.test is not None and not claim.test(asked.values)):
        return Shortfall("not_claimable", {})
    if generic and _code(asked) != generic:
        return Shortfall("code", {})
    if claim.start is not None and asked.at < claim.start:
        return Shortfall("not_yet", {"starts": claim.start.isoformat()})
    if claim.until is not None and asked.at >= claim.until:
        return Shortfall("ended", {"ends": claim.until.isoformat()})
    return _claimed_out(asked, room)


def _claimed_out(asked: Request, room: Room) -> Shortfall | None:
    limit = asked.definition.claim.limit if asked.definition.claim else None
    used = room.usage.get(_claim_key(asked), 0) if limit else 0
    if limit is None or used < limit.times:
        return None
    return Shortfall("used_up", {"used": used, "times": limit.times, "period": limit.period})


def _available(asked: Request, room: Room, ends: datetime) -> Shortfall | None:
    """What keeps anybody from getting the coupon now."""
    definition = asked.definition
    if definition.incentive and room.held_out:
        return Shortfall("control_group", {})
    if ends <= asked.at:
        return Shortfall("ended", {"ends": ends.isoformat()})
    caps = definition.caps()
    for what in _counted(asked):
        name = name_of_room(definition.id, what)
        if room.left.get(name, caps[name]) < 1:
            return Shortfall("sold_out", {})
    return None
