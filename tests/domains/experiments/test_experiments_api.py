"""The routes of experiments."""

from pathlib import Path

import psycopg
import pytest

from regulars.domains.experiments.api import router
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members import calling
from tests.domains.members.calling import Caller

Plain = psycopg.Connection[tuple[object, ...]]
PATH = "/v1/experiments/hold-out"


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Caller:
    return calling.caller(db, keyring, tmp_path, routers=[router])


def test_the_hold_out_is_read_and_switched(api: Caller, connection: Plain) -> None:
    assert api.conforming(api.get(PATH)) == {"share_bp": 500, "on": True, "version": 1}
    assert api.conforming(api.patch(PATH, json={"version": 1, "on": False})) == {"share_bp": 500, "on": False, "version": 2}
    assert api.patch(PATH, json={"version": 1, "on": True}).status_code == 409
    assert api.patch(PATH, json={"version": 2, "share_bp": 5001}).status_code == 422
    assert api.conforming(api.get(PATH)) == {"share_bp": 500, "on": False, "version": 2}
    audited = connection.execute("SELECT action, entity, before, after FROM audit").fetchall()
    before, after = {"share_bp": 500, "on": True}, {"share_bp": 500, "on": False}
    assert audited == [("hold_out.changed", "hold_out", before, after)]


def test_every_route_asks_for_its_permission_and_a_refusal_changes_nothing(api: Caller, connection: Plain) -> None:
    calls: list[tuple[str, object, str, str]] = [
        ("GET", None, "experiments.read", "experiments.write"),
        ("PATCH", {"version": 1, "share_bp": 400}, "experiments.write", "experiments.read"),
    ]
    for method, body, permission, other in calls:
        before = connection.execute("SELECT * FROM holdout_settings").fetchall()
        assert api.request(method, PATH, json=body, headers={"x-permissions": other}).status_code == 403
        assert connection.execute("SELECT * FROM holdout_settings").fetchall() == before
        assert api.request(method, PATH, json=body, headers={"x-permissions": permission}).status_code == 200
    assert api.documented() == {(method, PATH) for method, _, _, _ in calls}
