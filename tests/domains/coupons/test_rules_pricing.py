"""What each kind of coupon takes off, in which order, and every reason why one is not used."""

from typing import Any
from uuid import UUID

import pytest

from regulars.domains.coupons.model import Budget, Cart, Limit, Priced, Room, Step
from regulars.domains.coupons.rules.pricing import price
from tests.domains.coupons.shapes import FREE, NOON, about, cart, day, has, line, terms

STEPS = (Step(5000, 500), Step(10_000, 1500))


def took(priced: Priced) -> list[tuple[str, tuple[tuple[int, int], ...], int]]:
    return [(each.definition, each.parts, each.freight) for each in priced.used]


def why(priced: Priced) -> list[tuple[str, str, str]]:
    return [(each.reason, each.text.en, each.text.zh) for each in priced.refused]


@pytest.mark.parametrize(
    ("kind", "words", "of", "parts"),
    [
        ("spend_off", {"steps": STEPS}, cart(4000, 1000), ((1, 400), (2, 100))),
        ("spend_off", {"steps": STEPS}, cart(9999), ((1, 500),)),
        ("spend_off", {"steps": STEPS}, cart(10_000), ((1, 1500),)),
        ("spend_off", {"steps": (Step(3000, 200),), "every": True}, cart(9500), ((1, 600),)),
        ("spend_off", {"steps": (Step(3000, 200),), "every": True, "most": 500}, cart(9500), ((1, 500),)),
        ("percent", {"rate_bp": 8000}, cart(999), ((1, 199),)),
        ("percent", {"rate_bp": 8000, "most": 150}, cart(999, 999), ((1, 75), (2, 75))),
        ("percent", {"rate_bp": 0}, cart(999), ((1, 999),)),
        ("percent", {"rate_bp": 9000}, cart(333, 333, 334), ((1, 33), (2, 33), (3, 34))),
        ("cash", {"face": 1000}, cart(400, 200), ((1, 400), (2, 200))),
        ("cash", {"face": 100}, cart(400, 200), ((1, 67), (2, 33))),
        ("exchange", {}, cart(line(1, 900, 3), 400), ((1, 300),)),
        ("exchange", {"pick": "dearest"}, cart(line(1, 900, 3), 400), ((2, 400),)),
        ("exchange", {"copay": 50}, cart(line(1, 900, 3), 400), ((1, 250),)),
        ("exchange", {}, cart(0, 400, 400), ((2, 400),)),
        ("exchange", {"most": 100}, cart(400), ((1, 100),)),
        ("cash", {"face": 100, **about("line.category", "tea")}, cart(500, line(2, 300, category="tea")), ((2, 100),)),
        ("cash", {"face": 100, **about("line.amount", 300)}, cart(500, line(2, 400, discount=100)), ((2, 100),)),
        ("cash", {"face": 100, **about("line.quantity", 2)}, cart(500, line(2, 400, 2)), ((2, 100),)),
        ("cash", {"face": 100, **about("line.product", "sku-1")}, cart(500, 400), ((1, 100),)),
        ("cash", {"face": 90, **about("order.store", "s")}, cart(500, 400, values={"order.store": "s"}), ((1, 50), (2, 40))),
        ("cash", {"face": 100, "stores": frozenset("s")}, cart(500, store="s"), ((1, 100),)),
        ("cash", {"face": 100, "min_spend": 500}, cart(500), ((1, 100),)),
    ],
)
def test_what_each_kind_takes_off(kind: str, words: dict[str, Any], of: Cart, parts: tuple[tuple[int, int], ...]) -> None:
    coupon = terms("ten", kind, **words)
    priced = price([has(coupon)], of, room=FREE)
    assert took(priced) == [("ten", parts, 0)]
    assert priced.discount == sum(part for _, part in parts)
    taken = dict(parts)
    assert priced.rest == tuple((each.no, each.payable - taken.get(each.no, 0)) for each in of.lines)
    assert (priced.refused, priced.taken, priced.uses, priced.freight) == ((), {}, {}, 0)


@pytest.mark.parametrize(("most", "off"), [(None, 450), (300, 300)])
def test_free_delivery_pays_the_freight_up_to_its_maximum_and_nothing_else(most: int | None, off: int) -> None:
    priced = price([has(terms("post", "free_delivery", most=most))], cart(100, freight=450), room=FREE)
    assert took(priced) == [("post", (), off)]
    assert (priced.freight, priced.rest, priced.discount) == (450 - off, ((1, 100),), off)


TEA = about("line.category", "tea")
REFUSALS = [
    ("not_yet", {}, {"starts": day(61)}, {}, "it starts on 1 May 2026", "2026年5月1日起可用"),
    ("ended", {}, {"ends": day(-1)}, {}, "it ended on 28 February 2026", "已于2026年2月28日过期"),
    ("ended", {}, {"ends": NOON}, {}, "it ended on 1 March 2026", "已于2026年3月1日过期"),
    ("state", {}, {"state": "used"}, {}, "it was used already", "已使用"),
    ("state", {}, {"state": "reserved", "ref": UUID(int=8)}, {}, "it is set aside for another cart", "已被另一笔订单占用"),
    ("state", {}, {"state": "void"}, {}, "it was withdrawn", "已作废"),
    ("state", {}, {"state": "lapsed"}, {}, "it has ended", "已过期"),
    ("state", {}, {"state": "passed_on"}, {}, "it was passed on", "已转赠"),
    ("store", {"stores": frozenset("b")}, {}, {"store": "a"}, "it is not for this store", "本门店不可用"),
    ("condition", about("order.store", "b"), {}, {}, "it is for orders where order.store is b", "仅限：order.store为b"),
    ("no_line", TEA, {}, {}, "nothing in the cart is such that line.category is tea", "没有符合“line.category为tea”的商品"),
    ("min_spend", {"min_spend": 4000}, {}, {}, "spend 30.00 GBP more", "还差 30.00 GBP"),
    ("no_effect", {"kind": "free_delivery"}, {}, {}, "it would have no effect on this cart", "对本单没有优惠"),
    ("no_effect", {"kind": "exchange", "copay": 1000}, {}, {}, "it would have no effect on this cart", "对本单没有优惠"),
    ("per_order", {"per_order": 0}, {}, {}, "at most 0 of them on an order", "每单最多使用 0 张"),
]


@pytest.mark.parametrize(("reason", "words", "hand", "basket", "en", "zh"), REFUSALS)
def test_why_a_coupon_cannot_be_used(
    reason: str, words: dict[str, Any], hand: dict[str, Any], basket: dict[str, Any], en: str, zh: str
) -> None:
    more = {name: value for name, value in words.items() if name != "kind"}
    priced = price([has(terms("ten", words.get("kind", "cash"), **more), **hand)], cart(1000, **basket), room=FREE)
    assert why(priced) == [(reason, en, zh)]
    assert (priced.used, priced.rest, priced.uses) == ((), ((1, 1000),), {})


def test_what_is_missing_is_named_with_the_lines_it_is_missing_on() -> None:
    of = cart(5000, line(2, 1000, category="tea"))
    (refused,) = price([has(terms("tea", "spend_off", steps=STEPS, **TEA))], of, room=FREE).refused
    assert refused.missing == {"least": 5000, "counted": 1000, "more": 4000, "on": "scope"}
    assert refused.text.en == "spend 40.00 GBP more on lines where line.category is tea"
    assert refused.text.zh == "符合“line.category为tea”的商品还差 40.00 GBP"
    on_order = terms("tea", "cash", min_spend=6000, min_spend_on="order", **TEA)
    assert took(price([has(on_order)], of, room=FREE)) == [("tea", ((2, 1000),), 0)]
    (short,) = price([has(terms("tea", "cash", min_spend=6001, min_spend_on="order", **TEA))], of, room=FREE).refused
    assert (short.missing["more"], short.text.en) == (1, "spend 0.01 GBP more")


def test_a_coupon_reserved_by_the_carts_own_hold_is_used_also_when_it_ended_meanwhile() -> None:
    hold = UUID(int=9)
    candidate = has(terms(), state="reserved", ref=hold, ends=day(-1))
    assert price([candidate], cart(5000, hold=hold), room=FREE).discount == 1000


def test_a_limit_counts_the_uses_of_its_own_period() -> None:
    coupon = terms(limit=Limit(2, "month"), per_order=2)
    key = ("coupon:ten:use", day(0).date())
    of = cart(5000, many=["main"])
    priced = price([has(coupon, 1), has(coupon, 2)], of, room=Room(usage={key: 1}))
    assert [each.coupon_id for each in priced.used] == [UUID(int=1)]
    assert priced.uses == {key: 1}
    assert why(priced) == [("used_up", "used up: 2 of 2 this month", "次数已用完：本月已用 2 / 2 次")]
    before = ("coupon:ten:use", day(-28).date())
    assert price([has(coupon)], of, room=Room(usage={before: 9})).uses == {key: 1}


def test_the_hold_out_gets_no_incentive_and_keeps_everything_else() -> None:
    both = [has(terms("gift", "cash", incentive=True), 1), has(terms("plain", "cash"), 2)]
    priced = price(both, cart(5000), room=Room(held_out=True))
    assert [each.definition for each in priced.used] == ["plain"]
    assert why(priced) == [("control_group", "members of the control group get no incentives", "对照组会员不享受此优惠")]


def test_edge_20_a_budget_that_runs_out_gives_the_rest_and_shows_what_was_desired_or_refuses() -> None:
    left = Room(left={"coupon:ten:budget": 700, "coupon:ten:budget:s": 300})
    cut = terms(budget=Budget(total=50_000, per_store=9000))
    priced = price([has(cut)], cart(400, 800, store="s"), room=left)
    assert [(each.parts, each.discount, each.desired) for each in priced.used] == [(((1, 100), (2, 200)), 300, 1000)]
    assert priced.taken == {"coupon:ten:budget": 300, "coupon:ten:budget:s": 300}
    assert price([has(cut)], cart(400, 800, store="t"), room=left).discount == 700
    assert price([has(cut)], cart(400, 800), room=FREE).taken == {"coupon:ten:budget": 1000}
    refuse = terms(budget=Budget(total=50_000, when_short="refuse"))
    refused = price([has(refuse)], cart(5000), room=left)
    assert (why(refused), refused.taken) == ([("budget", "its budget is used up", "预算已用完")], {})
    assert refused.refused[0].missing == {"desired": 1000, "left": 700}
    empty = price([has(cut)], cart(5000), room=Room(left={"coupon:ten:budget": 0}))
    assert [each.reason for each in empty.refused] == ["budget"]


def test_edge_20_two_coupons_of_one_cart_share_the_rest_of_their_budget() -> None:
    coupon = terms(budget=Budget(total=1500), per_order=3)
    priced = price([has(coupon, no) for no in (3, 1, 2)], cart(9000, many=["main"]), room=FREE)
    assert [(each.coupon_id.int, each.discount) for each in priced.used] == [(1, 1000), (2, 500)]
    assert (priced.taken, [each.reason for each in priced.refused]) == ({"coupon:ten:budget": 1500}, ["budget"])


def test_edge_20_a_budget_for_freight_cuts_the_freight() -> None:
    coupon = terms("post", "free_delivery", budget=Budget(total=200))
    priced = price([has(coupon)], cart(100, freight=450), room=FREE)
    assert [(each.freight, each.desired, each.parts) for each in priced.used] == [(200, 450, ())]
    assert priced.taken == {"coupon:post:budget": 200}


def test_edge_19_lanes_count_in_their_own_order_each_on_what_the_earlier_left() -> None:
    lanes = ("goods", "order", "post")
    coupons = [
        has(terms("post", "free_delivery", lane="post"), 1),
        has(terms("fifth", "percent", lane="order"), 2),
        has(terms("step", "spend_off", lane="goods", steps=(Step(9000, 1000),)), 3),
    ]
    for given in (coupons, coupons[::-1]):
        priced = price(given, cart(6000, 4000, freight=300, lanes=lanes), room=FREE)
        assert took(priced) == [("step", ((1, 600), (2, 400)), 0), ("fifth", ((1, 1080), (2, 720)), 0), ("post", (), 300)]
        assert priced.discount == 1000 + 1800 + 300
    swapped = price(coupons, cart(6000, 4000, freight=300, lanes=("order", "goods", "post")), room=FREE)
    assert [each.definition for each in swapped.used] == ["fifth", "post"]
    assert why(swapped) == [("min_spend", "spend 10.00 GBP more", "还差 10.00 GBP")]


def test_edge_19_nothing_goes_below_zero_and_a_coupon_without_effect_is_not_burnt() -> None:
    coupons = [has(terms("all", "percent", rate_bp=0, lane="a"), 1), has(terms("cash", "cash", lane="b"), 2)]
    priced = price(coupons, cart(300, 200, lanes=("a", "b")), room=FREE)
    assert (took(priced), priced.rest) == ([("all", ((1, 300), (2, 200)), 0)], ((1, 0), (2, 0)))
    assert why(priced) == [("no_effect", "it would have no effect on this cart", "对本单没有优惠")]


def test_edge_19_one_of_a_lane_is_used_and_it_is_the_one_that_takes_off_most() -> None:
    coupons = [has(terms("small", "cash", face=100), 1), has(terms("large", "cash", face=900), 2)]
    priced = price(coupons, cart(5000), room=FREE)
    assert took(priced) == [("large", ((1, 900),), 0)]
    assert why(priced) == [("lane", "not with Large, which is of the same lane", "与“〔large〕”同组，只能用一张")]
    assert priced.refused[0].missing == {"with": str(UUID(int=2))}


def test_of_equals_in_a_lane_the_one_that_ends_first_is_used_then_the_lower_id() -> None:
    first = has(terms("late"), 1), has(terms("soon"), 2, ends=day(1))
    assert [each.definition for each in price(first, cart(5000), room=FREE).used] == ["soon"]
    same = has(terms("b"), 2), has(terms("a"), 7)
    assert [each.definition for each in price(same, cart(5000), room=FREE).used] == ["b"]


@pytest.mark.parametrize(("face", "used"), [(1500, ["alone"]), (1100, ["one", "two"]), (1200, ["one", "two"])])
def test_edge_19_what_stands_alone_is_used_when_it_beats_the_others_together(face: int, used: list[str]) -> None:
    coupons = [
        has(terms("alone", face=face, exclusive=True), 1),
        has(terms("one", face=700, lane="a"), 2),
        has(terms("two", face=500, lane="b"), 3),
        has(terms("far", min_spend=99_999, lane="c"), 4),
    ]
    priced = price(coupons, cart(5000, lanes=("main", "a", "b", "c")), room=FREE)
    assert [each.definition for each in priced.used] == used
    others = {each.definition: (each.reason, each.text.en) for each in priced.refused}
    left = 5000 - (0 if used == ["alone"] else 1200)
    assert others.pop("far") == ("min_spend", f"spend {(99_999 - left) / 100} GBP more")
    winner = "Alone" if used == ["alone"] else "One"
    assert set(others.values()) == {("exclusive", f"not together with {winner}")}
    assert set(others) == {"alone", "one", "two"} - set(used)


def test_a_coupon_that_stands_alone_says_what_it_lacks() -> None:
    priced = price([has(terms("alone", exclusive=True, min_spend=6000))], cart(5000), room=FREE)
    assert [each.reason for each in priced.refused] == ["min_spend"]


@pytest.mark.parametrize("policy", ["the_rest", "all_or_nothing"])
def test_edge_19_one_bad_coupon_of_five_refuses_all_or_leaves_the_rest_by_policy(policy: Any) -> None:
    good = [has(terms(f"c{no}", face=100), no) for no in range(1, 5)]
    bad = has(terms("bad"), 5, ends=day(-1))
    of = cart(5000, many=["main"])
    priced = price([bad, *good], of, room=FREE, policy=policy)
    if policy == "the_rest":
        assert [each.definition for each in priced.used] == ["c1", "c2", "c3", "c4"]
        assert [each.reason for each in priced.refused] == ["ended"]
    else:
        assert (priced.used, priced.rest, priced.uses) == ((), ((1, 5000),), {})
        assert [each.reason for each in priced.refused] == ["all_or_nothing"] * 4 + ["ended"]
    assert price(good, of, room=FREE, policy=policy).discount == 400


def test_a_lane_nobody_listed_takes_one_coupon_after_all_that_are() -> None:
    coupons = [has(terms("old", face=100, lane="zz"), 1), has(terms("new", "percent"), 2), has(terms("other", face=50, lane="zz"), 3)]
    priced = price(coupons, cart(1000), room=FREE)
    assert [(each.definition, each.discount) for each in priced.used] == [("new", 200), ("old", 100)]
    assert [each.reason for each in priced.refused] == ["lane"]


def test_two_exchange_coupons_free_two_units_even_of_one_line() -> None:
    coupon = terms("cake", "exchange", per_order=3)
    priced = price([has(coupon, no) for no in (1, 2, 3)], cart(line(1, 1001, 2), 700, many=["main"]), room=FREE)
    assert [each.parts for each in priced.used] == [((1, 500),), ((1, 500),), ((2, 700),)]


def test_a_coupon_given_twice_counts_once() -> None:
    coupon = terms(per_order=5)
    assert len(price([has(coupon), has(coupon)], cart(9000, many=["main"]), room=FREE).used) == 1


def test_a_second_of_its_kind_needs_a_definition_that_allows_it() -> None:
    coupon = terms()
    priced = price([has(coupon, 1), has(coupon, 2)], cart(9000, many=["main"]), room=FREE)
    assert [each.coupon_id for each in priced.used] == [UUID(int=1)]
    assert why(priced) == [("per_order", "at most 1 of them on an order", "每单最多使用 1 张")]


def test_an_empty_cart_and_no_coupons_are_nothing() -> None:
    assert price([], cart(), room=FREE).discount == 0
    assert [each.reason for each in price([has(terms())], cart(), room=FREE).refused] == ["no_effect"]
