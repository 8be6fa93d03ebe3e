"""What moves carry with them: terms, ids and reasons; and in which order time moves several coupons."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.coupons.model import Candidate, Held, Limit, Move
from regulars.domains.coupons.rules import moving
from regulars.kernel.problem import Problem
from tests.domains.coupons.shapes import END, LONDON, NOON, day, held, terms

ONE, ORDER, ME, FRIEND = UUID(int=1), UUID(int=30), UUID(int=50), UUID(int=40)


def move(kind: Any, no: int = 1, **why: object) -> Move:
    return Move(UUID(int=no), "ten", kind, NOON, day(-10), END, why)


def reserved(no: int, until: datetime) -> list[Move]:
    return [move("issue", no, version=1), move("reserve", no, hold=str(UUID(int=20)), until=until.isoformat())]


def coupons(*moves: Move) -> dict[UUID, Held]:
    made: dict[UUID, Held] = {}
    for each in moves:
        moving.post(made, each)
    return made


def test_a_coupon_of_an_old_journal_was_claimed_without_a_code() -> None:
    assert coupons(move("issue", version=7)) == {ONE: held(1, version=7, code="", source="claim", passed=0)}


def test_what_comes_back_carries_all_its_terms_its_order_and_its_use() -> None:
    made = coupons(move("receive", version=3, code="AB", source="gift", passed=2))
    definition = terms(limit=Limit(2, "month"))
    used = moving.use(made, Candidate(made[ONE], definition), order=ORDER, at=NOON, zone=LONDON, why={"discount": 500})
    back = moving.give_back(made, used, definition, at=day(1), zone=LONDON)
    assert back is not None
    why = {"version": 3, "code": "AB", "source": "gift", "passed": 2, "order": str(ORDER), "caps": [["coupon:ten:use", "2026-03-01", -1]]}
    assert back == Move(ONE, "ten", "give_back", day(1), day(-10), END, why)
    usage = {("coupon:ten:use", date(2026, 3, 1)): 1}
    moving.count(usage, back)
    assert usage == {("coupon:ten:use", date(2026, 3, 1)): 0}


def test_a_coupon_that_is_not_held_is_named() -> None:
    with pytest.raises(Problem) as refused:
        moving.get({}, ONE)
    assert refused.value.fields == {"coupon": str(ONE), "state": "not held"}


def test_a_coupon_that_comes_back_while_it_is_in_hand_is_named_with_its_state() -> None:
    made = coupons(move("issue", version=1))
    with pytest.raises(Problem) as refused:
        moving.give_back(made, move("use", version=1, order=str(ORDER)), terms(), at=NOON, zone=LONDON)
    assert refused.value.fields == {"coupon": str(ONE), "state": "issued"}


def test_both_halves_of_a_gift_happen_at_its_moment() -> None:
    gone, came = moving.pass_on(coupons(move("issue", version=1)), ONE, terms(transfers=1), sender=ME, to=FRIEND, at=day(2))
    assert (gone.kind, gone.at, came.kind, came.at, came.ends) == ("pass_on", day(2), "receive", day(2), END)


@pytest.mark.parametrize(
    ("more", "to", "at", "zh"),
    [({"transfers": 1}, ME, NOON, "不能转赠给自己"), ({"transfers": 1}, FRIEND, END, "已过期"), ({}, FRIEND, NOON, "最多可转赠 0 次")],
)
def test_why_a_gift_is_refused_is_said_in_chinese_too(more: dict[str, Any], to: UUID, at: datetime, zh: str) -> None:
    with pytest.raises(Problem) as refused:
        moving.pass_on(coupons(move("issue", version=1)), ONE, terms(**more), sender=ME, to=to, at=at)
    assert refused.value.fields["reason_zh"] == zh


def test_only_the_reservations_that_are_due_time_out_and_together_by_their_ids() -> None:
    made = coupons(*reserved(3, day(1)), *reserved(1, day(2)), *reserved(2, day(1)))
    assert [(each.kind, each.coupon_id.int) for each in moving.advance(made, day(1))] == [("unreserve", 2), ("unreserve", 3)]
    assert [one.state for _, one in sorted(made.items())] == ["reserved", "issued", "issued"]


def test_coupons_that_end_together_lapse_by_their_ids() -> None:
    made = coupons(*(move("issue", no, version=1) for no in (3, 1, 2)))
    assert [(each.kind, each.coupon_id.int, each.at) for each in moving.advance(made, END)] == [("lapse", no, END) for no in (1, 2, 3)]
