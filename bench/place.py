"""Where benchmarks run: one PostgreSQL with the product's durable defaults (or ``BENCH_DATABASE_URL``), a fresh database for each."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from regulars.app import schema
from regulars.platform import clock, embedded
from regulars.platform import db as database
from regulars.platform.db import Database


@dataclass(frozen=True, slots=True)
class Place:
    """A server and a folder for files. ``url`` leads to any database of the server with a role that may make others."""

    url: str
    folder: Path

    @contextmanager
    def empty(self, name: str) -> Iterator[str]:
        """The address of a new database with nothing in it; dropped afterwards."""
        made = sql.Identifier(f"bench_{name}")
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(made)
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(drop)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(made))
        try:
            yield urlsplit(self.url)._replace(path=f"/bench_{name}").geturl()
        finally:
            with psycopg.connect(self.url, autocommit=True) as admin:
                admin.execute(drop)

    @contextmanager
    def product(self, name: str) -> Iterator[str]:
        """The address of a new database with the product's schema."""
        with self.empty(name) as url:
            schema.upgrade(url)
            yield url


@contextmanager
def place() -> Iterator[Place]:
    """The server for this process: started in a temporary folder and gone afterwards, unless one was given."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    given = os.environ.get("BENCH_DATABASE_URL")
    try:
        if given:
            yield Place(given, folder)
            return
        # The server runs as another user when we are root, and must pass through.
        folder.chmod(0o755)
        server = embedded.Server(folder / "postgres")
        try:
            server.start()
            yield Place(server.url(), folder)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database as the product opens it."""
    db = database.connect(url, clock_=clock.SystemClock())
    try:
        yield db
    finally:
        db.close()
