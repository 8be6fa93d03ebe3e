"""Coupons as facts move them: what is written, what is counted, and what is said when one cannot be used."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from regulars.domains.coupons.model import NEVER
from regulars.domains.loyalty.model import CouponPassed, CouponReceived, CouponRedeemed, CouponUse, CouponVoided, HoldPlaced
from regulars.domains.loyalty.rules import coupons
from regulars.domains.points.model import Entry
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import NOON

MORE = """
coupons:
  - {id: local, label: {en: Local, zh: 本店券}, cash: {face: 300}, lane: shop, budget: {per_store: 500}, validity: {delay_days: 1, days: 1}}
  - {id: gold, label: {en: Gold, zh: 金卡券}, cash: {face: 300}, lane: shop, stores: [a],
     when: {combinator: and, rules: [{field: order.total, operator: ">=", value: 900}]}}
  - {id: welcome, label: {en: Welcome, zh: 欢迎券}, cash: {face: 100}, lane: platform, claim: {}, generic_code: WE1C0ME, stock: 9,
     code_uses: 5}
"""
A, B, HOLD, FRIEND = UUID(int=1), UUID(int=2), UUID(int=20), MemberId(UUID(int=8))
END = datetime(2026, 3, 31, 23, tzinfo=UTC)


def machine(*, held_out: bool = False) -> Machine:
    return Machine(factories.programme(whole.text().replace("\ncoupons:\n", MORE)), held_out=held_out)


def use(ref: UUID | str, discount: int, freight: int = 0) -> CouponUse:
    return CouponUse(str(ref), discount, freight)


def place(m: Machine, *uses: CouponUse, points: int = 0) -> HoldPlaced:
    until = m.now + timedelta(minutes=15)
    return HoldPlaced(member_id=m.member, at=m.now, ref=HOLD, unit="points", points=points, until=until, coupons=uses)


def counter(m: Machine, coupon: str, amount: int, store: str = "") -> CouponRedeemed:
    return CouponRedeemed(member_id=m.member, at=m.now, ref=UUID(int=5), coupon=coupon, amount=amount, store=store)


def states(m: Machine) -> list[str]:
    return [held.state for _, held in sorted(m.standing.coupons.items())]


def why_not(problem: pytest.ExceptionInfo[Problem]) -> tuple[str, object, object, object]:
    fields = problem.value.fields
    return problem.value.code, fields["coupon"], fields["reason"], fields["reason_zh"]


def test_a_given_coupon_is_written_and_said_with_its_time() -> None:
    m = machine()
    decision = m.coupon("ten", 1)
    why = {"version": 1, "code": "", "source": "gift", "passed": 0}
    assert decision.entries == [Entry("coupon:ten", "issue", 1, NOON, END, NOON, A, why)]
    assert decision.answer["coupon"] == {"definition": "ten", "starts": NOON.isoformat(), "ends": END.isoformat()}
    assert decision.taken == {}


def test_a_bought_coupon_costs_its_price_under_its_own_id() -> None:
    m = machine()
    m.adjust(100)
    spent, written = m.coupon("bought", 1, source="claim").entries
    assert (spent.unit, spent.kind, spent.amount, spent.at, spent.ref, spent.why) == ("points", "spend", 40, NOON, A, {"coupon": "bought"})
    assert written.why["caps"] == [["coupon:bought:claim", "2026-01-01", 1]]
    assert m.standing.wallet.usage == {("coupon:bought:claim", date(2026, 1, 1)): 1}
    with pytest.raises(Problem) as refused:
        m.coupon("bought", 2, source="claim")
    assert why_not(refused) == ("coupons.not_claimed", "Bought", "used up: 1 of 1 this year", "次数已用完：今年已用 1 / 1 次")


def test_a_typed_code_is_counted_with_the_stock() -> None:
    decision = machine().coupon("welcome", 1, source="claim", code="welcome")
    assert decision.taken == {"coupon:welcome:stock": 1, "coupon:welcome:code": 1}
    assert decision.entries[0].why["code"] == "WE1C0ME"


def test_a_coupon_is_found_by_its_id_or_by_its_code_while_it_is_in_hand() -> None:
    m = machine()
    m.coupon("ten", 1)
    m.coupon("bought", 2, code="AB12")
    found = [coupons.find(m.standing, one) for one in (str(A), "ab-12", "AB13", "", str(UUID(int=3)))]
    assert [held and held.coupon_id for held in found] == [A, B, None, None, None]
    m.take(CouponVoided(member_id=m.member, at=m.now, ref=B, reason="misprint"))
    assert coupons.find(m.standing, "AB12") is None


def test_a_cart_sets_its_coupons_aside_until_its_hold_ends() -> None:
    m = machine()
    m.coupon("ten", 1)
    decision = m.take(place(m, use(A, 1_000)))
    until = (NOON + timedelta(minutes=15)).isoformat()
    assert decision.entries == [Entry("coupon:ten", "reserve", 1, NOON, END, NOON, A, {"hold": str(HOLD), "until": until})]
    assert decision.answer == {"held": 0, "until": until, "level": "member"}
    m.wait(minutes=14)
    assert states(m) == ["reserved"]
    m.wait(minutes=1)
    assert states(m) == ["issued"]


def test_a_cart_that_is_given_up_returns_its_coupons_in_the_order_of_their_ids() -> None:
    m = machine()
    m.adjust(10)
    for no, definition in ((2, "bought"), (1, "ten"), (3, "tenth")):
        m.coupon(definition, no)
    m.take(place(m, use(B, 500), use(A, 1_000), points=10))
    decision = m.cancel_hold(20)
    assert [(entry.kind, entry.ref, entry.why) for entry in decision.entries] == [
        ("unreserve", A, {"hold": str(HOLD)}),
        ("unreserve", B, {"hold": str(HOLD)}),
        ("unhold", HOLD, {"hold": str(HOLD)}),
    ]
    assert (states(m), m.points, decision.answer["returned"]) == (["issued"] * 3, 10, 10)


def test_a_cart_of_coupons_alone_returns_no_points() -> None:
    m = machine()
    m.coupon("ten", 1)
    m.take(place(m, use(A, 1_000)))
    assert m.cancel_hold(20).answer["returned"] == 0
    with pytest.raises(Problem, match=r"points\.hold_gone"):
        m.cancel_hold(20)


@pytest.mark.parametrize(
    ("wish", "name", "en", "zh"),
    [
        (use(UUID(int=9), 1), str(UUID(int=9)), "this member does not hold it", "该会员未持有此券"),
        (use(B, 1), "Local", "it is not valid at this time", "不在有效期内"),
        (use(UUID(int=3), 1_501), "A tenth off", "its budget is used up", "预算已用完"),
        (use(UUID(int=3), 1_500, 1), "A tenth off", "its budget is used up", "预算已用完"),
    ],
)
def test_a_cart_is_told_why_a_coupon_cannot_be_set_aside(wish: CouponUse, name: str, en: str, zh: str) -> None:
    m = machine()
    for no, definition in ((1, "ten"), (2, "local"), (3, "tenth")):
        m.coupon(definition, no)
    with pytest.raises(Problem) as refused:
        m.take(place(m, use(A, 1), wish))
    assert why_not(refused) == ("coupons.not_usable", name, en, zh)
    assert states(m) == ["issued"] * 3
    m.take(place(m, use(UUID(int=3), 1_500)))
    assert states(m) == ["issued", "issued", "reserved"]


def test_two_carts_cannot_have_the_same_coupon() -> None:
    m = machine()
    m.coupon("ten", 1)
    m.take(place(m, use(A, 1_000)))
    with pytest.raises(Problem) as refused:
        m.take(place(m, use(A, 1_000)))
    assert why_not(refused) == ("coupons.not_usable", "Ten off", "another cart holds it", "已被其他购物车占用")


def test_an_order_writes_what_its_coupon_cost_on_goods_and_freight_and_takes_its_budget() -> None:
    m = machine()
    m.coupon("tenth", 1)
    decision = m.order("1", factories.line(1, 10_000), coupons=(use(A, 900, 100),))
    written = next(entry for entry in decision.entries if entry.kind == "use")
    order_id = m.orders["1"].order.order_id
    why = {"discount": 1_000, "version": 1, "code": "", "source": "gift", "passed": 0, "order": str(order_id)}
    assert written == Entry("coupon:tenth", "use", 1, NOON, NEVER, NOON, A, why)
    assert (decision.taken, decision.answer["coupons"]) == (
        {"coupon:tenth:budget": 1_000},
        [{"coupon": str(A), "state": "used", "reason": None}],
    )


def test_an_order_names_in_both_languages_why_a_coupon_was_not_used() -> None:
    m = machine()
    decision = m.order("1", coupons=(use(A, 1_000),))
    reason = {"en": "this member does not hold it", "zh": "该会员未持有此券"}
    assert decision.answer["coupons"] == [{"coupon": str(A), "state": "refused", "reason": reason}]
    assert "coupons" not in m.order("2").answer


def test_a_coupon_is_used_from_its_first_instant_to_before_its_end() -> None:
    m = machine()
    m.coupon("local", 1)
    starts, ends = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    held = m.standing.coupons[A]
    assert (held.starts, held.ends) == (starts, ends)
    m.now = starts - timedelta(microseconds=1)
    assert m.order("1", coupons=(use(A, 1),)).answer["coupons"][0]["state"] == "refused"  # type: ignore[index]  # the answer is JSON
    m.now = starts
    m.order("2", coupons=(use(A, 1),))
    assert states(m) == ["used"]


def test_the_budget_of_a_store_is_taken_and_given_back_there() -> None:
    m = machine()
    m.coupon("local", 1)
    m.coupon("local", 2)
    m.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert m.order("1", coupons=(use(A, 300),), store="a").taken == {"coupon:local:budget:a": 300}
    m.taken = {}
    assert m.order("2", coupons=(use(B, 300),)).taken == {}
    assert m.refund("1", (1, 1_000)).taken == {"coupon:local:budget:a": -300}
    assert m.refund("2", (1, 1_000)).taken == {}
    assert states(m) == ["issued", "issued"]


def test_a_refund_of_a_part_returns_no_coupon_and_of_the_whole_each_once() -> None:
    m = machine()
    m.coupon("tenth", 1)
    m.coupon("ten", 2)
    m.order("1", factories.line(1, 1_000), factories.line(2, 1_000), coupons=(use(A, 100), use(B, 300)))
    assert [entry.kind for entry in m.refund("1", (1, 1_000), refund="a").entries if entry.unit.startswith("coupon:")] == []
    decision = m.refund("1", (2, 1_000), refund="b")
    back = [(entry.unit, entry.kind, entry.ref, entry.at) for entry in decision.entries if entry.unit.startswith("coupon:")]
    assert back == [("coupon:tenth", "give_back", A, NOON), ("coupon:ten", "give_back", B, NOON)]
    assert decision.taken == {"coupon:tenth:budget": -100}
    assert set(m.standing.wallet.usage.values()) == {0}


def test_the_counter_takes_off_what_the_coupon_is_worth_there() -> None:
    m = machine()
    m.coupon("gold", 1)
    decision = m.take(counter(m, str(A), 900, "a"))
    (written,) = decision.entries
    assert (written.kind, written.ref, written.why["order"], written.why["discount"]) == ("use", A, str(UUID(int=5)), 300)
    assert decision.answer == {"discount": 300, "level": "member"}


@pytest.mark.parametrize(
    ("amount", "store", "en"),
    [(900, "b", "it is not for this store"), (900, "", "it is not for this store"), (899, "a", "it is for orders where")],
)
def test_the_counter_says_why_it_takes_nothing_off(amount: int, store: str, en: str) -> None:
    m = machine()
    m.coupon("gold", 1)
    with pytest.raises(Problem) as refused:
        m.take(counter(m, str(A), amount, store))
    code, name, reason, _ = why_not(refused)
    assert (code, name, str(reason)[: len(en)], states(m)) == ("coupons.not_usable", "Gold", en, ["issued"])


def test_the_counter_knows_no_coupon_of_another_member() -> None:
    m = machine()
    with pytest.raises(Problem) as refused:
        m.take(counter(m, "AB12", 900))
    assert why_not(refused) == ("coupons.not_usable", "AB12", "this member does not hold it", "该会员未持有此券")


def test_the_counter_cuts_a_coupon_to_what_its_budget_has_left() -> None:
    m = machine()
    m.coupon("tenth", 1)
    m.taken["coupon:tenth:budget"] = 1_450
    decision = m.take(counter(m, str(A), 900))
    assert (decision.answer["discount"], decision.taken) == (50, {"coupon:tenth:budget": 50})


def test_a_withdrawn_coupon_says_why() -> None:
    m = machine()
    m.coupon("ten", 1)
    (written,) = m.take(CouponVoided(member_id=m.member, at=m.now, ref=A, reason="misprint")).entries
    assert written == Entry("coupon:ten", "void", 1, NOON, END, NOON, A, {"reason": "misprint"})


def test_a_coupon_that_is_passed_on_arrives_with_its_terms_and_its_end() -> None:
    m = machine()
    m.coupon("bought", 1, code="AB12")
    m.now = NOON + timedelta(hours=1)
    decision = m.take(CouponPassed(member_id=m.member, at=m.now, ref=UUID(int=3), coupon_id=A, receiver=FRIEND))
    terms = {"version": 1, "code": "AB12", "source": "gift", "passed": 1, "from": str(m.member)}
    assert decision.follow_up == CouponReceived(
        member_id=FRIEND, at=m.now, ref=UUID(int=3), coupon_id=A, definition="bought", starts=NOON, ends=NEVER, terms=terms
    )
    assert decision.entries == [Entry("coupon:bought", "pass_on", 1, m.now, NEVER, NOON, A, {"to": str(FRIEND)})]
    friend = Machine(m.programme, now=m.now, member=FRIEND)
    assert friend.take(decision.follow_up).entries == [Entry("coupon:bought", "receive", 1, m.now, NEVER, NOON, A, terms)]


def test_what_this_decision_took_is_left_to_nobody() -> None:
    m = machine(held_out=True)
    decision = m.order("1")
    decision.room = {"a": 10, "b": 5}
    assert coupons.room_of(decision).left == {"a": 10, "b": 5}
    decision.taken = {"a": 4}
    room = coupons.room_of(decision)
    assert (room.left, room.held_out, room.usage) == ({"a": 6, "b": 5}, True, m.standing.wallet.usage)


def test_the_id_of_a_coupon_follows_from_what_gave_it_and_its_place() -> None:
    assert coupons.derived_id(A, 7) == ids.derived(datetime(2020, 1, 1, tzinfo=UTC), "coupon", A.hex, "7")
    assert len({coupons.derived_id(A, 7), coupons.derived_id(A, 8), coupons.derived_id(B, 7)}) == 3
