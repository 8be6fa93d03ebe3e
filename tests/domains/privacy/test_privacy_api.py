"""The routes of privacy."""

from pathlib import Path

import psycopg
import pytest

from regulars.domains.privacy.api import router
from regulars.kernel import ids
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members import calling
from tests.domains.members.calling import Caller
from tests.domains.privacy.conftest import SECRETS, Somebody
from tests.domains.privacy.test_privacy import everything

Plain = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Caller:
    return calling.caller(db, keyring, tmp_path, routers=[router])


def test_a_member_is_told_and_forgotten(api: Caller, somebody: Somebody) -> None:
    wire = ids.encode("mbr", somebody.ref.member_id)
    told = api.conforming(api.post("/v1/members/external:w1/export", json={"reason": "Request 7"}))
    assert (told["member"]["id"], told["personal"]["phone"]) == (wire, SECRETS[0])
    assert api.conforming(api.post("/v1/members/external:w1/erase", json={"reason": "Request 8"})) == {"id": wire, "now": True}
    assert api.post("/v1/members/external:w1/erase", json={"reason": "Request 8"}).status_code == 404
    assert api.conforming(api.post(f"/v1/members/{wire}/erase", json={"reason": "Request 8"})) == {"id": wire, "now": False}


def test_every_route_asks_for_its_permission_and_a_refusal_changes_nothing(api: Caller, somebody: Somebody, connection: Plain) -> None:
    for verb in ("export", "erase"):
        path, before = f"/v1/members/external:w1/{verb}", everything(connection)
        others = {"x-permissions": "members.read members.write members.reveal"}
        refused = api.post(path, json={"reason": "x"}, headers=others)
        assert (refused.status_code, refused.json()["data"]) == (403, {"permission": f"privacy.{verb}"})
        assert api.post(path, json={}).status_code == 422
        assert everything(connection) == before
        assert api.post(path, json={"reason": "x"}, headers={"x-permissions": f"privacy.{verb}"}).status_code == 200
    assert api.documented() == {("POST", f"/v1/members/{{member}}/{verb}") for verb in ("export", "erase")}
