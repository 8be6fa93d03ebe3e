"""People to act with (``admin`` is the first administrator, ``person`` makes others) and a server to call as them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from fastapi import FastAPI

from regulars.app import http, serve
from regulars.domains.operators import model, service
from regulars.domains.operators.api import router
from regulars.domains.operators.model import Grant, Json, Operator
from regulars.domains.operators.service import rights
from regulars.kernel import ids
from regulars.platform import batching
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.settings import Settings
from tests.support import serving

NEW = "a quiet harbour at dawn"


@dataclass(frozen=True)
class Person:
    """An operator with the password that was handed out, and the actor a signed-in session of theirs would be."""

    operator: Operator
    password: str
    actor: Actor


def acting(db: Database, made: service.NewOperator) -> Person:
    operator = made.operator
    with db.reading() as ctx:
        held = rights.of_grants(ctx, operator.grants)
    actor = Actor(kind="operator", id=ids.encode(model.OPERATOR, operator.operator_id), permissions=held)
    return Person(operator, made.password, actor)


@pytest.fixture
def admin(db: Database) -> Person:
    with db.transaction() as ctx:
        made = service.first_run(ctx)
    assert made is not None
    return acting(db, made)


MakePerson = Callable[..., Person]


@pytest.fixture
def person(db: Database, admin: Person) -> MakePerson:
    def make(login: str, *grants: Grant) -> Person:
        with db.transaction(admin.actor) as ctx:
            return acting(db, service.add_operator(ctx, login=login, name=login.title(), grants=grants))

    return make


def _adjust(ctx: Ctx, payload: Json) -> Json:
    service.audit(ctx, action="points.adjusted", entity=str(payload["member"]))
    return {"adjusted": payload["points"]}


@dataclass(frozen=True)
class Api:
    """A running server of the slice's routes; ``as_person`` and ``as_key`` give clients that are signed in."""

    app: FastAPI
    db: Database
    client: httpx.Client

    @contextmanager
    def as_person(self, made: Person) -> Iterator[httpx.Client]:
        """A browser of somebody who has replaced the password that was handed out."""
        opened = service.change_password(self.db, made.actor, current=made.password, new=NEW)
        with self._browser(opened) as client:
            yield client

    @contextmanager
    def as_person_again(self, made: Person) -> Iterator[httpx.Client]:
        """A new browser of somebody who has been here before."""
        opened = service.log_in(self.db, login=made.operator.login, password=NEW, address="203.0.113.7")
        with self._browser(opened) as client:
            yield client

    @contextmanager
    def as_key(self, maker: Actor, scopes: list[str]) -> Iterator[httpx.Client]:
        """A system that holds a key with these scopes."""
        with self.db.transaction(maker) as ctx:
            text = service.create_key(ctx, name="Test", scopes=scopes).text
        with httpx.Client(base_url=self.client.base_url, headers={"authorization": f"Bearer {text}"}, trust_env=False) as client:
            yield client

    def _browser(self, opened: service.Opened) -> httpx.Client:
        headers = {"x-csrf-token": opened.csrf_token, "cookie": f"{service.COOKIE}={opened.token}"}
        return httpx.Client(base_url=self.client.base_url, headers=headers, trust_env=False)

    def conforming(self, answer: httpx.Response, template: str) -> Any:
        """The answer's JSON, which is what the OpenAPI document promises of the route ``template`` and this status."""
        document = self.client.get("/openapi.json").json()
        operation = document["paths"][template][answer.request.method.lower()]
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
        return answer.json()


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[Api]:
    """The slice behind the house's own edge and the authenticator of production, on a real socket."""
    app = http.create(
        settings=Settings(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", session_hours=8),
        db=db,
        keyring=keyring,
        batcher=batching.Batcher(db, lambda _ctx, items: [None for _ in items]),
        authenticate=serve.authenticating(service.Authenticator(db)),
        routers=[router],
    )
    app.state.executors = {"points.adjust": service.Executor(permission="points.adjust", run=_adjust)}
    with serving.served(app) as client:
        yield Api(app, db, client)
