"""What acts write into the journal: what they gave, what they released, what was taken back, and why."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from regulars.domains.loyalty.rules import coupons
from regulars.domains.points.model import ALWAYS, Entry
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import NOON

POINTS = "{months: 12}}\n    redeem"
WAITS = (POINTS, "{months: 12}}\n    pending_until: {act: delivered, cancel_after_days: 30}\n    redeem")
GROWTH = "expiry: {rolling: {days: 365}}"
BOTH_WAIT = (GROWTH, f"{GROWTH}\n    pending_until: {{act: reviewed, cancel_after_days: 30}}")
REF = UUID(int=1)
LAPSES = datetime(2027, 3, 2, tzinfo=UTC)


def machine(*pairs: tuple[str, str]) -> Machine:
    return Machine(factories.programme(whole.text(*pairs)))


def test_an_act_is_the_reference_of_what_it_earned_as_a_whole() -> None:
    decision = machine().act("review", 1, value=5)
    why: dict[str, object] = {"parts": [(0, "stars", 25)]}
    assert decision.entries == [Entry("points", "grant", 25, NOON, LAPSES, ALWAYS, REF, why)]
    assert decision.answer == {"granted": {"points": 25}, "level": "member"}


def test_a_negative_value_earns_nothing() -> None:
    assert machine().act("review", 1, value=-5).answer["granted"] == {}


def test_what_arrives_names_the_act_that_released_it() -> None:
    m = machine(WAITS)
    m.order("1", factories.line(1, 1_000))
    m.wait(days=3)
    decision = m.act("delivered", 1, order="1")
    order_id = m.orders["1"].order.order_id
    waited = next(entry for entry in m.entries if entry.kind == "grant" and entry.unit == "points").available_at
    assert decision.entries == [Entry("points", "arrive", 10, m.now, LAPSES, waited, order_id, {"act": "delivered"})]


def test_another_act_about_the_order_and_the_same_about_none_release_nothing() -> None:
    m = machine(WAITS)
    m.order("1", factories.line(1, 1_000))
    assert [m.act("review", 1, order="1").entries, m.act("delivered", 2).entries] == [[], []]


def test_each_unit_waits_for_its_own_act() -> None:
    m = machine(WAITS, BOTH_WAIT)
    m.order("1", factories.line(1, 1_000))
    released = [[(e.unit, e.amount) for e in m.act(act, no, order="1").entries] for no, act in enumerate(("reviewed", "delivered"), 1)]
    assert released == [[("growth", 10)], [("points", 10)]]


def test_two_grants_that_wait_for_one_act_arrive_each_by_itself() -> None:
    m = machine(WAITS)
    m.order("1", factories.line(1, 1_000))
    m.wait(days=1)
    m.order("2", factories.line(1, 2_000))
    assert [e.amount for e in m.act("delivered", 1, order="1").entries] == [10]
    assert [e.amount for e in m.act("delivered", 2, order="2").entries] == [20]


def test_what_is_taken_back_says_of_which_act_and_why() -> None:
    m = machine()
    m.act("review", 1, value=5)
    decision = m.reverse_act(1)
    why: dict[str, object] = {"reversed": str(REF), "reason": "test"}
    assert decision.entries == [Entry("points", "reverse", 25, NOON, LAPSES, ALWAYS, REF, why)]
    assert decision.answer == {"reversed": {"points": 25}, "level": "member"}


@pytest.mark.parametrize(("policy", "kind", "debt"), [("", "owe", 20), ("\n    on_refund: waive", "waive", 0)])
def test_what_was_spent_is_owed_or_waived_as_the_unit_says(policy: str, kind: str, debt: int) -> None:
    m = machine((POINTS, f"{{months: 12}}}}{policy}\n    redeem"))
    m.act("review", 1, value=5)
    m.redeem(20, 2)
    taken = m.reverse_act(1)
    assert [(e.kind, e.amount) for e in taken.entries] == [("reverse", 5), (kind, 20)]
    assert m.standing.wallet.total("points").debt == debt


COUPONS = """
coupons:
  - {id: first, label: {en: First, zh: 甲}, cash: {face: 300}, lane: shop, given_on: registration}
  - {id: second, label: {en: Second, zh: 乙}, cash: {face: 300}, lane: shop, given_on: registration, stock: 1}
  - {id: third, label: {en: Third, zh: 丙}, cash: {face: 300}, lane: shop, given_on: review}
"""


def bringing() -> Machine:
    return Machine(factories.programme(whole.text().replace("\ncoupons:\n", COUPONS)))


def test_each_coupon_of_an_act_follows_from_the_act_and_its_own_name() -> None:
    m = bringing()
    decision = m.act("registration", 1)
    wanted = {coupons.derived_id(REF, name): name for name in ("first", "second")}
    assert {one: held.definition for one, held in m.standing.coupons.items()} == wanted
    assert (decision.answer["given"], decision.taken) == (["first", "second"], {"coupon:second:stock": 1})
    assert {(e.kind, e.at, e.why["source"]) for e in decision.entries} == {("issue", NOON, "rule")}
    assert m.act("registration", 2).answer["given"] == ["first"]


def test_coupons_are_withdrawn_with_the_act_in_the_order_of_their_ids_and_no_others_are() -> None:
    m = bringing()
    m.act("registration", 1)
    m.act("review", 2)
    m.coupon("first", 3)
    decision = m.reverse_act(1)
    gone = sorted(coupons.derived_id(REF, name) for name in ("first", "second"))
    why = {"reversed": str(REF), "reason": "test"}
    assert [(e.kind, e.ref, e.at, e.why) for e in decision.entries] == [("void", one, NOON, why) for one in gone]
    assert sorted(held.state for held in m.standing.coupons.values()) == ["issued", "issued", "void", "void"]
