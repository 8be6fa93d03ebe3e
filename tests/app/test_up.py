"""``up``, ``down`` and ``status`` as a person runs them: the real command line, the real children, a folder of this test's own."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from regulars.platform import embedded, processes

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class House:
    """One installation and its command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DATABASE_URL"))},
            "REGULARS_DATA_DIR": str(folder / "data"),
            "REGULARS_KEY_DIR": str(folder / "keys"),
            "REGULARS_PORT": str(self.port),
        }

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "regulars.app.cli", *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def up(self) -> str:
        done = self.run("up", "--no-demo")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> processes.Status:
        found = processes.find(self.folder / "data" / "run")
        assert found is not None
        return found

    def database(self) -> processes.Identity:
        found = embedded.Server(self.folder / "data" / "postgres").identity()
        assert found is not None
        return found

    def ready(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", "/health/ready")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 60
        while not self.ready():
            assert time.monotonic() < until, "not ready again within a minute"
            time.sleep(0.1)

    def all_processes(self) -> list[processes.Identity]:
        status = self.status()
        return [status.supervisor, *status.children.values(), self.database()]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation that was started once: its first words are in ``first.txt``."""
    house = House(tmp_path_factory.mktemp("up"))
    try:
        (house.folder / "first.txt").write_text(house.up())
        yield house
    finally:
        house.run("down")


@pytest.fixture
def house(installed: House) -> House:
    """The installation, running and ready."""
    if not installed.ready():
        installed.up()
    return installed


def gone(all_: list[processes.Identity], *, within_s: float = 30.0) -> bool:
    until = time.monotonic() + within_s
    while any(one.alive() for one in all_) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(one.alive() for one in all_)


def test_up_says_where_to_look_and_shows_the_first_password_once(house: House) -> None:
    first = (house.folder / "first.txt").read_text()
    assert len(re.findall(r"sign in as admin with \S+ ", first)) == 1
    for place in (
        f"http://127.0.0.1:{house.port}/docs",
        f"http://127.0.0.1:{house.port}/health/ready",
        str(house.folder / "data" / "logs"),
    ):
        assert place in first
    assert house.ready()


def test_a_second_up_finds_what_runs(house: House) -> None:
    before = house.all_processes()
    again = house.up()
    assert f"Already running (process {before[0].pid})." in again
    assert "reset-password" in again
    assert house.all_processes() == before


def test_status_names_every_process_and_is_content(house: House) -> None:
    said = house.run("status")
    assert said.returncode == 0
    rows = [line.split("\t") for line in said.stdout.splitlines()]
    assert [row[0] for row in rows] == ["supervisor", "database", "worker", "api", "health"]
    assert [int(row[1]) for row in rows[:4]] == [
        house.status().supervisor.pid,
        house.database().pid,
        house.status().children["worker"].pid,
        house.status().children["api"].pid,
    ]


def test_a_killed_database_and_a_killed_api_come_back_by_themselves(house: House) -> None:
    supervisor = house.status().supervisor
    for victim in (house.database(), house.status().children["api"]):
        os.kill(victim.pid, signal.SIGKILL)
        assert gone([victim])
        house.wait_until_ready()
    assert house.status().supervisor == supervisor


def test_nothing_outlives_a_killed_supervisor_and_up_starts_again(house: House) -> None:
    before = house.all_processes()
    os.kill(before[0].pid, signal.SIGKILL)
    assert gone(before)
    house.up()
    assert house.ready()
    assert house.status().supervisor != before[0]


def test_down_leaves_nothing_running_and_says_so(house: House) -> None:
    before = house.all_processes()
    down = house.run("down")
    assert (down.returncode, down.stdout) == (0, "Stopped.\n")
    assert not any(one.alive() for one in before)
    assert (house.run("down").stdout, house.run("status").returncode) == ("Nothing was running.\n", 7)


@pytest.mark.prove
def test_in_the_foreground_it_stays_and_stops_all_when_told_to(tmp_path: Path) -> None:
    house = House(tmp_path)
    command = [sys.executable, "-m", "regulars.app.cli", "up", "--no-demo", "--foreground"]
    shown = tmp_path / "shown.txt"
    with shown.open("wb") as output:
        process = subprocess.Popen(command, env=house.environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 120
        while b"Regulars runs." not in shown.read_bytes():
            assert process.poll() is None, shown.read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        running = house.all_processes()
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    finally:
        process.kill()
        process.wait()
    assert not any(one.alive() for one in running)
    assert "Stopped." in shown.read_text()


def test_a_taken_port_is_named_before_anything_is_started(tmp_path: Path) -> None:
    house = House(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.port))
        other.listen()
        refused = house.run("up", "--no-demo")
    assert refused.returncode == 5
    assert f"Port {house.port} of 127.0.0.1 is used by another program" in refused.stderr
    assert processes.find(tmp_path / "data" / "run") is None
    assert not (tmp_path / "data" / "postgres").exists()


def test_up_needs_a_port_it_can_tell(tmp_path: Path) -> None:
    refused = House(tmp_path).run("up", REGULARS_PORT="0")
    assert refused.returncode == 2
    assert "REGULARS_PORT" in refused.stderr


def test_a_database_that_cannot_be_started_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    house = House(tmp_path)
    (tmp_path / "data" / "postgres" / "cluster").mkdir(parents=True)
    (tmp_path / "data" / "postgres" / "secrets.json").write_text('{"admin": "a", "app": "b"}')
    refused = house.run("up", "--no-demo")
    assert refused.returncode == 7
    assert "PG_VERSION is missing" in refused.stderr
    assert processes.find(tmp_path / "data" / "run") is None
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or [])]


def test_a_database_of_ones_own_that_does_not_answer_is_told(tmp_path: Path) -> None:
    refused = House(tmp_path).run("up", "--no-demo", DATABASE_URL=f"postgresql://nobody:secret@127.0.0.1:{free_port()}/none")
    assert refused.returncode == 7
    assert "Connection refused" in refused.stderr
    assert "secret" not in refused.stderr
