"""``python -m regulars.app.serve``: the API server, one process, until it is told to stop.

On SIGTERM or SIGINT it stops accepting, waits for requests under way (``REGULARS_SHUTDOWN_SECONDS``), commits what they submitted, and
ends. Standard output carries the JSON log.
"""

import contextlib
import signal
import socket
import sys
from collections.abc import Awaitable, Iterator, Sequence
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from regulars.app import http, pages, schema, wiring
from regulars.app import settings as app_settings
from regulars.domains.catalog import api as catalog_api
from regulars.domains.experiments import api as experiments_api
from regulars.domains.insights import api as insights_api
from regulars.domains.loyalty import api as loyalty_api
from regulars.domains.loyalty import service as loyalty
from regulars.domains.members import api as members_api
from regulars.domains.operators import api as operators_api
from regulars.domains.operators import service as operators
from regulars.domains.privacy import api as privacy_api
from regulars.domains.webhooks import api as webhooks_api
from regulars.kernel import problem
from regulars.kernel.problem import Kind, Problem
from regulars.platform import batching, clock, embedded, health, log, memory, metrics
from regulars.platform import db as database
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.http import auth, routing
from regulars.platform.settings import Settings

CANNOT_LISTEN = problem.define(
    "serve.cannot_listen",
    Kind.unavailable,
    en="The server cannot listen on {host}, port {port} ({reason}). Set REGULARS_HOST and REGULARS_PORT to an address that is free.",
    zh="服务无法监听 {host} 的 {port} 端口（{reason}）。请将 REGULARS_HOST 与 REGULARS_PORT 设为可用的地址。",
)

_BACKLOG = 2048

ROUTERS: Sequence[routing.Router] = (
    loyalty_api.router,
    members_api.router,
    catalog_api.router,
    experiments_api.router,
    insights_api.router,
    operators_api.router,
    privacy_api.router,
    webhooks_api.router,
    members_api.own_router,
    loyalty_api.own_router,
    privacy_api.own_router,
    pages.router,
)
"""Every slice's routes. The busiest first: addresses are compared in this order."""


def main() -> int:
    """Serve until told to stop; the exit code says why it ended."""
    try:
        settings = app_settings.load()
        log.configure(settings.log_level)
        memory.collect_rarely()
        serve(settings)
    except Problem as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - whoever starts a server reads the terminal first
        return problem.EXIT_CODE[refused.kind]
    return 0


def serve(settings: Settings) -> None:
    """Run the server in this thread until a signal ends it. Raises ``serve.cannot_listen``."""
    with _listening(settings.host, settings.port) as listener, contextlib.suppress(SystemExit), _signals(), application(settings) as app:
        host, port = listener.getsockname()[:2]
        log.get(__name__).info("serve.listening", host=host, port=port)
        uvicorn.Server(_config(app, settings)).run(sockets=[listener])


@contextlib.contextmanager
def application(settings: Settings) -> Iterator[FastAPI]:
    """The application with its database, keys and batcher; the pool is closed afterwards."""
    schema.metadata()  # privacy reaches every slice's tables by their names
    with _address(settings) as url:
        db = database.connect(url, clock_=clock.SystemClock(), pool_size=settings.pool_size)
        counted = metrics.Metrics()
        try:
            yield http.create(
                settings=settings,
                db=db,
                keyring=Keyring.load(settings.key_dir),
                batcher=batching.Batcher(
                    db,
                    loyalty.take,
                    max_size=settings.batch_max,
                    max_wait=settings.batch_wait_ms,
                    observers=counted.batches(),
                ),
                authenticate=authenticating(operators.Authenticator(db)),
                routers=ROUTERS,
                counted=counted,
                executors=wiring.EXECUTORS,
                checks={"schema": health.schema_at(schema.head())},
            )
        finally:
            db.close()


def authenticating(known: operators.Authenticator) -> auth.Authenticate:
    """Callers seen a moment ago are known at once; only the others cost a thread and a query."""

    def authenticate(request: Request) -> Actor | Awaitable[Actor]:
        # A key needs no cookies, and reading them costs as much as knowing the key.
        cookies = {} if "authorization" in request.headers else request.cookies
        found = known.remembered(request.headers, cookies, method=request.method)
        return found or run_in_threadpool(known, request.headers, cookies, method=request.method)

    return authenticate


@contextlib.contextmanager
def _address(settings: Settings) -> Iterator[str]:
    """``DATABASE_URL``, or the embedded server's: one that already runs, else one for as long as we do."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with embedded.borrowed(settings.data_dir / "postgres") as server:
            yield server.url()


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that already listens, so that a taken port is told before anything else is started."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind)
    except OSError as wrong:
        raise CANNOT_LISTEN(host=host, port=port, reason=wrong.strerror or "unknown host") from wrong
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as wrong:
            raise CANNOT_LISTEN(host=host, port=port, reason=wrong.strerror) from wrong
        yield listener


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM ends the program the way its own end would: uvicorn raises it once more when it has shut down, and without a
    handler that would skip whatever is still to be closed.
    """

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # It would print addresses with everything in them.
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


if __name__ == "__main__":
    sys.exit(main())
