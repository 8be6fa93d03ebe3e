"""Fixtures every test may use: a real PostgreSQL, a fresh database a test, a clock that stands still, keys."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from regulars.platform import clock as clocks
from regulars.platform import crypto
from regulars.platform import db as database
from regulars.platform.context import Ctx
from tests.support import postgres, profiles

profiles.register()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL whose role may create databases: ``TEST_DATABASE_URL``, or the embedded one.

    Each worker has one of its own, as what a transaction may see depends on all others of a server; pages give theirs the same.
    """
    given = os.environ.get("TEST_DATABASE_URL") or getattr(request.config, "workerinput", {}).get("server")
    if given:
        yield given
    else:
        with postgres.embedded_server() as url:
            yield url


@pytest.fixture(scope="session")
def template(server: str, worker_name: str) -> Iterator[str]:
    """A database with the whole schema, cloned for each test; one per test worker."""
    yield from postgres.template(server, f"regulars_template_{worker_name}")


@pytest.fixture(scope="session")
def worker_name() -> str:
    """Which of several parallel test processes this is."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'one')}_{os.getpid()}"


@pytest.fixture
def url(server: str, template: str) -> Iterator[str]:
    """The address of a fresh database with the whole schema, dropped afterwards."""
    yield from postgres.clone(server, template)


@pytest.fixture
def clock() -> clocks.MovableClock:
    """Sunday noon, 1 March 2026, UTC; moves only when told."""
    return clocks.MovableClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def db(url: str, clock: clocks.MovableClock) -> Iterator[database.Database]:
    """A pool on the fresh database."""
    pool = database.connect(url, clock_=clock)
    yield pool
    pool.close()


@pytest.fixture
def ctx(db: database.Database) -> Iterator[Ctx]:
    """One open transaction, committed at the end of the test."""
    with db.transaction() as open_:
        yield open_


@pytest.fixture
def keyring(tmp_path: Path) -> crypto.Keyring:
    """Fresh keys in a folder of this test's own."""
    return crypto.Keyring.load(tmp_path / "keys")


@pytest.fixture
def connection(url: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A plain driver connection, for looking at (or spoiling) rows from outside."""
    with psycopg.connect(url, autocommit=True) as raw:
        yield raw
