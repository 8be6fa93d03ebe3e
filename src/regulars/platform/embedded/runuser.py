"""Under whom PostgreSQL runs: it refuses root, so root gives it a user of its own."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from regulars.platform.embedded import problems
from regulars.platform.processes import RunAs

NAME = "regulars-pg"
_MAKE = (
    ("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME),
    ("adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", NAME),
)


def choose(cluster: Path) -> RunAs | None:
    """``None`` for an ordinary user; for root the owner of existing data, else ``regulars-pg`` (made when missing), else ``nobody``.

    Raises ``embedded.not_yours`` when an ordinary user meets another's data, ``embedded.no_run_user`` when root finds nobody to run it.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in {None, me}:
            raise problems.NOT_YOURS(path=str(cluster), owner=_name(owner or 0))
        if find_uid(me) is None:
            raise problems.NO_RUN_USER(reason=f"the user id {me} has no entry in the user database")
        return None
    if owner:
        # Data an ordinary user made stays theirs: root starting it once must not lock them out.
        return find_uid(owner) or RunAs(name=str(owner), uid=owner, gid=cluster.stat().st_gid)
    return _dedicated()


def _dedicated() -> RunAs:
    found = find(NAME)
    for command in _MAKE:
        if found is None and shutil.which(command[0]):
            # Two first starts may race to make the user: whoever loses finds it made.
            subprocess.run(command, check=False, capture_output=True, timeout=60)  # noqa: S603 - a constant
            found = find(NAME)
    found = found or find("nobody")
    if found is None or found.uid == 0:
        raise problems.NO_RUN_USER(reason=f"{NAME} could not be made and there is no user nobody")
    return found


def find(name: str) -> RunAs | None:
    """The user called ``name``, or ``None``."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return RunAs(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def find_uid(uid: int) -> RunAs | None:
    """The user with the id ``uid``, or ``None``."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return RunAs(name=entry.pw_name, uid=uid, gid=entry.pw_gid)


def _name(uid: int) -> str:
    found = find_uid(uid)
    return found.name if found else str(uid)
