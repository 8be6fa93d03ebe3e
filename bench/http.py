"""``POST /v1/orders`` of a real server process under 64 connections, beside a bare endpoint and pgbench on the same PostgreSQL."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import bare, facts, loader, measure, pgbench, place
from bench.loader import Aim, Load
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.operators import service as operators

_STARTED_S = 60.0
_ORDERS = "SELECT count(*) FROM orders"
_BARE_ORDERS = "SELECT count(*) FROM bare_orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long and how often the server is loaded."""

    members: int
    connections: int
    seconds: int
    runs: int
    clients: tuple[int, ...]


QUICK = Size(members=1_000, connections=64, seconds=2, runs=1, clients=(32,))
FULL = Size(members=20_000, connections=64, seconds=10, runs=5, clients=(8, 16, 32, 64))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """A running endpoint and how to count what it stored."""

    port: int
    path: str
    token: str
    url: str
    count: str


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of the endpoint."""
    result = Result(bench="http", quick=quick, postgres=measure.settings(at.url))
    result.notes.append("loader: wrk, 2 threads" if loader.has_wrk() else loader.HOW_TO_GET_WRK)
    with at.empty("pgbench") as third, _product(at, size) as product, _bare(at) as other:
        others = pgbench.Pgbench(third, 2 if quick else 4)
        others.fill()
        _compare(result, size, product, other, others)
    return result


@contextmanager
def _product(at: Place, size: Size) -> Iterator[_Target]:
    with at.product("http") as url:
        with place.opened(url) as db:
            facts.prepare(db, size.members, joined_at=facts.since())
            with db.transaction() as ctx:
                token = operators.create_key(ctx, name="bench", scopes=["orders.write", "orders.read"]).text
        with serving(at, url) as port:
            yield _Target(port=port, path="/v1/orders", token=token, url=url, count=_ORDERS)


@contextmanager
def serving(at: Place, url: str) -> Iterator[int]:
    """The product's server on the database, in a process of its own; its port."""
    port = _free_port()
    environment = {
        "DATABASE_URL": url,
        "REGULARS_DATA_DIR": str(at.folder / "data"),
        "REGULARS_KEY_DIR": str(at.folder / "keys"),
        "REGULARS_PORT": str(port),
        "REGULARS_LOG_LEVEL": "warning",
    }
    with _process([sys.executable, "-m", "regulars.app.serve"], environment, at.folder / "product.log"):
        _answering(port, "/health/live", at.folder / "product.log")
        yield port


@contextmanager
def _bare(at: Place) -> Iterator[_Target]:
    with at.empty("bare") as url:
        with psycopg.connect(url) as made:
            made.execute(bare.TABLE)
        port = _free_port()
        secret = at.folder / "bare.url"
        secret.touch(mode=0o600)
        secret.write_text(url, "utf-8")
        with _process([sys.executable, "-m", "bench.bare", str(secret), str(port)], {}, at.folder / "bare.log"):
            _answering(port, "/", at.folder / "bare.log")
            yield _Target(port=port, path="/orders", token="", url=url, count=_BARE_ORDERS)


def _compare(result: Result, size: Size, product: _Target, other: _Target, others: pgbench.Pgbench) -> None:
    targets = {"POST /v1/orders": product, "bare endpoint": other}
    loads: dict[str, list[Load]] = defaultdict(list)
    tps: list[float] = []
    for target in targets.values():
        _loaded(target, size, "warm", seconds=max(1, size.seconds // 3))
    for number in range(size.runs):
        for name, target in targets.items():
            load, unacknowledged = _loaded(target, size, f"r{number}", seconds=size.seconds)
            loads[name].append(load)
            _check(result, name, load, unacknowledged, size)
        tps.append(others.best(size.clients))
    for name, runs in loads.items():
        result.figure(name, "2xx/s", [load.rate for load in runs])
        result.figure(f"{name}, p50", "ms", [load.p50_ms for load in runs])
        result.figure(f"{name}, p99", "ms", [load.p99_ms for load in runs])
        result.figure(f"{name}, failed", "answers", [load.failed for load in runs])
    result.figure("pgbench, best", "transactions/s", tps)
    _judge(result)


def _loaded(target: _Target, size: Size, prefix: str, *, seconds: int) -> tuple[Load, int]:
    """The load and how many more orders were stored than acknowledged."""
    before = _count(target)
    aim = Aim(
        port=target.port,
        path=target.path,
        token=target.token,
        prefix=prefix,
        paid_at=facts.since().isoformat(),
        members=size.members,
        connections=size.connections,
        seconds=seconds,
    )
    load = loader.run(aim)
    time.sleep(0.5)  # What was under way when the loader hung up is still committed.
    return load, _count(target) - before - load.ok


def _count(target: _Target) -> int:
    with psycopg.connect(target.url) as asked:
        found = asked.execute(target.count.encode()).fetchone()
    return int(found[0]) if found else 0


def _check(result: Result, name: str, load: Load, unacknowledged: int, size: Size) -> None:
    hung_up = f"{unacknowledged} stored but hung up on before the answer"
    result.notes.append(f"{name}: {load.ok:,} acknowledged, {load.failed} failed, {hung_up}")
    if not 0 <= unacknowledged <= size.connections + load.failed:
        raise RuntimeError(f"{name}: what was stored is not what was acknowledged ({unacknowledged:+})")
    if load.failed:
        raise RuntimeError(f"{name}: {load.failed} requests failed; a figure with errors is none")


def _judge(result: Result) -> None:
    medians = {figure.name: figure.median for figure in result.figures}
    rate, other = medians["POST /v1/orders"], medians["bare endpoint"]
    result.goals += [
        Goal(name="POST /v1/orders a second", value=rate, must=1_000),
        Goal(name="p99 in ms", value=medians["POST /v1/orders, p99"], must=150, below=True),
        Goal(name="POST /v1/orders ÷ bare endpoint", value=rate / other, must=0.5),
        Goal(name="POST /v1/orders ÷ pgbench", value=rate / medians["pgbench, best"]),
    ]
    result.limit = (
        f"one Python process: {1e6 / rate:.0f} µs a request, of which the bare endpoint's HTTP, JSON check and insert are "
        f"{1e6 / other:.0f} µs; the loader and PostgreSQL share the same cores"
    )


@contextmanager
def _process(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    # The product refuses variables it does not know, and the caller's own must not change what is measured.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_") and name != "DATABASE_URL"}
    with log.open("wb") as output:
        child = subprocess.Popen(command, env={**clean, **environment}, stdout=output, stderr=output)
        try:
            yield
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _answering(port: int, path: str, log: Path) -> None:
    until = time.monotonic() + _STARTED_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # It answers, whatever it says.
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
