"""Edge cases of the mall and of benefits, in the engine."""

import pytest

from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine


def machine(*, held_out: bool = False) -> Machine:
    return Machine(factories.programme(whole.text()), held_out=held_out)


def test_edge_20_the_last_reward_goes_to_whoever_asks_first() -> None:
    m = machine()
    m.adjust(200)
    m.taken["reward:cup:stock"] = 1
    m.reward("cup", 1, address="home")
    assert (m.points, m.taken["reward:cup:stock"]) == (140, 2)
    other = Machine(m.programme)
    other.adjust(200)
    other.taken = m.taken
    with pytest.raises(Problem, match=r"rewards\.out_of_stock"):
        other.reward("cup", 2, address="home")
    assert (other.points, other.taken["reward:cup:stock"]) == (200, 2)


def test_edge_20_a_reward_of_two_coupons_is_refused_when_one_is_left() -> None:
    m = Machine(factories.programme(whole.text().replace("id: ten, label", "id: ten, stock: 3, label")))
    m.adjust(200)
    m.reward("voucher", 1)
    with pytest.raises(Problem, match=r"coupons\.not_claimed"):
        m.reward("voucher", 2)
    assert (m.points, m.taken["coupon:ten:stock"], len(m.standing.coupons)) == (170, 2, 2)


def test_edge_21_a_cancelled_reward_returns_points_to_their_lots_and_stock_and_limit_once() -> None:
    m = machine()
    m.order("1", factories.line(1, 5_000))
    m.wait(days=40)
    m.order("2", factories.line(1, 5_000))
    before = m.lots()
    m.reward("cup", 1, address="home")
    assert (m.points, m.taken["reward:cup:stock"]) == (40, 1)
    with pytest.raises(Problem, match=r"rewards\.limit_reached"):
        m.reward("cup", 2, address="home")
    decision = m.move_reward("cancelled")
    assert (decision.answer["returned"], m.lots(), m.taken["reward:cup:stock"]) == (60, before, 0)
    with pytest.raises(Problem, match=r"rewards\.wrong_state"):
        m.move_reward("cancelled")
    assert (m.lots(), m.taken["reward:cup:stock"]) == (before, 0)
    m.reward("cup", 2, address="home")
    assert m.points == 40
    m.check()
    assert m.replayed().standing == m.standing


def test_edge_21_points_of_a_lot_that_has_lapsed_meanwhile_lapse_again() -> None:
    m = machine()
    m.order("1", factories.line(1, 6_000))
    m.wait(days=360)
    m.reward("cup", 1, address="home")
    m.wait(days=10)
    m.move_reward("cancelled")
    assert (m.points, m.standing.wallet.total("points").expired) == (0, 60)
    m.check()


def test_edge_21_what_was_sent_or_given_at_once_is_not_cancelled() -> None:
    m = machine()
    m.adjust(200)
    m.reward("cup", 1, address="home")
    m.move_reward("fulfilled")
    m.reward("voucher", 2)
    for ref in (1, 2):
        with pytest.raises(Problem, match=r"rewards\.wrong_state"):
            m.move_reward("cancelled", ref)
    with pytest.raises(Problem, match=r"rewards\.order_unknown"):
        m.move_reward("cancelled", 9)
    assert m.points == 110


def test_a_reward_gives_coupons_and_money_at_once() -> None:
    m = machine()
    m.adjust(200)
    m.reward("voucher", 1, quantity=2)
    assert ([held.source for held in m.standing.coupons.values()], m.points) == (["exchange"] * 4, 140)
    m.reward("card", 2)
    assert (m.points, m.standing.wallet.total("purse").available) == (90, 500)
    with pytest.raises(Problem, match=r"rewards\.address_missing"):
        m.reward("cup", 3)
    with pytest.raises(Problem, match=r"rewards\.points_missing"):
        m.reward("voucher", 4, quantity=4)
    m.check()


def test_a_benefit_is_used_up_to_its_quota_by_the_tiers_that_have_it() -> None:
    m = machine()
    with pytest.raises(Problem, match="audience"):
        m.benefit("delivery", 1)
    m.order("1", factories.line(1, 10_000))
    assert (m.benefit("delivery", 1).answer["cost"], m.benefit("delivery", 2).answer["cost"]) == (300, 300)
    with pytest.raises(Problem, match=r"benefits\.quota_used"):
        m.benefit("delivery", 3)
    assert m.give_benefit_back(1).answer["reversed"] == 1
    assert m.give_benefit_back(1).entries == []
    m.benefit("delivery", 3)
    with pytest.raises(Problem, match=r"benefits\.quota_used"):
        m.benefit("delivery", 4)
    with pytest.raises(Problem, match=r"benefits\.use_unknown"):
        m.give_benefit_back(9)
    m.wait(days=31)
    m.benefit("delivery", 4)
    m.check()


def test_edge_24_a_birthday_gift_is_had_once_a_calendar_year_and_says_what_it_cost() -> None:
    m = machine()
    with pytest.raises(Problem, match=r"benefits\.cost_missing"):
        m.benefit("gift", 1)
    assert m.benefit("gift", 1, cost=250).answer["cost"] == 250
    m.wait(days=100)
    with pytest.raises(Problem, match=r"benefits\.quota_used"):
        m.benefit("gift", 2, cost=250)
    m.wait(days=250)
    assert m.benefit("gift", 2, cost=250).answer["cost"] == 250
