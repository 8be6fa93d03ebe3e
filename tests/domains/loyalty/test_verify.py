"""``verify`` finds and names what was changed behind the engine's back: each corruption is made by SQL and found by its own name."""

from datetime import timedelta
from uuid import UUID

import psutil
import psycopg
import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import HoldPlaced, PointsAdjusted, PointsRedeemed
from regulars.domains.loyalty.tasks import verify_beside
from regulars.platform import batching
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.domains.loyalty.conftest import done
from tests.domains.loyalty.test_applying import refund
from tests.support import factories

CAPPED = """
  - {id: daily, label: {en: Daily, zh: 每日}, unit: points, fixed: 10, cap: {per: day, amount: 15}}
"""


@pytest.fixture
def lived_in(db: Database, clock: MovableClock) -> Database:
    """Three members who ordered, refunded, redeemed, held and waited, under two versions of a programme."""
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN + CAPPED).version)
        members = factories.enrol(ctx, 3)

    def take(*facts: object) -> None:
        done(batching.run(db, service.handle, list(facts)))  # type: ignore[arg-type]  # facts of several kinds

    for i, member in enumerate(members):
        take(*[factories.paid(member, f"{i}-{n}", [factories.line(1, 10_000 * (i + 1))]) for n in range(3)])
        take(refund(member, f"{i}-0", (1, 2_500), number=f"r{i}"))
        take(PointsRedeemed(member_id=member.member_id, at=clock.at, ref=UUID(int=100 + i), unit="points", points=20))
    with db.transaction() as ctx:
        more = (programmes.PLAIN + CAPPED).replace("every: 100", "every: 50")
        service.publish(ctx, service.add_draft(ctx, more).version, at=clock.at + timedelta(days=1))
    clock.move(timedelta(days=2))
    take(*[factories.paid(member, f"late-{i}", at=clock.at) for i, member in enumerate(members)])
    take(PointsAdjusted(member_id=members[1].member_id, at=clock.at, ref=UUID(int=50), unit="points", points=77, reason="Late parcel"))
    until = clock.at + timedelta(minutes=15)
    take(HoldPlaced(member_id=members[0].member_id, at=clock.at, ref=UUID(int=9), unit="points", points=30, until=until))
    return db


def findings(db: Database) -> list[str]:
    with db.reading() as ctx:
        return [finding.what for finding in service.verify(ctx)]


def test_nothing_disagrees_in_a_house_that_was_only_lived_in(lived_in: Database) -> None:
    assert findings(lived_in) == []


M0 = "(SELECT member_id FROM standings ORDER BY member_id LIMIT 1)"


@pytest.mark.parametrize(
    ("corruption", "named"),
    [
        (f"UPDATE point_lots SET amount = amount + 1 WHERE member_id = {M0} AND unit = 'points'", "lot"),
        (f"UPDATE point_totals SET available = available + 1 WHERE member_id = {M0} AND unit = 'points'", "balance"),
        (f"UPDATE tier_standings SET level = 'member' WHERE member_id = {M0}", "tier"),
        (f"DELETE FROM journal WHERE member_id = {M0} AND seq = 2 AND n = 0", "journal"),
        (
            f"""INSERT INTO journal SELECT member_id, seq, n + 10, unit, kind, amount, at, expires_at, available_at, ref, why
                  FROM journal WHERE member_id = {M0} AND seq = 1 AND n = 0""",
            "journal",
        ),
        (
            f"""UPDATE journal SET why = jsonb_set(why, '{{parts,0,1}}', '"other"')
                 WHERE member_id = {M0} AND seq = 1 AND n = 0""",
            "journal",
        ),
        (f"UPDATE point_usage SET amount = amount - 1 WHERE member_id = {M0}", "counter"),
        ("DELETE FROM claims WHERE kind = 'order' AND key LIKE '%0-1'", "claim"),
        (f"UPDATE decisions SET programme = 2 WHERE member_id = {M0} AND seq = 1", "version"),
        ("UPDATE orders SET lines = jsonb_set(lines, '{0,3}', '9999') WHERE number = '0-2'", "input"),
    ],
    ids=["lot", "balance", "tier", "missing journal row", "doubled journal row", "reason", "counter", "claim", "version", "input"],
)
def test_each_seeded_corruption_is_found_and_named(
    lived_in: Database, connection: "psycopg.Connection[tuple[object, ...]]", corruption: str, named: str
) -> None:
    changed = connection.execute(corruption).rowcount
    assert changed >= 1
    assert named in findings(lived_in)


@pytest.mark.parametrize(
    ("corruption", "named"),
    [
        ("UPDATE standings SET seq = seq + 1", "version"),
        ("UPDATE standings SET version = 0", "version"),
        ("DELETE FROM standings", "standing"),
        ("DELETE FROM decisions WHERE seq = 2", "decision"),
        ("UPDATE point_holds SET parts = '[]'", "hold"),
        ("UPDATE orders SET refunded = refunded + 1 WHERE number = '1-0'", "refund"),
        ("UPDATE standings SET spend = spend + 1", "counter"),
        ("UPDATE standings SET next_due_at = '2099-01-01'", "counter"),
        ("UPDATE decisions SET body = jsonb_set(body, '{points}', '78') WHERE kind = 'adjust'", "input"),
        ("UPDATE claims SET ref = NULL WHERE kind = 'redeem'", "claim"),
        ("DELETE FROM orders WHERE number = '2-2'", "claim"),
        ("UPDATE decisions SET programme = 99 WHERE seq = 1", "version"),
    ],
)
def test_other_corruptions_are_found_too(
    lived_in: Database, connection: "psycopg.Connection[tuple[object, ...]]", corruption: str, named: str
) -> None:
    assert connection.execute(corruption).rowcount > 0
    assert named in findings(lived_in)


@pytest.mark.parametrize("processes", [1, 2, pytest.param(3, marks=pytest.mark.prove)])
def test_several_processes_find_the_same_in_the_same_order(
    lived_in: Database, connection: "psycopg.Connection[tuple[object, ...]]", processes: int
) -> None:
    assert list(verify_beside.verify(lived_in, size=1, processes=processes)) == []
    for corruption in (
        "UPDATE point_lots SET amount = amount + 1",
        "UPDATE point_totals SET available = available + 1, spent = spent + 2",
        "UPDATE standings SET spend = spend + 1",
        "UPDATE orders SET refunded = refunded + 1",
        "DELETE FROM claims WHERE kind = 'order' AND key LIKE '%-2'",
        "DELETE FROM orders WHERE number = '2-1'",
    ):
        assert connection.execute(corruption).rowcount > 0
    heard: list[tuple[int, int]] = []
    with lived_in.reading() as ctx:
        alone = list(service.verify(ctx))
    found = list(verify_beside.verify(lived_in, size=1, processes=processes, progress=lambda done_, total: heard.append((done_, total))))
    assert found == alone
    assert {finding.what for finding in found} == {"lot", "balance", "counter", "claim", "refund", "input"}
    assert len({finding.member for finding in found}) == 3
    assert heard[-1] == (20, 20)
    assert [done_ for done_, _ in heard] == sorted(done_ for done_, _ in heard)


def test_all_processes_see_the_database_as_it_was_at_the_beginning(
    lived_in: Database, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    heard: list[int] = []

    def spoil(done_: int, _total: int) -> None:
        heard.append(done_)
        connection.execute("UPDATE standings SET spend = spend + 1")
        connection.execute("UPDATE orders SET refunded = refunded + 1")

    assert list(verify_beside.verify(lived_in, size=1, processes=2, progress=spoil)) == []
    assert len(heard) == 4
    with lived_in.reading() as ctx:
        assert list(service.verify(ctx)) != []


def test_a_process_that_is_killed_while_it_verifies_is_replaced(lived_in: Database) -> None:
    killed: list[int] = []
    # The tests' own PostgreSQL may be a child of this process as well.
    others = {child.pid for child in psutil.Process().children()}

    def kill(_done: int, _total: int) -> None:
        for child in psutil.Process().children():
            if not killed and child.pid not in others:
                killed.append(child.pid)
                child.kill()

    assert list(verify_beside.verify(lived_in, size=1, processes=2, progress=kill)) == []
    assert len(killed) == 1
    assert {child.pid for child in psutil.Process().children()} <= others


def test_every_member_is_looked_at_though_its_standing_is_lost(
    lived_in: Database, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    connection.execute(f"DELETE FROM standings WHERE member_id = {M0}")
    found = list(verify_beside.verify(lived_in, size=1, processes=2))
    assert [finding.what for finding in found if finding.where == "head"] == ["standing"]
    connection.execute("DELETE FROM standings")
    found = list(verify_beside.verify(lived_in, size=1, processes=2))
    assert [finding.what for finding in found if finding.where == "head"] == ["standing"] * 3


def test_progress_tells_how_many_decisions_are_done_of_how_many(lived_in: Database) -> None:
    heard: list[tuple[int, int]] = []
    with lived_in.reading() as ctx:
        assert list(service.verify(ctx, progress=lambda done_, total: heard.append((done_, total)))) == []
    assert heard == [(20, 20)]
