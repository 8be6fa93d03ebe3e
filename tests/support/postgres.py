"""Servers and databases for tests: one server a run, one template a worker, one clone a test."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from regulars.app import schema
from regulars.platform import embedded


@contextmanager
def embedded_server() -> Iterator[str]:
    """The embedded PostgreSQL in a temporary folder, without fsync: tests of durability start their own."""
    with tempfile.TemporaryDirectory(prefix="regulars-test-") as folder:
        server = embedded.Server(Path(folder) / "pg", options={"fsync": "off", "max_connections": "200"})
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
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template_name}"')
    yield renamed(server, name)
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
