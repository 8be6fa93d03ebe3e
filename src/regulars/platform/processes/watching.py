"""A supervisor seen from outside: what it said last, whether it lives, and how to end it and everything it started."""

import contextlib
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from regulars.platform.processes.identity import Identity, from_fields, identify, read_json

STATE = "supervisor.json"
LOCK = "supervisor.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a supervisor last wrote about itself. ``children`` and ``restarts`` go by the child's name."""

    supervisor: Identity
    phase: str
    note: str
    children: Mapping[str, Identity] = field(default_factory=dict)
    restarts: Mapping[str, int] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        return self.supervisor.alive()


def find(folder: Path) -> Status | None:
    """The last supervisor of ``folder``, alive or not; ``None`` when there never was one or it left in order."""
    content = read_json(folder / STATE)
    supervisor = from_fields(content)
    if supervisor is None:
        return None
    children: dict[str, Identity] = {}
    restarts: dict[str, int] = {}
    listed = content.get("children")
    for name, fields in (listed if isinstance(listed, dict) else {}).items():
        found = from_fields(fields)
        if found is not None:
            children[name] = found
            restarts[name] = int(fields.get("restarts", 0))
    return Status(
        supervisor=supervisor,
        phase=str(content.get("phase", "")),
        note=str(content.get("note", "")),
        children=children,
        restarts=restarts,
    )


def stop(folder: Path, *, grace_s: float = 90.0) -> bool:
    """The supervisor of ``folder`` and all its children are gone; ``False`` when nothing of them was left.

    Asked politely first; after ``grace_s`` seconds, or when the supervisor itself was killed, its children are ended by force.
    """
    status = find(folder)
    if status is None:
        return False
    was_there = status.supervisor.signal(signal.SIGTERM)
    _gone(status.supervisor, within_s=grace_s)
    status = find(folder) or status  # it may have restarted children meanwhile, and removes the file when it leaves in order
    was_there = end(status) or was_there
    status.supervisor.signal(signal.SIGKILL)
    _gone(status.supervisor, within_s=5.0)
    (folder / STATE).unlink(missing_ok=True)
    return was_there


def end(status: Status) -> bool:
    """No child of ``status`` is left, nor what those started; say whether any was."""
    left = [member for child in status.children.values() for member in _session(child)]
    for number, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        for member in left:
            member.signal(number)
        for member in left:
            _gone(member, within_s=seconds)
    return bool(left)


def _session(child: Identity) -> list[Identity]:
    """Everything alive in the session ``child`` leads or led. Its number is not given to others while a member lives."""
    now = identify(child.pid)
    if now is not None and not now.same(child):
        return []
    found = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            member = identify(pid) if os.getsid(pid) == child.pid else None
            if member is not None and member.alive():
                found.append(member)
    return found


def end_group(leader: int, number: int) -> None:
    """Send ``number`` to everything in the session a child leads; harmless when nothing is left of it."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def _gone(process: Identity, *, within_s: float) -> bool:
    until = time.monotonic() + within_s
    while process.alive():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
