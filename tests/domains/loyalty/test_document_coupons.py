"""Coupons of the document: what each word compiles to, what is refused with its place, and what each says in both languages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from regulars.domains.coupons.model import Budget, Claim, Definition, Limit, Step, Validity
from regulars.domains.coupons.model import Lane as CompiledLane
from regulars.domains.loyalty import attributes
from regulars.domains.loyalty.document import coupons
from regulars.kernel import periods
from regulars.kernel.problem import Fault
from regulars.kernel.text import Text

WITHIN = coupons.Within(
    units={"points": Text("points", "积分")},
    registry=attributes.registry({"main": ["basic", "gold"]}),
    currency="GBP",
    zone=periods.zone("Asia/Shanghai"),
)
PLAIN: dict[str, Any] = {"id": "c", "label": {"en": "Coupon", "zh": "券"}, "cash": {"face": 500}}
LANES: list[dict[str, Any]] = [{"id": "goods", "many": True}, {"id": "main"}]
TEA = {"combinator": "and", "rules": [{"field": "line.category", "operator": "=", "value": "tea"}]}
GOLD = {"combinator": "and", "rules": [{"field": "member.tier", "operator": "=", "value": "gold"}]}

EVERY_WORD = """
id: welcome
label: {en: Welcome, zh: 新人券}
spend_off: {steps: [{from: 5000, less: 500}, {from: 10000, less: 1500}]}
max_discount: 1200
when: {combinator: and, rules: [{field: line.category, operator: "=", value: tea}]}
min_spend: 6000
min_spend_on: order
stores: [leeds, york]
validity: {from: 2026-05-01, until: 2026-05-31, delay_days: 1, months: 1, days: 2, round_to: month}
lane: goods
per_order: 2
limit: {times: 2, per: month}
stock: 1000
budget: {total: 100000, per_store: 5000, when_short: refuse}
incentive: true
claim:
  when: {combinator: and, rules: [{field: member.tier, operator: "=", value: gold}]}
  from: 2026-04-20
  until: 2026-05-10
  limit: {times: 1, per: lifetime}
  price: {unit: points, amount: 300}
generic_code: hello-10
code_uses: 50
transfers: 1
grace_days: 7
"""


def read(**words: Any) -> coupons.Coupon:
    return coupons.Coupon.model_validate({**PLAIN, **words})


def other(worth: str, of: dict[str, Any], **words: Any) -> coupons.Coupon:
    plain = {name: value for name, value in PLAIN.items() if name != "cash"}
    return coupons.Coupon.model_validate({**plain, worth: of, **words})


def lanes(written: list[dict[str, Any]]) -> list[coupons.Lane]:
    return [coupons.Lane.model_validate(lane) for lane in written]


def built(*written: coupons.Coupon, of: list[dict[str, Any]] = LANES) -> dict[str, Definition]:
    faults: list[Fault] = []
    made, _ = coupons.build(written, lanes(of), WITHIN, faults=faults)
    assert faults == []
    return made


def places(*written: coupons.Coupon, of: list[dict[str, Any]] = LANES) -> list[tuple[str, str, str]]:
    faults: list[Fault] = []
    coupons.build(written, lanes(of), WITHIN, faults=faults)
    return [(fault.field, fault.value, fault.expected) for fault in faults]


VALIDITY = Validity(
    start=datetime(2026, 4, 30, 16, tzinfo=UTC),
    until=datetime(2026, 5, 31, 16, tzinfo=UTC),
    delay_days=1,
    months=1,
    days=2,
    round_to="month",
)
CLAIM = Claim(
    words=Text("Tier is gold", "等级为gold"),
    reads=frozenset(["member.tier"]),
    start=datetime(2026, 4, 19, 16, tzinfo=UTC),
    until=datetime(2026, 5, 10, 16, tzinfo=UTC),
    limit=Limit(1, "lifetime"),
    unit="points",
    price=300,
)


def test_every_word_compiles_to_what_it_says() -> None:
    made = built(coupons.Coupon.model_validate(yaml.safe_load(EVERY_WORD)))["welcome"]
    assert made.test is not None
    assert made.claim is not None
    assert made.claim.test is not None
    assert [made.test({"line.category": category}) for category in ("tea", "cake")] == [True, False]
    assert [made.claim.test({"member.tier": tier}) for tier in ("gold", "basic")] == [True, False]
    assert replace(made, test=None, claim=replace(made.claim, test=None)) == Definition(
        id="welcome",
        label=Text("Welcome", "新人券"),
        kind="spend_off",
        steps=(Step(5000, 500), Step(10_000, 1500)),
        most=1200,
        words=Text("Category is “tea”", "品类为「tea」"),
        by_line=True,
        reads=frozenset(["line.category"]),
        min_spend=6000,
        min_spend_on="order",
        stores=frozenset(["leeds", "york"]),
        validity=VALIDITY,
        lane="goods",
        per_order=2,
        limit=Limit(2, "month"),
        stock=1000,
        budget=Budget(total=100_000, per_store=5000, when_short="refuse"),
        incentive=True,
        claim=CLAIM,
        generic_code="HE11010",
        code_uses=50,
        transfers=1,
        grace_days=7,
    )


@pytest.mark.parametrize(
    ("worth", "of", "wanted"),
    [
        ("percent", {"rate_bp": 8500}, {"kind": "percent", "rate_bp": 8500}),
        ("cash", {"face": 500}, {"kind": "cash", "face": 500}),
        ("exchange", {"pick": "dearest", "copay": 100}, {"kind": "exchange", "pick": "dearest", "copay": 100}),
        ("free_delivery", {}, {"kind": "free_delivery"}),
        ("spend_off", {"steps": [{"from": 10, "less": 1}], "every": True}, {"kind": "spend_off", "steps": (Step(10, 1),), "every": True}),
    ],
)
def test_each_worth_alone_is_a_coupon_with_plain_terms(worth: str, of: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert built(other(worth, of))["c"] == Definition(id="c", label=Text("Coupon", "券"), **wanted)


def test_lanes_keep_their_order() -> None:
    assert coupons.build([], lanes(LANES), WITHIN, faults=[]) == ({}, (CompiledLane("goods", many=True), CompiledLane("main", many=False)))


def test_what_does_not_fit_is_named_with_its_place() -> None:
    assert places(read(), read(), of=[*LANES, {"id": "main"}]) == [
        ("coupon_lanes[2].id", "main", "an id that no earlier one has"),
        ("coupons[1].id", "c", "an id that no earlier one has"),
    ]
    assert places(read(lane="none")) == [("coupons[0].lane", "none", "one of goods, main")]
    assert places(read(), of=[]) == [("coupons[0].lane", "main", "one of coupon_lanes, which has none yet")]
    assert places(read(per_order=2)) == [("coupons[0].per_order", "2", "1, since the lane main takes one coupon")]
    assert places(read(when={"combinator": "and", "rules": [{"field": "line.colour", "operator": "=", "value": "x"}]})) == [
        ("coupons[0].when.rules[0].field", "line.colour", "a known attribute; did you mean line.category?")
    ]
    assert places(read(claim={"when": TEA})) == [
        ("coupons[0].claim.when", "line.category", "attributes of the member and the time: nothing is bought yet")
    ]
    assert places(read(claim={"price": {"unit": "stamps", "amount": 1}})) == [
        ("coupons[0].claim.price.unit", "stamps", "one of the units points")
    ]
    coded = {"claim": {}, "generic_code": "SPRING"}
    assert places(read(**coded), read(id="d", **{**coded, "generic_code": "spring"})) == [
        ("coupons[1].generic_code", "5PR1NG", "a code that no other coupon has")
    ]
    ((place, _, said),) = places(read(claim={}, generic_code="春天好"))
    assert (place, said.startswith("Character 1 of the code")) == ("coupons[0].generic_code", True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"percent": {"rate_bp": 1}}, "give exactly one of spend_off"),
        ({"generic_code": "ABC"}, "give claim as well"),
        ({"code_uses": 5}, "code_uses goes with generic_code"),
        ({"validity": {"from": "2026-05-02", "until": "2026-05-01"}}, "until is not before from"),
        ({"validity": {"round_to": "month"}}, "round_to goes with days or months"),
        ({"validity": {"from": "2026-02-30"}}, "day"),
        ({"validity": {"from": "tomorrow"}}, "pattern"),
        ({"percent": {"rate_bp": 10_000}}, "less than 10000"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_what_contradicts_itself_is_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        read(**words)


@pytest.mark.parametrize(
    ("steps", "every", "said"),
    [
        ([(10, 1), (10, 2)], False, "steps rise"),
        ([(10, 2), (20, 2)], False, "each takes off more"),
        ([(10, 1), (20, 2)], True, "every goes with a single step"),
    ],
)
def test_steps_that_do_not_rise_are_refused(steps: list[tuple[int, int]], every: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        other("spend_off", {"steps": [{"from": least, "less": less} for least, less in steps], "every": every})


def test_a_day_is_written_as_it_was_read() -> None:
    part = coupons.Coupon.model_validate(yaml.safe_load(EVERY_WORD))
    written = yaml.safe_dump(part.model_dump(by_alias=True, exclude_defaults=True, mode="json"))
    assert coupons.Coupon.model_validate(yaml.safe_load(written)) == part


def test_every_word_is_said_in_both_languages() -> None:
    part = coupons.Coupon.model_validate(yaml.safe_load(EVERY_WORD))
    assert coupons.sentence(part, WITHIN) == Text(
        "5.00 GBP off from 50.00 GBP, 15.00 GBP off from 100.00 GBP, at most 12.00 GBP; where Category is “tea”; "
        "from 60.00 GBP of the order; only in leeds, york; up to 2 on an order; "
        "from 1 days after it was issued; valid for 1 months and 2 days, to the end of that month; "
        "from 2026-05-01; through 2026-05-31; used at most 2 a month; 1,000 in all; a budget of 1,000.00 GBP in all; "
        "a budget of 50.00 GBP a store; refused when the budget does not suffice; members where Tier is gold claim it with the code "
        "hello-10 (50) for 300 points, at most 1 in a lifetime from 2026-04-20 through 2026-05-10; can be passed on 1 times; "
        "comes back for at least 7 days after a full refund; not for the control group.",
        "满 50.00 GBP 减 5.00 GBP，满 100.00 GBP 减 15.00 GBP，最高 12.00 GBP；适用于品类为「tea」；整单满 60.00 GBP 可用；"
        "仅限门店 leeds, york；每单最多 2 张；领取 1 天后可用；有效期 1 个月又 2 天，至当月末；2026年5月1日起；至2026年5月31日止；每月 2 次以内使用；共 1,000 张；"
        "总预算 1,000.00 GBP；每店预算 50.00 GBP；预算不足时不可用；等级为gold的会员可领取（券码 hello-10 (50)），需 300 积分，终身 1 次，"
        "2026年4月20日起，2026年5月10日止；可转赠 1 次；整单退款后退回，至少再用 7 天；对照组除外。",
    )


BACK = Text("comes back with its old end after a full refund", "整单退款后退回，有效期不变")


@pytest.mark.parametrize(
    ("part", "en", "zh"),
    [
        (read(), "5.00 GBP off", "抵 5.00 GBP"),
        (other("percent", {"rate_bp": 8500}), "15 % off", "8.5 折"),
        (other("exchange", {}), "the cheapest unit free", "最便宜的一件免费"),
        (other("exchange", {"pick": "dearest", "copay": 100}), "the dearest unit for 1.00 GBP", "最贵的一件只需 1.00 GBP"),
        (other("free_delivery", {}, max_discount=300), "free delivery, at most 3.00 GBP", "免运费，最高 3.00 GBP"),
        (
            other("spend_off", {"steps": [{"from": 10_000, "less": 1000}], "every": True}),
            "10.00 GBP off for every 100.00 GBP",
            "每满 100.00 GBP 减 10.00 GBP",
        ),
        (read(exclusive=True), "5.00 GBP off; not with other coupons", "抵 5.00 GBP；不与其他券同享"),
        (read(min_spend=900), "5.00 GBP off; from 9.00 GBP of what it counts on", "抵 5.00 GBP；适用商品满 9.00 GBP 可用"),
        (read(validity={"days": 0}), "5.00 GBP off; valid for the same day", "抵 5.00 GBP；有效期 当日"),
        (read(claim={}), "5.00 GBP off; members claim it", "抵 5.00 GBP；会员可领取"),
    ],
)
def test_a_coupon_in_a_sentence(part: coupons.Coupon, en: str, zh: str) -> None:
    assert coupons.sentence(part, WITHIN) == Text(f"{en}; {BACK.en}.", f"{zh}；{BACK.zh}。")


def test_a_coupon_that_never_comes_back_says_so() -> None:
    assert coupons.sentence(read(on_refund="never"), WITHIN).zh == "抵 5.00 GBP；退款不退券。"
