"""``apply`` on a real database: what is recorded, what a retry gets, what is refused; the numbered cases that need it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import HoldPlaced, LinesRefunded, PointsAdjusted, PointsRedeemed, PointsTransferred
from regulars.domains.members.model import MemberRef
from regulars.domains.orders.model import Refund, RefundLine
from regulars.kernel import ids
from regulars.kernel.ids import RefundId, SubjectId
from regulars.platform import outbox
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.loyalty.conftest import Take, codes, done
from tests.support import factories
from tests.support.factories import NOON


def refund(member: MemberRef | None, order_number: str, *lines: tuple[int, int], number: str = "r1", at: datetime = NOON) -> LinesRefunded:
    refund_id = RefundId(ids.derived(at, "refund", "shop", number))
    return LinesRefunded(
        refund=Refund(
            refund_id=refund_id,
            subject_id=SubjectId(refund_id),
            member_id=member.member_id if member else None,
            source="shop",
            number=number,
            refunded_at=at,
            currency="GBP",
            order_id=None,
            order_number=order_number,
            lines=tuple(RefundLine(no, amount) for no, amount in lines),
        )
    )


def one(db: Database, count: int = 1) -> list[MemberRef]:
    with db.transaction() as ctx:
        return factories.enrol(ctx, count)


def available(db: Database, member: MemberRef, unit: str = "points") -> int:
    with db.reading() as ctx:
        return service.standing(ctx, member.member_id).wallet.total(unit).available


def clean(db: Database) -> None:
    with db.reading() as ctx:
        assert list(service.verify(ctx)) == []


def test_an_order_is_recorded_with_its_reasons_and_events(house: Database, take: Take) -> None:
    (member,) = one(house)
    (answer,) = done(take(factories.paid(member, "1", [factories.line(1, 1_250)])))
    assert answer.answer["granted"] == {"points": 12, "growth": 12}
    with house.reading() as ctx:
        rows = service.journal(ctx, member.member_id)
    assert [(row.entry.unit, row.entry.amount, row.text["en"]) for row in rows] == [
        ("growth", 12, "Earned 12 growth value (Growth +12)"),
        ("points", 12, "Earned 12 points (Base +12)"),
    ]
    assert rows[1].text["zh"] == "获得 12 积分 (基础 +12)"
    heard: list[str] = []

    def hear(_ctx: object, events: object) -> None:
        heard.extend(event.name for event in events)  # type: ignore[attr-defined]  # a sequence of events

    outbox.drain(house, {"orders.paid": [hear], "points.changed": [hear]})
    assert sorted(heard) == ["orders.paid", "points.changed"]
    clean(house)


def test_an_anonymous_order_is_recorded_and_earns_nothing(house: Database, take: Take) -> None:
    (answer,) = done(take(factories.paid(None, "1")))
    assert answer.answer == {"order": ids.encode("ord", factories.order(None, "1").order_id)}
    clean(house)


def test_edge_10_a_retry_gets_the_same_answer_and_another_body_is_a_conflict(house: Database, take: Take) -> None:
    (member,) = one(house)
    first = done(take(factories.paid(member, "1")))[0]
    again = done(take(factories.paid(member, "1")))[0]
    assert (first.answer, first.duplicate, again.answer, again.duplicate) == (again.answer, False, first.answer, True)
    assert codes(take(factories.paid(member, "1", [factories.line(1, 999)]))) == ["orders.conflict"]
    assert available(house, member) == 10
    clean(house)


def test_edge_10_a_key_refused_for_lack_of_funds_stays_refused(house: Database, take: Take) -> None:
    (member,) = one(house)
    wish = PointsRedeemed(member_id=member.member_id, at=NOON, ref=UUID(int=1), unit="points", points=5)
    assert codes(take(wish)) == ["points.insufficient"]
    done(take(factories.paid(member, "1")))
    assert codes(take(wish, replace(wish, points=6), replace(wish, ref=UUID(int=2)))) == [
        "points.insufficient",
        "idempotency.conflict",
        "done",
    ]
    assert available(house, member) == 5


def test_edge_12_the_same_order_through_two_channels_is_one_by_source_and_number(house: Database, take: Take) -> None:
    (member,) = one(house)
    fact = factories.paid(member, "1")
    assert sorted(codes(take(fact, fact, factories.paid(member, "1", source="till")))) == ["done", "done", "duplicate"]
    assert available(house, member) == 20


def test_edge_06_a_refund_of_another_members_order_is_refused(house: Database, take: Take) -> None:
    mine, other = one(house, 2)
    done(take(factories.paid(mine, "1")))
    assert codes(take(refund(other, "1", (1, 100)))) == ["orders.refund_wrong_member"]
    assert codes(take(refund(mine, "1", (1, 1_001)), refund(mine, "1", (9, 1), number="r2"))) == [
        "orders.refund_too_large",
        "orders.refund_unknown_line",
    ]
    assert available(house, mine) == 10
    clean(house)


def test_edge_06_a_refund_before_its_order_is_kept_and_applied_when_the_order_comes(house: Database, take: Take) -> None:
    (member,) = one(house)
    assert done(take(refund(member, "1", (1, 400))))[0].answer == {"state": "waiting"}
    assert done(take(refund(member, "1", (1, 400))))[0].duplicate
    done(take(factories.paid(member, "1")))
    assert available(house, member) == 10
    while outbox.drain(house, {"orders.paid": [service.on_orders], "orders.refund_waits": [service.on_orders]}):
        pass
    assert available(house, member) == 6
    clean(house)


def test_an_order_its_refund_and_a_redemption_in_one_batch_are_decided_in_their_order(house: Database, take: Take) -> None:
    (member,) = one(house)
    wish = PointsRedeemed(member_id=member.member_id, at=NOON, ref=UUID(int=1), unit="points", points=7)
    answers = take(factories.paid(member, "1"), refund(member, "1", (1, 300)), wish, refund(member, "1", (1, 700), number="r2"))
    assert codes(answers) == ["done"] * 4
    with house.reading() as ctx:
        totals = service.standing(ctx, member.member_id).wallet.total("points")
    assert (totals.available, totals.debt, totals.spent, totals.reversed) == (0, 7, 7, 10)
    clean(house)


def test_a_transfer_moves_lots_with_their_expiry_and_respects_the_days_limit(house: Database, take: Take) -> None:
    sender, receiver = one(house, 2)
    done(take(PointsAdjusted(member_id=sender.member_id, at=NOON, ref=UUID(int=9), unit="points", points=1_500, reason="gift")))
    wish = PointsTransferred(member_id=sender.member_id, at=NOON, ref=UUID(int=1), receiver=receiver.member_id, unit="points", points=900)
    assert codes(take(wish, wish)) == ["done", "duplicate"]
    assert codes(take(replace(wish, ref=UUID(int=2), points=101))) == ["points.transfer_refused"]
    assert (available(house, sender), available(house, receiver)) == (600, 900)
    with house.reading() as ctx:
        lots = [service.standing(ctx, m.member_id).wallet.lots.keys() for m in (sender, receiver)]
    assert lots[0] == lots[1]
    clean(house)


def test_a_transfer_to_nobody_changes_nothing(house: Database, take: Take) -> None:
    (sender,) = one(house)
    done(take(factories.paid(sender, "1")))
    wish = PointsTransferred(
        member_id=sender.member_id, at=NOON, ref=UUID(int=1), receiver=ids.MemberId(UUID(int=3)), unit="points", points=5
    )
    assert codes(take(wish)) == ["not_found"]
    assert available(house, sender) == 10
    clean(house)


def test_time_passes_for_those_who_are_due_and_only_once(house: Database, take: Take, clock: MovableClock) -> None:
    members = one(house, 3)
    done(take(*[factories.paid(member, str(i)) for i, member in enumerate(members)]))
    clock.move(timedelta(days=400))
    with house.transaction() as ctx:
        assert service.tick(ctx) == 3
    with house.transaction() as ctx:
        assert service.tick(ctx) == 0
    with house.reading() as ctx:
        assert [service.standing(ctx, m.member_id).wallet.total("points").expired for m in members] == [10, 10, 10]
    clean(house)


def test_a_fact_from_the_future_is_refused(house: Database, take: Take) -> None:
    (member,) = one(house)
    assert codes(take(factories.paid(member, "1", at=NOON + timedelta(minutes=16)))) == ["orders.from_the_future"]
    assert codes(take(factories.paid(member, "2", at=NOON + timedelta(minutes=15)))) == ["done"]


def test_a_hold_asked_for_twice_is_one_hold(house: Database, take: Take, clock: MovableClock) -> None:
    (member,) = one(house)
    done(take(factories.paid(member, "1")))
    wish = HoldPlaced(member_id=member.member_id, at=NOON, ref=UUID(int=1), unit="points", points=4, until=NOON + timedelta(minutes=15))
    clock.move(timedelta(seconds=5))
    later = replace(wish, at=clock.at, until=clock.at + timedelta(minutes=15))
    assert codes(take(wish)) + codes(take(later)) == ["done", "duplicate"]
    assert available(house, member) == 6
