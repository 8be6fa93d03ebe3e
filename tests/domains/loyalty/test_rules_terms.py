"""What a coupon gives, what bounds it, why it waits and what became of it: each in words of both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.coupons.model import NEVER, Definition, Held, Lane, Limit, Step, Validity
from regulars.domains.loyalty.rules import terms
from regulars.domains.points.model import Entry
from regulars.kernel.text import Text
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import programme

NOON = factories.NOON
PLAIN = programme()
LABEL = Text("Tea", "茶")


def coupon(**more: Any) -> Definition:
    """A coupon of five off, but for what is given."""
    return Definition(**{"id": "tea", "label": LABEL, "kind": "cash", "face": 500, **more})


def both(texts: list[Text]) -> list[tuple[str, str]]:
    """Each text in both languages."""
    return [(text.en, text.zh) for text in texts]


@pytest.mark.parametrize(
    ("more", "en", "zh"),
    [
        ({}, "5.00 GBP off", "抵 5.00 GBP"),
        ({"most": 300}, "5.00 GBP off, at most 3.00 GBP", "抵 5.00 GBP，最高 3.00 GBP"),
        ({"kind": "percent", "rate_bp": 8500}, "15 % off", "8.5 折"),
        ({"kind": "free_delivery"}, "Free delivery", "免运费"),
        ({"kind": "exchange"}, "The cheapest article free", "最便宜的一件免费"),
        ({"kind": "exchange", "pick": "dearest", "copay": 99}, "The dearest article for 0.99 GBP", "最贵的一件只需 0.99 GBP"),
        (
            {"kind": "spend_off", "steps": (Step(1000, 100), Step(2000, 300))},
            "1.00 GBP off from 10.00 GBP, 3.00 GBP off from 20.00 GBP",
            "满 10.00 GBP 减 1.00 GBP，满 20.00 GBP 减 3.00 GBP",
        ),
        (
            {"kind": "spend_off", "steps": (Step(1000, 100),), "every": True},
            "1.00 GBP off for every 10.00 GBP",
            "每满 10.00 GBP 减 1.00 GBP",
        ),
    ],
)
def test_what_a_coupon_takes_off_is_said(more: dict[str, Any], en: str, zh: str) -> None:
    said = terms.worth(coupon(**more), "GBP")
    assert (said.en, said.zh) == (en, zh)


def test_everything_that_bounds_a_coupon_is_said() -> None:
    bound = coupon(
        words=Text("it is tea", "茶叶"),
        by_line=True,
        min_spend=2_000,
        stores=frozenset({"S2", "S1"}),
        exclusive=True,
        limit=Limit(2, "month"),
        transfers=1,
        on_refund="never",
    )
    assert both(terms.bounds(bound, PLAIN)) == [
        ("Articles where it is tea", "适用商品：茶叶"),
        ("From 20.00 GBP of what it counts on", "适用商品满 20.00 GBP 可用"),
        ("Only in S1, S2", "仅限门店 S1, S2"),
        ("Not together with other coupons", "不与其他优惠券同享"),
        ("Used at most 2 times a month", "每月最多使用 2 次"),
        ("Can be given to a friend", "可转赠好友"),
        ("Does not come back after a refund", "退款不退券"),
    ]
    order = coupon(words=Text("it is large", "大单"), min_spend=100, min_spend_on="order", per_order=3, grace_days=7)
    assert both(terms.bounds(order, PLAIN)) == [
        ("Orders where it is large", "适用订单：大单"),
        ("From 1.00 GBP of the order", "整单满 1.00 GBP 可用"),
        ("Up to 3 on an order", "每单最多 3 张"),
        ("Comes back for at least 7 days after a full refund", "整单退款后退回，至少再用 7 天"),
    ]


def test_a_lane_that_takes_many_sets_no_bound_of_its_own() -> None:
    alone = ("One coupon of this group on an order", "同组优惠券每单限用一张")
    assert alone in both(terms.bounds(coupon(lane="one"), replace(PLAIN, lanes=(Lane("one"),))))
    assert alone not in both(terms.bounds(coupon(lane="many"), replace(PLAIN, lanes=(Lane("many", many=True),))))


@pytest.mark.parametrize(
    ("validity", "said"),
    [
        (Validity(), [("Does not lapse", "长期有效")]),
        (Validity(days=0), [("For the same day", "有效期 当日")]),
        (
            Validity(delay_days=3, months=1, days=2, round_to="month"),
            [
                ("From 3 days after it is claimed", "领取 3 天后可用"),
                ("For 1 month and 2 days, to the end of that month", "有效期 1 个月又 2 天，至当月末"),
            ],
        ),
        (
            Validity(start=datetime(2026, 4, 30, 23, tzinfo=UTC), until=datetime(2026, 5, 31, 23, tzinfo=UTC)),
            [("From 1 May 2026", "2026年5月1日起可用"), ("Through 31 May 2026", "有效期至2026年5月31日")],
        ),
    ],
)
def test_when_a_claimed_coupon_could_be_used_is_said(validity: Validity, said: list[tuple[str, str]]) -> None:
    assert both(terms.span(coupon(validity=validity), PLAIN.zone)) == said


def held(**more: Any) -> Held:
    """A coupon in hand."""
    return Held(**{"coupon_id": UUID(int=1), "definition": "ten", "version": 1, "state": "issued", "starts": NOON, "ends": NEVER, **more})


def entry(kind: str, **why: object) -> Entry:
    """The last thing that happened to it."""
    return Entry("coupon:ten", kind, 1, NOON, NEVER, NOON, UUID(int=1), why)


@pytest.mark.parametrize(
    ("last", "en", "zh"),
    [
        (entry("use", discount=350), "Used on 1 March 2026: 3.50 GBP off", "已于2026年3月1日使用，优惠 3.50 GBP"),
        (entry("void", reason="misprint"), "Withdrawn on 1 March 2026: misprint", "已于2026年3月1日作废：misprint"),
        (entry("pass_on"), "Given away on 1 March 2026", "已于2026年3月1日转赠"),
        # It ended at midnight: its last day is the one before, whenever the clock's job came.
        (entry("lapse"), "Ended on 28 February 2026", "已于2026年2月28日过期"),
        (None, "Ended on 28 February 2026", "已于2026年2月28日过期"),
    ],
)
def test_what_became_of_a_coupon_is_said(last: Entry | None, en: str, zh: str) -> None:
    said = terms.became(PLAIN, held(ends=datetime(2026, 3, 1, tzinfo=UTC)), last)
    assert (said.en, said.zh) == (en, zh)


def test_why_a_coupon_in_hand_waits_is_said() -> None:
    machine = Machine(factories.programme(whole.text()))
    rules, standing = machine.programme, machine.standing
    version = {"version": rules.version}

    def why(**more: Any) -> str | None:
        found = terms.why_not(rules, standing, held(**version, **more), at=NOON)
        return found.text.en if found else None

    assert why() is None
    assert why(state="reserved") == "it is set aside for another cart"
    assert why(starts=NOON + timedelta(days=2)) == "it starts on 3 March 2026"
    standing.wallet.usage["coupon:ten:use", NOON.date().replace(day=1)] = 1
    assert why() == "used up: 1 of 1 this month"
    assert why(definition="bought") is None


def test_the_last_day_is_a_local_one() -> None:
    assert terms.last_day(held(), PLAIN.zone) is None
    assert terms.last_day(held(ends=datetime(2026, 6, 30, 23, tzinfo=UTC)), PLAIN.zone) == "2026-06-30"
