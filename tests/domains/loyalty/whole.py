"""A programme with a part of every kind, and its ladders, for tests of the rules of acts, coupons, rewards and benefits."""

from tests.domains.loyalty import programmes

PARTS = """
  - {id: daily, label: {en: Check-in, zh: 签到}, on: check_in, unit: points, fixed: 5, cap: {per: day, amount: 5}}
  - {id: stars, label: {en: Review, zh: 评价}, on: review, unit: points, per_amount: {every: 2, give: 10}}
  - {id: share, label: {en: Share, zh: 分享}, on: share, unit: points, fixed: 20, budget: 30}
  - id: birthday
    label: {en: Birthday, zh: 生日}
    on: birthday
    unit: points
    fixed: 100
    when: {combinator: and, rules: [{field: member.tier, operator: in, value: [silver, gold]}]}
coupon_lanes:
  - {id: shop}
  - {id: platform, many: true}
coupons:
  - {id: ten, label: {en: Ten off, zh: 减十}, cash: {face: 1000}, lane: shop, validity: {days: 30}, limit: {times: 1, per: month}}
  - {id: tenth, label: {en: A tenth off, zh: 九折}, percent: {rate_bp: 9000}, lane: platform, budget: {total: 1500}, grace_days: 7}
  - id: bought
    label: {en: Bought, zh: 积分换券}
    cash: {face: 500}
    stock: 2
    transfers: 1
    on_refund: never
    lane: shop
    claim: {limit: {times: 1, per: year}, price: {unit: points, amount: 40}}
rewards:
  - {id: cup, label: {en: Cup, zh: 杯子}, kind: goods, unit: points, points: 60, stock: 2, limit: {times: 1, per: month}}
  - {id: voucher, label: {en: Voucher, zh: 兑换券}, kind: coupon, unit: points, points: 30, coupon: {id: ten, count: 2}}
  - {id: card, label: {en: Gift card, zh: 礼品卡}, kind: gift_card, unit: points, points: 50, money: {unit: purse, amount: 500}}
benefits:
  - id: delivery
    label: {en: Free delivery, zh: 免运费}
    kind: free_delivery
    tiers: [silver, gold]
    quota: {times: 2, per: month}
    unit_cost: 300
  - {id: gift, label: {en: Birthday gift, zh: 生日礼}, kind: birthday_gift, quota: {times: 1, per: year}, incentive: true}
"""
PURSE = """
  purse:
    label: {en: purse, zh: 储值}
    money: true
ladder:
"""
LADDERS = """
ladders:
  - id: visits
    label: {en: Visits, zh: 到店}
    counts: visits
    window: {kind: calendar, period: year}
    keep: {months: 0, until: {month: 12, day: 31}}
    grace_days: 10
    notice_days: 30
    on_refund: at_once
    levels:
      - {id: new, from: 0, label: {en: New, zh: 新客}}
      - {id: known, from: 2, label: {en: Known, zh: 熟客}}
      - {id: friend, from: 4, label: {en: Friend, zh: 老友}}
  - id: years
    label: {en: Years, zh: 年资}
    counts: tenure
    levels:
      - {id: first, from: 0, label: {en: First year, zh: 首年}}
      - {id: second, from: 12, label: {en: Second year, zh: 次年}}
  - id: circle
    label: {en: Circle, zh: 圈层}
    counts: invitation
    levels:
      - {id: outside, from: 0, label: {en: Outside, zh: 圈外}}
      - {id: inside, from: 0, label: {en: Inside, zh: 圈内}}
"""


def text(*pairs: tuple[str, str]) -> str:
    """The whole programme, with the given (old, new) of the plain one replaced."""
    return programmes.changed(("\nladder:\n", PURSE), *pairs, more_rules=PARTS + LADDERS)
