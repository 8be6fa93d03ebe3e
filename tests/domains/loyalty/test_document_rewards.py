"""Benefits and rewards as operators write them: what they compile to, what is refused and where, how they are said."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from regulars.domains.benefits.model import Benefit, ClawBack
from regulars.domains.benefits.model import Kind as BenefitKind
from regulars.domains.loyalty import attributes
from regulars.domains.loyalty.document import benefits, rewards
from regulars.domains.loyalty.document.audience import Surroundings
from regulars.domains.rewards.model import Grant, GrantCode, GrantCoupon, GrantMoney, Reward
from regulars.domains.rewards.model import Kind as RewardKind
from regulars.kernel import audience, periods
from regulars.kernel.audience import Audience
from regulars.kernel.problem import Fault
from regulars.kernel.quotas import Quota
from regulars.kernel.text import Text

LEVELS = {"member": Text("Member", "普通"), "silver": Text("Silver", "银卡"), "gold": Text("Gold", "金卡")}
WITHIN = Surroundings(
    levels=LEVELS,
    units={"points": Text("points", "积分"), "wallet": Text("stored value", "储值")},
    registry=attributes.registry({"main": list(LEVELS)}),
    currency="GBP",
    zone=periods.zone("Europe/London"),
)
LABEL = {"en": "Delivery", "zh": "免运费"}
WHEN = {"combinator": "and", "rules": [{"field": "member.orders", "operator": ">=", "value": 3}]}
ORDER_ONLY = {"combinator": "and", "rules": [{"field": "order.total", "operator": ">", "value": 3}]}
UNKNOWN = {"combinator": "and", "rules": [{"field": "member.shoe", "operator": "=", "value": 3}]}


def benefit(**more: Any) -> benefits.Benefit:
    return benefits.Benefit.model_validate({"id": "delivery", "label": LABEL, "kind": "free_delivery"} | more)


def reward(**more: Any) -> rewards.Reward:
    plain = {"id": "mug", "label": {"en": "Mug", "zh": "马克杯"}, "kind": "goods", "unit": "points", "points": 1200}
    return rewards.Reward.model_validate(plain | more)


def built_benefits(*written: benefits.Benefit) -> tuple[dict[str, Benefit], list[tuple[str, str, str]]]:
    faults: list[Fault] = []
    return benefits.build(written, WITHIN, faults=faults), [(f.field, f.value, f.expected) for f in faults]


def built_rewards(*written: rewards.Reward) -> tuple[dict[str, Reward], list[tuple[str, str, str]]]:
    faults: list[Fault] = []
    found = rewards.build(written, WITHIN, coupons=["ten-off"], faults=faults)
    return found, [(f.field, f.value, f.expected) for f in faults]


def test_the_plainest_benefit() -> None:
    assert built_benefits(benefit()) == (
        {"delivery": Benefit(id="delivery", label=Text("Delivery", "免运费"), kind=BenefitKind.free_delivery)},
        [],
    )


def test_a_benefit_with_every_word() -> None:
    full = benefit(
        tiers=["gold", "silver"],
        when=WHEN,
        quota={"times": 2, "per": "membership_year"},
        unit_cost=300,
        incentive=True,
        claw_back="charge",
        max_freight=800,
    )
    found, faults = built_benefits(full)
    who = found["delivery"].audience
    assert faults == []
    assert found["delivery"] == Benefit(
        id="delivery",
        label=Text("Delivery", "免运费"),
        kind=BenefitKind.free_delivery,
        audience=who,
        quota=Quota(times=2, period="membership_year"),
        unit_cost=300,
        incentive=True,
        claw_back=ClawBack.charge,
        max_freight=800,
    )
    # The tiers stand in the order of the ladder, whatever the operator wrote.
    assert (who.tiers, who.reads) == ((("silver", LEVELS["silver"]), ("gold", LEVELS["gold"])), frozenset({"member.orders"}))
    assert who.condition == Text("Orders so far is at least 3 orders", "历史订单数不低于3 单")
    assert audience.find_refusal(who, LEVELS["gold"], {"member.tier": "gold", "member.orders": 3}) is None
    refused = audience.find_refusal(who, LEVELS["gold"], {"member.tier": "gold", "member.orders": 2})
    assert refused is not None
    assert refused.code == "audience.condition_unmet"


def test_an_exclusive_price_says_how_much() -> None:
    found, _ = built_benefits(benefit(kind="exclusive_price", discount_bp=1500))
    assert found["delivery"].discount_bp == 1500


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "exclusive_price"}, "give discount_bp with exclusive_price and with nothing else"),
        ({"discount_bp": 100}, "give discount_bp with exclusive_price and with nothing else"),
        ({"kind": "custom", "max_freight": 5}, "give max_freight with free_delivery only"),
        ({"quota": {"times": 0, "per": "month"}}, "greater than or equal to 1"),
        ({"quota": {"times": 1, "per": "decade"}}, "Input should be 'day'"),
        ({"kind": "luck"}, "Input should be 'free_delivery'"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_what_no_benefit_can_be(more: Mapping[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        benefit(**more)


def test_what_is_wrong_with_benefits_is_named_by_place() -> None:
    _, faults = built_benefits(benefit(tiers=["silver", "tin"]), benefit(when=ORDER_ONLY), benefit(id="third", when=UNKNOWN))
    assert faults[:3] == [
        ("benefits[1].id", "delivery", "an id that no earlier benefit has"),
        ("benefits[0].tiers[1]", "tin", "one of the levels member, silver, gold"),
        ("benefits[1].when", "order.total", "attributes of the member or the time: there is no order to ask about"),
    ]
    assert [field for field, _, _ in faults[3:]] == ["benefits[2].when.rules[0].field"]


@pytest.mark.parametrize(
    ("more", "en", "zh"),
    [
        (
            {},
            "For every tier: free delivery, as often as wanted; each use says what it cost.",
            "所有等级可享：免运费，不限次数；成本按每次实际记录。",
        ),
        (
            {"tiers": ["gold", "silver"], "quota": {"times": 1000, "per": "month"}, "unit_cost": 350, "max_freight": 800},
            "For Silver, Gold: free delivery up to 8.00 GBP, 1,000 a month; each use costs 3.50 GBP.",
            "银卡、金卡可享：免运费（每次最高 8.00 GBP），每月 1,000 次；每次成本 3.50 GBP。",
        ),
        (
            {"kind": "exclusive_price", "discount_bp": 1250, "when": WHEN, "incentive": True, "claw_back": "charge", "unit_cost": 0},
            (
                "For every tier, when Orders so far is at least 3 orders: an exclusive price, 12.5 % off, as often as wanted; "
                "each use costs 0.00 GBP; charged when a refund takes the tier away; not for the control group."
            ),
            "所有等级可享，且需历史订单数不低于3 单：专享价，优惠 12.5 %，不限次数；每次成本 0.00 GBP；退款导致降级时收回成本；对照组除外。",
        ),
    ],
)
def test_a_benefit_in_one_sentence(more: dict[str, Any], en: str, zh: str) -> None:
    said = benefits.sentence(benefit(**more), WITHIN)
    assert (said.en, said.zh) == (en, zh)


def test_the_plainest_reward() -> None:
    plain = Reward(
        id="mug", label=Text("Mug", "马克杯"), kind=RewardKind.goods, unit="points", unit_label=Text("points", "积分"), points=1200
    )
    assert built_rewards(reward()) == ({"mug": plain}, [])


def test_a_reward_with_every_word() -> None:
    full = reward(
        description={"en": "White.", "zh": "白色。"},
        image="/mug.png",
        cash=500,
        stock=50,
        limit={"times": 1, "per": "month"},
        tiers=["gold"],
        **{"from": date(2026, 3, 1), "until": "2026-06-30"},
    )
    found, faults = built_rewards(full)
    assert faults == []
    assert found["mug"] == Reward(
        id="mug",
        label=Text("Mug", "马克杯"),
        description=Text("White.", "白色。"),
        image="/mug.png",
        kind=RewardKind.goods,
        unit="points",
        unit_label=Text("points", "积分"),
        points=1200,
        cash=500,
        stock=50,
        limit=Quota(times=1, period="month"),
        audience=Audience(tiers=(("gold", LEVELS["gold"]),)),
        opens_at=datetime(2026, 3, 1, tzinfo=UTC),
        # The last day is included, and summer time has begun.
        closes_at=datetime(2026, 6, 30, 23, tzinfo=UTC),
    )
    assert rewards.Reward.model_validate(full.model_dump(by_alias=True, exclude_defaults=True, mode="json")) == full


@pytest.mark.parametrize(
    ("more", "grant"),
    [
        ({"kind": "coupon", "coupon": {"id": "ten-off", "count": 3}}, GrantCoupon("ten-off", 3)),
        ({"kind": "coupon", "coupon": {"id": "ten-off"}}, GrantCoupon("ten-off", 1)),
        ({"kind": "gift_card", "money": {"unit": "wallet", "amount": 5000}}, GrantMoney("wallet", 5000)),
        ({"kind": "digital", "codes": "cinema"}, GrantCode("cinema", 1)),
        ({"kind": "experience"}, None),
    ],
)
def test_what_a_reward_gives(more: dict[str, Any], grant: Grant | None) -> None:
    found, faults = built_rewards(reward(**more))
    assert (found["mug"].grant, faults) == (grant, [])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "coupon"}, "a reward of kind coupon gives coupon"),
        ({"kind": "gift_card", "codes": "x"}, "a reward of kind gift_card gives money"),
        ({"kind": "digital"}, "a reward of kind digital gives codes"),
        ({"codes": "x"}, "a reward of kind goods gives none of coupon, money, codes"),
        ({"from": date(2026, 3, 2), "until": date(2026, 3, 1)}, "until is the last day and lies on or after from"),
        ({"from": "tomorrow"}, "Invalid isoformat string"),
        ({"points": 0}, "greater than or equal to 1"),
        ({"stock": -1}, "greater than or equal to 0"),
    ],
)
def test_what_no_reward_can_be(more: Mapping[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        reward(**more)


def test_what_is_wrong_with_rewards_is_named_by_place() -> None:
    found, faults = built_rewards(
        reward(unit="stars"),
        reward(id="voucher", kind="coupon", coupon={"id": "gone"}),
        reward(id="card", kind="gift_card", money={"unit": "cash", "amount": 1}, tiers=["tin"]),
        reward(),
    )
    assert list(found) == ["mug"]
    assert faults == [
        ("rewards[3].id", "mug", "an id that no earlier reward has"),
        ("rewards[0].unit", "stars", "one of the units points, wallet"),
        ("rewards[1].coupon.id", "gone", "one of the coupons ten-off"),
        ("rewards[2].money.unit", "cash", "one of the units points, wallet"),
        ("rewards[2].tiers[0]", "tin", "one of the levels member, silver, gold"),
    ]


@pytest.mark.parametrize(
    ("more", "en", "zh"),
    [
        (
            {},
            "1,200 points. For every tier: as often as wanted, any number in stock, sent to the member.",
            "1,200 积分。所有等级可享：不限次数，库存不限，实物配送。",
        ),
        (
            {
                "cash": 500,
                "stock": 2000,
                "limit": {"times": 1, "per": "year"},
                "tiers": ["gold"],
                "from": "2026-03-01",
                "until": "2026-06-30",
            },
            "1,200 points and 5.00 GBP. For Gold: 1 a year, 2,000 in stock, sent to the member, from 2026-03-01 to 2026-06-30.",
            "1,200 积分 + 5.00 GBP。金卡可享：每年 1 次，库存 2,000 件，实物配送，2026-03-01 至 2026-06-30。",
        ),
        (
            {"kind": "experience", "from": "2026-03-01"},
            "1,200 points. For every tier: as often as wanted, any number in stock, arranged with the member, from 2026-03-01.",
            "1,200 积分。所有等级可享：不限次数，库存不限，预约体验，2026-03-01 起。",
        ),
        (
            {"kind": "digital", "codes": "cinema", "until": "2026-06-30"},
            "1,200 points. For every tier: as often as wanted, any number in stock, given as a code at once, until 2026-06-30.",
            "1,200 积分。所有等级可享：不限次数，库存不限，即时发码，至 2026-06-30 止。",
        ),
    ],
)
def test_a_reward_in_one_sentence(more: dict[str, Any], en: str, zh: str) -> None:
    said = rewards.sentence(reward(**more), WITHIN)
    assert (said.en, said.zh) == (en, zh)
