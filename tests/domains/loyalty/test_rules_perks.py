"""What a use of a benefit writes down, and what giving it back returns."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from regulars.domains.benefits.model import State, Use
from regulars.domains.loyalty.model import BenefitUsed
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import NOON

REF = UUID(int=3)
LOUNGE = "\nbenefits:\n  - {id: lounge, label: {en: Lounge, zh: 休息室}, kind: event_access, unit_cost: 0}"


def machine(*, held_out: bool = False) -> Machine:
    m = Machine(factories.programme(whole.text().replace("\nbenefits:", LOUNGE)), held_out=held_out)
    m.order("1", factories.line(1, 10_000))
    return m


def use(**more: object) -> Use:
    plain: dict[str, object] = {
        "use_id": REF,
        "benefit": "delivery",
        "quantity": 1,
        "cost": 300,
        "at": NOON,
        "level": "silver",
        "period": date(2026, 3, 1),
        "order_ref": "A1",
        "changed_at": NOON,
    }
    return Use(**{**plain, **more})  # type: ignore[arg-type]  # tests pass fields by name


def used(m: Machine, **more: object) -> BenefitUsed:
    plain: dict[str, object] = {"member_id": m.member, "at": m.now, "ref": REF, "benefit": "delivery", "order_ref": "A1"}
    return BenefitUsed(**{**plain, **more})  # type: ignore[arg-type]  # tests pass fields by name


def test_a_use_is_written_with_its_cost_level_and_quota() -> None:
    m = machine()
    decision = m.take(used(m))
    why = {"cost": 300, "level": "silver", "caps": [["benefit:delivery", "2026-03-01", 1]]}
    assert decision.entries == [Entry("benefit:delivery", "use", 1, NOON, NEVER, ALWAYS, REF, why)]
    assert decision.answer == {"benefit": "delivery", "cost": 300, "level": "silver"}
    assert m.standing.uses == {REF: use()}
    assert m.standing.wallet.usage == {("benefit:delivery", date(2026, 3, 1)): 1}


def test_a_use_told_late_counts_in_its_own_month_and_is_written_when_it_is_told() -> None:
    m = machine()
    m.wait(days=40)
    decision = m.take(used(m, at=NOON, quantity=2))
    assert [(entry.at, entry.amount, entry.why["caps"]) for entry in decision.entries] == [
        (m.now, 2, [["benefit:delivery", "2026-03-01", 2]])
    ]
    assert m.standing.uses == {REF: use(quantity=2, cost=600)}
    assert m.benefit("delivery", 4, quantity=2).answer["cost"] == 600


def test_a_use_without_a_quota_counts_nothing() -> None:
    m = machine()
    assert [entry.why for entry in m.benefit("lounge", 3).entries] == [{"cost": 0, "level": "silver"}]
    assert m.standing.wallet.usage == {}


def test_giving_back_returns_the_quota_and_is_written_once() -> None:
    m = machine()
    m.take(used(m, quantity=2))
    m.now += timedelta(hours=1)
    decision = m.give_benefit_back(3)
    why = {"cost": 600, "level": "silver", "caps": [["benefit:delivery", "2026-03-01", -2]]}
    assert decision.entries == [Entry("benefit:delivery", "give_back", 2, m.now, NEVER, ALWAYS, REF, why)]
    assert decision.answer == {"reversed": 2, "level": "silver"}
    assert m.standing.uses == {REF: use(quantity=2, cost=600, state=State.reversed, changed_at=m.now)}
    assert set(m.standing.wallet.usage.values()) == {0}
    again = m.give_benefit_back(3)
    assert (again.entries, again.answer) == ([], {"reversed": 2, "level": "silver"})


def test_a_use_of_another_member_is_unknown() -> None:
    with pytest.raises(Problem) as refused:
        machine().give_benefit_back(9)
    assert (refused.value.code, refused.value.fields) == ("benefits.use_unknown", {"use": str(UUID(int=9))})


def test_the_control_group_has_no_benefit_that_is_an_incentive() -> None:
    with pytest.raises(Problem, match=r"benefits\.held_out"):
        machine(held_out=True).benefit("gift", 3, cost=250)
    assert machine().benefit("gift", 3, cost=250).answer["cost"] == 250
