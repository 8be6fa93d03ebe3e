"""What may be heard: one line a type, with the outbox event it comes from, its words, and its fields.

A new type is a new line in ``TYPES``; schema, example and mapping follow from its fields. A field is never taken away from a type and
never changes its meaning; one that has to becomes another type. ``version`` counts the fields that were added.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from regulars.domains.loyalty import events as loyalty
from regulars.domains.members import events as members
from regulars.domains.operators import events as operators
from regulars.domains.orders import events as orders
from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Happened, Json
from regulars.kernel import ids

Read = Callable[[Happened], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field of ``data``: its JSON schema, an example, and how it is read from the event."""

    name: str
    schema: Json
    example: object
    read: Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A public type; ``event`` is the outbox event it tells of, ``None`` for what is made here."""

    type: str
    event: str | None
    en: str
    zh: str
    parts: tuple[Part, ...]
    version: int = 1

    def data(self, happened: Happened) -> dict[str, object]:
        """The event's public fields."""
        return {part.name: part.read(happened) for part in self.parts}

    def schema(self) -> dict[str, object]:
        """The JSON schema of the whole payload; receivers ignore fields they don't know."""
        fields = {part.name: dict(part.schema) for part in self.parts}
        data = {"type": "object", "properties": fields, "required": [part.name for part in self.parts]}
        top = {"type": {"const": self.type}, "timestamp": {"type": "string", "format": "date-time"}, "data": data}
        return {"type": "object", "properties": top, "required": list(top)}

    def example(self) -> dict[str, object]:
        """A payload as it is sent."""
        return payload(self.type, _AT, {part.name: part.example for part in self.parts})


_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_WHEN = "2026-03-01T12:00:00+00:00"
_ID = "01jf3q7t5v8x9y0z1a2b3c4d5e"
_TIME: Json = {"type": "string", "format": "date-time"}
_TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer"}
_AMOUNT: Json = {"type": "integer", "description": "Minor units of the currency."}


def _wire(prefix: str, *, nullable: bool = False) -> Json:
    return {"type": ["string", "null"] if nullable else "string", "pattern": f"^{prefix}_[0-9a-z]{{26}}$"}


def _part(name: str, schema: Json, example: object, *, of: str | None = None) -> Part:
    """A field that is copied from the event's payload, where it may have another name."""
    source = of or name
    return Part(name=name, schema=schema, example=example, read=lambda happened: happened.payload[source])


def _member_of(happened: Happened) -> str | None:
    return None if happened.member is None else ids.encode("mbr", happened.member)


_MEMBER = Part(
    name="member",
    schema={**_wire("mbr", nullable=True), "description": "null: bought without membership, or erased."},
    example=f"mbr_{_ID}",
    read=_member_of,
)
_KEYED = Part(name="member", schema=_wire("mbr"), example=f"mbr_{_ID}", read=lambda happened: ids.encode("mbr", happened.key))
_TOLD = _part("member", _wire("mbr"), f"mbr_{_ID}")
_ORDER = _part("order", _wire("ord"), f"ord_{_ID}")
_REFUND = _part("refund", _wire("rfd"), f"rfd_{_ID}")
_SOURCE, _NUMBER = _part("source", _TEXT, "shop"), _part("number", _TEXT, "A-10023")

_CHANGE: Json = {
    "type": "object",
    "properties": {
        "unit": {**_TEXT, "description": "The programme's unit, e.g. points or growth."},
        "kind": {**_TEXT, "description": "grant, spend, expire, reverse, hold, unhold, confirm, release, send, receive …"},
        "amount": {**_WHOLE, "minimum": 0, "description": "Whole points; the kind says which way they went."},
    },
    "required": ["unit", "kind", "amount"],
}


def _changes(happened: Happened) -> object:
    changes = happened.payload["changes"]
    return [{"unit": one[0], "kind": one[1], "amount": one[2]} for one in changes] if isinstance(changes, list) else []


_COUPON_CHANGE: Json = {
    "type": "object",
    "properties": {
        "coupon": _wire("cpn"),
        "definition": {**_TEXT, "description": "The programme's coupon."},
        "kind": {**_TEXT, "description": "issue, receive, reserve, unreserve, use, give_back, void, lapse, pass_on."},
    },
    "required": ["coupon", "definition", "kind"],
}


def _coupon_changes(happened: Happened) -> object:
    changes = happened.payload["changes"]
    if not isinstance(changes, list):
        return []
    return [{"coupon": ids.encode("cpn", UUID(str(one[0]))), "definition": one[1], "kind": one[2]} for one in changes]


_REWARD = (
    _part("order", _wire("rwd"), f"rwd_{_ID}"),
    _part("reward", _TEXT, "tea-set"),
    _part("quantity", _WHOLE, 1),
    _part("state", {"enum": ["placed", "fulfilled", "completed", "cancelled"]}, "placed"),
    _part("at", _TIME, _WHEN),
)

TYPES: Mapping[str, Type] = {
    one.type: one
    for one in (
        Type(
            type="members.enrolled",
            event=members.MEMBER_ENROLLED,
            en="Somebody became a member.",
            zh="有人成为会员。",
            parts=(_TOLD, _part("joined_at", _TIME, _WHEN), _SOURCE),
        ),
        Type(
            type="members.changed",
            event=members.MEMBER_CHANGED,
            en="A member's details changed. Read the member for the new values.",
            zh="会员资料有变更，新值请查询会员接口。",
            parts=(
                _TOLD,
                _part("version", _WHOLE, 3),
                _part("fields", {"type": "array", "items": _TEXT, "description": "Names of what changed."}, ["locale", "store"]),
            ),
        ),
        Type(
            type="members.closed", event=members.MEMBER_CLOSED, en="A member's account was closed.", zh="会员账户已注销。", parts=(_TOLD,)
        ),
        Type(
            type="members.erased",
            event=members.MEMBER_ERASED,
            en="A member's personal data was erased. Erase your copy too.",
            zh="会员个人信息已删除，请同步删除您处的副本。",
            parts=(_TOLD,),
        ),
        Type(
            type="members.consent_changed",
            event=members.CONSENT_CHANGED,
            en="A member said yes or no to being contacted.",
            zh="会员同意或拒绝了某项联系。",
            parts=(
                _TOLD,
                _part("receipt", _TEXT, f"cns_{_ID}"),
                _part("purpose", _TEXT, "marketing"),
                _part("channel", _TEXT, "email"),
                _part("granted", {"type": "boolean"}, example=True),
                _part("at", _TIME, _WHEN),
            ),
        ),
        Type(
            type="orders.paid",
            event=orders.ORDER_PAID,
            en="An order was recorded.",
            zh="订单已入账。",
            parts=(
                _ORDER,
                _MEMBER,
                _SOURCE,
                _NUMBER,
                _part("paid_at", _TIME, _WHEN, of="at"),
                _part("total", _AMOUNT, 12_500),
                _part("currency", _TEXT, "CNY"),
            ),
        ),
        Type(
            type="orders.refunded",
            event=orders.ORDER_REFUNDED,
            en="Lines of an order were refunded.",
            zh="订单商品已退款。",
            parts=(
                _REFUND,
                _part("order", _wire("ord", nullable=True), f"ord_{_ID}"),
                _MEMBER,
                _part("refunded_at", _TIME, _WHEN, of="at"),
                _part("total", _AMOUNT, 2_500),
            ),
        ),
        Type(
            type="orders.refund_waits",
            event=orders.REFUND_WAITS,
            en="A refund came before its order and is kept until the order comes.",
            zh="退款先于订单到达，已保留等待订单。",
            parts=(_SOURCE, _part("order_number", _TEXT, "A-10023", of="number")),
        ),
        Type(
            type="orders.refund_refused",
            event=orders.REFUND_REFUSED,
            en="A refund that waited for its order does not fit it and was refused.",
            zh="等待订单的退款与订单不符，已被拒绝。",
            parts=(_REFUND, _SOURCE, _NUMBER, _part("code", _TEXT, "orders.refund_too_large")),
        ),
        Type(
            type="points.changed",
            event=loyalty.POINTS_CHANGED,
            en="A member's points or growth value changed.",
            zh="会员积分或成长值有变动。",
            parts=(
                _KEYED,
                Part(
                    name="changes",
                    schema={"type": "array", "items": _CHANGE},
                    example=[{"unit": "points", "kind": "grant", "amount": 125}, {"unit": "growth", "kind": "grant", "amount": 125}],
                    read=_changes,
                ),
            ),
        ),
        Type(
            type="tiers.changed",
            event=loyalty.TIER_CHANGED,
            en="A member moved to another tier.",
            zh="会员等级有变动。",
            parts=(
                _KEYED,
                _part("ladder", _TEXT, "main"),
                _part("from", _TEXT, "silver"),
                _part("to", _TEXT, "gold"),
                _part("reason", {**_TEXT, "description": "upgrade, review …"}, "upgrade"),
                _part("at", _TIME, _WHEN),
            ),
        ),
        Type(
            type="tiers.will_drop",
            event=loyalty.TIER_WILL_DROP,
            en="A member will lose its tier at the review unless it reaches more.",
            zh="会员若不达标，将在复核时降级。",
            parts=(
                _KEYED,
                _part("ladder", _TEXT, "main"),
                _part("level", _TEXT, "gold"),
                _part("missing", {**_WHOLE, "description": "How much more of the ladder's unit keeps the level."}, 120),
                _part("review", _TIME, _WHEN),
                _part("at", _TIME, _WHEN),
            ),
        ),
        Type(
            type="coupons.changed",
            event=loyalty.COUPONS_CHANGED,
            en="A member's coupons changed.",
            zh="会员优惠券有变动。",
            parts=(
                _KEYED,
                Part(
                    name="changes",
                    schema={"type": "array", "items": _COUPON_CHANGE},
                    example=[{"coupon": f"cpn_{_ID}", "definition": "welcome", "kind": "issue"}],
                    read=_coupon_changes,
                ),
            ),
        ),
        Type(
            type="rewards.ordered",
            event=loyalty.REWARD_ORDERED,
            en="A member ordered a reward.",
            zh="会员兑换了礼品。",
            parts=(_KEYED, *_REWARD, _part("points", _WHOLE, 800), _part("cash", _AMOUNT, 990)),
        ),
        Type(
            type="rewards.changed",
            event=loyalty.REWARD_CHANGED,
            en="A reward order was fulfilled, completed or cancelled.",
            zh="兑换订单已发放、完成或取消。",
            parts=(_KEYED, *_REWARD),
        ),
        Type(
            type="benefits.used",
            event=loyalty.BENEFIT_USED,
            en="A member used a benefit, or a use was taken back or charged after a refund.",
            zh="会员使用了权益，或某次使用已撤销、因退款收回成本。",
            parts=(
                _KEYED,
                Part(name="use", schema=_wire("use"), example=f"use_{_ID}", read=lambda h: ids.encode("use", UUID(str(h.payload["use"])))),
                _part("benefit", _TEXT, "free-delivery"),
                _part("quantity", _WHOLE, 1),
                _part("cost", _AMOUNT, 600),
                _part("state", {"enum": ["used", "charged", "reversed"]}, "used"),
                _part("at", _TIME, _WHEN),
            ),
        ),
        Type(
            type="approvals.asked",
            event=operators.APPROVAL_ASKED,
            en="A command waits for a second person.",
            zh="有操作等待第二人审批。",
            parts=(
                _part("approval", _wire("apr"), f"apr_{_ID}"),
                _part("kind", _TEXT, "points.adjust"),
                _part("asked_by", _TEXT, f"opr_{_ID}"),
                _part("expires_at", _TIME, _WHEN),
            ),
        ),
        Type(
            type="approvals.settled",
            event=operators.APPROVAL_SETTLED,
            en="A waiting command was executed, refused, withdrawn or has expired.",
            zh="等待审批的操作已执行、被拒绝、被撤回或已过期。",
            parts=(
                _part("approval", _wire("apr"), f"apr_{_ID}"),
                _part("kind", _TEXT, "points.adjust"),
                _part("state", {"enum": ["executed", "refused", "withdrawn", "expired"]}, "executed"),
                _part("decided_by", {"type": ["string", "null"]}, f"opr_{_ID}"),
            ),
        ),
        Type(
            type=model.TEST,
            event=None,
            en="Sent by hand, to try an endpoint. Every endpoint gets its own, whatever it listens to.",
            zh="人工发送的测试消息，与端点订阅的类型无关。",
            parts=(_part("note", _TEXT, "Hello from Regulars"),),
        ),
    )
}
"""Every public type by its name."""

EVENTS: Mapping[str, Type] = {one.event: one for one in TYPES.values() if one.event is not None}
"""By the name of the outbox event: what the subscription in ``app/wiring`` is made from."""

SUBJECT_KEYED = frozenset({orders.ORDER_PAID, orders.ORDER_REFUNDED})
"""Events whose key is a subject: the member is looked up."""


def payload(type_: str, at: datetime, data: Mapping[str, object]) -> dict[str, object]:
    """What is sent, in the shape that Standard Webhooks recommends."""
    return {"type": type_, "timestamp": at.isoformat(), "data": dict(data)}


def body(happened: Happened) -> str:
    """The payload of an event as the text that is signed and sent. Raises ``KeyError`` for an event that has no type."""
    found = EVENTS[happened.name]
    return orjson.dumps(payload(found.type, happened.at, found.data(happened))).decode()
