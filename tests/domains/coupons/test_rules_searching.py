"""How the search for the best combination goes: what may still come, when it stops, and what it says of what it left out."""

import pytest

from regulars.domains.coupons.model import Candidate, Step
from regulars.domains.coupons.rules import applying, combining
from regulars.domains.coupons.rules.applying import Ready
from regulars.domains.coupons.rules.combining import best
from tests.domains.coupons.shapes import FREE, cart, has, terms

LANES = ("a", "b", "c", "d")
CART = cart(5_100, freight=300, lanes=LANES, many=("b",))
STEP = [
    has(terms("cash", face=200, lane="a"), 1),
    has(terms("step", "spend_off", steps=(Step(5_000, 1_500),), lane="b"), 2),
    has(terms("half", "percent", rate_bp=9_500, lane="c"), 3),
    has(terms("post", "free_delivery", lane="d"), 4),
]


def ready(*candidates: Candidate) -> list[Ready]:
    found = [applying.ready(candidate, CART, FREE) for candidate in candidates]
    return [one for one in found if isinstance(one, Ready)]


def test_the_most_to_come_is_one_of_a_lane_or_all_of_a_lane_that_takes_many() -> None:
    coupons = ready(
        has(terms("a1", face=300, lane="a"), 1),
        has(terms("a2", face=200, lane="a"), 2),
        has(terms("b1", face=100, lane="b"), 3),
        has(terms("b2", face=50, lane="b"), 4),
        has(terms("c1", "free_delivery", lane="c"), 5),
        has(terms("c2", "free_delivery", most=200, lane="c"), 6),
    )
    worth = [combining._Bound(*applying.ceiling(coupon, CART)) for coupon in coupons]
    assert worth == [(300, 0), (200, 0), (100, 0), (50, 0), (0, 300), (0, 200)]
    bounds, following = combining._bounds(coupons, worth)
    assert bounds == [(450, 300), (350, 300), (150, 300), (50, 300), (0, 300), (0, 200), (0, 0)]
    assert following == [2, 2, 4, 4, 6, 6]


def test_goods_and_freight_are_each_at_their_most_whichever_coupon_of_the_lane_is_taken() -> None:
    coupons = ready(
        has(terms("c0", face=40, lane="c"), 1),
        has(terms("c1", face=70, lane="c"), 2),
        has(terms("c2", "free_delivery", lane="c"), 3),
        has(terms("d1", face=5, lane="d"), 4),
    )
    worth = [combining._Bound(*applying.ceiling(coupon, CART)) for coupon in coupons]
    bounds, following = combining._bounds(coupons, worth)
    assert (bounds, following) == ([(75, 300), (75, 300), (5, 300), (5, 0), (0, 0)], [3, 3, 3, 4])


@pytest.mark.parametrize(
    ("evaluations", "tried", "exact", "used"),
    [
        (0, 0, False, [1, 3, 4]),
        (4, 4, False, [1, 3, 4]),
        (5, 5, False, [2]),
        (6, 6, False, [2, 3]),
        (7, 7, True, [2, 3, 4]),
        (99, 7, True, [2, 3, 4]),
    ],
)
def test_a_search_gives_what_it_has_when_it_may_try_no_more(evaluations: int, tried: int, exact: bool, used: list[int]) -> None:
    found = best(STEP, cart(5_100, freight=300, lanes=LANES), room=FREE, evaluations=evaluations)
    assert (found.evaluations, found.exact, [each.coupon_id.int for each in found.priced.used]) == (tried, exact, used)


def test_what_cannot_beat_the_first_guess_is_not_tried() -> None:
    alike = [has(terms("t", face=100, lane="b", per_order=5), no) for no in range(1, 6)]
    assert best(alike, CART, room=FREE).evaluations == 5
    lanes = [
        has(terms("x1", face=300, lane="a"), 1),
        has(terms("x2", face=200, lane="a"), 2),
        has(terms("y1", "percent", rate_bp=9_000, lane="b"), 3),
    ]
    assert best(lanes, cart(5_000, lanes=LANES), room=FREE).evaluations == 2


def told(*coupons: Candidate) -> dict[str, tuple[str, dict[str, object], str]]:
    """What is said of each that is left out, by its terms."""
    found = best(coupons, cart(5_000, lanes=LANES), room=FREE)
    return {each.definition: (each.reason, dict(each.missing), each.text.en) for each in found.priced.refused}


ALONE = has(terms("alone", face=2_000, exclusive=True, lane="a"), 1)
WITH_FIRST = {"with": "00000000-0000-0000-0000-000000000001"}


def test_what_stands_aside_for_one_that_stands_alone_names_it_unless_it_lacks_something_itself() -> None:
    assert told(ALONE, has(terms("far", min_spend=9_000, lane="b"), 2), has(terms("small", face=100, lane="c"), 3)) == {
        "far": ("min_spend", {"least": 9_000, "counted": 5_000, "more": 4_000, "on": "scope"}, "spend 40.00 GBP more"),
        "small": ("exclusive", WITH_FIRST, "not together with Alone"),
    }


def test_what_is_left_out_of_a_lane_or_stands_alone_names_what_is_used() -> None:
    one = has(terms("one", face=2_000, lane="a"), 1)
    less, alone = has(terms("less", face=100, lane="a"), 2), has(terms("single", face=500, exclusive=True, lane="b"), 3)
    assert told(one, less, alone) == {
        "less": ("lane", WITH_FIRST, "not with One, which is of the same lane"),
        "single": ("exclusive", WITH_FIRST, "not together with One"),
    }


def test_what_would_only_make_the_cart_dearer_misses_nothing() -> None:
    assert told(has(terms("cash", face=200, lane="a"), 1), has(terms("step", "spend_off", steps=(Step(4_900, 1_500),), lane="b"), 2)) == {
        "cash": ("not_best", {}, "the cart is cheaper without it")
    }
