"""Which process: a number and the moment it began, and how that is kept in a file."""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_SAME_START_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One run of one process: ``started`` is its begin in seconds since 1970 as the kernel tells it."""

    pid: int
    started: float

    def alive(self) -> bool:
        """Whether this very process still runs; another one under the same id, or a dead one not yet reaped, does not count."""
        try:
            process = psutil.Process(self.pid)
            now = Identity(pid=self.pid, started=process.create_time())
            return bool(process.status() != psutil.STATUS_ZOMBIE and now.same(self))
        except psutil.NoSuchProcess:
            return False

    def same(self, other: "Identity") -> bool:
        """Whether both are one run of one process; the kernel's begin of a process wavers a little when the clock is set."""
        return self.pid == other.pid and abs(self.started - other.started) < _SAME_START_S

    def signal(self, number: int) -> bool:
        """Send ``number`` to the process; say whether it was there to get it."""
        if not self.alive():
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
        return True


def identify(pid: int) -> Identity | None:
    """The process that runs under ``pid`` right now, or ``None``."""
    try:
        return Identity(pid=pid, started=psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Replace ``path`` by ``content`` at once, readable by its owner only; a reader sees the old or the new, never a half."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_json(path: Path) -> dict[str, object]:
    """What ``write_json`` left there; empty when there is nothing or nothing readable as such."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def as_fields(identity: Identity) -> dict[str, object]:
    """The identity as JSON fields, for :func:`from_fields`."""
    return dict(asdict(identity))


def from_fields(fields: Mapping[str, object]) -> Identity | None:
    """The identity in ``fields``, or ``None`` when they hold none."""
    pid, started = fields.get("pid"), fields.get("started")
    if isinstance(pid, int) and isinstance(started, int | float):
        return Identity(pid=pid, started=float(started))
    return None
