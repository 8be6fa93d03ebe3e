"""What changes a member's coupons. ``post`` is the only function that does, one move at a time: folding the moves rebuilds the coupons.

The functions below it decide *which* move a wish becomes; they post each move as they make it and return it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, cast
from uuid import UUID

from regulars.domains.coupons.model import (
    GONE,
    NEVER,
    NOT_PASSED,
    Candidate,
    Definition,
    Held,
    Kind,
    Move,
    State,
)
from regulars.domains.coupons.rules import applying
from regulars.kernel import periods
from regulars.kernel.text import Text

PREFIX = "coupon:"

Coupons = dict[UUID, Held]


class _Step(NamedTuple):
    before: frozenset[State | None]
    after: State


def _from(*before: State | None, to: State) -> _Step:
    return _Step(frozenset(before), to)


# None is a coupon that is not there: never had, or used long ago and not loaded. A coupon that comes (back) carries all its terms.
_STEPS: dict[Kind, _Step] = {
    "issue": _from(None, to="issued"),
    "receive": _from(None, "passed_on", to="issued"),
    "give_back": _from(None, "used", to="issued"),
    "reserve": _from("issued", to="reserved"),
    "unreserve": _from("reserved", to="issued"),
    "use": _from("issued", "reserved", to="used"),
    "void": _from("issued", "reserved", to="void"),
    "lapse": _from("issued", to="lapsed"),
    "pass_on": _from("issued", to="passed_on"),
}
_REFERS = {"reserve": "hold", "use": "order", "pass_on": "to"}


def post(held: Coupons, move: Move) -> None:
    """Apply one move. Raises ``ValueError`` when the coupon is not in a state the move starts from: the journal is not this member's."""
    step, known = _STEPS[move.kind], held.get(move.coupon_id)
    if (known.state if known else None) not in step.before:
        raise ValueError(f"coupon {move.coupon_id} is {known.state if known else 'not there'}: no {move.kind}")
    if known is None or move.kind in ("receive", "give_back"):
        held[move.coupon_id] = _arrived(move)
        return
    ref = move.why.get(_REFERS.get(move.kind, ""))
    held[move.coupon_id] = replace(
        known,
        state=step.after,
        ref=None if ref is None else UUID(str(ref)),
        until=datetime.fromisoformat(str(move.why["until"])) if move.kind == "reserve" else NEVER,
    )


def _arrived(move: Move) -> Held:
    why = move.why
    return Held(
        coupon_id=move.coupon_id,
        definition=move.definition,
        version=int(str(why["version"])),
        state="issued",
        starts=move.starts,
        ends=move.ends,
        code=str(why.get("code", "")),
        source=str(why.get("source", "claim")),
        passed=int(str(why.get("passed", 0))),
    )


def _terms(coupon: Held) -> dict[str, object]:
    """What rebuilding a coupon needs beside what every move says."""
    return {"version": coupon.version, "code": coupon.code, "source": coupon.source, "passed": coupon.passed}


def _moved(held: Coupons, coupon: Held, kind: Kind, *, at: datetime, why: dict[str, object]) -> Move:
    if coupon.state not in _STEPS[kind].before:
        raise GONE(coupon=str(coupon.coupon_id), state=coupon.state)
    move = Move(coupon.coupon_id, coupon.definition, kind, at, coupon.starts, coupon.ends, why)
    post(held, move)
    return move


def get(held: Mapping[UUID, Held], coupon_id: UUID) -> Held:
    """The member's coupon. Raises ``coupons.gone`` for one that the member does not hold."""
    found = held.get(coupon_id)
    if found is None:
        raise GONE(coupon=str(coupon_id), state="not held")
    return found


def reserve(held: Coupons, coupon_id: UUID, *, hold: UUID, until: datetime, at: datetime) -> Move:
    """Set a coupon aside for the cart of ``hold``. Raises ``coupons.gone`` when another cart has it."""
    return _moved(held, get(held, coupon_id), "reserve", at=at, why={"hold": str(hold), "until": until.isoformat()})


def unreserve(held: Coupons, coupon_id: UUID, *, at: datetime, why: dict[str, object]) -> Move:
    """The cart gives the coupon back. Raises ``coupons.gone`` when none had it."""
    coupon = get(held, coupon_id)
    return _moved(held, coupon, "unreserve", at=at, why={**why, "hold": str(coupon.ref)})


def use(held: Coupons, candidate: Candidate, *, order: UUID, at: datetime, zone: periods.Zone, why: dict[str, object]) -> Move:
    """The coupon is used up on ``order``, and counts against the member's limit. Raises ``coupons.gone``."""
    coupon, definition = get(held, candidate.held.coupon_id), candidate.definition
    reason = {**why, **_terms(coupon), "order": str(order)}
    if definition.limit is not None:
        rule, day = applying.usage_key(definition, "use", definition.limit, at=at, zone=zone)
        reason["caps"] = [[rule, day.isoformat(), 1]]
    return _moved(held, coupon, "use", at=at, why=reason)


def give_back(held: Coupons, used: Move, definition: Definition, *, at: datetime, zone: periods.Zone) -> Move | None:
    """The coupon of a ``use`` whose order was refunded as a whole is in hand again, and the use no longer counts; None by its terms.

    It keeps its old end (a lapsed one lapses again at the next :func:`advance`), unless its terms grant days of grace from now. Raises
    ``coupons.gone`` when it is in hand already.
    """
    if definition.on_refund == "never":
        return None
    known = held.get(used.coupon_id)
    if known is not None and known.state not in _STEPS["give_back"].before:
        raise GONE(coupon=str(used.coupon_id), state=known.state)
    ends = used.ends
    if definition.grace_days:
        ends = max(ends, periods.rolling_expiry(at, days=definition.grace_days, zone=zone))
    why: dict[str, object] = {name: used.why[name] for name in ("version", "code", "source", "passed", "order") if name in used.why}
    if "caps" in used.why:
        why["caps"] = [[rule, day, -times] for rule, day, times in caps(used)]
    move = used._replace(kind="give_back", at=at, ends=ends, why=why)
    post(held, move)
    return move


def caps(move: Move) -> list[tuple[str, str, int]]:
    """The uses of limits that a move counts: (rule, first day of the period, times)."""
    found = move.why.get("caps")
    return [(str(cap[0]), str(cap[1]), int(cap[2])) for cap in found] if isinstance(found, list | tuple) else []


def count(usage: dict[tuple[str, date], int], move: Move) -> None:
    """Add the uses of one move to the member's ``usage``."""
    for rule, day, times in caps(move):
        key = (rule, date.fromisoformat(day))
        usage[key] = usage.get(key, 0) + times


def void(held: Coupons, coupon_id: UUID, *, at: datetime, why: dict[str, object]) -> Move:
    """The coupon is withdrawn. Raises ``coupons.gone`` when there is nothing left to withdraw."""
    return _moved(held, get(held, coupon_id), "void", at=at, why=why)


def pass_on(held: Coupons, coupon_id: UUID, definition: Definition, *, sender: UUID, to: UUID, at: datetime) -> tuple[Move, Move]:
    """The member gives the coupon to ``to``: the move that takes it away, and the one that the other member's coupons are to be posted.

    Raises ``coupons.not_passed_on`` when its terms, its end or how often it was passed on forbid it, ``coupons.gone``.
    """
    coupon = get(held, coupon_id)
    reason = None
    if sender == to:
        reason = Text("it is the member's own already", "不能转赠给自己")
    elif coupon.passed >= definition.transfers:
        reason = Text(f"it may be passed on {definition.transfers} times", f"最多可转赠 {definition.transfers} 次")
    elif at >= coupon.ends:
        reason = Text("it has ended", "已过期")
    if reason is not None:
        raise NOT_PASSED(coupon=definition.label.en, reason=reason.en, reason_zh=reason.zh)
    gone = _moved(held, coupon, "pass_on", at=at, why={"to": str(to)})
    why = {**_terms(coupon), "source": "gift", "passed": coupon.passed + 1, "from": str(sender)}
    return gone, gone._replace(kind="receive", why=why)


def advance(held: Coupons, to: datetime) -> list[Move]:
    """Let time pass up to and including ``to``: reservations time out, coupons lapse, in the order of their moments."""
    moves: list[Move] = []
    while (moment := soonest(held)) <= to and moment < NEVER:
        due = _sorted(c for c in held.values() if c.state == "reserved" and c.until <= moment)
        moves += [unreserve(held, coupon.coupon_id, at=moment, why={"timed_out": True}) for coupon in due]
        ended = _sorted(c for c in held.values() if c.state == "issued" and c.ends <= moment)
        moves += [_moved(held, coupon, "lapse", at=moment, why={}) for coupon in ended]
    return moves


def soonest(held: Mapping[UUID, Held]) -> datetime:
    """The next instant at which time alone changes the coupons; ``NEVER`` when it does not."""
    moments = [coupon.until if coupon.state == "reserved" else coupon.ends for coupon in held.values() if coupon.live]
    return min(moments, default=NEVER)


def _sorted(coupons: Iterable[Held]) -> list[Held]:
    return sorted(coupons, key=lambda coupon: coupon.coupon_id)


def written(move: Move) -> tuple[str, str, int, datetime, datetime, datetime, UUID, dict[str, object]]:
    """The move in the order of an entry's fields: unit, kind, amount, at, expires_at, available_at, ref, why."""
    return (PREFIX + move.definition, move.kind, 1, move.at, move.ends, move.starts, move.coupon_id, move.why)


def read(fields: tuple[object, ...]) -> Move:
    """The move that :func:`written` gave."""
    unit, kind, _, at, ends, starts, coupon_id, why = fields
    definition = str(unit).removeprefix(PREFIX)
    return Move(
        cast("UUID", coupon_id),
        definition,
        cast("Kind", kind),
        cast("datetime", at),
        cast("datetime", starts),
        cast("datetime", ends),
        cast("dict[str, object]", why),
    )
