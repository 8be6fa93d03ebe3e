"""Simulations and check-ups over HTTP: asked for, done, cancelled, read again, and refused to whoever may not."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.domains.loyalty.tasks import simulate
from regulars.platform import jobs
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import served

DOUBLE = programmes.changed(("unit: points, per_amount: {every: 100, give: 1}", "unit: points, per_amount: {every: 100, give: 2}"))


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(house, keyring, tmp_path) as client:
        for number, amount in (("1", 12_500), ("2", 2_000)):
            assert client.post("/v1/orders", json=served.order(number, amount)).status_code < 300
        yield client


def worked(db: Database, api: httpx.Client, simulation: str) -> dict[str, Any]:
    """What the simulation found, once a worker took it."""
    stop = threading.Event()
    thread = threading.Thread(target=jobs.serve, args=(db, {simulate.JOB: simulate.work}, stop), kwargs={"poll": 0.05, "beat": 0.1})
    thread.start()
    try:
        for _ in range(2_000):
            found: dict[str, Any] = api.get(f"/v1/programme/simulations/{simulation}").json()
            if found["state"] in ("done", "failed"):
                return found
            time.sleep(0.02)
        raise AssertionError("waited in vain")
    finally:
        stop.set()
        thread.join(30)


def test_a_draft_is_simulated_and_then_checked_by_what_was_found(house: Database, api: httpx.Client) -> None:
    before = served.refused(api.post("/v1/programme/simulations", json={}), 422, "input.invalid")
    assert before["faults"][0]["field"] == "version"
    started = api.post("/v1/programme/simulations", json={"document": DOUBLE})
    assert (started.status_code, started.json()["state"], started.json()["result"]) == (201, "queued", None)
    found = worked(house, api, started.json()["id"])
    result = found["result"]
    assert (found["state"], found["done"], found["total"], found["orders"]) == ("done", 1, 1, 2)
    assert (result["before"]["cost"], result["after"]["cost"], result["revenue"]) == (145, 290, 14_500)
    assert result["after"]["cost_share_bp"] == 200
    assert result["winners"][0]["reason"]["en"] == "Rule “Base”"
    listed = api.get("/v1/programme/simulations").json()["items"]
    assert [(one["id"], one["state"], one["result"]) for one in listed] == [(found["id"], "done", None)]
    checked = api.post("/v1/programme/checkup", json={"document": DOUBLE}).json()
    assert (checked["basis"], checked["simulation"], checked["buyers"]) == ("simulation", found["id"], 1)


def test_a_version_in_force_is_checked_by_todays_standings_and_a_new_document_by_itself(api: httpx.Client) -> None:
    in_force = api.get("/v1/programme/versions/1/checkup").json()
    assert (in_force["basis"], in_force["buyers"]) == ("standings", 1)
    assert {one["area"]: one["grade"] for one in in_force["findings"]} == {
        "simplicity": "A",
        "spread": None,
        "fairness": None,
        "sustainability": None,
        "difference": None,
    }
    assert api.post("/v1/programme/checkup", json={"document": DOUBLE}).json()["basis"] == "document"
    served.refused(api.get("/v1/programme/versions/9/checkup"), 404, "not_found")


def test_a_waiting_simulation_is_cancelled_and_that_again_changes_nothing(api: httpx.Client) -> None:
    one = api.post("/v1/programme/simulations", json={"version": 1, "sample_bp": 100}).json()
    for _ in range(2):
        assert api.post(f"/v1/programme/simulations/{one['id']}/cancel").json()["state"] == "cancelled"


def test_who_may_only_read_starts_and_stops_nothing(house: Database, keyring: Keyring, tmp_path: Path, api: httpx.Client) -> None:
    one = api.post("/v1/programme/simulations", json={"version": 1}).json()
    with served.client(house, keyring, tmp_path, permissions="programme.read") as reader:
        served.refused(reader.post("/v1/programme/simulations", json={"version": 1}), 403, "auth.forbidden")
        served.refused(reader.post(f"/v1/programme/simulations/{one['id']}/cancel"), 403, "auth.forbidden")
        assert reader.get(f"/v1/programme/simulations/{one['id']}").json()["state"] == "queued"
    with served.client(house, keyring, tmp_path, permissions="members.read") as stranger:
        served.refused(stranger.get("/v1/programme/simulations"), 403, "auth.forbidden")
        served.refused(stranger.post("/v1/programme/checkup", json={"document": DOUBLE}), 403, "auth.forbidden")
