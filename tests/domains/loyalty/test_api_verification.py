"""The proof of the ledger as a job: started with its permission, watched, stopped; what disagrees is counted and said."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from regulars.domains.loyalty.cli import verify
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import reassessing as shop
from tests.support import served

PROOF = "/v1/ledger/verification"


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    shop.open_shop(db, 3)
    with served.client(db, keyring, tmp_path) as client:
        yield client


def ended(seen: dict[str, Any]) -> bool:
    return seen["latest"]["state"] in ("done", "failed", "cancelled")


def proved(api: httpx.Client) -> dict[str, Any]:
    """What one more verification found."""
    assert api.post(PROOF).status_code == 202
    found: dict[str, Any] = shop.until(api, PROOF, ended)["done"]
    return found


def test_the_newest_proof_says_how_much_it_looked_at_and_what_disagrees(api: httpx.Client, db: Database) -> None:
    assert api.get(PROOF).json() == {"done": None, "latest": None}
    with shop.worker(db):
        whole = proved(api)
        assert (whole["decisions"], whole["total"], whole["disagreements"], whole["first"]) == (3, 3, 0, [])
        with db.transaction() as ctx:
            database.rows_of(ctx.tx, "UPDATE point_totals SET available = available + 1 WHERE unit = 'points' RETURNING 1")
        broken = proved(api)
    assert (broken["decisions"], broken["disagreements"], broken["state"]) == (3, 6, "done")
    assert [one.partition(":")[0] for one in broken["first"]] == ["balance"] * 5
    job = api.get(f"/v1/jobs/{broken['job']}").json()
    assert (job["kind"], job["label"]["zh"], job["failed"]) == ("verify", "账本核验", 6)
    told = [row["after"] for row in api.get("/v1/audit").json()["items"] if row["action"] == "ledger.verified"]
    assert told == [{"decisions": 3, "disagreements": 6}, {"decisions": 3, "disagreements": 0}]


def test_one_waits_at_a_time_and_can_be_stopped(api: httpx.Client) -> None:
    first, again = (api.post(PROOF).json()["latest"] for _ in range(2))
    assert (first["state"], again["job"]) == ("queued", first["job"])
    assert api.post(f"{PROOF}/cancel").json()["latest"]["state"] == "cancelled"
    served.refused(api.post(f"{PROOF}/cancel"), 409, "verify.not_running")


def by_hand(db: Database, lake: tuple[str, ...] = ()) -> tuple[int, str]:
    """The exit code of ``regulars verify`` and what it prints; ``lake`` disagrees."""

    def obj(context: typer.Context) -> None:
        context.obj = db
        context.meta[verify.ALSO] = (lambda _db: lake,)

    command = typer.Typer()
    command.callback()(obj)
    command.add_typer(verify.app)
    found = CliRunner().invoke(command, ["verify"])
    return found.exit_code, found.output


def test_a_proof_on_the_command_line_is_shown_like_one_of_the_console(api: httpx.Client, db: Database, clock: MovableClock) -> None:
    assert by_hand(db)[0] == 0
    shown: dict[str, Any] = {
        "job": None,
        "state": "done",
        "decisions": 3,
        "total": 3,
        "disagreements": 0,
        "first": [],
        "remaining_seconds": None,
    }
    times = {"error": None, "asked_by": "system", "started_at": "2026-03-01T12:00:00Z", "ended_at": "2026-03-01T12:00:00Z"}
    assert api.get(PROOF).json() == {"done": shown | times, "latest": shown | times}
    clock.move(timedelta(hours=1))
    code, output = by_hand(db, tuple(f"lake: {place}" for place in range(7)))
    assert (code, output.count("lake: ")) == (1, 7)
    found = api.get(PROOF).json()["done"]
    assert (found["disagreements"], found["first"]) == (7, [f"lake: {place}" for place in range(5)])
    assert (found["ended_at"], found["decisions"]) == ("2026-03-01T13:00:00Z", 3)
    told = [row["after"] for row in api.get("/v1/audit").json()["items"] if row["action"] == "ledger.verified"]
    assert told == [{"decisions": 3, "disagreements": 7}, {"decisions": 3, "disagreements": 0}]
    # A job that waits is newer than what has ended; the last that came to an end is still the one of the command line.
    waits = api.post(PROOF).json()
    assert (waits["latest"]["state"], waits["done"]) == ("queued", found)
    api.post(f"{PROOF}/cancel")
    # Jobs go by the database's own clock: the newer of two that ended is the one that ended later.
    assert api.get(PROOF).json()["latest"]["state"] == "cancelled"
    clock.at = clock.at.replace(year=2999)
    by_hand(db)
    assert api.get(PROOF).json()["latest"]["ended_at"] == "2999-03-01T13:00:00Z"


def test_without_the_permission_nothing_is_started(api: httpx.Client) -> None:
    api.headers[served.PERMISSIONS] = "points.read"
    served.refused(api.post(PROOF), 403, "auth.forbidden")
    assert api.get(PROOF).json() == {"done": None, "latest": None}
