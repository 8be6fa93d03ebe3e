"""An application of a few routers, called as any permission one likes: for the API tests of the noun slices."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import jsonschema
from starlette.requests import Request

from regulars.app import http
from regulars.platform import batching
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import routing
from regulars.platform.settings import Settings


def _authenticate(request: Request) -> Actor:
    """Whoever calls holds what the header says: who may hold what is tested with the operators."""
    return Actor(kind="api_key", id="key_test", permissions=frozenset(request.headers.get("x-permissions", "").split()))


class Caller:
    """Calls an application in this process; every call holds ``permissions`` unless its own headers say otherwise."""

    def __init__(self, app: Any, permissions: str) -> None:
        self._app = app
        self._headers = {"x-permissions": permissions}

    def request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://house") as caller:
                return await caller.request(method, path, headers=self._headers | (headers or {}), **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PUT", path, **more)

    def patch(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PATCH", path, **more)

    def conforming(self, answer: httpx.Response) -> Any:
        """The answer's JSON, which is what the OpenAPI document promises of that route and status."""
        document = self.get("/openapi.json").json()
        operation = _operation(document, answer.request.method.lower(), answer.request.url.path)
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
        return answer.json()

    def documented(self) -> set[tuple[str, str]]:
        """Every (method, path) of the slices' own routes."""
        paths = self.get("/openapi.json").json()["paths"]
        return {(method.upper(), path) for path, methods in paths.items() for method in methods if path.startswith("/v1/")}


def caller(db: Database, keyring: Keyring, folder: Path, *, routers: Sequence[routing.Router], permissions: str = "*") -> Caller:
    """A caller of an application with these routers."""
    settings = Settings(data_dir=folder / "data", key_dir=folder / "keys")
    idle: batching.Batcher[Any, Any] = batching.Batcher(db, lambda _ctx, items: [None for _ in items])
    app = http.create(settings=settings, db=db, keyring=keyring, batcher=idle, authenticate=_authenticate, routers=routers)
    return Caller(app, permissions)


def _operation(document: dict[str, Any], method: str, path: str) -> Any:
    # A route that spells the path out comes before one with a parameter in its place.
    for template in sorted(document["paths"], key=lambda one: one.count("{")):
        shape = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(shape, path) and method in document["paths"][template]:
            return document["paths"][template][method]
    raise AssertionError(f"{method} {path} is not documented")
