"""Removing what is no longer needed: files that readers have left, and what a killed export left behind."""

import fcntl
import os
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from regulars.platform.lake import reading
from regulars.platform.lake.manifests import Manifest, Retired

GRACE = timedelta(minutes=10)
"""How long a file stays after it left the lake, for programs that read the folder without a lease."""


def outlived(folder: Path, manifest: Manifest, now: datetime, *, grace: timedelta = GRACE) -> tuple[list[Retired], list[Retired]]:
    """The retired files of ``manifest`` that nobody needs any more, and those that stay. Removes leases that nobody holds."""
    oldest = _oldest_read(folder, manifest.serial)
    gone = [one for one in manifest.retired if one.serial <= oldest and now - one.at >= grace]
    return gone, [one for one in manifest.retired if one not in gone]


def remove(folder: Path, files: Collection[Retired]) -> None:
    """The files are gone, and folders that held only them."""
    for one in files:
        path = folder / one.path
        path.unlink(missing_ok=True)
        _drop_empty(path.parent, folder)


def orphans(folder: Path, manifest: Manifest | None) -> int:
    """No data file is left that neither the manifest nor a reader knows; returns how many were removed.

    The caller holds the lake's lock: nobody else is writing.
    """
    known = manifest.paths() | {one.path for one in manifest.retired} if manifest is not None else set()
    found = [path for path in folder.glob("*/**/*.parquet*") if path.is_file() and path.relative_to(folder).as_posix() not in known]
    for path in found:
        path.unlink()
        _drop_empty(path.parent, folder)
    return len(found)


def _oldest_read(folder: Path, current: int) -> int:
    """The serial of the oldest manifest that somebody reads; the ``current`` one when nobody reads an older one."""
    held = current
    for path in (folder / reading.LEASES).glob("*.lock"):
        serial = int(path.stem)
        if serial != current and not _free(path):
            held = min(held, serial)
    return held


def _free(path: Path) -> bool:
    """Whether nobody holds the lease; then it is removed: a reader that comes too late finds another manifest and asks again."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _drop_empty(path: Path, root: Path) -> None:
    while path != root and not any(path.iterdir()):
        path.rmdir()
        path = path.parent
