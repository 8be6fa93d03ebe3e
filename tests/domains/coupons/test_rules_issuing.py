"""Who gets a coupon, at what price, and from when until when it can be used."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.coupons.model import NEVER, Claim, Definition, Limit, Move, Refused, Room, Validity
from regulars.domains.coupons.rules.issuing import Issued, Request, issue, validity
from regulars.kernel import periods
from regulars.kernel.text import Text
from tests.domains.coupons.shapes import FREE, LONDON, NOON, day, terms

ONE = UUID(int=1)
SHANGHAI = periods.zone("Asia/Shanghai")
GOLD = Claim(test=lambda values: values.get("member.tier") == "gold", words=Text("tier is gold", "等级为金卡"))


def asked(definition: Definition, source: str = "claim", at: datetime = NOON, **more: Any) -> Request:
    plain: dict[str, Any] = {"values": {}, "version": 4, "coupon_id": ONE, "zone": LONDON, "currency": "GBP"}
    return Request(definition=definition, source=source, at=at, **{**plain, **more})


@pytest.mark.parametrize(
    ("terms_of", "starts", "ends"),
    [
        (Validity(), NOON, NEVER),
        (Validity(until=day(5)), NOON, day(5)),
        (Validity(start=day(2), until=day(5)), day(2), day(5)),
        (Validity(start=day(-2)), NOON, NEVER),
        (Validity(days=0), NOON, datetime(2026, 3, 2, tzinfo=UTC)),
        (Validity(days=30), NOON, datetime(2026, 3, 31, 23, tzinfo=UTC)),
        (Validity(days=0, round_to="month"), NOON, datetime(2026, 3, 31, 23, tzinfo=UTC)),
        (Validity(months=1), NOON, datetime(2026, 4, 1, 23, tzinfo=UTC)),
        (Validity(days=30, until=day(3)), NOON, day(3)),
        (Validity(delay_days=1, days=2), datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)),
        (Validity(start=day(9), days=1), day(9), datetime(2026, 3, 12, tzinfo=UTC)),
    ],
)
def test_from_when_until_when_a_coupon_can_be_used(terms_of: Validity, starts: datetime, ends: datetime) -> None:
    assert validity(terms(validity=terms_of), NOON, LONDON) == (starts, ends)


def test_days_are_those_of_the_programmes_zone() -> None:
    late = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert validity(terms(validity=Validity(days=0)), late, SHANGHAI)[1] == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert validity(terms(validity=Validity(delay_days=1)), late, SHANGHAI)[0] == datetime(2026, 3, 2, 16, tzinfo=UTC)


def test_a_claim_gives_a_move_its_counters_and_its_price() -> None:
    claim = Claim(limit=Limit(2, "month"), unit="points", price=100)
    definition = terms(claim=claim, stock=10, validity=Validity(days=1))
    given = issue(asked(definition), room=Room(usage={("coupon:ten:claim", date(2026, 3, 1)): 1}))
    why = {"version": 4, "code": "", "source": "claim", "passed": 0, "caps": [["coupon:ten:claim", "2026-03-01", 1]]}
    move = Move(ONE, "ten", "issue", NOON, NOON, datetime(2026, 3, 3, tzinfo=UTC), why)
    assert given == Issued(move=move, taken={"coupon:ten:stock": 1}, unit="points", price=100)


@pytest.mark.parametrize("source", ["batch", "rule", "gift", "exchange"])
def test_what_is_given_needs_no_claim_and_costs_nothing(source: str) -> None:
    definition = terms(claim=replace(GOLD, price=5, unit="points", limit=Limit(0, "day")))
    given = issue(asked(definition, source, code="ab-cd 12"), room=FREE)
    assert isinstance(given, Issued)
    assert (given.unit, given.price, given.taken) == ("", 0, {})
    assert given.move.why == {"version": 4, "code": "ABCD12", "source": source, "passed": 0}


OPEN = Claim()
REFUSALS: list[tuple[Definition, dict[str, Any], Room, str, str, str]] = [
    (terms(), {}, FREE, "not_claimable", "it is not one that members claim", "不是可领取的优惠券"),
    (terms(claim=GOLD), {}, FREE, "not_claimable", "it is for members where tier is gold", "仅限会员：等级为金卡"),
    (terms(claim=replace(OPEN, start=day(1))), {}, FREE, "not_yet", "it starts on 2 March 2026", "2026年3月2日起可用"),
    (terms(claim=replace(OPEN, until=NOON)), {}, FREE, "ended", "it ended on 1 March 2026", "已于2026年3月1日过期"),
    (
        terms(claim=replace(OPEN, limit=Limit(1, "lifetime"))),
        {},
        Room(usage={("coupon:ten:claim", date(1, 1, 1)): 1}),
        "used_up",
        "used up: 1 of 1 in all",
        "次数已用完：总共已用 1 / 1 次",
    ),
    (terms(claim=OPEN, generic_code="WE1C0ME"), {"code": "welcom"}, FREE, "code", "it needs its code", "需要输入券码"),
    (terms(claim=OPEN, stock=1), {}, Room(left={"coupon:ten:stock": 0}), "sold_out", "sold out", "已领完"),
    (terms(claim=OPEN, stock=0), {}, FREE, "sold_out", "sold out", "已领完"),
    (
        terms(claim=OPEN, incentive=True),
        {},
        Room(held_out=True),
        "control_group",
        "members of the control group get no incentives",
        "对照组会员不享受此优惠",
    ),
    (terms(claim=OPEN, validity=Validity(until=NOON)), {}, FREE, "ended", "it ended on 1 March 2026", "已于2026年3月1日过期"),
]


@pytest.mark.parametrize(("definition", "words", "room", "reason", "en", "zh"), REFUSALS)
def test_why_a_coupon_is_not_given(definition: Definition, words: dict[str, Any], room: Room, reason: str, en: str, zh: str) -> None:
    refused = issue(asked(definition, **words), room=room)
    assert isinstance(refused, Refused)
    assert (refused.definition, refused.reason, refused.text) == ("ten", reason, Text(en, zh))


def test_the_right_member_claims_and_the_lapsed_room_of_another_period_is_not_counted() -> None:
    gold = asked(terms(claim=GOLD), values={"member.tier": "gold"})
    assert isinstance(issue(gold, room=FREE), Issued)
    monthly = terms(claim=replace(OPEN, limit=Limit(1, "month")))
    assert isinstance(issue(asked(monthly), room=Room(usage={("coupon:ten:claim", date(2026, 2, 1)): 1})), Issued)


def test_edge_20_a_generic_code_is_typed_by_many_and_counts_its_uses() -> None:
    definition = terms(claim=OPEN, generic_code="WE1C0ME", code_uses=2, stock=50)
    given = issue(asked(definition, code=" welcome "), room=FREE)
    assert isinstance(given, Issued)
    assert given.taken == {"coupon:ten:stock": 1, "coupon:ten:code": 1}
    assert given.move.why["code"] == "WE1C0ME"
    refused = issue(asked(definition, code="WELCOME"), room=Room(left={"coupon:ten:code": 0}))
    assert isinstance(refused, Refused)
    assert refused.reason == "sold_out"
    assert isinstance(issue(asked(definition, "rule"), room=Room(left={"coupon:ten:code": 0})), Issued)
