"""The search for the best combination against brute force, and what holds of every price."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.coupons.model import Budget, Candidate, Cart, Limit, Priced, Room, Step
from regulars.domains.coupons.rules.combining import best
from regulars.domains.coupons.rules.pricing import price
from tests.domains.coupons.shapes import FREE, about, cart, day, has, line, terms

LANES = ("a", "b", "c")
CATEGORIES = ("tea", "cake")


@st.composite
def definitions(draw: st.DrawFn, name: str) -> Any:
    kind = draw(st.sampled_from(["spend_off", "percent", "cash", "exchange", "free_delivery"]))
    more: dict[str, Any] = {"lane": draw(st.sampled_from(LANES)), "per_order": draw(st.integers(1, 2))}
    if kind == "spend_off":
        first = draw(st.integers(1, 3000))
        off = draw(st.integers(1, 900))
        more["steps"] = (Step(first, off), Step(first + draw(st.integers(1, 3000)), off + draw(st.integers(1, 900))))
        if draw(st.booleans()):
            more |= {"steps": more["steps"][:1], "every": True}
    if kind == "percent":
        more["rate_bp"] = draw(st.integers(0, 9999))
    if kind == "cash":
        more["face"] = draw(st.integers(1, 3000))
    if kind == "exchange":
        more |= {"pick": draw(st.sampled_from(["cheapest", "dearest"])), "copay": draw(st.sampled_from([0, 0, 50]))}
    more["most"] = draw(st.sampled_from([None, None, 400]))
    more["min_spend"] = draw(st.sampled_from([0, 0, 1500]))
    more["min_spend_on"] = draw(st.sampled_from(["scope", "order"]))
    more["exclusive"] = draw(st.sampled_from([False, False, False, True]))
    more["limit"] = draw(st.sampled_from([None, None, Limit(1, "month")]))
    more["budget"] = draw(st.sampled_from([Budget(), Budget(), Budget(total=500), Budget(total=500, when_short="refuse")]))
    if draw(st.booleans()):
        more |= about("line.category", draw(st.sampled_from(CATEGORIES)))
    return terms(name, kind, **more)


@st.composite
def baskets(draw: st.DrawFn) -> Cart:
    lines = [
        line(no, draw(st.integers(0, 2500)), draw(st.integers(1, 3)), category=draw(st.sampled_from(CATEGORIES)))
        for no in range(1, draw(st.integers(1, 4)) + 1)
    ]
    return cart(*lines, freight=draw(st.sampled_from([0, 300])), lanes=LANES, many=draw(st.sampled_from([(), ("a",), ("b", "c"), LANES])))


@st.composite
def hands(draw: st.DrawFn, most: int = 6) -> list[Candidate]:
    kinds = [draw(definitions(f"d{i}")) for i in range(draw(st.integers(1, 4)))]
    count = draw(st.integers(1, most))
    return [has(draw(st.sampled_from(kinds)), no, ends=day(draw(st.integers(1, 9)))) for no in range(1, count + 1)]


def brute_force(coupons: Sequence[Candidate], of: Cart, room: Room = FREE) -> Priced:
    """The best of all subsets, each priced by itself."""
    everything = [price(chosen, of, room=room) for size in range(len(coupons) + 1) for chosen in combinations(coupons, size)]
    ends = {coupon.held.coupon_id: coupon.held.ends for coupon in coupons}

    def quality(priced: Priced) -> tuple[Any, ...]:
        used = [each.coupon_id for each in priced.used]
        return (-priced.discount, len(used), tuple(sorted(ends[one] for one in used)), tuple(sorted(used)))

    return min(everything, key=quality)


@given(hands(), baskets())
def test_the_best_combination_is_that_of_brute_force_and_never_worse_than_giving_all(coupons: list[Candidate], of: Cart) -> None:
    found = best(coupons, of, room=FREE)
    wanted = brute_force(coupons, of)
    assert found.exact
    assert [each.coupon_id for each in found.priced.used] == [each.coupon_id for each in wanted.used]
    assert found.priced.discount == wanted.discount >= price(coupons, of, room=FREE).discount
    chosen = {each.coupon_id for each in found.priced.used}
    again = price([coupon for coupon in coupons if coupon.held.coupon_id in chosen], of, room=FREE)
    assert (again.used, again.rest, again.taken, again.uses) == (
        found.priced.used,
        found.priced.rest,
        found.priced.taken,
        found.priced.uses,
    )
    assert chosen | {each.coupon_id for each in found.priced.refused} == {coupon.held.coupon_id for coupon in coupons}


@pytest.mark.prove
@given(hands(most=8), baskets())
def test_the_best_combination_is_that_of_brute_force_for_eight_coupons(coupons: list[Candidate], of: Cart) -> None:
    assert best(coupons, of, room=FREE).priced.used == brute_force(coupons, of).used


@given(hands(), baskets(), st.randoms(use_true_random=False), st.integers(0, 900))
def test_what_holds_of_every_price(coupons: list[Candidate], of: Cart, random: Any, left: int) -> None:
    room = Room(left={f"coupon:d{i}:budget": left for i in range(4)})
    priced = price(coupons, of, room=room)
    shuffled = coupons.copy()
    random.shuffle(shuffled)
    assert price(shuffled, of, room=room) == priced
    off = {each.no: 0 for each in of.lines}
    for used in priced.used:
        assert used.discount > 0
        assert used.desired >= used.discount
        assert min((part for _, part in used.parts), default=1) > 0
        for no, part in used.parts:
            off[no] += part
    assert priced.rest == tuple((each.no, each.payable - off[each.no]) for each in of.lines)
    assert min([rest for _, rest in priced.rest] + [priced.freight]) >= 0
    assert priced.discount == sum(off.values()) + of.freight - priced.freight
    assert all(taken <= left for taken in priced.taken.values())
    named = sorted([each.coupon_id for each in priced.used] + [each.coupon_id for each in priced.refused if each.coupon_id])
    assert named == sorted(coupon.held.coupon_id for coupon in coupons)


@given(hands(), baskets(), st.integers(0, 5))
def test_a_search_that_is_cut_short_is_never_worse_than_giving_all_and_says_so(coupons: list[Candidate], of: Cart, most: int) -> None:
    found = best(coupons, of, room=FREE, evaluations=most)
    assert found.evaluations <= most
    assert found.priced.discount >= price(coupons, of, room=FREE).discount
    if found.exact:
        assert found.priced.discount == brute_force(coupons, of).discount


def test_taking_less_early_can_be_better_and_the_search_finds_it() -> None:
    coupons = [
        has(terms("cash", face=200, lane="a"), 1),
        has(terms("step", "spend_off", steps=(Step(5000, 1500),), lane="b"), 2),
    ]
    of = cart(5100, lanes=LANES)
    assert price(coupons, of, room=FREE).discount == 200
    found = best(coupons, of, room=FREE)
    assert [each.definition for each in found.priced.used] == ["step"]
    assert [(each.definition, each.reason, each.text.en, each.text.zh) for each in found.priced.refused] == [
        ("cash", "not_best", "the cart is cheaper without it", "不使用它更优惠")
    ]


def test_what_is_left_out_says_why() -> None:
    coupons = [
        has(terms("large", face=900, lane="a"), 1),
        has(terms("small", face=100, lane="a"), 2),
        has(terms("alone", face=500, exclusive=True, lane="b"), 3),
        has(terms("far", min_spend=9000, lane="c"), 4),
        has(terms("ended", lane="c"), 5, ends=day(-1)),
    ]
    found = best(coupons, cart(5000, lanes=LANES), room=FREE)
    assert {each.definition: each.reason for each in found.priced.refused} == {
        "small": "lane",
        "alone": "exclusive",
        "far": "min_spend",
        "ended": "ended",
    }
    alone = best([has(terms("alone", face=2000, exclusive=True), 9), *coupons[:2]], cart(5000, lanes=LANES), room=FREE)
    assert [each.definition for each in alone.priced.used] == ["alone"]
    assert {each.definition: each.reason for each in alone.priced.refused} == {"small": "exclusive", "large": "exclusive"}


def test_of_equals_fewer_coupons_are_used_then_those_that_end_first() -> None:
    one = terms("one", face=600, lane="a")
    halves = [has(terms("half", face=300, lane="b", per_order=2), no) for no in (2, 3)]
    found = best([has(one, 1), *halves], cart(600, lanes=LANES, many=("b",)), room=FREE)
    assert [each.definition for each in found.priced.used] == ["one"]
    twins = [has(one, 1, ends=day(5)), has(one, 2, ends=day(3))]
    assert [each.coupon_id.int for each in best(twins, cart(600, lanes=LANES), room=FREE).priced.used] == [2]


def test_a_budget_that_refuses_may_suffice_for_what_an_earlier_coupon_left() -> None:
    coupons = [
        has(terms("half", "percent", rate_bp=5000, lane="a"), 1),
        has(terms("tenth", "percent", rate_bp=9000, lane="b", budget=Budget(total=300, when_short="refuse")), 2),
    ]
    found = best(coupons, cart(5000, lanes=LANES), room=FREE)
    assert [(each.definition, each.discount) for each in found.priced.used] == [("half", 2500), ("tenth", 250)]
