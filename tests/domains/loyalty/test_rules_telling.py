"""Coupons, rewards and benefits in the journal, in words of both languages."""

import pytest

from regulars.domains.coupons.model import KINDS
from regulars.domains.loyalty import document
from regulars.domains.loyalty.rules import explain, telling
from regulars.domains.rewards.model import State
from tests.support import factories
from tests.support.wallets import entry, programme

PLAIN = programme()


@pytest.mark.parametrize(
    ("unit", "kind", "amount", "why", "en", "zh"),
    [
        ("coupon:tea", "use", 1, {"discount": 350}, "Coupon used: tea (3.50 GBP off)", "使用优惠券：tea (优惠 3.50 GBP)"),
        ("coupon:tea", "void", 1, {"reason": "misprint"}, "Coupon withdrawn: tea (misprint)", "优惠券作废：tea (misprint)"),
        ("reward:mug", "order", 2, {"points": 10, "cash": 0}, "2 × mug ordered", "兑换 mug × 2"),
        ("benefit:delivery", "use", 1, {"cost": 499}, "delivery used (cost 4.99 GBP)", "使用权益：delivery (成本 4.99 GBP)"),
    ],
)
def test_what_happened_to_goods_is_said(unit: str, kind: str, amount: int, why: dict[str, object], en: str, zh: str) -> None:
    one = entry(kind, amount, unit=unit)._replace(why=why)
    assert (explain.sentence(PLAIN, one, "en"), explain.sentence(PLAIN, one, "zh")) == (en, zh)


def test_every_move_has_its_sentence() -> None:
    said = {kind: set(words) for kind, words in telling._SAID.items()}
    assert said["coupon"] == KINDS
    assert said["reward"] == {"order", *(state.value for state in State if state is not State.placed)}


DESSERT = """
coupon_lanes: [{id: shop}]
coupons:
  - {id: tea, label: {en: Tea week, zh: 茶周券}, cash: {face: 300}, lane: shop, claim: {}}
rewards:
  - {id: mug, label: {en: A mug, zh: 马克杯}, kind: goods, unit: points, points: 50}
benefits:
  - {id: delivery, label: {en: Free delivery, zh: 免运费}, kind: free_delivery, unit_cost: 400}
"""


@pytest.mark.parametrize(
    ("unit", "kind", "en", "zh"),
    [
        ("coupon:tea", "use", "Coupon used: Tea week", "使用优惠券：茶周券"),
        ("reward:mug", "order", "2 × A mug ordered", "兑换 马克杯 × 2"),
        ("benefit:delivery", "use", "Free delivery used", "使用权益：免运费"),
        ("benefit:night:late", "use", "night:late used", "使用权益：night:late"),
    ],
)
def test_goods_are_called_by_their_label(unit: str, kind: str, en: str, zh: str) -> None:
    made = document.build(document.read(factories.demo_document() + DESSERT), 1)
    one = entry(kind, 2, unit=unit)
    assert (explain.sentence(made, one, "en"), explain.sentence(made, one, "zh")) == (en, zh)


def test_several_details_stand_one_after_the_other() -> None:
    one = entry("use", 1, unit="coupon:tea")._replace(why={"discount": 350, "reason": "by hand"})
    assert explain.sentence(PLAIN, one, "en") == "Coupon used: tea (3.50 GBP off; by hand)"
