"""One job in several processes: results in order, errors here, nobody left behind, whoever dies."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from regulars.kernel.problem import Problem
from regulars.platform.processes import sharing
from tests.support import shared_jobs as jobs

PATIENCE_S = 30.0


def wait_for(*files: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not all(file.exists() for file in files):
        assert time.monotonic() < until
        time.sleep(0.02)


def gone(pids: list[int]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def test_results_come_in_the_order_of_the_parts_whoever_does_them() -> None:
    heard: list[tuple[int, int]] = []
    found = list(sharing.run(jobs.doubling, 3, [5, 1, 4, 1, 7, 0, 2], processes=2, hear=lambda no, said: heard.append((no, said))))
    assert [result for result, _ in found] == [15, 3, 12, 3, 21, 0, 6]
    pids = {pid for _, pid in found}
    assert os.getpid() not in pids
    assert len(pids) in {1, 2}
    assert sorted(heard) == [(no, part) for no, part in enumerate([5, 1, 4, 1, 7, 0, 2]) for _ in "ab"]
    assert gone(list(pids))


def test_there_are_never_more_processes_than_parts() -> None:
    assert len({pid for _, pid in sharing.run(jobs.doubling, 1, [1], processes=8)}) == 1
    assert list(sharing.run(jobs.doubling, 1, [], processes=8)) == []


@pytest.mark.parametrize(("fails", "kind", "text"), [(2, Problem, "input.invalid"), (-2, RuntimeError, "OddError")])
def test_what_a_part_raises_is_raised_here_and_says_where(fails: int, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text) as refused:
        list(sharing.run(jobs.refusing, fails, [0, 1, 2, 3], processes=2))
    assert kind is RuntimeError or "shared_jobs.py" in "".join(refused.value.__notes__)


def test_a_part_whose_process_vanished_is_begun_again(tmp_path: Path) -> None:
    found = list(sharing.run(jobs.vanishing, tmp_path, [1, 0, 2], processes=2))
    assert found == ["part 1 after 1", "part 0 after 0", "part 2 after 2"]


def test_a_part_that_takes_its_process_away_three_times_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        list(sharing.run(jobs.vanishing, tmp_path, [0, 5], processes=2))
    assert (refused.value.code, refused.value.fields) == ("processes.lost", {"times": 3, "code": 9})
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(Problem, match="code 3"):
        list(sharing.run(jobs.gone_at_once, 3, [0], processes=1))


def test_no_process_is_left_when_nobody_listens_any_more(tmp_path: Path) -> None:
    results = sharing.run(jobs.doubling, 1, list(range(100)), processes=2)
    _, pid = next(results)
    results.close()
    assert gone([pid])
    assert psutil.Process().children() == [] or all(child.pid != pid for child in psutil.Process().children())


@pytest.fixture
def parent(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that shares a job between two others, which sleep and leave their ids in files."""
    # Whoever starts the tests in the background has them ignore these two, and what they start as well.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL)"
    command = [sys.executable, "-c", f"{heard}; from tests.support import shared_jobs; shared_jobs.sleep({str(tmp_path)!r})"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True)
    try:
        wait_for(tmp_path / "0.pid", tmp_path / "1.pid")
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_processes_end_with_the_one_that_started_them(parent: "subprocess.Popen[bytes]", tmp_path: Path, number: signal.Signals) -> None:
    children = [int((tmp_path / name).read_text()) for name in ("0.pid", "1.pid")]
    assert all(alive(pid) for pid in children)
    # As a terminal does it: to the whole group, of which the children are no part.
    os.killpg(parent.pid, number)
    assert parent.wait(PATIENCE_S) != 0
    assert gone(children)


def test_one_that_is_killed_while_it_works_is_replaced(parent: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    mark = tmp_path / "1.pid"
    first = int(mark.read_text())
    mark.unlink()
    os.kill(first, signal.SIGKILL)
    wait_for(mark)
    second = int(mark.read_text())
    assert second != first
    parent.kill()
    assert b"processes.lost" in parent.communicate()[1]
    assert gone([second])
