"""The baseline of ``POST /v1/orders``: the same route style and group commit, nothing behind it. ``python -m bench.bare URL-FILE PORT``.

One process, an async route with a checked body, one batching thread, one statement a batch: order and lines into one table. No
authentication, no idempotent answer, no engine.
"""

import asyncio
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import psycopg
import uvicorn
from fastapi import FastAPI, Request
from pydantic import BaseModel, Field

TABLE = """CREATE TABLE bare_orders (source text, number text, member text NOT NULL, paid_at timestamptz NOT NULL, currency text NOT NULL,
             lines jsonb NOT NULL, PRIMARY KEY (source, number))"""
_INSERT = """INSERT INTO bare_orders SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::jsonb[])
             ON CONFLICT DO NOTHING"""
_BATCH, _COMPANY_S = 512, 0.003


class Member(BaseModel):
    """Whose order it is."""

    external_id: str


class Line(BaseModel):
    """One line of it."""

    product: Annotated[str, Field(min_length=1, max_length=200)]
    category: str = ""
    quantity: Annotated[int, Field(ge=1)] = 1
    amount: Annotated[int, Field(ge=0)]


class Order(BaseModel):
    """The body the product takes, as far as the benchmark sends it."""

    source: str
    number: Annotated[str, Field(min_length=1, max_length=200)]
    member: Member
    paid_at: datetime
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    lines: Annotated[list[Line], Field(min_length=1)]


_Waiting = tuple[Order, "asyncio.Future[None]"]


class Writer:
    """A thread that inserts whatever waits, one statement and one commit at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._line: deque[_Waiting] = deque()
        self._arrived = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def put(self, order: Order) -> None:
        """The order is committed."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._line.append((order, future))
        self._arrived.set()
        await future

    def stop(self) -> None:
        """The thread has ended."""
        self._stopped.set()
        self._arrived.set()
        self._thread.join()

    def _work(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as to:
            while not self._stopped.is_set():
                self._arrived.wait()
                self._arrived.clear()
                if len(self._line) < _BATCH:
                    self._stopped.wait(_COMPANY_S)
                while batch := [self._line.popleft() for _ in range(min(_BATCH, len(self._line)))]:
                    to.execute(_INSERT, _columns([order for order, _ in batch]))
                    self._loop.call_soon_threadsafe(_answer, batch)


def _answer(batch: list[_Waiting]) -> None:
    for _, future in batch:
        if not future.done():
            future.set_result(None)


def _columns(orders: list[Order]) -> list[list[object]]:
    rows = [
        (
            order.source,
            order.number,
            order.member.external_id,
            order.paid_at,
            order.currency,
            orjson.dumps(
                [[no, line.product, line.quantity, line.amount, line.category] for no, line in enumerate(order.lines, 1)]
            ).decode(),
        )
        for order in orders
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def application(url: str) -> FastAPI:
    """The bare endpoint over the database at ``url``."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        app.state.writer = Writer(url)
        yield
        app.state.writer.stop()

    app = FastAPI(lifespan=running, openapi_url=None)

    @app.post("/orders", status_code=201)
    async def record(request: Request, order: Order) -> dict[str, str]:
        writer: Writer = request.app.state.writer
        await writer.put(order)
        return {"number": order.number, "state": "recorded"}

    return app


if __name__ == "__main__":
    uvicorn.run(
        application(Path(sys.argv[1]).read_text("utf-8")),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
    )
