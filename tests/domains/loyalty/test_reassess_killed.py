"""A re-assessment whose worker is killed with -9 in the middle ends, by another worker, exactly as one that nobody disturbed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.domains.loyalty.tasks import reassess
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import jobs
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import reassessing as shop
from tests.support import factories, postgres, served

ROOT = Path(__file__).parents[3]
MEMBERS = 200
CHILD = "import sys; from tests.domains.loyalty import test_reassess_killed; test_reassess_killed.serve(sys.argv[1])"
SLOWLY = {reassess.JOB: partial(reassess.work, size=2)}


def serve(url: str) -> None:
    """What the killed process does: it takes jobs until it is killed."""
    with closing(database.connect(url, clock_=clocks.MovableClock(factories.NOON))) as db, shop.worker(db, SLOWLY):
        signal.pause()


@contextmanager
def begun(db: Database, keyring: Keyring, folder: Path) -> Iterator[tuple[httpx.Client, str]]:
    """A shop whose table was edited, and its re-assessment waiting for a worker."""
    shop.open_shop(db, MEMBERS)
    version = shop.publish(db, shop.EDITED)
    with served.client(db, keyring, folder) as api:
        shop.previewed(db, api, version=version)
        yield api, f"/v1/programme/reassessments/{api.post('/v1/programme/reassessments', json={}).json()['id']}"


@pytest.fixture
def undisturbed(server: str, template: str, clock: clocks.MovableClock) -> Iterator[Database]:
    """Another database, for the one that nobody disturbs."""
    for url in postgres.clone(server, template):
        with closing(database.connect(url, clock_=clock)) as db:
            yield db


def done(db: Database, api: httpx.Client, run: str) -> dict[str, Any]:
    with shop.worker(db):
        return shop.until(api, run, shop.ended)


@pytest.mark.slow
def test_killed_in_the_middle_and_resumed_it_ends_as_undisturbed(
    db: Database, undisturbed: Database, url: str, keyring: Keyring, tmp_path: Path
) -> None:
    with begun(undisturbed, keyring, tmp_path / "other") as (api, run):
        expected = done(undisturbed, api, run)
    with begun(db, keyring, tmp_path) as (api, run):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        child = subprocess.Popen([sys.executable, "-c", CHILD, url], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        shop.until(api, run, lambda one: one["looked"] >= 10)
        child.send_signal(signal.SIGKILL)
        child.wait()
        seen = api.get(run).json()
        assert (seen["state"], 10 <= seen["looked"] < MEMBERS) == ("running", True)
        with shop.worker(db):
            while jobs.reap(db, silence=0.5) == 0:
                time.sleep(0.1)
            found = shop.until(api, run, shop.ended)
        assert api.get(f"/v1/jobs/{found['job']}").json()["runs"] == 2
    assert (found["state"], found["looked"], found["moved"], found["steps"]) == ("done", MEMBERS, 80, expected["steps"])
    assert everybody(db) == everybody(undisturbed)
    served.clean(db)


def everybody(db: Database) -> list[tuple[object, ...]]:
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        return list(shop.standing(connection))
