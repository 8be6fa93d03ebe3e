"""Moves change what a member holds, each from the states it may start from; folding them rebuilds it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.coupons.model import KINDS, NEVER, Candidate, Held, Limit, Move
from regulars.domains.coupons.rules import moving
from regulars.kernel.problem import Problem
from tests.domains.coupons.shapes import END, LONDON, NOON, day, held, terms

ONE, HOLD, ORDER, FRIEND, ME = UUID(int=1), UUID(int=20), UUID(int=30), UUID(int=40), UUID(int=50)
TERMS: dict[str, Any] = {"version": 1, "code": "", "source": "claim", "passed": 0}


def move(kind: Any, no: int = 1, at: datetime = NOON, ends: datetime = END, **why: object) -> Move:
    return Move(UUID(int=no), "ten", kind, at, day(-10), ends, why)


def issued(no: int = 1, ends: datetime = END) -> Move:
    return move("issue", no, ends=ends, **TERMS)


def coupons(*moves: Move) -> dict[UUID, Held]:
    made: dict[UUID, Held] = {}
    for each in moves:
        moving.post(made, each)
    return made


RESERVE = move("reserve", hold=str(HOLD), until=day(1).isoformat())
USE = move("use", order=str(ORDER), **TERMS)
PASS = move("pass_on", to=str(FRIEND))
STATES = {
    "nothing": [],
    "issued": [issued()],
    "reserved": [issued(), RESERVE],
    "used": [issued(), USE],
    "void": [issued(), move("void")],
    "lapsed": [issued(), move("lapse")],
    "passed_on": [issued(), PASS],
}
EVERY = {
    "issue": (issued(), {"nothing": "issued"}),
    "receive": (move("receive", **TERMS), {"nothing": "issued", "passed_on": "issued"}),
    "reserve": (RESERVE, {"issued": "reserved"}),
    "unreserve": (move("unreserve"), {"reserved": "issued"}),
    "use": (USE, {"issued": "used", "reserved": "used"}),
    "give_back": (move("give_back", **TERMS), {"nothing": "issued", "used": "issued"}),
    "void": (move("void"), {"issued": "void", "reserved": "void"}),
    "lapse": (move("lapse"), {"issued": "lapsed"}),
    "pass_on": (PASS, {"issued": "passed_on"}),
}


def test_every_kind_has_a_case() -> None:
    assert set(EVERY) == KINDS


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("state", STATES)
def test_a_move_starts_from_its_states_and_from_no_other(kind: str, state: str) -> None:
    made = coupons(*STATES[state])
    each, allowed = EVERY[kind]
    if state in allowed:
        moving.post(made, each)
        assert made[ONE].state == allowed[state]
    else:
        before = dict(made)
        named = "not there" if state == "nothing" else state
        with pytest.raises(ValueError, match=f"^coupon {ONE} is {named}: no {kind}$"):
            moving.post(made, each)
        assert made == before


def test_what_a_coupon_refers_to_comes_and_goes_with_its_state() -> None:
    assert coupons(issued())[ONE] == held(1)
    assert coupons(issued(), RESERVE)[ONE] == held(1, state="reserved", ref=HOLD, until=day(1))
    assert coupons(issued(), RESERVE, move("unreserve"))[ONE] == held(1)
    assert coupons(issued(), RESERVE, USE)[ONE] == held(1, state="used", ref=ORDER)
    assert coupons(issued(), PASS)[ONE] == held(1, state="passed_on", ref=FRIEND)
    full = move("receive", version=7, code="ABC", source="gift", passed=2)
    assert coupons(full)[ONE] == held(1, version=7, code="ABC", source="gift", passed=2)
    assert [each.live for each in (held(), held(1, state="reserved"), held(1, state="used"))] == [True, True, False]


def test_a_cart_reserves_a_coupon_for_itself_and_gives_it_back() -> None:
    made = coupons(issued())
    taken = moving.reserve(made, ONE, hold=HOLD, until=day(1), at=NOON)
    assert taken == RESERVE
    with pytest.raises(Problem) as refused:
        moving.reserve(made, ONE, hold=ORDER, until=day(1), at=NOON)
    assert (refused.value.code, refused.value.fields) == ("coupons.gone", {"coupon": str(ONE), "state": "reserved"})
    back = moving.unreserve(made, ONE, at=NOON, why={"cancelled": True})
    assert (back.why, made[ONE]) == ({"cancelled": True, "hold": str(HOLD)}, held(1))
    for wish in (moving.unreserve, moving.void):
        with pytest.raises(Problem, match="is not held"):
            wish(made, UUID(int=99), at=NOON, why={})


@pytest.mark.parametrize("limit", [None, Limit(2, "month")])
def test_a_use_counts_against_the_limit_and_a_refund_of_the_whole_order_counts_it_back(limit: Limit | None) -> None:
    definition, made = terms(limit=limit), coupons(issued())
    used = moving.use(made, Candidate(made[ONE], definition), order=ORDER, at=NOON, zone=LONDON, why={"discount": 500})
    caps = [["coupon:ten:use", "2026-03-01", 1]]
    assert used.why == {"discount": 500, **TERMS, "order": str(ORDER)} | ({"caps": caps} if limit else {})
    usage: dict[tuple[str, date], int] = {}
    moving.count(usage, used)
    assert usage == ({("coupon:ten:use", date(2026, 3, 1)): 1} if limit else {})
    back = moving.give_back(made, used, definition, at=day(1), zone=LONDON)
    assert back is not None
    assert (back.kind, back.at, back.ends, made[ONE]) == ("give_back", day(1), END, held(1))
    moving.count(usage, back)
    assert set(usage.values()) <= {0}
    with pytest.raises(Problem, match="is issued and cannot"):
        moving.give_back(made, used, definition, at=day(1), zone=LONDON)


def test_a_coupon_used_long_ago_comes_back_from_its_use_alone() -> None:
    made = coupons(issued())
    used = moving.use(made, Candidate(made[ONE], terms()), order=ORDER, at=NOON, zone=LONDON, why={})
    elsewhere: dict[UUID, Held] = {}
    moving.give_back(elsewhere, used, terms(), at=day(1), zone=LONDON)
    moving.give_back(made, used, terms(), at=day(1), zone=LONDON)
    assert elsewhere == made


def test_a_returned_coupon_keeps_its_old_end_unless_its_terms_grant_days_of_grace() -> None:
    used = coupons(issued(ends=day(2)))
    gone = moving.use(used, Candidate(used[ONE], terms()), order=ORDER, at=NOON, zone=LONDON, why={})
    late = moving.give_back(dict(used), gone, terms(grace_days=7), at=day(10), zone=LONDON)
    early = moving.give_back(dict(used), gone._replace(ends=END), terms(grace_days=7), at=day(10), zone=LONDON)
    assert late is not None
    assert early is not None
    assert late.ends == datetime(2026, 3, 19, tzinfo=UTC)
    assert early.ends == END
    assert moving.give_back(used, gone, terms(on_refund="never"), at=day(1), zone=LONDON) is None
    assert used[ONE].state == "used"
    moving.give_back(used, gone, terms(), at=day(10), zone=LONDON)
    assert [(each.kind, each.at) for each in moving.advance(used, day(10))] == [("lapse", day(2))]


def test_a_coupon_is_passed_on_as_often_as_its_terms_allow() -> None:
    definition, made, friends = terms(transfers=1), coupons(issued()), coupons()
    gone, came = moving.pass_on(made, ONE, definition, sender=ME, to=FRIEND, at=NOON)
    moving.post(friends, came)
    assert (gone.why, made[ONE].state) == ({"to": str(FRIEND)}, "passed_on")
    assert friends[ONE] == held(1, source="gift", passed=1)
    assert came.why["from"] == str(ME)
    with pytest.raises(Problem) as refused:
        moving.pass_on(friends, ONE, definition, sender=FRIEND, to=ME, at=NOON)
    assert (refused.value.code, refused.value.text("zh")) == ("coupons.not_passed_on", "优惠券 Ten 不可转赠：最多可转赠 1 次。")
    twice = moving.pass_on(friends, ONE, terms(transfers=2), sender=FRIEND, to=ME, at=NOON)[1]
    moving.post(made, twice)
    assert made[ONE] == held(1, source="gift", passed=2)


@pytest.mark.parametrize(("to", "at", "said"), [(ME, NOON, "it is the member's own already"), (FRIEND, END, "it has ended")])
def test_a_coupon_is_not_passed_on_to_oneself_nor_after_its_end(to: UUID, at: datetime, said: str) -> None:
    made = coupons(issued())
    with pytest.raises(Problem) as refused:
        moving.pass_on(made, ONE, terms(transfers=1), sender=ME, to=to, at=at)
    assert refused.value.fields["reason"] == said
    assert made == coupons(issued())


def test_time_ends_reservations_and_coupons_in_the_order_of_their_moments() -> None:
    second = move("reserve", 2, hold=str(HOLD), until=day(3).isoformat())
    made = coupons(issued(1, ends=day(5)), issued(2, ends=day(2)), second, issued(3, ends=NEVER))
    assert moving.soonest(made) == day(3)
    assert moving.advance(made, day(2)) == []
    moves = moving.advance(made, day(9))
    assert [(each.coupon_id.int, each.kind, each.at) for each in moves] == [
        (2, "unreserve", day(3)),
        (2, "lapse", day(3)),
        (1, "lapse", day(5)),
    ]
    assert moves[0].why == {"timed_out": True, "hold": str(HOLD)}
    assert moving.advance(made, day(9)) == []
    assert moving.soonest(made) == NEVER
    assert moving.advance(made, NEVER) == []
    assert coupons(issued(1, ends=day(5)), issued(2, ends=day(2)), second, issued(3, ends=NEVER), *moves) == made


def test_a_move_is_written_as_an_entry_and_read_back() -> None:
    fields = moving.written(USE)
    assert fields == ("coupon:ten", "use", 1, NOON, END, day(-10), ONE, USE.why)
    assert moving.read(fields) == USE


WISHES = ["issue", "reserve", "unreserve", "use", "give_back", "void", "pass_on", "receive", "time"]


@given(st.lists(st.tuples(st.sampled_from(WISHES), st.integers(1, 3), st.integers(0, 3)), max_size=40))
def test_folding_the_moves_rebuilds_the_coupons_whatever_was_wished(wishes: list[tuple[str, int, int]]) -> None:
    made: dict[UUID, Held] = {}
    journal: list[Move] = []
    now = NOON
    definition = terms(transfers=2, limit=Limit(9, "day"))
    for kind, no, days in wishes:
        now = max(now, now + (day(days) - NOON))
        journal += moving.advance(made, now)
        one = UUID(int=no)
        try:
            journal += wished(kind, made, one, definition, now=now, journal=journal)
        except (Problem, ValueError):
            continue
    assert coupons(*journal) == made
    assert coupons(*[moving.read(moving.written(each)) for each in journal]) == made


def wished(kind: str, made: dict[UUID, Held], one: UUID, definition: Any, *, now: datetime, journal: list[Move]) -> list[Move]:
    used = [each for each in journal if each.kind == "use" and each.coupon_id == one]
    if kind in ("issue", "receive"):
        each = Move(one, "ten", "issue" if kind == "issue" else "receive", now, now, day(one.int * 6), {**TERMS, "passed": 1})
        moving.post(made, each)
        return [each]
    wishes: dict[str, Callable[[], Move | None]] = {
        "use": lambda: moving.use(made, Candidate(moving.get(made, one), definition), order=ORDER, at=now, zone=LONDON, why={}),
        "give_back": lambda: moving.give_back(made, used[-1], definition, at=now, zone=LONDON) if used else None,
        "pass_on": lambda: moving.pass_on(made, one, definition, sender=ME, to=FRIEND, at=now)[0],
        "reserve": lambda: moving.reserve(made, one, hold=HOLD, until=now + timedelta(days=1), at=now),
        "unreserve": lambda: moving.unreserve(made, one, at=now, why={}),
        "void": lambda: moving.void(made, one, at=now, why={}),
        "time": lambda: None,
    }
    done = wishes[kind]()
    return [done] if done else []
