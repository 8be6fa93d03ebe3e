"""Processes that belong together: locks, identities that survive a reused number, children that never outlive their parent, a supervisor.

A process number alone says little: numbers are reused, and after a reboot they all are. Here a process is its number *and* the moment
it began.
"""

from regulars.platform.processes.identity import Identity, as_fields, from_fields, identify, read_json, write_json
from regulars.platform.processes.launching import RunAs, launch, rotate
from regulars.platform.processes.locking import Lock, alone, among_others
from regulars.platform.processes.supervising import Child, Foundation, Phase, Supervisor
from regulars.platform.processes.watching import Status, find, stop

__all__ = [
    "Child",
    "Foundation",
    "Identity",
    "Lock",
    "Phase",
    "RunAs",
    "Status",
    "Supervisor",
    "alone",
    "among_others",
    "as_fields",
    "find",
    "from_fields",
    "identify",
    "launch",
    "read_json",
    "rotate",
    "stop",
    "write_json",
]
