"""The data folder: made in one step, checked before every start, freed from processes a dead owner left behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from regulars.platform.embedded import problems
from regulars.platform.processes import RunAs

ADMIN = "regulars_admin"
# initdb asks the user database who it is and reads no environment but the locale; a fixed one keeps a person's PG* variables out.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}
_INITDB = (
    f"--username={ADMIN}",
    "--auth=scram-sha-256",
    "--pwfile=/dev/stdin",
    "--encoding=UTF8",
    "--locale=C",
    # PostgreSQL's own C.UTF-8 sorts the same on every machine and needs nothing installed.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def seen_as(cluster: Path, run_as: RunAs | None) -> str:
    """How a process whose working folder is ``cluster`` names it.

    The dedicated user may not be allowed to walk there from ``/`` (a home is often closed), and we never open a parent. So root hands the
    folder over as the working folder, which needs no walk, and PostgreSQL finds it under the name the kernel keeps for it.
    """
    if run_as is None:
        return str(cluster)
    if sys.platform != "linux":
        raise problems.NO_RUN_USER(reason="only Linux lets root hand over a folder without opening its parents")
    return "/proc/self/cwd"


def create(cluster: Path, *, programs: Path, run_as: RunAs | None, password: str, sync: bool) -> None:
    """``cluster`` holds a new, empty set of databases owned by ``run_as``. Interrupted at any moment it is as if nothing had begun.

    ``password`` is that of the superuser ``regulars_admin``. Raises ``embedded.failed`` and what :func:`problems.from_log` knows.
    """
    fresh = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if run_as:
        os.chown(fresh, run_as.uid, run_as.gid)
    with tempfile.TemporaryFile() as given:
        given.write(password.encode() + b"\n")
        given.seek(0)
        if run_as:
            os.fchown(given.fileno(), run_as.uid, run_as.gid)  # opening /dev/stdin asks for the file's own permission
        done = subprocess.run(  # noqa: S603 - the wheel's own program
            [str(programs / "initdb"), f"--pgdata={seen_as(fresh, run_as)}", *_INITDB, *([] if sync else ["--no-sync"])],
            check=False,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=fresh,
            env=ENVIRONMENT,
            text=True,
            user=run_as.uid if run_as else None,
            group=run_as.gid if run_as else None,
            extra_groups=[] if run_as else None,
            umask=0o077,
        )
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise problems.from_log(
            done.stdout, folder=str(cluster.parent), log="(initdb)", step="initdb", free_mb=free_mb(cluster.parent), port=None
        )
    fresh.rename(cluster)


def check(cluster: Path, *, installed: str, run_as: RunAs | None) -> None:
    """``cluster`` is whole, of the ``installed`` major version and usable by ``run_as``.

    Raises ``embedded.damaged`` or ``embedded.other_version``.
    """
    stated = cluster / "PG_VERSION"
    if not stated.is_file() or not (cluster / "global" / "pg_control").is_file():
        missing = "PG_VERSION" if not stated.is_file() else "global/pg_control"
        raise problems.DAMAGED(folder=str(cluster), reason=f"{missing} is missing")
    found = stated.read_text(encoding="ascii", errors="replace").strip()
    if found != installed:
        raise problems.OTHER_VERSION(folder=str(cluster), found=found or "?", installed=installed)
    if run_as and cluster.stat().st_uid != run_as.uid:
        _hand_over(cluster, run_as)
    if cluster.stat().st_mode & 0o077:
        cluster.chmod(0o700)  # copied or unpacked with open permissions, which PostgreSQL refuses


def _hand_over(cluster: Path, run_as: RunAs) -> None:
    """Everything in ``cluster`` belongs to ``run_as``: root restored or copied it."""
    os.chown(cluster, run_as.uid, run_as.gid)
    for parent, folders, files in os.walk(cluster):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, run_as.uid, run_as.gid, follow_symlinks=False)


def free_mb(folder: Path) -> int:
    """Megabytes an ordinary user could still write to the disk of ``folder``."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free // 2**20
    return 0


def leftovers(cluster: Path) -> list[psutil.Process]:
    """PostgreSQL processes that work in ``cluster`` at this moment, whoever started them."""
    place = str(cluster.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and process.cwd() == place:
                found.append(process)
    return found


def clear(cluster: Path, *, grace_s: float = 30.0) -> None:
    """Nothing runs in ``cluster`` any more and no stale ``postmaster.pid`` stands in the way. The caller holds the folder's lock.

    A server whose owner was killed shuts down by itself and is given ``grace_s`` seconds; sessions of a killed server are ended at once:
    their work was never acknowledged, and the next start recovers what was.
    """
    postmaster = _recorded(cluster)
    for number, seconds, only in ((signal.SIGINT, grace_s, postmaster or -1), (signal.SIGQUIT, 5.0, None), (signal.SIGKILL, 10.0, None)):
        until = time.monotonic() + seconds
        meant = [process for process in leftovers(cluster) if only in {None, process.pid}]
        for process in meant:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        # Looked at anew instead of waited for: what a container's first process does not reap stays a zombie, and is gone all the same.
        while meant and time.monotonic() < until:
            time.sleep(0.02)
            meant = [process for process in leftovers(cluster) if only in {None, process.pid}]
    if postmaster is not None and psutil.pid_exists(postmaster):
        # No PostgreSQL works here, so the number now belongs to some other program; PostgreSQL itself could not tell and would refuse.
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _recorded(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
