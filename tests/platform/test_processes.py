"""Locks, identities, children that end with their parent, and the supervisor that keeps them running."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from regulars.platform import processes

T = TypeVar("T")

# A child that notes each of its starts and ends in order when asked.
CHILD = """
import os, signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()}\\n")
print("hello from", sys.argv[2], flush=True)
time.sleep(float(sys.argv[3]) if len(sys.argv) > 3 else 120)
"""

# A supervisor over two such children and a foundation that is itself a process.
SUPERVISOR = """
import signal, subprocess, sys
from pathlib import Path
from regulars.platform import processes

here = Path(sys.argv[1])
child = here / "child.py"

class Ground:
    process = None
    def start(self):
        with (here / "ground.log").open("ab") as output:
            self.process = processes.launch([sys.executable, child, here / "ground.pids", "ground"], output=output)
    def stop(self):
        self.process.terminate()
        self.process.wait()
        (here / "order").open("a").write("ground\\n")
    def running(self):
        return self.process.poll() is None

def child_of(name, *more):
    return processes.Child(name=name, command=[sys.executable, str(child), str(here / f"{name}.pids"), name, *more])

children = [child_of("worker"), child_of("api")]
if len(sys.argv) > 2:
    children.append(child_of("weak", sys.argv[2]))
done = processes.Supervisor(here / "run", logs=here / "logs", foundation=Ground(), children=children).run()
sys.exit(0 if done else 9)
"""


def until(ask: Callable[[], T], *, within_s: float = 15.0) -> T:
    """The first true answer of ``ask``."""
    deadline = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)
    return answer


class House:
    """A running supervisor and what it left on disk."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        (folder / "child.py").write_text(CHILD)
        self.process = self.again(*more)

    def again(self, *more: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(self.folder), *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def pids(self, name: str) -> list[int]:
        """Every process that ever started under ``name``."""
        noted = self.folder / f"{name}.pids"
        return [int(line) for line in noted.read_text().split()] if noted.exists() else []

    def status(self) -> processes.Status | None:
        return processes.find(self.folder / "run")

    def running(self) -> processes.Status:
        def ask() -> processes.Status | None:
            found = self.status()
            ready = found and found.alive and found.phase == "running" and all(self.pids(n) for n in ("ground", "worker", "api"))
            return found if ready else None

        found = until(ask)
        assert found is not None
        return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    made.running()
    yield made
    made.process.kill()
    made.process.wait()
    processes.stop(tmp_path / "run")


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_lock_has_one_holder_and_names_it(tmp_path: Path) -> None:
    first, second = processes.Lock(tmp_path / "lock"), processes.Lock(tmp_path / "lock")
    assert first.take()
    assert first.take()
    assert not second.take()
    assert second.holder() == str(os.getpid())
    first.give_back()
    assert second.take()
    second.give_back()
    second.give_back()
    assert processes.Lock(tmp_path / "absent").holder() == "?"


def test_a_killed_holder_loses_its_lock(tmp_path: Path) -> None:
    code = "import sys, time\nfrom pathlib import Path\nfrom regulars.platform import processes\n"
    code += "lock = processes.Lock(Path(sys.argv[1])); print(lock.take(), flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    lock = processes.Lock(tmp_path / "lock")
    assert not lock.take()
    holder.kill()
    holder.communicate()
    assert lock.take()
    lock.give_back()


def test_a_reused_process_number_is_another_process() -> None:
    me = processes.identify(os.getpid())
    assert me is not None
    assert me.alive()
    earlier = replace(me, started=me.started - 60)
    assert not earlier.alive()
    assert not earlier.signal(signal.SIGKILL)
    assert processes.from_fields(processes.as_fields(me)) == me
    assert processes.from_fields({"pid": "7"}) is None
    assert processes.identify(2**22 + 1) is None


def test_a_dead_process_not_yet_reaped_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    identity = processes.identify(child.pid)
    assert identity is not None
    until(lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
    assert not identity.alive()
    child.wait()


def test_json_is_replaced_at_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    assert processes.read_json(file) == {}
    processes.write_json(file, {"a": 1})
    processes.write_json(file, {"a": 2})
    assert processes.read_json(file) == {"a": 2}
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    file.write_text("{half")
    assert processes.read_json(file) == {}


def test_a_log_is_rotated_under_a_writer_that_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "api.log"
    assert not processes.rotate(file, limit=10)
    with file.open("ab", buffering=0) as writer:
        for n in range(5):
            writer.write(b"line %d of the log\n" % n)
            assert processes.rotate(file, limit=10, keep=3)
        writer.write(b"short\n")
        assert not processes.rotate(file, limit=10, keep=3)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "api.log": b"short\n",
        "api.log.1": b"line 4 of the log\n",
        "api.log.2": b"line 3 of the log\n",
        "api.log.3": b"line 2 of the log\n",
    }


def test_a_child_ends_with_its_killed_parent(tmp_path: Path) -> None:
    code = "import sys, time\nfrom pathlib import Path\nfrom regulars.platform import processes\n"
    code += "child = processes.launch(['sleep', '60'], output=open(sys.argv[1], 'wb')); print(child.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.communicate()
    until(lambda: not alive(pid))


def test_the_supervisor_says_who_runs(house: House) -> None:
    status = house.running()
    assert status.supervisor.pid == house.process.pid
    assert {name: child.pid for name, child in status.children.items()} == {n: house.pids(n)[0] for n in ("worker", "api")}
    assert status.restarts == {"worker": 0, "api": 0}
    until(lambda: (house.folder / "logs" / "api.log").read_text() == "hello from api\n")


def test_a_second_supervisor_of_a_folder_leaves_at_once(house: House) -> None:
    assert house.again().wait(10) == 9
    assert house.running().supervisor.pid == house.process.pid


def test_a_killed_child_is_started_again(house: House) -> None:
    os.kill(house.pids("api")[0], signal.SIGKILL)
    until(lambda: len(house.pids("api")) == 2)
    until(lambda: house.running().restarts["api"] == 1)
    status = house.running()
    assert status.children["api"].pid == house.pids("api")[1]
    assert len(house.pids("worker")) == 1


def test_a_killed_foundation_is_started_again_below_its_children(house: House) -> None:
    os.kill(house.pids("ground")[0], signal.SIGKILL)
    until(lambda: len(house.pids("ground")) == 2)
    assert [len(house.pids(name)) for name in ("worker", "api")] == [1, 1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_all_and_the_foundation_last(house: House, number: signal.Signals) -> None:
    pids = [house.pids(name)[0] for name in ("api", "worker", "ground")]
    house.process.send_signal(number)
    assert house.process.wait(20) == 0
    assert not any(alive(pid) for pid in pids)
    assert house.status() is None
    assert (house.folder / "order").read_text() == "ground\n"


def test_nothing_outlives_a_killed_supervisor(house: House) -> None:
    pids = [house.pids(name)[0] for name in ("api", "worker", "ground")]
    house.process.kill()
    house.process.wait()
    until(lambda: not any(alive(pid) for pid in pids))
    status = house.status()
    assert status is not None
    assert not status.alive


def test_stop_from_outside_ends_all(house: House) -> None:
    pids = [house.pids(name)[0] for name in ("api", "worker", "ground")]
    assert processes.stop(house.folder / "run")
    house.process.wait()
    assert not any(alive(pid) for pid in pids)
    assert not processes.stop(house.folder / "run")


def test_a_child_that_keeps_dying_is_started_after_longer_and_longer_pauses(tmp_path: Path) -> None:
    house = House(tmp_path, "0")  # "weak" leaves at once
    started = time.monotonic()
    until(lambda: len(house.pids("weak")) == 4)
    assert time.monotonic() - started > 0.2 + 0.4 + 0.8
    house.process.terminate()
    house.process.wait()


STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"


@pytest.mark.slow
def test_a_stubborn_leftover_of_a_killed_supervisor_is_ended_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    stubborn = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True)
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    identity = processes.identify(stubborn.pid)
    assert identity is not None
    gone = {"pid": 2**22 + 1, "started": 0.0, "phase": "running", "note": ""}
    (tmp_path / "run" / "supervisor.json").write_text(json.dumps({**gone, "children": {"api": processes.as_fields(identity)}}))
    house = House(tmp_path)
    house.running()
    assert stubborn.wait(1) == -signal.SIGKILL
    stubborn.stdout.close()
    house.process.terminate()
    house.process.wait()
