"""Adjustments above the limit wait for a second person; below it they are made at once."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.app import http, serve, wiring
from regulars.app import settings as app_settings
from regulars.domains.loyalty import service
from regulars.domains.operators import service as operators
from regulars.platform import batching
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import served, serving

M0 = "/v1/members/external:m0"


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with house.transaction() as ctx:
        made = operators.first_run(ctx)
    assert made is not None
    with served.client(house, keyring, tmp_path, permissions=None) as client, ExitStack() as open_:
        admin = _person(open_, client, made.operator.login, made.password)
        assert admin.post("/v1/orders", json=served.order("1", 12_500)).status_code == 201
        yield admin


def available(api: httpx.Client) -> int:
    found: int = api.get(f"{M0}/balances").json()["items"][0]["available"]
    return found


def adjust(api: httpx.Client, points: int, key: str, **more: Any) -> httpx.Response:
    return api.post(f"{M0}/adjustments", json={"points": points, "reason": "Late parcel", **more}, headers={"idempotency-key": key})


def test_up_to_the_limit_an_adjustment_is_made_at_once(api: httpx.Client) -> None:
    made = adjust(api, 10_000, "a")
    assert (made.status_code, made.json()["points"], available(api)) == (201, 10_000, 10_125)
    assert api.get("/v1/approvals").json()["items"] == []


@pytest.mark.parametrize("points", [10_001, -10_001])
def test_above_the_limit_it_waits_and_the_same_key_asks_once(api: httpx.Client, points: int) -> None:
    first, again = (adjust(api, points, "a") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    asked = first.json()
    assert {name: asked[name] for name in ("state", "unit", "points", "limit", "duplicate")} == {
        "state": "pending",
        "unit": "points",
        "points": points,
        "limit": 10_000,
        "duplicate": False,
    }
    assert again.json() == {**asked, "duplicate": True}
    assert available(api) == 125
    (waiting,) = api.get("/v1/approvals").json()["items"]
    assert (waiting["id"], waiting["kind"], waiting["reason"], waiting["payload"]["points"]) == (
        asked["approval"],
        "points.adjust",
        "Late parcel",
        points,
    )
    served.refused(adjust(api, points + 1 if points > 0 else points - 1, "a"), 409, "idempotency.conflict")


def test_a_reason_is_required_and_a_unit_must_be_known(api: httpx.Client) -> None:
    assert served.refused(adjust(api, 5, "a", reason="  "), 422, "input.invalid")["faults"][0]["field"] == "reason"
    served.refused(adjust(api, 20_000, "b", unit="stars"), 422, "points.unit_unknown")
    assert api.get("/v1/approvals").json()["items"] == []


def test_a_second_person_approves_and_it_is_made_once(house: Database, keyring: Keyring, tmp_path: Path) -> None:
    with house.transaction() as ctx:
        made = operators.first_run(ctx)
    assert made is not None
    app = http.create(
        settings=app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", adjustment_limit=0),
        db=house,
        keyring=keyring,
        batcher=batching.Batcher(house, service.take),
        authenticate=serve.authenticating(operators.Authenticator(house)),
        routers=serve.ROUTERS,
        executors=wiring.EXECUTORS,
    )
    with serving.served(app) as client, ExitStack() as open_:
        admin = _person(open_, client, made.operator.login, made.password)
        asker, second = (_person(open_, client, login, _added(admin, login)) for login in ("asker", "second"))
        assert asker.post("/v1/orders", json=served.order("1", 12_500)).status_code == 201
        body = {"points": 40, "reason": "Late parcel"}
        asked = asker.post(f"{M0}/adjustments", json=body, headers={"idempotency-key": "k"})
        assert (asked.status_code, asked.json()["limit"]) == (202, 0)
        path = f"/v1/approvals/{asked.json()['approval']}/approve"
        served.refused(asker.post(path, json={}), 403, "approvals.own_request")
        for _ in range(2):
            done = second.post(path, json={"reason": "Checked"}).json()
            assert (done["state"], done["result"]["points"]) == ("executed", 40)
        again = asker.post(f"{M0}/adjustments", json=body, headers={"idempotency-key": "k"})
        assert (again.json()["state"], again.json()["duplicate"]) == ("executed", True)
        assert available(second) == 165
    served.clean(house)


def _added(admin: httpx.Client, login: str) -> str:
    """A new administrator's first password."""
    answer = admin.post("/v1/operators", json={"login": login, "name": login.title(), "grants": [{"role": "admin"}]})
    assert answer.status_code == 201, answer.text
    password: str = answer.json()["password"]
    return password


def _person(open_: ExitStack, client: httpx.Client, login: str, password: str) -> httpx.Client:
    """A client of somebody who has signed in and set a password of their own."""
    own = open_.enter_context(httpx.Client(base_url=client.base_url, trust_env=False))
    answer = own.post("/v1/session", json={"login": login, "password": password})
    own.headers["x-csrf-token"] = answer.json()["csrf_token"]
    said = {"current_password": password, "new_password": "a quiet harbour at dawn"}
    changed = own.post("/v1/session/password", json=said)
    assert changed.status_code == 200, changed.text
    own.headers["x-csrf-token"] = changed.json()["csrf_token"] or own.headers["x-csrf-token"]
    return own
