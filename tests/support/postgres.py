"""Servers and databases for tests: one server a run, one template a worker, one clone a test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psutil
import psycopg

from regulars.app import schema
from regulars.platform import embedded

OPTIONS = {
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    # What is copied or built as a whole isn't written to the log, too.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "80MB",
    "max_wal_size": "512MB",
}
"""Nobody needs these data after a power cut or on another server; making and dropping a database a test has to be quick."""


_MEMORY = Path("/dev/shm")  # noqa: S108 - only asked whether there is room; the folder in it gets a random name
_ROOM = 6 * 2**30


def _place() -> Path | None:
    """Memory, if there is plenty: a database has 600 files, and to make and drop them there takes a twentieth of the time."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy and psutil.virtual_memory().available > _ROOM else None


@contextmanager
def embedded_server() -> Iterator[str]:
    """The embedded PostgreSQL in a temporary folder, quick instead of durable: tests of durability start their own."""
    with tempfile.TemporaryDirectory(prefix="regulars-test-", dir=_place()) as folder:
        server = embedded.Server(Path(folder) / "pg", options=OPTIONS)
        server.start()
        try:
            yield server.url("postgres")
        finally:
            server.stop()


def renamed(url: str, name: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/" + name, parts.query, parts.fragment))


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as raw:
        raw.execute(statement)


def template(server: str, name: str) -> Iterator[str]:
    """Create database ``name`` with the whole schema; drop it afterwards."""
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _run(server, f'CREATE DATABASE "{name}"')
    schema.upgrade(renamed(server, name))
    yield name
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def clone(server: str, template_name: str) -> Iterator[str]:
    """A fresh copy of the template, dropped afterwards."""
    name = f"regulars_{uuid4().hex[:16]}"
    with psycopg.connect(server, autocommit=True) as raw:
        durable = raw.execute("SHOW fsync").fetchone() == ("on",)
        # Hundreds of files: copied as files within a tenth of a second, unless each has to be on the disk.
        how = "wal_log" if durable else "file_copy"
        raw.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_name}" STRATEGY {how}')
    yield renamed(server, name)
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
