"""Uses in the database: written once, changed once, listed, added up by month."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from regulars.domains.benefits import rules, store
from regulars.domains.benefits.model import Month, State, Use
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx
from tests.domains.benefits.given import LONDON, NOON, delivery, used

A, B = MemberId(UUID(int=1)), MemberId(UUID(int=2))
LATER = NOON + timedelta(hours=1)


def reversed_(use: Use) -> Use:
    found = rules.reverse(use, at=LATER)
    assert found is not None
    return found


def test_uses_come_back_as_they_were_written(ctx: Ctx) -> None:
    plain, full = used(no=1), replace(used(delivery(quota=None), no=2, order_ref="o\t1"), state=State.charged, charged=5)
    store.save(ctx.tx, [(A, plain), (B, full)])
    keys = [(A, plain.use_id), (B, full.use_id), (B, plain.use_id)]
    assert store.load(ctx.tx, keys) == {(A, plain.use_id): plain, (B, full.use_id): full}


def test_nothing_to_write_or_read_is_fine(ctx: Ctx) -> None:
    store.save(ctx.tx, [])
    assert store.change(ctx.tx, []) == set()
    assert store.load(ctx.tx, []) == {}
    assert store.since(ctx.tx, {}) == {}
    assert store.monthly(ctx.tx, {}, until=NOON, granted={}) == []


def test_the_same_use_written_twice_stays_the_first(ctx: Ctx) -> None:
    store.save(ctx.tx, [(A, used(no=1))])
    store.save(ctx.tx, [(A, used(no=1, quantity=2)), (A, used(no=2))])
    assert [use.quantity for use in store.page(ctx.tx, A)] == [1, 1]


def test_edge_10_a_use_is_given_back_once(ctx: Ctx) -> None:
    one, two = used(no=1), used(no=2)
    store.save(ctx.tx, [(A, one), (A, two)])
    back = reversed_(one)
    assert store.change(ctx.tx, [(A, back), (B, reversed_(two))]) == {(A, one.use_id)}
    assert store.change(ctx.tx, [(A, back)]) == set()
    assert store.change(ctx.tx, [(A, replace(one, state=State.charged, charged=300))]) == set()
    assert store.load(ctx.tx, [(A, one.use_id), (A, two.use_id)]) == {(A, one.use_id): back, (A, two.use_id): two}


def test_a_use_is_charged_once_and_may_then_be_given_back(ctx: Ctx) -> None:
    one = used(no=1)
    charged = replace(one, state=State.charged, charged=300, changed_at=LATER)
    store.save(ctx.tx, [(A, one)])
    assert store.change(ctx.tx, [(A, charged)]) == {(A, one.use_id)}
    assert store.change(ctx.tx, [(A, charged)]) == set()
    assert store.change(ctx.tx, [(A, reversed_(charged))]) == {(A, one.use_id)}
    assert store.load(ctx.tx, [(A, one.use_id)])[A, one.use_id] == reversed_(charged)


def test_a_member_s_uses_are_paged_newest_first(ctx: Ctx) -> None:
    uses = [used(no=no, at=NOON + timedelta(days=day)) for no, day in ((1, 0), (2, 2), (3, 2), (4, 1))]
    store.save(ctx.tx, [(A, use) for use in uses] + [(B, used(no=9))])
    first = store.page(ctx.tx, A, limit=2)
    assert [use.use_id.int for use in first] == [3, 2]
    rest = store.page(ctx.tx, A, after=(first[-1].at, first[-1].use_id), limit=5)
    assert [use.use_id.int for use in rest] == [4, 1]


def test_what_was_used_since_a_tier_began(ctx: Ctx) -> None:
    early, first, last = (used(no=no, at=NOON + timedelta(days=no)) for no in (1, 2, 3))
    gone = reversed_(used(no=4, at=NOON + timedelta(days=4)))
    store.save(ctx.tx, [(A, last), (A, early), (A, first), (A, gone), (B, early)])
    assert store.since(ctx.tx, {A: first.at, B: last.at}) == {A: [first, last], B: []}


def test_a_month_says_what_was_given_used_and_spent(ctx: Ctx) -> None:
    april = datetime(2026, 3, 31, 23, tzinfo=UTC)
    gift = delivery(id="gift")
    uses = [
        (A, used(no=1, at=april - timedelta(microseconds=1))),
        (A, used(no=2, at=april, quantity=2)),
        (B, used(no=3, at=april, cost=50)),
        (B, used(gift, no=4, at=april)),
        (B, reversed_(used(no=5, at=april))),
        (A, used(no=6, at=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))),
        (A, used(no=7, at=datetime(2026, 4, 30, 23, tzinfo=UTC))),
    ]
    store.save(ctx.tx, uses)
    until = datetime(2026, 4, 30, 23, tzinfo=UTC)
    months = rules.month_starts(NOON, until, LONDON)
    granted = {("delivery", date(2026, 4, 1)): 8, ("birthday", date(2026, 3, 1)): 4}
    assert store.monthly(ctx.tx, months, until=until, granted=granted) == [
        Month(benefit="birthday", first_day=date(2026, 3, 1), granted=4, used=0, cost=0, members=0),
        Month(benefit="delivery", first_day=date(2026, 3, 1), granted=None, used=1, cost=300, members=1),
        Month(benefit="delivery", first_day=date(2026, 4, 1), granted=8, used=3, cost=650, members=2),
        Month(benefit="gift", first_day=date(2026, 4, 1), granted=None, used=1, cost=300, members=1),
    ]
