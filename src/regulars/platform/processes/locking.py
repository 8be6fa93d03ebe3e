"""One holder at a time, known to the kernel: nothing stale can be left behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lock:
    """A file only one process holds. The kernel gives it back when the holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> bool:
        """Hold the lock and name this process in the file; ``False`` when somebody else holds it."""
        if self.held:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    def holder(self) -> str:
        """The process id the present or last holder wrote, for messages; ``"?"`` when it can't be read."""
        try:
            return self.path.read_text().strip() or "?"
        except OSError:
            return "?"

    def give_back(self) -> None:
        """Let go; harmless when not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def among_others(path: Path) -> Iterator[None]:
    """While the block runs nobody is :func:`alone` with ``path``; waits for whoever is. Others may be in such a block too."""
    with _flocked(path, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While the block runs nobody else has ``path``, in either way; waits until all others have left."""
    with _flocked(path, fcntl.LOCK_EX):
        yield


@contextmanager
def _flocked(path: Path, how: int) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
