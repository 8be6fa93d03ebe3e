"""The console's lists of members over HTTP: first pages by every order, filters, searches, counts and one member, in a large brand.

Beside it the same first page as one hand-written statement, without HTTP, masking or standings as of now.
"""

import random
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psycopg
import uvicorn

from bench import facts, measure, people_brand, place
from bench.measure import Goal, Result
from bench.people_brand import Known
from bench.place import Place
from regulars.app import serve
from regulars.app import settings as app_settings
from regulars.domains.operators import service as operators
from regulars.platform.crypto import Keyring

_MOST_MS = 150
_BY_HAND = """SELECT m.member_id, m.external_id, m.joined_at, m.store, s.orders, s.spend, s.last_order_at, t.level, p.available
                FROM members m LEFT JOIN standings s USING (member_id) LEFT JOIN tier_standings t USING (member_id)
                LEFT JOIN point_totals p ON p.member_id = m.member_id AND p.unit = %(unit)s
               WHERE m.status IN ('active', 'closed') ORDER BY m.joined_at DESC, m.member_id DESC LIMIT 50"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many members there are, and how often each thing is asked."""

    members: int
    asked: int


QUICK = Size(members=20_000, asked=20)
FULL = Size(members=1_000_000, asked=200)

Ask = Callable[[httpx.Client, Known], httpx.Response]


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of lists of members."""
    result = Result(bench="people", quick=quick, postgres=measure.settings(at.url))
    with at.product("people") as url:
        settings = app_settings.load(DATABASE_URL=url, data_dir=at.folder / "data", key_dir=at.folder / "keys", port=0)
        keyring = Keyring.load(settings.key_dir)
        with place.opened(url) as db:
            known = people_brand.fill(db, url, keyring, members=size.members, sample=size.asked)
            with db.transaction() as ctx:
                token = operators.create_key(ctx, name="bench", scopes=["members.read", "orders.read", "points.read"]).text
        by_hand = _by_hand(url, size)
        with serve.application(settings) as app, _served(app) as address, _calling(address, token) as client:
            for name, ask in _asks().items():
                result.figure(name, "ms", _taken(ask, client, known, asked=size.asked))
    _judge(result, by_hand)
    return result


@contextmanager
def _served(app: object) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False))  # type: ignore[arg-type]  # an ASGI application
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _asks() -> Mapping[str, Ask]:
    levels = [level.id for level in facts.programme().ladder.levels]

    def listed(**asked: str) -> Ask:
        return lambda client, _: client.get("/v1/people", params=asked)

    def found(detail: Callable[[Known], Mapping[str, str]]) -> Ask:
        return lambda client, known: client.post("/v1/people/search", json=detail(known))

    return {
        "first page": listed(),
        "first page by last order": listed(sort="last_order"),
        "first page by points": listed(sort="points"),
        "first page by spend": listed(sort="spend"),
        "first page by spend, least first": listed(sort="spend", order="asc"),
        "highest level by points": listed(level=levels[-1], sort="points"),
        "highest level": listed(level=levels[-1]),
        "one store by last order": listed(store="S-042", sort="last_order"),
        "one store, control group": listed(store="S-042", held_out="true"),
        "never ordered": listed(has_orders="false"),
        "a store nobody has": listed(store="S-999", sort="last_order"),
        "search by phone": found(lambda known: {"phone": known.phone}),
        "search by number": found(lambda known: {"number": known.number}),
        "search by name": found(lambda known: {"name": known.name}),
        "search by last four": found(lambda known: {"last_four": known.phone[-4:]}),
        "search by whatever was typed": found(lambda known: {"text": known.phone}),
        "search by name, by points": lambda client, known: client.post(
            "/v1/people/search", params={"sort": "points"}, json={"name": known.name}
        ),
        "first page with its count": listed(count="true"),
        "highest level with its count": listed(level=levels[-1], count="true"),
        "one member": lambda client, known: client.get(f"/v1/people/external:{known.number}"),
    }


def _calling(address: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=120, trust_env=False)


def _taken(ask: Ask, client: httpx.Client, known: list[Known], *, asked: int) -> list[float]:
    """Milliseconds of each call, the first three left out."""
    rng = random.Random(11)
    taken = []
    for _ in range(asked + 3):
        whom = rng.choice(known)
        began = time.perf_counter()
        answer = ask(client, whom)
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(answer.text[:500])
    return taken[3:]


def _by_hand(url: str, size: Size) -> float:
    unit = next(iter(facts.programme().units))
    taken = []
    with psycopg.connect(url, autocommit=True) as plain:
        for _ in range(size.asked + 3):
            began = time.perf_counter()
            plain.execute(_BY_HAND, {"unit": unit}).fetchall()
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[3:])


def _judge(result: Result, by_hand: float) -> None:
    for figure in list(result.figures):
        p95 = statistics.quantiles(figure.runs, n=20)[-1]
        asked = "count" not in figure.name
        result.goals.append(Goal(name=f"{figure.name}: p95, ms", value=p95, must=_MOST_MS if asked else None, below=True))
    first = result.figures[0].median
    result.goals.append(Goal(name="first page ÷ the same rows by one statement, in time", value=first / by_hand, below=True))
    result.notes.append(f"one statement by hand: {by_hand:.2f} ms")
    result.limit = (
        f"of {first:.0f} ms for a first page, {by_hand:.1f} ms are PostgreSQL's; opening sealed fields and standings are the rest"
    )
