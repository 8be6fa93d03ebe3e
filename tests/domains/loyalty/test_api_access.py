"""Every route of the whole application refuses who lacks its permission, or any name, and nothing changes."""

import re
from pathlib import Path
from typing import Any

import psycopg
from fastapi.routing import APIRoute

from regulars.app import serve
from regulars.domains.operators.model import permissions
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import auth
from tests.support import served

Plain = psycopg.Connection[tuple[Any, ...]]


def calls() -> list[tuple[str, str, auth.Access]]:
    """(method, address, what it asks) of every route; parameters filled with something that need not exist."""
    found = []
    for router in serve.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            wanted = auth.access(route.dependant)
            assert wanted is not None
            found += [(method, re.sub(r"\{[^}]+\}", "1", route.path), wanted) for method in route.methods or ()]
    return found


def test_every_route_refuses_who_lacks_its_permission_and_nothing_changes(
    house: Database, keyring: Keyring, tmp_path: Path, connection: Plain
) -> None:
    before = served.counts(connection)
    asked = calls()
    assert len(asked) > 60
    with served.client(house, keyring, tmp_path, permissions=None) as api:
        for method, path, wanted in asked:
            for permission in wanted.permissions:
                others = " ".join(permissions.PERMISSIONS.keys() - {permission})
                answer = api.request(method, path, json={}, headers={served.PERMISSIONS: others})
                assert (method, path, answer.status_code) == (method, path, 403)
                assert answer.json()["data"] == {"permission": permission}
    assert served.counts(connection) == before


def test_every_route_but_signing_in_refuses_who_gives_no_name(house: Database, keyring: Keyring, tmp_path: Path, connection: Plain) -> None:
    before = served.counts(connection)
    asked = calls()
    with served.client(house, keyring, tmp_path, permissions=None) as api:
        for headers in ({}, {"authorization": "Bearer rk_nobody"}):
            for method, path, wanted in asked:
                if wanted.signed_in:
                    answer = api.request(method, path, json={}, headers=headers)
                    assert (method, path, answer.status_code) == (method, path, 401)
    assert [(method, path) for method, path, wanted in asked if not wanted.signed_in and "/v1/" in path] == [
        ("POST", "/v1/session"),
        ("POST", "/m/v1/sign-in"),
        ("POST", "/m/v1/session"),
        ("GET", "/v1/dev/inbox"),
    ]
    assert served.counts(connection) == before
