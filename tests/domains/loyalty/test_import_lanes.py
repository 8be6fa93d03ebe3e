"""An import in several processes ends like one in a single process, whatever is killed on the way."""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_orders
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Counts, Import
from regulars.domains.orders.intake.planning import Plan
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.processes import sharing
from tests.domains.loyalty.import_content import HEADER, Raw, a_house, classes, content, planned, row, written

PATIENCE_S = 60.0

pytestmark = pytest.mark.slow


def a_shop() -> list[tuple[str, ...]]:
    """Two hundred orders of twelve members and of nobody, refunds of some, a number two members are named for, a bad row here and there."""
    chance = random.Random(7)
    rows = []
    for n in range(1, 201):
        customer = f"m{n % 13}" if n % 13 < 11 else ""
        when = f"2025-{n % 9 + 1:02}-{n % 27 + 1:02} 10:{n % 60:02}"
        rows += [row(str(n), when, customer, product, n % 3 + 1) for product in ("cup", "jug")[: n % 2 + 1]]
        if n % 5 == 0:
            rows.append(row(f"C{n}", f"2025-12-{n % 27 + 1:02} 10:00", customer, "cup", -(n % 3 + 1)))
        if n % 50 == 0:
            rows.append(row(str(n), when, f"m{n % 13 + 1}", "hat"))
            rows.append(row(f"{n}x", "2025-02-30", customer))
    chance.shuffle(rows)
    return rows


@dataclass(frozen=True, slots=True)
class End:
    """What an import leaves: the business's content, its counts, its quarantine."""

    content: dict[str, list[str]]
    counts: Counts
    quarantine: list[tuple[object, ...]]
    findings: list[object]


def end_of(db: Database, connection: Raw) -> End:
    with db.reading() as ctx:
        one = intake.latest(ctx)[0]
        assert one.state.value == "done"
        left = [tuple(bad) for bad in intake.quarantined(ctx, one)]
        found: list[object] = list(loyalty.verify(ctx))
    waiting = "SELECT (SELECT count(*) FROM import_rows) + (SELECT count(*) FROM import_people) + (SELECT count(*) FROM import_lanes)"
    assert connection.execute(waiting).fetchall() == [(0,)]
    return End(business(connection), one.counts, left, found)


def business(connection: Raw) -> dict[str, list[str]]:
    """The content without the versions of standings, which count batches: where those are cut is nobody's business."""
    return {name: sorted(_VERSION.sub("", line) for line in lines) for name, lines in content(connection).items()}


_VERSION = re.compile(r'"version":\d+,')


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return planned(written(tmp_path / "orders.csv", a_shop()))


@pytest.fixture
def straight(server: str, template: str, clock: MovableClock, plan: Plan) -> End:
    """How the import ends in one process, undisturbed."""
    with a_house(server, template, clock) as (db, connection):
        import_orders.run(db, plan, lanes=1)
        end = end_of(db, connection)
    assert end.findings == []
    assert sum(end.counts.classes.values()) == end.counts.rows == len(a_shop())
    assert end.counts.other["members_new"] == 12
    assert Counter(bad[3] for bad in end.quarantine) == {"time": 4, "customer_differs": 3}
    return end


@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_any_number_of_lanes_ends_the_same(straight: End, server: str, template: str, clock: MovableClock, plan: Plan, lanes: int) -> None:
    heard: list[tuple[str, float, int]] = []

    def watch(one: Import) -> None:
        heard.append((one.state.value, one.progress, sum(one.counts.classes.values())))

    with a_house(server, template, clock) as (db, connection):
        import_orders.run(db, plan, lanes=lanes, size=10, watch=watch)
        assert end_of(db, connection) == straight
    assert children() == []
    applying = [step[1:] for step in heard if step[0] == "applying"]
    assert applying == sorted(applying)
    assert len(applying) > 20
    assert heard[-1] == ("done", 1.0, straight.counts.rows)


def children() -> list[psutil.Process]:
    """The processes that record lanes for this one."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie has no command line
            found += [child] if "platform.processes" in " ".join(child.cmdline()) else []
    return found


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.prove), 2])
def test_lanes_that_are_killed_at_any_moment_are_begun_again_and_end_the_same(
    straight: End, server: str, template: str, clock: MovableClock, plan: Plan, seed: int
) -> None:
    chance = random.Random(seed)
    killed: list[int] = []

    def watch(one: Import) -> None:
        there = children()
        if there and chance.random() < 0.2 and len(killed) < 2:  # a third loss of one part in a row would end the job
            killed.append(chance.choice(there).pid)
            os.kill(killed[-1], signal.SIGKILL)

    with a_house(server, template, clock) as (db, connection):
        import_orders.run(db, plan, lanes=2, size=5, watch=watch)
        assert end_of(db, connection) == straight
    assert len(set(killed)) == 2


@contextmanager
def importing(url: str, plan: Plan, *, lanes: int, size: int) -> Iterator["subprocess.Popen[str]"]:
    """An import by a process of its own, in a group of its own; it is gone afterwards."""
    # Whoever starts the tests in the background has them ignore Ctrl-C, and what they start as well.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    run = f"import_at_once.run({url!r}, {str(plan.path)!r}, {lanes}, {size})"
    code = f"{heard}; from tests.domains.loyalty import import_at_once; {run}"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def killed_after(process: "subprocess.Popen[str]", commits: int, number: signal.Signals) -> None:
    """Send the signal as a terminal does, behind so many commits of recorded orders; nobody of the import is left then."""
    assert process.stdout is not None
    for said in process.stdout:
        state, counted = said.split()
        commits -= state == "applying" and int(counted) > 0
        if commits <= 0:
            break
    started = psutil.Process(process.pid).children()
    assert len(started) == 2
    os.killpg(process.pid, number)
    assert process.wait(PATIENCE_S) != 0
    psutil.wait_procs(started, timeout=PATIENCE_S)
    assert not any(child.is_running() for child in started)


@pytest.mark.parametrize("lanes_then", [pytest.param(1, marks=pytest.mark.prove), 2])
def test_an_import_whose_first_process_is_killed_goes_on_with_any_number_of_processes(
    straight: End, server: str, template: str, clock: MovableClock, plan: Plan, lanes_then: int
) -> None:
    with a_house(server, template, clock) as (db, connection):
        url = db.engine.url.render_as_string(hide_password=False)
        for commits in (1, 4):
            with importing(url, plan, lanes=2, size=5) as process:
                killed_after(process, commits, signal.SIGKILL)
        (left,) = connection.execute("SELECT count(*) FROM import_lanes").fetchall()
        assert left == (2,)
        import_orders.run(db, plan, lanes=lanes_then, size=7)
        assert end_of(db, connection) == straight
        assert connection.execute("SELECT state FROM imports").fetchall() == [("done",)]


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.prove)])
def test_who_stops_an_import_stops_all_of_it(
    straight: End, server: str, template: str, clock: MovableClock, plan: Plan, number: signal.Signals
) -> None:
    with a_house(server, template, clock) as (db, connection):
        url = db.engine.url.render_as_string(hide_password=False)
        with importing(url, plan, lanes=2, size=5) as process:
            killed_after(process, 3, number)
        import_orders.run(db, plan)
        assert end_of(db, connection) == straight


def test_a_bad_order_in_each_lane_is_quarantined_once(server: str, template: str, clock: MovableClock, tmp_path: Path) -> None:
    rows = [row(str(n), "2025-03-01 10:00", f"m{n:02}") for n in range(1, 41)]
    plan = planned(written(tmp_path / "orders.csv", rows))
    killed: list[int] = []

    def watch(one: Import) -> None:
        if one.counts.reasons and not killed:
            for child in children():
                killed.append(child.pid)
                child.kill()

    with a_house(server, template, clock) as (db, connection):
        connection.execute("ALTER TABLE orders ADD CONSTRAINT odd CHECK (number NOT IN ('7', '33'))")
        one = import_orders.run(db, plan, lanes=2, size=5, watch=watch)
        assert len(killed) == 2
        assert (classes(one), one.counts.reasons) == ({"imported_member": 38, "quarantined": 2}, {"refused": 2})
        with db.reading() as ctx:
            assert [(bad.row_no, bad.reason, bad.detail) for bad in intake.quarantined(ctx, one)] == [
                (8, "refused", "CheckViolation"),
                (34, "refused", "CheckViolation"),
            ]


def test_what_stops_a_lane_stops_the_import_and_says_why(server: str, template: str, clock: MovableClock, tmp_path: Path) -> None:
    rows = [row(str(n), "2025-03-01 10:00", f"m{n}") for n in range(100, 300)]
    plan = planned(written(tmp_path / "orders.csv", rows))
    with a_house(server, template, clock) as (db, connection):
        connection.execute("ALTER TABLE orders ADD CONSTRAINT odd CHECK (number < '2')")
        with pytest.raises(psycopg.errors.CheckViolation):
            import_orders.run(db, plan, lanes=2)
        assert children() == []
        connection.execute("ALTER TABLE orders DROP CONSTRAINT odd")
        one = import_orders.run(db, plan, lanes=2)
        assert sum(one.counts.classes.values()) == 200
        assert one.counts.reasons == {"refused": 20}


def test_orders_of_another_file_are_recognised_in_any_lane(
    straight: End, server: str, template: str, clock: MovableClock, plan: Plan, tmp_path: Path
) -> None:
    again = planned(written(tmp_path / "again.csv", a_shop()))
    with a_house(server, template, clock) as (db, connection):
        import_orders.run(db, plan, lanes=2, size=10)
        one = import_orders.run(db, again, lanes=3, size=10)
        assert one.counts.classes == straight.counts.classes
        assert one.counts.known == {name: rows for name, rows in straight.counts.classes.items() if name != "quarantined"}
        assert business(connection) == straight.content


def test_two_imports_of_the_same_orders_at_once_record_each_once(
    straight: End, server: str, template: str, clock: MovableClock, plan: Plan, tmp_path: Path
) -> None:
    copy = planned(written(tmp_path / "copy.csv", a_shop()))
    with a_house(server, template, clock) as (db, connection):
        with importing(db.engine.url.render_as_string(hide_password=False), copy, lanes=2, size=9) as beside:
            one = import_orders.run(db, plan, lanes=2, size=10)
            assert beside.wait(PATIENCE_S) == 0
        assert one.counts.classes == straight.counts.classes
        assert business(connection) == straight.content
        with db.reading() as ctx:
            assert list(loyalty.verify(ctx)) == []
        known = connection.execute("SELECT sum((counts->'other'->>'orders')::int) FROM imports").fetchall()
        assert known == [(straight.counts.other["orders"],)]


def test_connections_that_are_lost_are_made_again_in_every_lane(
    straight: End, server: str, template: str, clock: MovableClock, plan: Plan
) -> None:
    turns = Counter[str]()

    def watch(one: Import) -> None:
        turns[one.state.value] += 1
        if turns["applying"] in (2, 5, 11):
            with contextlib.closing(psycopg.connect(url, autocommit=True)) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name = 'regulars'"
                )

    with a_house(server, template, clock) as (db, connection):
        url = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        import_orders.run(db, plan, lanes=2, size=10, watch=watch)
        assert end_of(db, connection) == straight


def test_personal_values_reach_every_lane(server: str, template: str, clock: MovableClock, tmp_path: Path, keyring: Keyring) -> None:
    rows = [(*row(str(n), customer=f"m{n}"), f"1380013800{n}", f"Li {n}") for n in range(1, 10)]
    plan = planned(written(tmp_path / "orders.csv", rows, (*HEADER, "phone", "customer_name")))
    with a_house(server, template, clock) as (db, connection):
        import_orders.run(db, plan, keyring=keyring, lanes=3, size=1)
        assert connection.execute("SELECT count(DISTINCT member_id), count(*) FROM member_fields").fetchall() == [(9, 18)]


def test_few_rows_are_recorded_without_further_processes(server: str, template: str, clock: MovableClock, plan: Plan) -> None:
    seen: set[int] = set()
    with a_house(server, template, clock) as (db, _):
        import_orders.run(db, plan, watch=lambda one: seen.add(len(one.lanes)))
    assert seen == {0, 1}
    assert import_orders.lanes_for(import_orders.ROWS_FOR_LANES - 1) == 1
    assert import_orders.lanes_for(import_orders.ROWS_FOR_LANES) == sharing.processes()
    assert sharing.processes() == min(2, len(os.sched_getaffinity(0)))
