"""What the member pages' shop offers besides points in tests: coupons, a mall, benefits and stored value, and what one member has of it."""

from importlib import resources
from typing import Any
from uuid import UUID

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import BenefitUsed, CouponGiven, CouponRedeemed, Fact, RewardMoved, RewardOrdered, ValueLoaded
from regulars.kernel.ids import MemberId
from regulars.platform import batching, newid
from regulars.platform.db import Database

_PURSE = """  value:
    label: {en: stored value, zh: 储值}
    money: true
    expiry: {rolling: {months: 60}}
ladder:
"""
_GOODS = """
coupon_lanes:
  - {id: shop}
  - {id: delivery}
coupons:
  - id: welcome
    label: {en: Five off for you, zh: 满 20 减 5 券}
    spend_off: {steps: [{from: 2000, less: 500}]}
    lane: shop
    validity: {days: 30}
    stock: 13
    transfers: 1
    claim: {limit: {times: 1, per: lifetime}}
  - id: christmas
    label: {en: A fifth off Christmas, zh: 圣诞 8 折券}
    percent: {rate_bp: 8000}
    max_discount: 1000
    when: {combinator: and, rules: [{field: line.category, operator: "=", value: christmas}]}
    exclusive: true
    lane: shop
    validity: {days: 10}
    claim: {limit: {times: 1, per: month}, price: {unit: points, amount: 40}}
  - {id: post, label: {en: Free delivery, zh: 免邮券}, free_delivery: {}, max_discount: 600, lane: delivery, validity: {days: 5}}
  - id: tea
    label: {en: Tea week, zh: 茶周券}
    cash: {face: 300}
    lane: shop
    validity: {delay_days: 3, days: 20}
    claim: {}
    generic_code: TEAWEEK
  - id: thousand
    label: {en: Only for the thousandth, zh: 千单礼券}
    cash: {face: 9900}
    lane: shop
    claim: {when: {combinator: and, rules: [{field: member.orders, operator: ">=", value: 1000}]}}
rewards:
  - id: cup
    label: {en: Members' cup, zh: 会员马克杯}
    description: {en: "White china, made in Stoke.", zh: 白瓷，产自斯托克。}
    kind: goods
    unit: points
    points: 50
    cash: 100
    stock: 8
    limit: {times: 3, per: year}
  - {id: ship, label: {en: Free delivery coupon, zh: 免邮券}, kind: coupon, unit: points, points: 30, coupon: {id: post}}
  - {id: card, label: {en: Five pounds of value, zh: 5 英镑储值}, kind: gift_card, unit: points, points: 60, money: {unit: value, amount: 500}}
  - {id: palace, label: {en: A palace, zh: 宫殿一座}, kind: experience, unit: points, points: 9000000, stock: 1}
benefits:
  - id: delivery
    label: {en: Free delivery, zh: 免运费}
    kind: free_delivery
    tiers: [silver, gold, platinum]
    quota: {times: 4, per: month}
    unit_cost: 400
  - {id: service, label: {en: A line of your own, zh: 专属客服}, kind: priority_service, tiers: [gold, platinum], unit_cost: 0}
  - {id: night, label: {en: Christmas evening, zh: 圣诞之夜}, kind: event_access, quota: {times: 1, per: year}, unit_cost: 0}
"""


def publish(db: Database) -> None:
    """The demo's programme is in force with all of this in it."""
    plain = (resources.files("regulars.demo") / "programme.yaml").read_text("utf-8")
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, plain.replace("ladder:\n", _PURSE, 1) + _GOODS).version)


def give(db: Database, member_id: MemberId) -> None:
    """The member has coupons to use, used and withdrawn, orders of the mall in two states, stored value, and has used a benefit."""
    with db.reading() as ctx:
        now = ctx.now
    refs: list[UUID] = [newid.uuid7() for _ in range(10)]
    same: dict[str, Any] = {"member_id": member_id, "at": now}
    coupons: list[Fact] = [
        CouponGiven(ref=ref, definition=name, source="gift", **same)
        for ref, name in zip(refs, ("welcome", "post", "tea", "post"), strict=False)
    ]
    _take(db, *coupons)
    _take(
        db,
        CouponRedeemed(ref=refs[4], coupon=str(refs[0]), amount=2_500, **same),
        CouponGiven(ref=refs[5], definition="welcome", source="gift", **same),
        ValueLoaded(ref=refs[6], unit="value", amount=2_050, reason="Paid in", **same),
        BenefitUsed(ref=refs[7], benefit="delivery", **same),
        RewardOrdered(ref=refs[8], reward="cup", quantity=1, by="mbr", address_ref="Home", **same),
        RewardOrdered(ref=refs[9], reward="cup", quantity=1, by="mbr", address_ref="Home", **same),
    )
    _take(db, RewardMoved(ref=refs[8], state="fulfilled", by="opr", carrier="Royal Mail", tracking="RM123456785GB", **same))


def give_one(db: Database, member_id: MemberId) -> None:
    """The member has one coupon and nothing else."""
    with db.reading() as ctx:
        now = ctx.now
    _take(db, CouponGiven(ref=newid.uuid7(), definition="welcome", source="gift", member_id=member_id, at=now))


def _take(db: Database, *facts: Fact) -> None:
    for answer in batching.run(db, loyalty.handle, list(facts)):
        if isinstance(answer, Exception):
            raise answer
