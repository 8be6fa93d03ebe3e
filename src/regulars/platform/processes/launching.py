"""Starting a child that ends with its parent, and keeping what it writes from growing without end."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAs:
    """Another user of this machine under whom root starts a process."""

    name: str
    uid: int
    gid: int


def launch(
    command: Sequence[str | Path],
    *,
    output: IO[bytes],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    run_as: RunAs | None = None,
    when_parent_dies: signal.Signals = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """A child in its own session, writing to ``output``, that gets ``when_parent_dies`` the moment its parent is gone, even by ``kill -9``.

    On Linux the kernel sends the signal when the *thread* that launched ends: launch from one that lives as long as the child should.
    Elsewhere the child outlives a killed parent until the next start ends it (see ``Identity``).
    """
    with warnings.catch_warnings():
        # Python 3.12 and later warn of code run between fork and exec beside other threads; ours is one system call that takes no lock.
        warnings.simplefilter("ignore", DeprecationWarning)
        return subprocess.Popen(  # noqa: S603 - the commands are ours
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=environment,
            start_new_session=True,
            user=run_as.uid if run_as else None,
            group=run_as.gid if run_as else None,
            extra_groups=[] if run_as else None,
            umask=0o077,
            preexec_fn=_tie(when_parent_dies),  # noqa: PLW1509 - only way to ask the kernel before exec; safe as said above
        )


def _tie(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask the kernel for ``number`` at its parent's death."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()

    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl: nobody will ever signal us
            os._exit(1)

    return tie


def rotate(log: Path, *, limit: int, keep: int = 3) -> bool:
    """When ``log`` has grown beyond ``limit`` bytes its content moves to ``log.1`` (and that to ``log.2`` …); writers go on undisturbed.

    They append to the open file, so it is copied and emptied rather than renamed; a line written in that instant may be lost.
    """
    try:
        if log.stat().st_size <= limit:
            return False
    except FileNotFoundError:
        return False
    for number in range(keep - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
