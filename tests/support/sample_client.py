"""The sample slice as an application, and how tests of the edge look at its answers."""

from pathlib import Path
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI

from regulars.app import http
from regulars.app import settings as app_settings
from regulars.platform import batching, health
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import sample_api

WRITER = {"authorization": "Bearer writer"}
READER = {"authorization": "Bearer reader"}
JSON = {"content-type": "application/json"}
NDJSON = {"content-type": "application/x-ndjson"}


def make(db: Database, keyring: Keyring, folder: Path, *, checks: dict[str, health.Check] | None = None, **settings: object) -> FastAPI:
    """The sample slice behind the house's edge, with a real batcher; ``settings`` win over the environment."""
    return http.create(
        settings=app_settings.load(data_dir=folder / "data", key_dir=folder / "keys", **settings),
        db=db,
        keyring=keyring,
        batcher=batching.Batcher(db, sample_api.handle),
        authenticate=sample_api.authenticate,
        routers=[sample_api.router],
        checks=checks,
    )


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem of a refusal, after checking what all of them have in common."""
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert set(document) == {"type", "title", "status", "detail", "instance", "code", "request_id", "faults", "data"}
    assert document["status"] == status
    assert document["type"] == f"/docs#{document['code']}"
    assert document["request_id"] == answer.headers["x-request-id"]
    assert document["instance"] == f"/requests/{document['request_id']}"
    return document


def recorded(connection: "psycopg.Connection[Any]") -> list[str]:
    """The numbers of the sample slice's table, which its first write makes."""
    if connection.execute("SELECT to_regclass('sample') IS NULL").fetchone() == (True,):
        return []
    return [row[0] for row in connection.execute("SELECT number FROM sample ORDER BY number")]
