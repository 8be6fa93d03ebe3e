"""An order file through the engine: what is recorded, what is counted, and that the same again changes nothing."""

import itertools
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import orjson
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_orders
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Bad, Counts, Import, Profile
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty.import_content import HEADER, Raw, a_house, classes, content, member_of, planned, row, written
from tests.support import factories

FILE = [
    row("1001", "2025-03-01 10:00", "m1", "cup", 4, "10.00"),
    row("1001", "2025-03-01 10:01", "m1", "jug", 1, "60.00"),
    row("1001", "2025-03-01 10:01", "m1", "jug", 1, "60.00"),
    row("1002", "2025-03-02 10:00", "", "cup", 1, "10.00"),
    row("C1", "2025-03-05 10:00", "m1", "cup", -3, "10.00"),
    row("C2", "2025-03-06 10:00", "m1", "hat", -1, "9.00"),
    row("C3", "2025-03-06 10:00", "", "cup", -1, "10.00"),
    row("A1", "2025-03-07 10:00", "", "bad debt", 1, "-100.00"),
    row("1003", "2025-03-08 10:00", "m1", "cup", -1, "10.00"),
    row("1004", "2025-03-09 10:00", "m1", "gift", 1, "0.00"),
]
EXPECTED = {"imported_member": 4, "imported_anonymous": 1, "refund_matched": 1, "refund_unmatched": 2, "quarantined": 2}


def points(db: Database, connection: Raw, external_id: str) -> int:
    with db.reading() as ctx:
        member = member_of(connection, external_id)
        return next(one.available for one in loyalty.balances(ctx, member) if one.unit == "points")  # type: ignore[arg-type]  # as stored


def findings(db: Database) -> list[object]:
    with db.reading() as ctx:
        return list(loyalty.verify(ctx))


def quarantine(db: Database, one: Import) -> list[tuple[int, str, str]]:
    with db.reading() as ctx:
        return [(bad.row_no, bad.field, bad.reason) for bad in intake.quarantined(ctx, one)]


def test_every_row_ends_in_exactly_one_class_and_is_recorded_as_that(house: Database, connection: Raw, tmp_path: Path) -> None:
    one = import_orders.run(house, planned(written(tmp_path / "orders.csv", FILE)))
    assert classes(one) == EXPECTED
    assert one.counts.reasons == {"adjustment": 1, "quantity_not_positive": 1}
    assert one.counts.other == {"orders": 3, "refunds": 3, "members_new": 1, "repeated_rows": 1, "free_rows": 1}
    assert quarantine(house, one) == [(9, "order_number", "adjustment"), (10, "quantity", "quantity_not_positive")]
    orders = connection.execute("SELECT number, member_id IS NULL, total, refunded, lines FROM orders ORDER BY number").fetchall()
    assert orders == [
        ("1001", False, 16000, 3000, [[1, "cup", 4, 4000, 0, 0, 0, ""], [2, "jug", 2, 12000, 0, 0, 0, ""]]),
        ("1002", True, 1000, 0, [[1, "cup", 1, 1000, 0, 0, 0, ""]]),
        ("1004", False, 0, 0, [[1, "gift", 1, 0, 0, 0, 0, ""]]),
    ]
    refunds = connection.execute("SELECT number, order_number, total, member_id IS NULL FROM refunds ORDER BY number").fetchall()
    assert refunds == [("C1:1001", "1001", 3000, False), ("C2", "", 900, False), ("C3", "", 1000, True)]
    # 160 pounds earn 160 points; the matched refund takes exactly its 30, the unmatched one nothing.
    assert points(house, connection, "m1") == 130
    assert connection.execute("SELECT joined_at::text FROM members").fetchall() == [("2025-03-01 10:00:00+00",)]
    assert findings(house) == []


def test_the_same_file_again_changes_nothing_in_any_format(house: Database, connection: Raw, tmp_path: Path) -> None:
    import_orders.run(house, planned(written(tmp_path / "orders.csv", FILE)))
    before = content(connection)
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in (HEADER, *FILE):
        book.active.append(line)
    book.save(tmp_path / "orders.xlsx")
    objects = [orjson.dumps(dict(zip(HEADER, line, strict=True))) for line in FILE]
    (tmp_path / "orders.ndjson").write_bytes(b"\n".join(objects))
    pq.write_table(pa.table({name: [line[at] for line in FILE] for at, name in enumerate(HEADER)}), tmp_path / "orders.parquet")
    for name in ("orders.csv", "orders.xlsx", "orders.ndjson", "orders.parquet"):
        one = import_orders.run(house, planned(tmp_path / name))
        assert classes(one) == EXPECTED
        assert one.counts.known == {name: rows for name, rows in EXPECTED.items() if name != "quarantined"}
        assert one.counts.other == {"orders_known": 3, "refunds_known": 3, "repeated_rows": 1, "free_rows": 1}
        assert content(connection) == before


def test_another_sorting_of_the_file_is_the_same_orders(house: Database, connection: Raw, tmp_path: Path) -> None:
    import_orders.run(house, planned(written(tmp_path / "orders.csv", FILE)))
    before = content(connection)
    one = import_orders.run(house, planned(written(tmp_path / "again.csv", FILE[::-1])))
    assert classes(one) == EXPECTED
    assert content(connection) == before


def test_history_builds_points_and_tiers_as_of_each_order_s_own_time(house: Database, connection: Raw, tmp_path: Path) -> None:
    rows = [
        row("1", "2024-01-31 09:00", "m1", price="350.00"),
        row("2", "2025-06-15 09:00", "m1", price="120.00"),
        row("3", "2026-02-01 09:00", "m1", price="10.00"),
    ]
    import_orders.run(house, planned(written(tmp_path / "orders.csv", rows)))
    lots = connection.execute(
        "SELECT unit, amount, at::text, expires_at::text FROM journal WHERE kind = 'grant' AND unit = 'points' ORDER BY at"
    ).fetchall()
    assert lots == [
        ("points", 350, "2024-01-31 09:00:00+00", "2025-02-01 00:00:00+00"),
        ("points", 120, "2025-06-15 08:00:00+00", "2026-06-15 23:00:00+00"),
        ("points", 10, "2026-02-01 09:00:00+00", "2027-02-02 00:00:00+00"),
    ]
    moves = connection.execute("SELECT at::text, why->>'to' FROM journal WHERE kind = 'tier' ORDER BY at, seq, n").fetchall()
    assert moves[0] == ("2024-01-31 09:00:00+00", "gold")
    assert findings(house) == []


def test_a_refund_in_a_later_file_finds_its_sale_in_an_earlier_one(house: Database, connection: Raw, tmp_path: Path) -> None:
    import_orders.run(house, planned(written(tmp_path / "march.csv", FILE)))
    april = [
        row("2001", "2025-04-01 10:00", "m1", "cup", 2, "10.00"),
        row("C9", "2025-04-02 10:00", "m1", "cup", -2, "10.00"),
        row("C10", "2025-04-03 10:00", "m1", "cup", -2, "10.00"),
    ]
    one = import_orders.run(house, planned(written(tmp_path / "april.csv", april)))
    # One cup of March is left, so the first refund takes it and one of April's; the second finds only one and stays whole.
    assert classes(one) == {"imported_member": 1, "refund_matched": 1, "refund_unmatched": 1}
    refunds = connection.execute("SELECT number, total FROM refunds WHERE number LIKE 'C9%' OR number = 'C10' ORDER BY number").fetchall()
    assert refunds == [("C10", 2000), ("C9:1001", 1000), ("C9:2001", 1000)]
    before = content(connection)
    both = import_orders.run(house, planned(written(tmp_path / "both.csv", FILE + april)))
    assert both.counts.known == {"imported_member": 5, "imported_anonymous": 1, "refund_matched": 2, "refund_unmatched": 3}
    assert content(connection) == before
    assert findings(house) == []


def test_other_content_under_a_known_number_is_quarantined_and_changes_nothing(house: Database, connection: Raw, tmp_path: Path) -> None:
    import_orders.run(house, planned(written(tmp_path / "orders.csv", FILE)))
    before = content(connection)
    changed = [
        row("1001", "2025-03-01 10:00", "m1", "cup", 5, "10.00"),
        row("1002", "2025-03-02 10:00", "m2", "cup", 1, "10.00"),
        row("C1", "2025-03-05 10:00", "m1", "cup", -2, "10.00"),
        row("C2", "2025-03-06 10:00", "m1", "hat", -1, "9.00"),
    ]
    one = import_orders.run(house, planned(written(tmp_path / "orders2.csv", changed)))
    assert classes(one) == {"quarantined": 3, "refund_unmatched": 1}
    assert one.counts.reasons == {"orders.conflict": 2, "refund_conflict": 1}
    assert quarantine(house, one) == [(2, "", "orders.conflict"), (3, "", "orders.conflict"), (4, "", "refund_conflict")]
    after = content(connection)
    assert {table for table in after if after[table] != before[table]} <= {"members", "subjects", "subject_members", "claims", "outbox"}
    assert not any('"key":"order' in line and "m2" in line for line in after["claims"])


class Killed(BaseException):
    """Stands for the end of the process: not an ``Exception``, so nothing catches it."""


def stopping(after: int) -> import_orders.Watch:
    """A watch that ends the process after so many commits."""
    commits = itertools.count(1)

    def watch(_: Import) -> None:
        if next(commits) == after:
            raise Killed

    return watch


def test_an_import_that_stopped_after_any_commit_ends_the_same(server: str, template: str, clock: MovableClock, tmp_path: Path) -> None:
    rows = [row(str(n), f"2025-03-{n % 27 + 1:02} 10:00", f"m{n % 5}" if n % 6 else "", "cup", n % 3 + 1) for n in range(1, 60)]
    rows += [row(f"C{n}", f"2025-04-{n % 27 + 1:02} 10:00", f"m{n % 5}", "cup", -(n % 3 + 1)) for n in range(1, 30)]
    plan = planned(written(tmp_path / "orders.csv", rows))
    ends: list[tuple[dict[str, list[str]], Counts]] = []
    stopped = True
    while stopped:
        with a_house(server, template, clock) as (house, connection):
            stopped = False
            try:
                # The first round is not stopped at all: the others must end like it.
                one = import_orders.run(house, plan, watch=stopping(len(ends)), size=10)
            except Killed:
                stopped = True
                one = import_orders.run(house, plan, size=10)
            assert connection.execute("SELECT (SELECT count(*) FROM import_rows) + (SELECT count(*) FROM import_people)").fetchall() == [
                (0,)
            ]
            assert findings(house) == []
            # Stopped after its very last commit, an import is done; the second run is a new one that knows every order.
            counts = replace(one.counts, known=Counter()) if not one.counts.known else ends[0][1]
            ends.append((content(connection), counts))
        stopped = stopped or len(ends) == 1
    assert len(ends) > 11
    assert all(end == ends[0] for end in ends)


def test_an_import_survives_the_loss_of_its_connections(house: Database, connection: Raw, tmp_path: Path) -> None:
    rows = [row(str(n), "2025-03-01 10:00", f"m{n % 7}") for n in range(1, 200)]
    turns = 0

    def watch(_: Import) -> None:
        nonlocal turns
        turns += 1
        if turns in (1, 4, 9):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    one = import_orders.run(house, planned(written(tmp_path / "orders.csv", rows)), watch=watch, size=20)
    assert classes(one) == {"imported_member": 199}
    assert (one.counts.known, one.counts.other["orders"]) == ({}, 199)
    assert connection.execute("SELECT count(*), sum(total) FROM orders").fetchall() == [(199, 199_000)]
    assert findings(house) == []


def test_an_import_beside_live_traffic_on_the_same_members_loses_nothing(house: Database, connection: Raw, tmp_path: Path) -> None:
    rows = [row(str(n), "2025-03-01 10:00", f"m{n % 3}") for n in range(1, 301)]
    with house.transaction() as ctx:
        refs = members.enrol(ctx, [_enrolment(f"m{n}") for n in range(3)])
    stop = threading.Event()
    taken = 0

    def live() -> None:
        nonlocal taken
        while not stop.is_set():
            with house.transaction() as ctx:
                answers = loyalty.apply(ctx, [factories.paid(refs[taken % 3], f"live-{taken}", at=factories.NOON)])
            taken += isinstance(answers[0], loyalty.Done)

    thread = threading.Thread(target=live)
    thread.start()
    try:
        one = import_orders.run(house, planned(written(tmp_path / "orders.csv", rows)), size=10)
    finally:
        stop.set()
        thread.join()
    assert classes(one) == {"imported_member": 300}
    assert taken > 0
    assert connection.execute("SELECT count(*) FROM orders").fetchall() == [(300 + taken,)]
    assert findings(house) == []


def _enrolment(external_id: str) -> Enrolment:
    return Enrolment(external_id=external_id, joined_at=factories.NOON)


def test_without_a_programme_nothing_is_even_read(db: Database, connection: Raw, tmp_path: Path) -> None:
    for way in (import_orders.run, import_orders.rehearse):
        with pytest.raises(Problem) as refused:
            way(db, planned(written(tmp_path / "orders.csv", FILE)))
        assert refused.value.code == "programme.none"
    assert connection.execute("SELECT count(*) FROM imports").fetchall() == [(0,)]


def test_orders_in_another_currency_than_the_programme_s_are_quarantined(house: Database, tmp_path: Path) -> None:
    one = import_orders.run(house, planned(written(tmp_path / "orders.csv", FILE[:1]), Profile(currency="CNY")))
    assert (classes(one), one.counts.reasons) == ({"quarantined": 1}, {"currency_other": 1})


def test_a_rehearsal_counts_the_same_and_leaves_no_trace(house: Database, connection: Raw, tmp_path: Path) -> None:
    plan = planned(written(tmp_path / "orders.csv", FILE))
    before = content(connection)
    foreseen = import_orders.rehearse(house, plan)
    assert content(connection) == before
    assert connection.execute("SELECT (SELECT count(*) FROM imports) + (SELECT count(*) FROM import_rows)").fetchall() == [(0,)]
    done = import_orders.run(house, plan)
    assert (foreseen.counts.classes, foreseen.counts.reasons) == (done.counts.classes, done.counts.reasons)
    again = import_orders.rehearse(house, plan)
    assert again.counts.known == {name: rows for name, rows in EXPECTED.items() if name != "quarantined"}
    changed = planned(written(tmp_path / "changed.csv", [row("1001", price="11.00"), row("1002", "2025-03-02 10:00", "", "cup", 2)]))
    assert import_orders.rehearse(house, changed).counts.reasons == {"orders.conflict": 2}


def test_an_unusable_phone_number_costs_no_order(house: Database, connection: Raw, tmp_path: Path, keyring: Keyring) -> None:
    header = (*HEADER, "phone", "email", "customer_name")
    rows = [
        (*row("1", customer="m1"), "13800138000", "li@example.com", "Li Lei"),
        (*row("2", customer="m2"), "12", "nobody", "Han Meimei"),
        (*row("3", customer="m3"), "", "", ""),
    ]
    plan = planned(written(tmp_path / "orders.csv", rows, header))
    one = import_orders.run(house, plan, keyring=keyring)
    assert classes(one) == {"imported_member": 3}
    assert one.counts.other["values_left_out"] == 2
    with house.reading() as ctx:
        left = list(intake.quarantined(ctx, one))
        found = members.find_by_external(ctx, ["m1", "m2"])
        fields = {name: members.get_profile(ctx, ref.member_id, keyring=keyring).fields for name, ref in found.items()}
    assert [(bad.row_no, bad.field, bad.value, bad.kept) for bad in left] == [
        (3, "email", "(6 characters, hidden)", True),
        (3, "phone", "(2 characters, hidden)", True),
    ]
    assert {name: sorted(one) for name, one in fields.items()} == {"m1": ["email", "name", "phone"], "m2": ["name"]}


def test_orders_of_somebody_who_was_erased_are_quarantined(house: Database, connection: Raw, tmp_path: Path) -> None:
    plan = planned(written(tmp_path / "orders.csv", FILE[:1]))
    import_orders.run(house, plan)
    with house.transaction() as ctx:
        members.forget(ctx, member_of(connection, "m1"))  # type: ignore[arg-type]  # the id as stored
    later = planned(written(tmp_path / "later.csv", [row("7", "2025-05-01 10:00"), row("8", customer="m2")]))
    one = import_orders.run(house, later)
    assert (classes(one), one.counts.reasons) == ({"quarantined": 1, "imported_member": 1}, {"members.erased": 1})


def test_a_value_the_database_refuses_costs_its_own_order_only(house: Database, connection: Raw, tmp_path: Path) -> None:
    # No file can bring the engine to this: a rule of the database stands for a fault that nobody has thought of.
    connection.execute("ALTER TABLE orders ADD CONSTRAINT odd CHECK (number <> '13')")
    rows = [row(str(n), "2025-03-01 10:00", f"m{n}") for n in range(1, 41)]
    one = import_orders.run(house, planned(written(tmp_path / "orders.csv", rows)))
    assert (classes(one), one.counts.reasons) == ({"imported_member": 39, "quarantined": 1}, {"refused": 1})
    with house.reading() as ctx:
        assert list(intake.quarantined(ctx, one)) == [Bad(14, "", "", "refused", "CheckViolation")]


def test_many_orders_the_database_refuses_are_a_fault_of_ours_and_stop_the_import(house: Database, connection: Raw, tmp_path: Path) -> None:
    connection.execute("ALTER TABLE orders ADD CONSTRAINT odd CHECK (number < '2')")
    plan = planned(written(tmp_path / "orders.csv", [row(str(n), "2025-03-01 10:00", f"m{n}") for n in range(100, 300)]))
    with pytest.raises(psycopg.errors.CheckViolation):
        import_orders.run(house, plan)
    connection.execute("ALTER TABLE orders DROP CONSTRAINT odd")
    one = import_orders.run(house, plan)
    assert sum(one.counts.classes.values()) == 200
    assert one.counts.reasons == {"refused": 20}


ROW = st.tuples(
    st.sampled_from(["1", "2", "3", "C1", "C2", "A1", "", "4"]),
    st.sampled_from(["2025-03-01 10:00", "2025-03-02", "2025-03-31 01:30", "2025-02-30", ""]),
    st.sampled_from(["m1", "m2", "", "guest"]),
    st.sampled_from(["cup", "jug"]),
    st.sampled_from(["1", "2", "-1", "-2", "0", "x"]),
    st.sampled_from(["1.00", "0.335", "0", "-1", "a"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=25), data=st.data())
def test_whatever_a_file_holds_every_row_is_accounted_for_and_the_books_agree(
    house: Database, connection: Raw, tmp_path: Path, rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    source = f"s{data.draw(st.integers(0, 2**60))}"
    plan = planned(written(tmp_path / "any.csv", rows), Profile(source=source, date_format="ymd"))
    one = import_orders.run(house, plan, size=3)
    assert sum(one.counts.classes.values()) == len(rows)
    before = content(connection)
    again = import_orders.run(house, plan, size=7)
    assert again.counts.classes == one.counts.classes
    assert content(connection) == before
    assert findings(house) == []
