"""The best combination of coupons beside giving all of them and beside trying every subset; and a million codes made and stored."""

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from typing import Any
from uuid import UUID

from bench import measure, place
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.coupons.model import Batch, Candidate, Cart, Definition, Held, Lane, Room, Step
from regulars.domains.coupons.rules import combining, pricing
from regulars.domains.coupons.store import codes as store
from regulars.domains.orders.model import Line
from regulars.kernel import codes, periods
from regulars.kernel.text import Text

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_LANES = ("goods", "order", "post")
_FREE = Room()
_CHUNK = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many carts of 20 lines and 12 coupons are priced, for how many of them every subset is tried, and how many codes are made."""

    carts: int
    brute: int
    codes: int
    runs: int


QUICK = Size(carts=4, brute=1, codes=20_000, runs=1)
FULL = Size(carts=100, brute=4, codes=1_000_000, runs=5)


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of coupons."""
    result = Result(bench="coupons", quick=quick, postgres=measure.settings(at.url))
    carts = [_hand(random.Random(seed), many=seed % 4) for seed in range(size.carts)]
    searched, greedy = _timed(carts, _best), _timed(carts, _greedy)
    brute = _timed(carts[: size.brute], _every_subset)
    result.figure("best of 12 coupons on 20 lines", "ms of CPU", [seconds * 1000 for seconds, _ in searched])
    result.figure("all 12 given (greedy)", "ms of CPU", [seconds * 1000 for seconds, _ in greedy])
    result.figure("every subset (brute force)", "ms of CPU", [seconds * 1000 for seconds, _ in brute])
    made = [_codes(at, size.codes) for _ in range(size.runs)]
    result.figure(f"{size.codes:,} codes made and stored", "s", made)
    slowest = sorted(seconds for seconds, _ in searched)[-1 - len(searched) // 20]
    same = all(found == wanted for (_, found), (_, wanted) in zip(searched, brute, strict=False))
    result.goals += [
        Goal(name="ms for the best combination, 95 in 100 carts", value=slowest * 1000, must=50, below=True),
        Goal(name="best equals brute force (1: yes)", value=float(same), must=1),
        Goal(name="brute force / best, in time", value=_mean(brute) / _mean(searched[: size.brute])),
        Goal(name="best / greedy, in discount", value=sum(found for _, found in searched) / sum(found for _, found in greedy), must=1),
        Goal(name="s for a million codes", value=max(made) * 1_000_000 / size.codes, must=60, below=True),
    ]
    result.limit = "splitting each discount over its lines, once for each coupon tried"
    return result


def _mean(timed: list[tuple[float, int]]) -> float:
    return sum(seconds for seconds, _ in timed) / len(timed)


def _timed(carts: list[tuple[list[Candidate], Cart]], way: Callable[[list[Candidate], Cart], int]) -> list[tuple[float, int]]:
    """(seconds of the processor, discount) of each cart: pure rules wait for nothing, and other work on the machine is no part of them."""
    taken = []
    for coupons, cart in carts:
        began = time.process_time()
        discount = way(coupons, cart)
        taken.append((time.process_time() - began, discount))
    return taken


def _best(coupons: list[Candidate], cart: Cart) -> int:
    return combining.best(coupons, cart, room=_FREE).priced.discount


def _greedy(coupons: list[Candidate], cart: Cart) -> int:
    return pricing.price(coupons, cart, room=_FREE).discount


def _every_subset(coupons: list[Candidate], cart: Cart) -> int:
    subsets = chain.from_iterable(combinations(coupons, count) for count in range(len(coupons) + 1))
    return max(_greedy(list(chosen), cart) for chosen in subsets)


def _hand(chance: random.Random, *, many: int) -> tuple[list[Candidate], Cart]:
    """Twelve coupons of all kinds over three lanes, ``many`` of which take several, and a cart of twenty lines of three categories."""
    lines = tuple(
        Line(no, f"sku-{no}", chance.randint(1, 3), chance.randint(200, 5000), category=chance.choice(("tea", "cake", "pots")))
        for no in range(1, 21)
    )
    coupons = []
    for no in range(1, 13):
        terms = _terms(chance, f"coupon-{no}")
        coupons.append(Candidate(Held(UUID(int=no), terms.id, 1, "issued", _NOON, _NOON + timedelta(days=chance.randint(1, 30))), terms))
    lanes = tuple(Lane(lane, i < many) for i, lane in enumerate(_LANES))
    return coupons, Cart(lines=lines, at=_NOON, currency="GBP", zone=periods.zone("Europe/London"), freight=500, lanes=lanes)


def _terms(chance: random.Random, name: str) -> Definition:
    category = chance.choice((None, None, "tea", "cake"))
    kinds: list[Callable[[], Definition]] = [
        lambda: Definition(kind="percent", rate_bp=chance.randint(7000, 9500), **common),
        lambda: Definition(kind="cash", face=chance.randint(100, 3000), **common),
        lambda: Definition(kind="spend_off", steps=(Step(chance.randint(1000, 40_000), chance.randint(100, 3000)),), **common),
        lambda: Definition(kind="exchange", **common),
    ]
    common: dict[str, Any] = {"id": name, "label": Text(name, f"券 {name}"), "lane": chance.choice(_LANES)}
    if category:
        common |= {"test": lambda values: values["line.category"] == category, "by_line": True}
    return chance.choice(kinds)()


def _codes(at: Place, count: int) -> float:
    """Seconds until so many codes are made and stored, a transaction a chunk."""
    batch = Batch(
        batch_id=UUID(int=1),
        definition="bench",
        name="bench",
        prefix="TEA",
        length=12,
        wanted=count,
        created_at=_NOON,
        created_by="bench",
    )
    needed = codes.bytes_needed(batch.length)
    with at.product("coupons") as url, place.opened(url) as db:
        began, made = time.perf_counter(), 0
        with db.transaction() as ctx:
            store.add_batch(ctx.tx, batch)
        while made < count:
            random_bytes = secrets.token_bytes(needed * _CHUNK)
            pieces = (random_bytes[i : i + needed] for i in range(0, len(random_bytes), needed))
            chunk = [codes.normalise(codes.generate(piece, length=batch.length, prefix=batch.prefix, groups=0)) for piece in pieces]
            with db.transaction() as ctx:
                made = store.add_codes(ctx.tx, batch.batch_id, chunk)
        return time.perf_counter() - began
