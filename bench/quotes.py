"""``POST /v1/quotes`` of a cart of 20 lines by members who hold ten coupons: the best combination, asked by 16 clients."""

import json
import random
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

import orjson

from bench import facts, http, measure, place
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import CouponGiven
from regulars.domains.operators import service as operators
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.platform import batching
from regulars.platform.db import Database

_LINES = 20
_COUPONS = 10
_CATEGORIES = ("christmas", "home", "kitchen", "garden")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many clients ask how often: without a pause, and ``paced`` times a second all together."""

    members: int
    clients: int
    quotes: int
    paced: int
    runs: int


QUICK = Size(members=20, clients=4, quotes=10, paced=20, runs=1)
FULL = Size(members=500, clients=16, quotes=60, paced=60, runs=3)


def programme() -> str:
    """The demo's programme with ten kinds of coupons: three lanes, thresholds, categories, percentages."""
    kinds = [
        "cash: {face: 300}, lane: shop",
        "cash: {face: 500}, lane: shop",
        "spend_off: {steps: [{from: 9900, less: 1000}]}, lane: shop",
        "spend_off: {steps: [{from: 5000, less: 400}, {from: 20000, less: 2500}]}, lane: shop",
        "percent: {rate_bp: 9000}, max_discount: 3000, lane: shop",
        "percent: {rate_bp: 8000}, max_discount: 900, lane: product",
        *(
            f"spend_off: {{steps: [{{from: 2000, less: {300 + place}}}]}}, lane: product, "
            f'when: {{combinator: and, rules: [{{field: line.category, operator: "=", value: {category}}}]}}'
            for place, category in enumerate(_CATEGORIES[:3])
        ),
        "free_delivery: {}, max_discount: 1200, lane: delivery",
    ]
    lines = [f"  - {{id: c{n}, label: {{en: C{n}, zh: 券{n}}}, validity: {{days: 3000}}, {kind}}}" for n, kind in enumerate(kinds)]
    lanes = "coupon_lanes:\n  - {id: product}\n  - {id: shop}\n  - {id: delivery}\n"
    return f"{facts.programme_text()}\n{lanes}coupons:\n" + "\n".join(lines) + "\n"


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of quotes."""
    result = Result(bench="quotes", quick=quick, postgres=measure.settings(at.url))
    with at.product("quotes") as url:
        with place.opened(url) as db:
            members = facts.prepare(db, size.members, joined_at=facts.since(), text=programme())
            _give(db, members)
            with db.transaction() as ctx:
                token = operators.create_key(ctx, name="bench", scopes=["quotes.write"]).text
        with http.serving(at, url) as port:
            asked = _Asked(port, token, size)
            asked.ask(1, pause=0.0)
            alone = [asked.ask(1, pause=0.0) for _ in range(size.runs)]
            paced = [asked.ask(size.clients, pause=size.clients / size.paced) for _ in range(size.runs)]
            flat_out = [asked.ask(size.clients, pause=0.0) for _ in range(size.runs)]
    _judge(result, size, alone=alone, paced=paced, flat_out=flat_out)
    return result


def _give(db: Database, members: list[MemberId]) -> None:
    now = db.clock.now()
    for member in members:
        given = [
            CouponGiven(
                member_id=member, at=now, ref=ids.derived(now, "bench-coupon", str(member), str(n)), definition=f"c{n}", source="gift"
            )
            for n in range(_COUPONS)
        ]
        if any(not isinstance(answer, loyalty.Done) for answer in batching.run(db, loyalty.handle, given)):
            raise RuntimeError("a coupon was not given")


class _Asked:
    """The clients of one server; every answer has to use coupons, and to be the best."""

    def __init__(self, port: int, token: str, size: Size) -> None:
        self._port, self._token, self._size = port, token, size

    def ask(self, clients: int, *, pause: float) -> list[float]:
        """Milliseconds of every quote. Each client asks ``quotes`` times, beginning one every ``pause`` seconds."""
        found: list[float] = []
        errors: list[BaseException] = []
        gate = threading.Barrier(clients)

        def work(number: int) -> None:
            try:
                found.extend(self._client(number, gate, pause * number / clients, pause))
            except BaseException as error:  # noqa: BLE001 - told by the thread that waits
                errors.append(error)
                gate.abort()

        threads = [threading.Thread(target=work, args=[number]) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return found

    def _client(self, number: int, gate: threading.Barrier, late: float, pause: float) -> Iterator[float]:
        rng = random.Random(number)
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        # The plainest client there is: what it takes of the two cores is counted as the server's otherwise.
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=30.0)) as client:
            gate.wait(60)
            due = time.perf_counter() + late
            for _ in range(self._size.quotes):
                time.sleep(max(0.0, due - time.perf_counter()))
                cart = _cart(rng, self._size.members)
                began = time.perf_counter()
                client.request("POST", "/v1/quotes", cart, headers)
                answer = client.getresponse()
                said = answer.read()
                yield (time.perf_counter() - began) * 1000
                due = max(due + pause, time.perf_counter())
                coupons = orjson.loads(said)["coupons"] if answer.status == 200 else None
                if not coupons or not coupons["best"] or not coupons["used"]:
                    raise RuntimeError(f"not the best combination: {answer.status} {said[:300].decode()}")


def _cart(rng: random.Random, members: int) -> bytes:
    lines = [
        {"product": f"sku-{rng.randrange(3_000)}", "category": rng.choice(_CATEGORIES), "amount": rng.randrange(200, 4_000)}
        for _ in range(_LINES)
    ]
    member = {"external_id": f"{facts.EXTERNAL}{rng.randrange(members)}"}
    return json.dumps({"member": member, "currency": "GBP", "lines": lines, "freight": 800, "best": True}).encode()


def _judge(result: Result, size: Size, **taken: list[list[float]]) -> None:
    names = {
        "alone": "1 client",
        "paced": f"{size.clients} clients, {size.paced} quotes/s",
        "flat_out": f"{size.clients} clients without a pause",
    }
    for way, runs in taken.items():
        result.figure(f"{names[way]}, p50", "ms", [statistics.median(run) for run in runs])
        result.figure(f"{names[way]}, p99", "ms", [_share(run, 99) for run in runs])
    medians = {figure.name: figure.median for figure in result.figures}
    for way in ("paced", "flat_out"):
        result.goals += [
            Goal(name=f"p50 in ms, {names[way]}", value=medians[f"{names[way]}, p50"], must=8, below=True),
            Goal(name=f"p99 in ms, {names[way]}", value=medians[f"{names[way]}, p99"], must=30, below=True),
        ]
    alone = medians[f"{names['alone']}, p50"]
    result.limit = (
        f"one Python process takes about {alone:.1f} ms of a core for a quote, so {size.clients} clients that never pause "
        "wait for each other"
    )


def _share(taken: list[float], percent: int) -> float:
    return sorted(taken)[len(taken) * percent // 100]
