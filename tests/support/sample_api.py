"""A slice that exists for tests of the edge only: one route of every kind, over a table of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from regulars.kernel import problem
from regulars.kernel.problem import Kind, Problem
from regulars.platform import batching
from regulars.platform.context import Actor, Ctx
from regulars.platform.http import auth, body, idempotency, paging, responses, routing, strict

REFUSED = problem.define(
    "sample.refused", Kind.limit, en="Only {available} are left, {asked} were asked for.", zh="只剩 {available}，要求 {asked}。"
)
UNKNOWN = problem.define("sample.unknown_caller", Kind.unauthenticated, en="Sign in.", zh="请登录。")

ACTORS = {
    "Bearer writer": Actor(kind="api_key", id="writer", permissions=frozenset({"sample.write", "sample.read"})),
    "Bearer reader": Actor(kind="api_key", id="reader", permissions=frozenset({"sample.read"})),
    "Bearer nobody": Actor(kind="api_key", id="nobody"),
}

router = routing.Router(prefix="/v1/sample", tags=["sample"])


class Line(strict.Strict):
    no: strict.Count
    amount: strict.Minor
    note: str = ""


class Thing(strict.Strict):
    """One thing to record."""

    number: strict.Key
    kind: Literal["gift", "sale"] = "sale"
    at: datetime | None = None
    born: date | None = None
    password: str = ""
    lines: tuple[Line, ...] = ()
    more: dict[str, Any] = Field(default_factory=dict)


class Recorded(BaseModel):
    number: str
    by: str
    key: str | None


class Item(BaseModel):
    at: datetime
    id: UUID


class Items(BaseModel):
    items: list[Item]
    next: str | None


def authenticate(request: Request) -> Actor:
    """The actor of one of three keys. Raises ``sample.unknown_caller``."""
    found = ACTORS.get(request.headers.get("authorization", ""))
    if found is None:
        raise UNKNOWN()
    return found


def handle(ctx: Ctx, items: Sequence[str]) -> Sequence[str | Problem | batching.Again]:
    """Record each number, slowly enough that a test can stop the server meanwhile; ``refused`` is refused."""
    ctx.tx.execute(text("CREATE TABLE IF NOT EXISTS sample (number text)"))
    for item in items:
        if item.startswith("slow"):
            ctx.tx.execute(text("SELECT pg_sleep(1)"))
        ctx.tx.execute(text("INSERT INTO sample VALUES (:number)"), {"number": item})
    return [REFUSED(available=1, asked=2) if item == "refused" else item for item in items]


@router.post(
    "/things", response_model=Recorded, openapi_extra=routing.said(en="Record a thing", zh="记录一件东西", description_zh="只记一次。")
)
async def record(
    request: Request, thing: Thing, actor: Annotated[Actor, auth.needs("sample.write")], key: idempotency.OptionalKey = None
) -> Response:
    """Records it once."""
    number = await request.app.state.batcher.submit(thing.number)
    return responses.Json({"number": number, "by": actor.id, "key": key})


@router.get("/things", response_model=Items)
def listed(page: Annotated[paging.Page, paging.page("sample", datetime, UUID)], _: Annotated[Actor, auth.needs("sample.read")]) -> Response:
    """Five things, newest last."""
    every = [(datetime.fromisoformat(f"2026-03-0{n}T00:00:00+00:00"), UUID(int=n)) for n in range(1, 6)]
    rows = [row for row in every if page.after is None or row > page.after][: page.fetch]
    return responses.Json(page.answer(rows, lambda row: row, show=lambda row: {"at": row[0], "id": row[1]}))


@router.get("/things/{number}", response_model=Recorded)
async def read(number: strict.Word, actor: Annotated[Actor, auth.needs("sample.read")]) -> Response:
    """One thing."""
    return responses.Json({"number": number, "by": actor.id, "key": None})


@router.delete("/things/{number}", response_model=Recorded, dependencies=[auth.needs("sample.read")])
async def remove(number: strict.Word, _: Annotated[Actor, auth.needs("sample.write")]) -> Response:
    """Never removes."""
    raise problem.NOT_FOUND(what="thing", key=number)


@router.get("/me", response_model=Recorded)
def me(actor: Annotated[Actor, Depends(auth.caller)]) -> Response:
    """Who calls."""
    return responses.Json({"number": "", "by": actor.id, "key": None})


@router.post("/session", dependencies=[auth.public()], response_model=Recorded)
async def sign_in(thing: Thing | None = None) -> Response:
    """Nobody is asked who they are."""
    return responses.Json({"number": thing.number if thing else "", "by": "", "key": None})


@router.post("/things:batch", dependencies=[auth.needs("sample.write"), body.stream(responses.NDJSON, answers=responses.NDJSON)])
async def batch(request: Request) -> Response:
    """Each line's length, a line each."""

    async def rows() -> AsyncIterator[bytes]:
        rest = b""
        async for chunk in request.stream():
            *whole, rest = (rest + chunk).split(b"\n")
            await asyncio.sleep(0)
            for line in whole:
                yield responses.encode({"bytes": len(line), "padding": "x" * 200}) + b"\n"

    return await responses.collected(rows())


@router.post("/raw", dependencies=[auth.needs("sample.write")], response_model=None)
async def raw(request: Request, thing: Thing) -> Response:
    """The body as it came."""
    return responses.Json({"raw": (await request.body()).decode(), "same": thing is await request.json()})


@router.get("/broken", dependencies=[auth.public()], response_model=None)
async def broken() -> Response:
    """Fails with a message that must not get out."""
    raise RuntimeError("li.na@example.com")


@router.get("/database/{what}", dependencies=[auth.public()], response_model=None)
def database(request: Request, what: Literal["away", "fault"]) -> Response:
    """Fails in the database."""
    with request.app.state.db.transaction() as ctx:
        ctx.tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())" if what == "away" else "SELECT 'li.na@example.com'::int"))
    return responses.Json({})
