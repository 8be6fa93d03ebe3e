"""What loading money, goodwill and a cart that is given up write into the journal."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import ExpiryExtended, ValueLoaded
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.kernel.problem import Problem
from tests.domains.loyalty import programmes, whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import NOON, day

REF = UUID(int=1)
SUMMER = datetime(2027, 6, 1, tzinfo=UTC)


def load(m: Machine, unit: str = "purse", amount: int = 1_000, bonus: int = 0, reason: str = "") -> ValueLoaded:
    return ValueLoaded(member_id=m.member, at=m.now, ref=REF, unit=unit, amount=amount, bonus=bonus, reason=reason)


def test_money_and_its_bonus_are_two_grants_that_say_what_was_paid_and_why() -> None:
    m = Machine(factories.programme(whole.text()))
    decision = m.take(load(m, bonus=150, reason="spring"))
    assert decision.entries == [
        Entry("purse", "grant", 1_000, NOON, NEVER, ALWAYS, REF, {"loaded": 1_000, "bonus": False, "reason": "spring"}),
        Entry("purse", "grant", 150, NOON, NEVER, ALWAYS, REF, {"loaded": 1_000, "bonus": True, "reason": "spring"}),
    ]
    assert decision.answer == {"loaded": 1_150, "level": "member"}


def test_money_without_bonus_and_words_is_one_grant() -> None:
    m = Machine(factories.programme(whole.text()))
    assert m.take(load(m)).entries == [Entry("purse", "grant", 1_000, NOON, NEVER, ALWAYS, REF, {"loaded": 1_000, "bonus": False})]


@pytest.mark.parametrize(("text", "known"), [(whole.text(), "purse"), (programmes.PLAIN, "-")])
def test_what_holds_no_money_is_named_with_what_does(text: str, known: str) -> None:
    m = Machine(factories.programme(text))
    with pytest.raises(Problem) as refused:
        m.take(load(m, "points"))
    assert (refused.value.code, refused.value.fields) == ("points.not_money", {"unit": "points", "known": known})


def test_goodwill_says_why_and_what_it_extended() -> None:
    m = Machine(factories.programme(whole.text()))
    m.order("1", factories.line(1, 1_000))
    m.now = day(1)
    decision = m.take(ExpiryExtended(member_id=m.member, at=m.now, ref=REF, unit="points", until=SUMMER, reason="sorry"))
    why: dict[str, object] = {"reason": "sorry", "goodwill": True}
    assert decision.entries == [Entry("points", "extend", 10, day(1), SUMMER, datetime(2027, 3, 2, tzinfo=UTC), REF, why)]
    assert decision.answer == {"extended": 10, "level": "member"}


def test_points_of_a_cart_that_is_given_up_return_at_that_moment() -> None:
    m = Machine(factories.programme(whole.text()))
    m.adjust(10)
    m.hold(10)
    m.now = NOON + timedelta(minutes=5)
    (entry,) = m.cancel_hold().entries
    assert (entry.kind, entry.at, entry.ref, entry.why) == ("unhold", m.now, REF, {"hold": str(REF)})
