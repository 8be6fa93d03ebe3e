"""The embedded PostgreSQL: what a start leaves behind, who may use it, what it says when it can't start."""

import contextlib
import multiprocessing
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from regulars.kernel.problem import Problem
from regulars.platform import embedded
from regulars.platform.embedded import cluster, problems

QUICK = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server that was started once and stopped."""
    made = embedded.Server(tmp_path_factory.mktemp("prepared") / "pg", options=QUICK)
    made.start()
    made.stop()
    return made.folder


@pytest.fixture
def server(prepared: Path, tmp_path: Path) -> Iterator[embedded.Server]:
    subprocess.run(["cp", "-a", "--reflink=auto", str(prepared), str(tmp_path / "pg")], check=True)
    (tmp_path / "pg" / "server.json").unlink()
    made = embedded.Server(tmp_path / "pg", options=QUICK)
    made.start()
    yield made
    made.stop()


def asked(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as raw:
        return raw.execute(question.encode()).fetchall()


def told(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(statement.encode())


def postmaster(server: embedded.Server) -> int:
    found = server.identity()
    assert found is not None
    return found.pid


def gone(pid: int, within_s: float = 10.0) -> bool:
    until = time.monotonic() + within_s
    while psutil.pid_exists(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not psutil.pid_exists(pid)


def test_a_start_leaves_a_role_that_makes_databases_and_is_no_superuser(server: embedded.Server) -> None:
    assert asked(server.url(), "SELECT current_user::text, rolcreatedb, rolsuper FROM pg_roles WHERE rolname = current_user") == [
        ("regulars", True, False)
    ]
    told(server.url("postgres"), "CREATE DATABASE another")
    assert asked(server.url("another"), "SELECT current_database()::text") == [("another",)]


def test_by_default_an_acknowledged_commit_is_on_disk(tmp_path: Path) -> None:
    with embedded.borrowed(tmp_path / "pg") as server:
        names = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
        assert [asked(server.url(), f"SHOW {name}") for name in names] == [[("on",)]] * 4


def test_the_log_keeps_personal_data_out(server: embedded.Server) -> None:
    told(server.url(), "CREATE TABLE people (phone text PRIMARY KEY)")
    told(server.url(), "INSERT INTO people VALUES ('13912345678')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        told(server.url(), "INSERT INTO people VALUES ('13912345678')")
    written = server.log.read_text()
    assert "duplicate key value" in written
    assert "13912345678" not in written


def test_nobody_gets_in_without_the_password(server: embedded.Server) -> None:
    for role in ("regulars", cluster.ADMIN):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=urlsplit(server.url()).port, user=role, password="guess", dbname="regulars")


def test_passwords_and_data_are_readable_by_their_owner_only(server: embedded.Server) -> None:
    assert {name: stat.S_IMODE((server.folder / name).stat().st_mode) for name in ("secrets.json", "server.json", "cluster", ".")} == {
        "secrets.json": 0o600,
        "server.json": 0o600,
        "cluster": 0o700,
        ".": 0o700,
    }


def test_a_second_start_keeps_data_password_and_port(server: embedded.Server) -> None:
    told(server.url(), "CREATE TABLE kept (n int)")
    before = server.url()
    server.stop()
    assert not server.running()
    server.start()
    assert server.url() == before
    assert asked(before, "SELECT count(*) FROM kept") == [(0,)]


def test_starting_what_runs_changes_nothing(server: embedded.Server) -> None:
    before = postmaster(server)
    server.start()
    assert postmaster(server) == before


def test_another_owner_is_named(server: embedded.Server) -> None:
    second = embedded.Server(server.folder)
    with pytest.raises(Problem) as refused:
        second.start()
    assert (refused.value.type, refused.value.fields) == (problems.IN_USE, {"pid": str(os.getpid()), "folder": str(server.folder)})
    with pytest.raises(Problem):
        second.stop()
    assert second.running()
    assert asked(second.url(), "SELECT 1") == [(1,)]


def test_borrowing_uses_what_runs_and_leaves_it_running(server: embedded.Server) -> None:
    with embedded.borrowed(server.folder) as other:
        assert asked(other.url(), "SELECT 1") == [(1,)]
        assert not other.owned
    assert server.running()


def _borrow(folder: Path) -> list[tuple[object, ...]]:
    with embedded.borrowed(folder) as server:
        return asked(server.url(), "SELECT 1")


@pytest.mark.slow
def test_processes_that_borrow_at_once_all_get_an_answer(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.map(_borrow, [tmp_path / "pg"] * 8, chunksize=1) == [[(1,)]] * 8


def test_without_a_server_there_is_no_address(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        embedded.Server(tmp_path / "pg").url()
    assert refused.value.type is problems.NOT_RUNNING
    embedded.Server(tmp_path / "pg").stop()
    assert not (tmp_path / "pg").exists()


def test_a_killed_server_starts_again_with_what_was_committed(tmp_path: Path) -> None:
    server = embedded.Server(tmp_path / "pg", options={"shared_buffers": "16MB"})
    server.start()
    told(server.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    before = server.url()
    os.kill(postmaster(server), signal.SIGKILL)
    while server.running():
        time.sleep(0.01)
    server.start()
    assert server.url() == before
    assert asked(before, "SELECT n FROM kept") == [(7,)]
    server.stop()


@pytest.mark.prove
def test_twenty_kills_under_load_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    server = embedded.Server(tmp_path / "pg", options={"shared_buffers": "16MB"})
    server.start()
    told(server.url(), "CREATE TABLE kept (n int PRIMARY KEY)")
    acknowledged: list[int] = []
    done = threading.Event()

    def write() -> None:
        n = 0
        while not done.is_set():
            with contextlib.suppress(psycopg.Error), psycopg.connect(server.url(), autocommit=True) as raw:
                while not done.is_set():
                    n += 1
                    raw.execute("INSERT INTO kept VALUES (%s)", [n])
                    acknowledged.append(n)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(20):
        time.sleep(random.uniform(0.05, 0.5))
        os.kill(postmaster(server), signal.SIGKILL)
        while server.running():
            time.sleep(0.005)
        server.start()
    done.set()
    writer.join()
    stored = {n for (n,) in asked(server.url(), "SELECT n FROM kept")}
    assert len(acknowledged) > 20
    assert [n for n in acknowledged if n not in stored] == []
    server.stop()


def test_a_session_that_outlives_its_killed_server_is_ended(server: embedded.Server) -> None:
    # A session in the middle of pure computation does not notice that its server died, and would keep the data folder locked.
    busy = psycopg.connect(server.url(), autocommit=True)
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")
    os.kill(postmaster(server), signal.SIGKILL)
    while server.running():
        time.sleep(0.01)
    assert psutil.pid_exists(backend)
    server.start()
    assert gone(backend)
    assert asked(server.url(), "SELECT 1") == [(1,)]
    busy.close()


OWNER = """
import sys, time
from pathlib import Path
from regulars.platform import embedded
server = embedded.Server(Path(sys.argv[1]), options={"shared_buffers": "16MB", "fsync": "off"})
server.start()
print(server.identity().pid, flush=True)
time.sleep(60)
"""


def test_a_server_does_not_outlive_its_killed_owner(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path / "pg")], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    server = embedded.Server(tmp_path / "pg", options=QUICK)
    server.start()  # at once: it waits for the old one to leave
    assert gone(pid)
    assert asked(server.url(), "SELECT 1") == [(1,)]
    server.stop()


def test_a_process_number_given_to_another_program_does_not_block_a_start(server: embedded.Server) -> None:
    server.stop()
    (server.folder / "cluster" / "postmaster.pid").write_text(f"{os.getppid()}\n/elsewhere\n1\n5432\n\n127.0.0.1\n")
    server.start()
    assert asked(server.url(), "SELECT 1") == [(1,)]


def test_an_interrupted_first_start_is_as_if_it_never_was(tmp_path: Path) -> None:
    half = tmp_path / "pg" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded.borrowed(tmp_path / "pg") as server:
        assert asked(server.url(), "SELECT 1") == [(1,)]
    assert not half.exists()


def test_data_of_another_version_is_left_alone(server: embedded.Server) -> None:
    server.stop()
    stated = server.folder / "cluster" / "PG_VERSION"
    stated.write_text("17\n")
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.fields == {"folder": str(server.folder / "cluster"), "found": "17", "installed": "18"}
    assert "PostgreSQL 17" in refused.value.text("zh")
    stated.write_text("18\n")
    server.start()


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_a_folder_that_lost_a_file_is_called_damaged(server: embedded.Server, missing: str) -> None:
    server.stop()
    (server.folder / "cluster" / missing).unlink()
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.type is problems.DAMAGED
    assert refused.value.fields["reason"] == f"{missing} is missing"


def test_a_spoiled_control_file_is_called_damaged(server: embedded.Server) -> None:
    server.stop()
    control = server.folder / "cluster" / "global" / "pg_control"
    content = bytearray(control.read_bytes())
    content[40:80] = b"\xff" * 40
    control.write_bytes(content)
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.type is problems.DAMAGED
    assert not server.owned


def test_lost_passwords_are_not_made_up(server: embedded.Server) -> None:
    server.stop()
    kept = (server.folder / "secrets.json").read_bytes()
    (server.folder / "secrets.json").unlink()
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.type is problems.WRONG_PASSWORD
    (server.folder / "secrets.json").write_text('{"admin": "guess", "app": "guess"}')
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.type is problems.WRONG_PASSWORD
    assert cluster.leftovers(server.folder / "cluster") == []
    (server.folder / "secrets.json").write_bytes(kept)
    server.start()


def test_a_fixed_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem) as refused:
            embedded.Server(tmp_path / "pg", options=QUICK, port=port).start()
    assert (refused.value.type, refused.value.fields) == (problems.PORT_TAKEN, {"port": port})


def test_a_kept_port_that_is_taken_is_replaced(server: embedded.Server) -> None:
    before = urlsplit(server.url()).port
    assert before is not None
    server.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", before))
        other.listen()
        server.start()
        assert urlsplit(server.url()).port != before
        assert asked(server.url(), "SELECT 1") == [(1,)]


def test_a_server_that_does_not_answer_in_time_is_ended(server: embedded.Server) -> None:
    server.stop()
    with pytest.raises(Problem) as refused:
        server.start(deadline_s=0.0)
    assert refused.value.type is problems.TOO_SLOW
    assert cluster.leftovers(server.folder / "cluster") == []
    server.start()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device', problems.DISK_FULL),
        ("FATAL:  could not write lock file: Disk quota exceeded", problems.DISK_FULL),
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', problems.PORT_TAKEN),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", problems.NO_MEMORY),
        ("PANIC:  could not locate a valid checkpoint record at 0/1", problems.DAMAGED),
        ('FATAL:  unrecognized configuration parameter "wal_speed"', problems.FAILED),
        ("", problems.FAILED),
    ],
)
def test_what_postgresql_says_becomes_a_problem(text: str, expected: object) -> None:
    assert problems.from_log(text, folder="f", log="l", step="s", free_mb=3, port=4).type is expected
