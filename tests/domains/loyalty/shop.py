"""A programme with coupons, rewards, benefits and stored value, for tests at the API."""

from tests.domains.loyalty import programmes

GOODS = """  - {id: day, label: {en: Check-in, zh: 签到}, unit: points, on: check_in, fixed: 5}
coupon_lanes:
  - {id: main}
coupons:
  - {id: welcome, label: {en: Welcome, zh: 新人券}, cash: {face: 500}, validity: {days: 30}, stock: 2, transfers: 1,
     claim: {limit: {times: 1, per: lifetime}}}
  - {id: tea, label: {en: Tea week, zh: 茶周券}, spend_off: {steps: [{from: 2000, less: 300}]}, validity: {days: 10},
     claim: {}, generic_code: TEAWEEK}
  - {id: leaflet, label: {en: Leaflet, zh: 传单券}, cash: {face: 200}, validity: {days: 60}}
rewards:
  - {id: cup, label: {en: Cup, zh: 茶杯}, kind: goods, unit: points, points: 50, cash: 100, stock: 2, limit: {times: 1, per: year}}
  - {id: voucher, label: {en: Voucher, zh: 代金券}, kind: coupon, unit: points, points: 10, coupon: {id: leaflet}}
benefits:
  - {id: delivery, label: {en: Free delivery, zh: 免运费}, kind: free_delivery, quota: {times: 2, per: month}, unit_cost: 600}
  - {id: lounge, label: {en: Lounge, zh: 休息室}, kind: event_access, tiers: [gold]}
"""
_PURSE = """  purse:
    label: {en: stored value, zh: 储值}
    money: true
    expiry: {rolling: {months: 60}}
    redeem: {points: 1, worth: 1}
"""
_GROWTH = "  growth:\n    label"
SHOP = programmes.changed((_GROWTH, _PURSE + _GROWTH), more_rules=GOODS)
