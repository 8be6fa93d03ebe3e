"""A real PostgreSQL without installing one: the programs come from a wheel, everything else is ours.

One process owns a server at a time (a lock file says who); when the owner dies, the server shuts down and writes all down. Data lies in a
folder only the server's user can enter. No permission or owner outside the server's folder is ever changed. Passwords are random, and
connections come from this machine only.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.kernel.problem import Problem
from regulars.platform import processes
from regulars.platform.embedded import problems
from regulars.platform.embedded.server import Server

__all__ = ["Server", "borrowed"]


@contextmanager
def borrowed(folder: Path, *, log: Path | None = None, deadline_s: float = 120.0) -> Iterator[Server]:
    """A running server: the one another process already runs in ``folder``, else one started for as long as anybody borrows it.

    Whoever started it waits at the end of its block for the others who found it running.
    """
    server = Server(folder, log=log)
    server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    users = server.folder / "users"
    try:
        with processes.among_others(users):
            _ensure(server, deadline_s)
            yield server
    finally:
        if server.owned:
            with processes.alone(users):
                server.stop()


def _ensure(server: Server, deadline_s: float) -> None:
    until = time.monotonic() + deadline_s
    while not server.running():
        try:
            server.start(deadline_s=deadline_s)
        except Problem as problem:
            # Somebody is just starting or stopping it: wait for one or the other.
            if problem.type is not problems.IN_USE or time.monotonic() > until:
                raise
            time.sleep(0.1)
