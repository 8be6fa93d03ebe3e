"""Reading a lake: a lease on one manifest, under which none of its files is removed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.platform.lake import manifests
from regulars.platform.lake.manifests import Manifest

LEASES = "readers"


class Reader:
    """One manifest of a lake, and its files for as long as this is open. A process that dies gives its lease back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest: Manifest | None = None
        self._descriptor: int | None = None

    @property
    def manifest(self) -> Manifest:
        if self._manifest is None:
            raise RuntimeError("the reader is not open")
        return self._manifest

    def open(self) -> None:
        """The newest manifest is read and leased. Raises ``lake.missing`` or ``lake.unreadable``."""
        while self._descriptor is None:
            found = manifests.get(self.folder)
            (self.folder / LEASES).mkdir(exist_ok=True)
            descriptor = os.open(lease(self.folder, found.serial), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            # Between reading the manifest and holding its lease it may have been replaced, and its files removed.
            if manifests.get(self.folder).token == found.token:
                self._manifest, self._descriptor = found, descriptor
            else:
                os.close(descriptor)

    def close(self) -> None:
        """The files may go; harmless when not open."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor, self._manifest = None, None

    def paths(self, table: str) -> list[Path]:
        """The files of ``table``, at least one. Raises ``KeyError`` for a table the lake does not have."""
        return [self.folder / file.path for file in self.manifest.tables[table]]

    def files(self) -> dict[str, list[Path]]:
        """The files of every table."""
        return {name: self.paths(name) for name in self.manifest.tables}


@contextmanager
def opened(folder: Path) -> Iterator[Reader]:
    """The lake in ``folder`` as it is now, until the block ends. Raises ``lake.missing`` or ``lake.unreadable``."""
    reader = Reader(folder)
    reader.open()
    try:
        yield reader
    finally:
        reader.close()


def lease(folder: Path, serial: int) -> Path:
    """The file whose lock is the lease on manifest ``serial``."""
    return folder / LEASES / f"{serial}.lock"
