"""The audit log: what enters it, how days are sealed, and that every way of spoiling it is named."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from regulars.domains.operators import rules, service, tasks
from regulars.domains.operators.model import Break, BreakKind, ChainReport, Grant
from regulars.domains.operators.service import auditing
from regulars.domains.operators.store import audit as store
from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.context import SYSTEM
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]


def _deed(db: Database, n: int) -> None:
    with db.transaction() as ctx:
        service.audit(ctx, action="thing.done", entity=f"thing_{n}", before={"n": n - 1}, after={"n": n}, reason=f"Step {n}")


def _verify(db: Database, *, batch: int = auditing.BATCH) -> ChainReport:
    with db.reading() as ctx:
        return service.verify_chain(ctx, batch=batch)


@pytest.fixture
def three_days(db: Database, clock: MovableClock) -> None:
    """Rows 1–3 on 1 March, none on 2 March, rows 4–6 on 3 March; sealed on 4 March."""
    for n in (1, 2, 3):
        _deed(db, n)
        clock.move(timedelta(hours=1))
    clock.move(timedelta(days=2))
    for n in (4, 5, 6):
        _deed(db, n)
    clock.move(timedelta(days=1))
    assert tasks.seal_days(db) == 3


def test_a_row_says_who_did_what_and_why(db: Database, admin: Person, clock: MovableClock) -> None:
    clock.move(timedelta(minutes=1))
    with db.transaction(admin.actor) as ctx:
        service.audit(ctx, action="programme.published", entity="prg_1", before={"version": 1}, after={"version": 2}, reason="Spring")
    with db.reading(admin.actor) as ctx:
        row = service.list_audit(ctx)[0]
    assert (row.at, row.actor_kind, row.actor_id) == (clock.now(), "operator", admin.actor.id)
    assert (row.action, row.entity, row.reason) == ("programme.published", "prg_1", "Spring")
    assert (row.before, row.after, row.no, row.hash) == ({"version": 1}, {"version": 2}, None, None)


def test_what_was_rolled_back_was_not_done(db: Database, connection: Plain) -> None:
    def fail() -> None:
        with db.transaction() as ctx:
            service.audit(ctx, action="thing.done", entity="thing_1")
            raise problem.UNAVAILABLE()

    with pytest.raises(Problem):
        fail()
    assert connection.execute("SELECT count(*) FROM audit").fetchall() == [(0,)]


def test_personal_data_does_not_enter(db: Database, connection: Plain) -> None:
    with db.transaction() as ctx:
        service.audit(
            ctx,
            action="member.changed",
            entity="mbr_1",
            before={"phone": "+8613800138000", "tier": "gold"},
            after={"profile": {"email": "li.na@example.com", "birthday": "1990-01-01"}, "note": "call 13800138000"},
            reason="Wrote to li.na@example.com",
        )
    assert connection.execute("SELECT before, after, reason FROM audit").fetchall() == [
        (
            {"phone": "(hidden)", "tier": "gold"},
            {"profile": {"email": "(hidden)", "birthday": "(hidden)"}, "note": "call (phone)"},
            "Wrote to (email)",
        )
    ]


def test_rows_are_filtered_and_paged_newest_first(db: Database, admin: Person, clock: MovableClock) -> None:
    for n in (1, 2, 3, 4):
        clock.move(timedelta(seconds=n // 2))
        _deed(db, n)
    with db.reading(admin.actor) as ctx:
        page = service.list_audit(ctx, actor="system", action="thing.done", limit=3)
        assert [row.entity for row in page] == ["thing_4", "thing_3", "thing_2"]
        rest = service.list_audit(ctx, actor="system", action="thing.done", before=(page[-1].at, page[-1].audit_id))
        assert [row.entity for row in rest] == ["thing_1"]
        assert [row.after for row in service.list_audit(ctx, entity="thing_2")] == [{"n": 2}]
        assert service.list_audit(ctx, actor="nobody") == []
        assert service.list_audit(ctx, entity="thing_2", action="thing.undone") == []


def test_the_log_is_read_with_its_permission_only(db: Database, person: MakePerson) -> None:
    lead = person("lead", Grant("operations"))
    with pytest.raises(Problem) as refused, db.reading(lead.actor) as ctx:
        service.list_audit(ctx)
    assert refused.value.fields == {"permission": "audit.read"}


def test_an_empty_log_holds(db: Database) -> None:
    assert tasks.seal_days(db) == 0
    assert _verify(db) == ChainReport(rows=0, days=0, head=rules.CHAIN_START, broken=None)


def test_each_day_that_is_over_is_sealed_once(db: Database, three_days: None, connection: Plain) -> None:
    assert tasks.seal_days(db) == 0
    seals = connection.execute("SELECT day, last_no, rows FROM audit_seals ORDER BY day").fetchall()
    assert seals == [(date(2026, 3, 1), 3, 3), (date(2026, 3, 2), 3, 0), (date(2026, 3, 3), 6, 3)]
    rows = connection.execute("SELECT no, entity FROM audit ORDER BY no").fetchall()
    assert rows == [(n, f"thing_{n}") for n in range(1, 7)]
    report = _verify(db)
    head = connection.execute("SELECT hash FROM audit_seals ORDER BY day DESC LIMIT 1").fetchall()[0][0]
    assert report == ChainReport(rows=6, days=3, head=report.head, broken=None)
    assert report.head == head


def test_today_is_not_sealed(db: Database, clock: MovableClock) -> None:
    _deed(db, 1)
    clock.move(timedelta(hours=11, minutes=59, seconds=59))
    assert tasks.seal_days(db) == 0
    clock.move(timedelta(seconds=1))
    assert clock.now() == datetime(2026, 3, 2, tzinfo=UTC)
    assert tasks.seal_days(db) == 1


def test_a_row_that_committed_after_its_day_was_sealed_is_in_the_next_seal(db: Database, clock: MovableClock, connection: Plain) -> None:
    _deed(db, 1)
    with db.transaction() as slow:
        service.audit(slow, action="thing.done", entity="slow")
        clock.move(timedelta(days=1))
        assert tasks.seal_days(db) == 1
    _deed(db, 2)
    clock.move(timedelta(days=1))
    assert tasks.seal_days(db) == 1
    rows = connection.execute("SELECT no, entity, at::date FROM audit ORDER BY no").fetchall()
    assert rows == [(1, "thing_1", date(2026, 3, 1)), (2, "slow", date(2026, 3, 1)), (3, "thing_2", date(2026, 3, 2))]
    assert _verify(db).broken is None


def test_a_day_larger_than_a_batch_is_sealed_and_verified_in_parts(db: Database, clock: MovableClock, connection: Plain) -> None:
    with db.transaction() as ctx:
        service.audit_many(ctx, [service.Entry(action="thing.done", entity=f"thing_{n}") for n in range(10)])
    clock.move(timedelta(days=1))
    with db.transaction() as ctx:
        assert service.seal_next(ctx, batch=4) == date(2026, 3, 1)
    assert connection.execute("SELECT day, last_no, rows FROM audit_seals").fetchall() == [(date(2026, 3, 1), 10, 10)]
    for batch in (1, 4, 5, 10, 11):
        assert (_verify(db, batch=batch).rows, _verify(db, batch=batch).broken) == (10, None)
    connection.execute("UPDATE audit SET reason = 'x' WHERE no = 6")
    found = _verify(db, batch=4)
    assert found.broken is not None
    assert (found.rows, found.broken.kind, found.broken.no) == (5, BreakKind.row_changed, 6)


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_kind = 'operator'",
        "actor_id = 'opr_1'",
        "action = 'thing.undone'",
        "entity = 'thing_50'",
        "before = '{\"n\": 5}'",
        "after = NULL",
        "reason = ''",
        "hash = sha256('x')",
    ],
)
def test_a_changed_row_is_named(db: Database, three_days: None, connection: Plain, change: str) -> None:
    (changed,) = connection.execute(f"UPDATE audit SET {change} WHERE no = 5 RETURNING audit_id".encode()).fetchall()
    report = _verify(db)
    assert report.broken is not None
    assert (report.broken.kind, report.broken.no, report.broken.audit_id) == (BreakKind.row_changed, 5, changed[0])
    assert report.rows == 4


@pytest.mark.parametrize("no", [1, 3, 4, 6])
def test_a_row_taken_out_is_named_wherever_it_stood(db: Database, three_days: None, connection: Plain, no: int) -> None:
    connection.execute("DELETE FROM audit WHERE no = %s", [no])
    report = _verify(db)
    if no == 6:
        # Nothing follows it in the chain, but its day's seal names it.
        assert report.broken == Break(kind=BreakKind.seal_changed, no=6, day=date(2026, 3, 3))
    else:
        assert report.broken == Break(kind=BreakKind.row_missing, no=no)


def test_a_row_slipped_out_of_the_chain_is_named(db: Database, three_days: None, connection: Plain) -> None:
    connection.execute("UPDATE audit SET no = NULL, hash = NULL WHERE no = 2")
    assert _verify(db).broken == Break(kind=BreakKind.row_missing, no=2)


def test_two_rows_that_changed_places_are_named(db: Database, three_days: None, connection: Plain) -> None:
    connection.execute("UPDATE audit SET no = -no WHERE no IN (4, 5)")
    connection.execute("UPDATE audit SET no = CASE no WHEN -4 THEN 5 ELSE 4 END WHERE no < 0")
    found = _verify(db).broken
    assert found is not None
    assert (found.kind, found.no) == (BreakKind.row_changed, 4)


def test_a_rehashed_row_breaks_at_the_next_one(db: Database, three_days: None, connection: Plain) -> None:
    connection.execute("UPDATE audit SET reason = 'harmless' WHERE no = 5")
    with db.transaction() as ctx:
        before, forged = store.sealed(ctx.tx, after=3, limit=2)
        assert before.hash is not None
        store.link(ctx.tx, [(forged.audit_id, 5, rules.row_hash(before.hash, 5, forged))])
    found = _verify(db).broken
    assert found is not None
    assert (found.kind, found.no) == (BreakKind.row_changed, 6)


def test_a_spoiled_or_missing_seal_is_named(db: Database, three_days: None, connection: Plain) -> None:
    connection.execute("UPDATE audit_seals SET hash = sha256('x') WHERE day = '2026-03-02'")
    assert _verify(db).broken == Break(kind=BreakKind.seal_changed, no=3, day=date(2026, 3, 2))
    connection.execute("DELETE FROM audit_seals WHERE day = '2026-03-02'")
    assert _verify(db).broken == Break(kind=BreakKind.seal_missing, day=date(2026, 3, 2))
    connection.execute("DELETE FROM audit_seals WHERE day = '2026-03-03'")
    assert _verify(db).broken == Break(kind=BreakKind.seal_missing, no=6)


def test_rows_cut_off_with_their_seal_show_in_the_head(db: Database, three_days: None, connection: Plain) -> None:
    noted = _verify(db).head
    connection.execute("DELETE FROM audit WHERE no > 3")
    connection.execute("DELETE FROM audit_seals WHERE day > '2026-03-01'")
    report = _verify(db)
    assert report.broken is None
    assert report.head != noted


def test_the_actor_of_a_job_is_the_system(db: Database) -> None:
    _deed(db, 1)
    with db.reading() as ctx:
        assert [row.actor_id for row in service.list_audit(ctx)] == [SYSTEM.id]
