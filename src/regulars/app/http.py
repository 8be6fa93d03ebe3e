"""The HTTP application: every slice's routes behind one edge, with its documentation, its health and its metrics.

Who wants to know what an address does looks into the slice's ``api``; what every address has in common is put together here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib import metadata
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from regulars.domains.members import service as members
from regulars.domains.operators import service as operators
from regulars.platform import batching, health, metrics
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import auth, openapi, problems, responses, routing
from regulars.platform.http.application import Application
from regulars.platform.http.docs import page
from regulars.platform.settings import Settings

try:
    VERSION = metadata.version("regulars")
except metadata.PackageNotFoundError:  # Run from the source tree.
    VERSION = "0.0.0"
TITLE = "Regulars API"
DESCRIPTION = """The membership platform's API. Amounts are whole minor units of their currency (`1250` GBP is £12.50), points are
whole numbers, times carry their zone (RFC 3339). Send `Accept-Language: zh` or `en`; send `Idempotency-Key` where a route takes it,
and repeat a request that got no answer: it is done once."""

_NO_TELEMETRY: Any = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"]


class Ready(BaseModel):
    """Whether requests may be sent here, and what each check found."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "ready", "checks": {"database": "ok"}, "warnings": {"outbox": "ok"}}]}
    )

    status: Literal["ready", "not_ready"]
    checks: dict[str, str]
    warnings: dict[str, str]


def create(
    *,
    settings: Settings,
    db: Database,
    keyring: Keyring,
    batcher: "batching.Batcher[Any, Any]",
    authenticate: auth.Authenticate,
    routers: Sequence[routing.Router],
    counted: metrics.Metrics | None = None,
    checks: Mapping[str, health.Check] | None = None,
    executors: operators.Executors | None = None,
) -> FastAPI:
    """The application; the batcher starts and stops (drained) with it, the pool stays the caller's to close.

    The first routers' routes are found fastest. ``checks`` are asked by ``/health/ready`` besides the database itself.
    ``executors`` carry out what a second person approved.
    Raises ``TypeError`` for a route that does not say who may call it.
    """
    counted = counted or metrics.Metrics()
    warnings = {"outbox": health.outbox_within(settings.outbox_lag_max_seconds, observe=counted.outbox)}
    readiness = health.Readiness(db, checks=checks or {}, warnings=warnings)
    counted.watch_pool(in_use=_in_use(db), idle=_idle(db))
    routes = [route for router in routers for route in _checked(router)]
    served = [*routes, *_operate(readiness, counted).routes]
    if settings.docs:
        served += _documentation(tuple(served)).routes
    app = Application(
        metrics=counted,
        title=TITLE,
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
        lifespan=_lifespan(batcher, readiness),
    )
    # Appended as they are: an included router would match each address twice.
    app.router.routes.extend(served)
    app.state.settings, app.state.db, app.state.keyring = settings, db, keyring
    app.state.executors = executors or {}
    app.state.authenticate_member = _members(db)
    app.state.batcher, app.state.authenticate, app.state.metrics = batcher, authenticate, counted
    return app


def _members(db: Database) -> auth.Authenticate:
    """Members' sessions, asked of the database each time: a device that was signed out is out at once."""

    def known(request: Request) -> Actor:
        with db.reading() as ctx:
            found = members.authenticate(ctx, request.headers, request.cookies, method=request.method)
        if found.stale:
            with db.transaction(found.actor) as ctx:
                members.note_use(ctx, found.device)
        return found.actor

    return lambda request: run_in_threadpool(known, request)


def _checked(router: routing.Router) -> Sequence[BaseRoute]:
    for route in router.routes:
        if not isinstance(route, routing.Route):
            raise TypeError(f"{getattr(route, 'path', route)} must be made by platform.http.routing.Router")
    return router.routes


def _lifespan(batcher: "batching.Batcher[Any, Any]", readiness: health.Readiness) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        batcher.start()
        try:
            yield
        finally:
            # The server has stopped accepting and waited for requests under way; what they submitted is committed here.
            await asyncio.to_thread(batcher.stop)
            readiness.close()

    return running


def _in_use(db: Database) -> Callable[[], float]:
    return lambda: float(_pool(db).checkedout())


def _idle(db: Database) -> Callable[[], float]:
    return lambda: float(_pool(db).checkedin())


def _pool(db: Database) -> Any:
    # SQLAlchemy's base class of pools does not promise the counts that its queue pool, the one we make, has.
    return db.engine.pool


def _operate(readiness: health.Readiness, counted: metrics.Metrics) -> routing.Router:
    router = routing.Router(tags=["operate"], dependencies=[auth.public()])

    @router.get("/health/live", response_model=Live, openapi_extra=routing.said(en="Is the process alive?", zh="进程是否存活"))
    async def live() -> Response:
        """Whether the process answers. Asks nothing of the database: restart the process when this fails."""
        return responses.Json({"status": "live"})

    @router.get(
        "/health/ready",
        response_model=Ready,
        responses={503: {"model": Ready}},
        openapi_extra=routing.said(en="May requests be sent here?", zh="是否可以接收请求"),
    )
    def ready() -> Response:
        """Whether requests may be sent here: 200, or 503 with what is amiss. Warnings keep no request away."""
        report = readiness.report()
        status = "ready" if report.ready else "not_ready"
        content = {"status": status, "checks": report.checks, "warnings": report.warnings}
        return responses.Json(content, 200 if report.ready else 503)

    @router.get("/metrics", response_class=_Prometheus, openapi_extra=routing.said(en="Metrics for Prometheus", zh="Prometheus 指标"))
    def scrape() -> Response:
        """Counters in Prometheus' text format. They name routes, never people; keep the address inside your network all the same."""
        readiness.report()  # Measures the outbox.
        return _Prometheus(counted.render())

    return router


class _Prometheus(Response):
    media_type = metrics.CONTENT_TYPE


def _documentation(described: tuple[BaseRoute, ...]) -> routing.Router:
    router = routing.Router(tags=["operate"], dependencies=[auth.public()], include_in_schema=False)

    @cache
    def document() -> dict[str, Any]:
        return openapi.build(described, title=TITLE, version=VERSION, description=DESCRIPTION)

    @cache
    def html(language: Literal["en", "zh"]) -> bytes:
        return page.render(document(), language).encode()

    @cache
    def encoded() -> bytes:
        return responses.encode(document())

    # Plain functions: the first call describes every route, which would hold up the event loop.
    @router.get("/openapi.json")
    def openapi_json() -> Response:
        return Response(encoded(), media_type="application/json")

    @router.get("/docs")
    def docs(request: Request, lang: Annotated[Literal["en", "zh"] | None, Query()] = None) -> Response:
        chosen = lang or problems.speaks(request)
        headers = {"content-language": chosen, "vary": "accept-language", "content-security-policy": page.SECURITY}
        return HTMLResponse(html(chosen), headers=headers)

    return router
