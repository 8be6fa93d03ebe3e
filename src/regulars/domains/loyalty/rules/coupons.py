"""Coupons as facts move them: given, set aside with a cart, used on an order or at the counter, passed on, withdrawn, returned."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from regulars.domains.coupons import model as coupons_model
from regulars.domains.coupons.model import Candidate, Cart, Definition, Held, Refused, Room
from regulars.domains.coupons.rules import applying, issuing, moving, pricing
from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import CouponUse, Decision, Programme, Standing
from regulars.domains.loyalty.rules import goods
from regulars.domains.loyalty.rules.reading import member_values
from regulars.domains.orders.model import Line, Refunded
from regulars.domains.points import rules as points
from regulars.kernel import codes, ids
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text

_GONE = Text("this member does not hold it", "该会员未持有此券")
_HELD_ELSEWHERE = Text("another cart holds it", "已被其他购物车占用")
_OUT_OF_TIME = Text("it is not valid at this time", "不在有效期内")
_USED_UP = Text("the member has used it as often as allowed", "已达使用次数上限")
_BUDGET = Text("its budget is used up", "预算已用完")


def room_of(decision: Decision) -> Room:
    """What others, and this decision so far, left of the coupons' limits, for the member of the decision."""
    after, left = decision.standing, decision.room
    if decision.taken:
        left = {name: most - decision.taken.get(name, 0) for name, most in left.items()}
    return Room(usage=after.wallet.usage, left=left, held_out=after.held_out)


def given(programme: Programme, decision: Decision, fact: model.CouponGiven, moment: datetime) -> None:
    """Give the member a coupon, for its price in points if it has one. Raises ``coupons.not_claimed``, ``points.insufficient``."""
    issue(programme, decision, fact.definition, coupon_id=fact.ref, source=fact.source, code=fact.code, at=moment)
    held = decision.standing.coupons[fact.ref]
    decision.answer["coupon"] = {"definition": held.definition, "starts": held.starts.isoformat(), "ends": held.ends.isoformat()}


def issue(
    programme: Programme, decision: Decision, definition_id: str, *, coupon_id: UUID, source: str, at: datetime, code: str = ""
) -> None:
    """The same, for other rules that give coupons."""
    definition = programme.coupon(definition_id)
    refused = offer(programme, decision, definition, coupon_id=coupon_id, source=source, at=at, code=code)
    if refused is not None:
        raise coupons_model.NOT_CLAIMED(coupon=definition.label.en, reason=refused.text.en, reason_zh=refused.text.zh)


def offer(
    programme: Programme, decision: Decision, definition: Definition, *, coupon_id: UUID, source: str, at: datetime, code: str = ""
) -> Refused | None:
    """Give the coupon, or say why the member does not get one."""
    after = decision.standing
    asked = _asked(programme, after, definition, coupon_id=coupon_id, source=source, at=at, code=code)
    found = issuing.issue(asked, room=room_of(decision))
    if isinstance(found, Refused):
        return found
    if found.price:
        why: dict[str, object] = {"coupon": definition.id}
        decision.entries += points.take(after.wallet, "spend", unit=found.unit, amount=found.price, at=at, ref=coupon_id, why=why)
    moving.post(after.coupons, found.move)
    goods.record_move(decision, found.move)
    _take(decision, found.taken)
    return None


def is_withheld(programme: Programme, decision: Decision, definition: Definition, *, coupon_id: UUID, source: str, at: datetime) -> bool:
    """Whether the member would get the coupon, were it not held out: what the other side would not get either is not withheld."""
    room = room_of(decision)
    if not room.held_out or not definition.incentive:
        return False
    asked = _asked(programme, decision.standing, definition, coupon_id=coupon_id, source=source, at=at, code="")
    return not isinstance(issuing.issue(asked, room=replace(room, held_out=False)), Refused)


def _asked(
    programme: Programme, after: Standing, definition: Definition, *, coupon_id: UUID, source: str, at: datetime, code: str
) -> issuing.Request:
    return issuing.Request(
        definition=definition,
        version=programme.version,
        coupon_id=coupon_id,
        at=at,
        zone=programme.zone,
        currency=programme.currency,
        source=source,
        values=member_values(programme, after, at),
        code=code,
    )


def _take(decision: Decision, taken: dict[str, int]) -> None:
    for name, amount in taken.items():
        decision.taken[name] = decision.taken.get(name, 0) + amount


def find(after: Standing, coupon: str) -> Held | None:
    """The member's live coupon of this id or code; None when there is none."""
    typed = codes.normalise(coupon)
    for held in after.coupons.values():
        if held.live and (str(held.coupon_id) == coupon or (held.code and held.code == typed)):
            return held
    return None


def reserve(programme: Programme, decision: Decision, fact: model.HoldPlaced, moment: datetime) -> None:
    """Set the coupons of a cart aside with its points. Raises ``coupons.not_usable``."""
    for use in fact.coupons:
        held, refused = _usable(programme, decision, use, store="", hold_id=None, at=moment)
        if held is None or refused is not None:
            raise _not_usable(programme, held, use, refused or _GONE)
        goods.record_move(decision, moving.reserve(decision.standing.coupons, held.coupon_id, hold=fact.ref, until=fact.until, at=moment))


def unreserve(decision: Decision, hold_id: UUID, moment: datetime) -> int:
    """Give back what a hold had set aside; returns how many coupons that were."""
    after = decision.standing
    mine = [held.coupon_id for held in after.coupons.values() if held.state == "reserved" and held.ref == hold_id]
    for coupon_id in sorted(mine):
        goods.record_move(decision, moving.unreserve(after.coupons, coupon_id, at=moment, why={}))
    return len(mine)


def use_on_order(programme: Programme, decision: Decision, fact: model.OrderPaid, moment: datetime) -> None:
    """Use up the order's coupons. Whatever a seller took off has happened: a coupon that cannot be used is named in the answer and
    changes nothing, unless the order confirms a hold: then it raises ``coupons.not_usable``, since the cart promised it.
    """
    told: list[dict[str, object]] = []
    for use in fact.coupons:
        held, refused = _usable(programme, decision, use, store=fact.order.store, hold_id=fact.hold_id, at=moment)
        if held is None or refused is not None:
            if fact.hold_id:
                raise _not_usable(programme, held, use, refused or _GONE)
            reason = refused or _GONE
            told.append({"coupon": use.coupon, "state": "refused", "reason": {"en": reason.en, "zh": reason.zh}})
            continue
        _use(programme, decision, held, use, order_id=fact.ref, store=fact.order.store, at=moment)
        told.append({"coupon": use.coupon, "state": "used", "reason": None})
    if told:
        decision.answer["coupons"] = told


def _use(programme: Programme, decision: Decision, held: Held, use: CouponUse, *, order_id: UUID, store: str, at: datetime) -> None:
    definition = programme.terms(held.version, held.definition)
    cost = use.discount + use.freight
    why: dict[str, object] = {"discount": cost}
    candidate = Candidate(held, definition)
    goods.record_move(decision, moving.use(decision.standing.coupons, candidate, order=order_id, at=at, zone=programme.zone, why=why))
    _take(decision, {name: cost for name in definition.caps(store) if ":budget" in name and cost})


def _usable(
    programme: Programme, decision: Decision, use: CouponUse, *, store: str, hold_id: UUID | None, at: datetime
) -> tuple[Held | None, Text | None]:
    """The coupon, and why it cannot be used."""
    held = find(decision.standing, use.coupon)
    if held is None:
        return None, _GONE
    if held.state == "reserved" and held.ref != hold_id:
        return held, _HELD_ELSEWHERE
    if not held.starts <= at < held.ends:
        return held, _OUT_OF_TIME
    definition = programme.terms(held.version, held.definition)
    if not _limit_left(programme, decision, held, at):
        return held, _USED_UP
    caps, cost = definition.caps(store), use.discount + use.freight
    short = [name for name in caps if ":budget" in name and decision.room.get(name, caps[name]) - decision.taken.get(name, 0) < cost]
    return held, _BUDGET if short else None


def _limit_left(programme: Programme, decision: Decision, held: Held, at: datetime) -> bool:
    definition = programme.terms(held.version, held.definition)
    if definition.limit is None:
        return True
    key = applying.usage_key(definition, "use", definition.limit, at=at, zone=programme.zone)
    return decision.standing.wallet.usage.get(key, 0) < definition.limit.times


def _not_usable(programme: Programme, held: Held | None, use: CouponUse, reason: Text) -> Problem:
    name = programme.terms(held.version, held.definition).label.en if held else use.coupon
    return coupons_model.NOT_USABLE(coupon=name, reason=reason.en, reason_zh=reason.zh)


def redeemed(programme: Programme, decision: Decision, fact: model.CouponRedeemed, moment: datetime) -> None:
    """Use a coupon at the counter for a bill; the answer says what it takes off. Raises ``coupons.not_usable``."""
    after = decision.standing
    held = find(after, fact.coupon)
    if held is None:
        raise _not_usable(programme, None, CouponUse(fact.coupon), _GONE)
    candidate = Candidate(held, programme.terms(held.version, held.definition))
    line = Line(no=1, product="", quantity=1, amount=fact.amount)
    cart = Cart(
        lines=(line,),
        at=moment,
        currency=programme.currency,
        zone=programme.zone,
        store=fact.store,
        lanes=programme.lanes,
        values={**member_values(programme, after, moment), "order.total": fact.amount, "order.store": fact.store},
    )
    priced = pricing.price([candidate], cart, room=room_of(decision))
    if priced.refused:
        raise _not_usable(programme, held, CouponUse(fact.coupon), priced.refused[0].text)
    use = CouponUse(fact.coupon, priced.discount)
    _use(programme, decision, held, use, order_id=fact.ref, store=fact.store, at=moment)
    decision.answer["discount"] = priced.discount


def voided(decision: Decision, fact: model.CouponVoided, moment: datetime) -> None:
    """Withdraw a coupon. Raises ``coupons.gone``."""
    goods.record_move(decision, moving.void(decision.standing.coupons, fact.ref, at=moment, why={"reason": fact.reason}))


def passed(programme: Programme, decision: Decision, fact: model.CouponPassed, moment: datetime) -> None:
    """Give a coupon to another member. Raises ``coupons.not_passed_on``, ``coupons.gone``."""
    held = moving.get(decision.standing.coupons, fact.coupon_id)
    terms = programme.terms(held.version, held.definition)
    gone, arrives = moving.pass_on(decision.standing.coupons, fact.coupon_id, terms, sender=fact.member_id, to=fact.receiver, at=moment)
    goods.record_move(decision, gone)
    decision.follow_up = model.CouponReceived(
        member_id=fact.receiver,
        at=fact.at,
        ref=fact.ref,
        coupon_id=fact.coupon_id,
        definition=arrives.definition,
        starts=arrives.starts,
        ends=arrives.ends,
        terms=arrives.why,
    )


def received(decision: Decision, fact: model.CouponReceived, moment: datetime) -> None:
    """Take the coupon that another member gave."""
    move = coupons_model.Move(fact.coupon_id, fact.definition, "receive", moment, fact.starts, fact.ends, fact.terms)
    moving.post(decision.standing.coupons, move)
    goods.record_move(decision, move)


def returned(programme: Programme, decision: Decision, state: Refunded, now: dict[int, int], moment: datetime) -> None:
    """Give back the coupons of an order whose lines are all refunded by ``now``, as their terms say; the budget gets its cost back."""
    order, after = state.order, decision.standing
    if any(now.get(line.no, 0) < line.payable for line in order.lines):
        return
    used = [held for held in after.coupons.values() if held.state == "used" and held.ref == order.order_id]
    for held in sorted(used, key=lambda one: one.coupon_id):
        entry = next((e for e in reversed(after.history.get(held.coupon_id, [])) if e.kind == "use"), None)
        if entry is None:
            continue
        definition = programme.terms(held.version, held.definition)
        move = moving.give_back(after.coupons, moving.read(entry), definition, at=moment, zone=programme.zone)
        if move is not None:
            goods.record_move(decision, move)
            cost = int(str(entry.why.get("discount", 0)))
            _take(decision, {name: -cost for name in definition.caps(order.store) if ":budget" in name and cost})


def derived_id(ref: UUID, place: int | str) -> UUID:
    """The id of the coupon that something else gives at this place, or by this name."""
    return ids.derived(_EPOCH, "coupon", ref.hex, str(place))


_EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
