"""The whole application - every slice's real routes, a real database, the real batcher - for tests that call it over HTTP."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI
from psycopg import sql
from starlette.requests import Request

from regulars.app import http, serve
from regulars.app import settings as app_settings
from regulars.domains.loyalty import service
from regulars.domains.operators import service as operators
from regulars.platform import batching
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import serving

CALLER = "key_test"
PERMISSIONS = "x-permissions"
NDJSON = {"content-type": "application/x-ndjson"}
NOW = "2026-03-01T12:00:00Z"


def application(db: Database, keyring: Keyring, folder: Path) -> FastAPI:
    """The application of ``serve``. Whoever sends ``x-permissions`` holds these; everybody else is authenticated for real."""
    known = serve.authenticating(operators.Authenticator(db))

    def authenticate(request: Request) -> Actor | Awaitable[Actor]:
        held = request.headers.get(PERMISSIONS)
        if held is None:
            return known(request)
        return Actor(kind="api_key", id=CALLER, permissions=frozenset(held.split()))

    return http.create(
        settings=app_settings.load(data_dir=folder / "data", key_dir=folder / "keys"),
        db=db,
        keyring=keyring,
        batcher=batching.Batcher(db, service.take),
        authenticate=authenticate,
        routers=serve.ROUTERS,
    )


@contextmanager
def client(db: Database, keyring: Keyring, folder: Path, *, permissions: str | None = "*") -> Iterator[httpx.Client]:
    """A client of the application over a socket; holds every permission unless told otherwise, none and no name when ``None``."""
    with serving.served(application(db, keyring, folder)) as calling:
        if permissions is not None:
            calling.headers[PERMISSIONS] = permissions
        yield calling


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of a refusal with this status and code."""
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["code"]) == (status, code), document
    assert answer.headers["content-type"] == "application/problem+json"
    return document


def order(number: str, amount: int = 1_000, *, member: str | None = "m0", at: str = NOW, **more: Any) -> dict[str, Any]:
    """The body of an order with one line."""
    owner = {"member": {"external_id": member}} if member else {}
    lines = [{"product": "sku-1", "amount": amount}]
    return {"source": "shop", "number": number, "paid_at": at, "currency": "GBP", "lines": lines, **owner, **more}


def counts(connection: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, int]:
    """How many rows every table of the schema has."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    counting = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name)) for (name,) in tables
    )
    return {str(name): int(rows) for name, rows in connection.execute(counting).fetchall()}


def clean(db: Database) -> None:
    """``verify`` finds nothing."""
    with db.reading() as ctx:
        assert list(service.verify(ctx)) == []
