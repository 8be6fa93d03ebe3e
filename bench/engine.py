"""Facts through the engine with a durable commit per batch, beside pgbench and COPY of the same rows."""

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from bench import copying, facts, measure, pgbench, place, streams
from bench.facts import Mix
from bench.measure import Goal, Result
from bench.place import Place
from bench.streams import Way
from regulars.domains.loyalty.model import Standing
from regulars.domains.loyalty.rules import decide as rules
from regulars.kernel.ids import MemberId

RETAIL_LINES = 18
"""Lines an order has on average in the public retail file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: ``facts`` a run, and pgbench for ``seconds`` a try."""

    members: int
    facts: int
    runs: int
    seconds: int
    clients: tuple[int, ...]
    streams: int = 2
    processes: bool = True


QUICK = Size(members=1_000, facts=1_024, runs=1, seconds=1, clients=(8, 32))
FULL = Size(members=20_000, facts=20_480, runs=5, seconds=4, clients=(8, 16, 32, 64))


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of the engine."""
    result = Result(bench="engine", quick=quick, postgres=measure.settings(at.url))
    with at.empty("pgbench") as other, at.product("engine") as url:
        baseline = pgbench.Pgbench(other, size.seconds)
        baseline.fill()
        _side_by_side(result, url, size, baseline)
    with at.product("copy") as url:
        _limit(result, url, size)
    _judge(result)
    return result


class _Orders:
    """Gives every run orders of its own, as time goes on."""

    def __init__(self, members: list[MemberId], since: datetime) -> None:
        self._mix = Mix(members=members, since=since, first=0, count=0)

    def next(self, count: int, *, lines: int = 3, skew: float = 0.0) -> Mix:
        """The next ``count`` orders."""
        first = self._mix.first + self._mix.count
        self._mix = replace(self._mix, first=first, count=count, lines=lines, skew=skew)
        return self._mix


def _ways(size: Size) -> dict[str, tuple[Way, int]]:
    ways: dict[str, tuple[Way, int]] = {"1 stream": (streams.in_threads, 1)}
    if size.streams > 1:
        ways[f"{size.streams} threads"] = (streams.in_threads, size.streams)
        if size.processes:
            ways[f"{size.streams} processes"] = (streams.in_processes, size.streams)
    return ways


def _side_by_side(result: Result, url: str, size: Size, baseline: pgbench.Pgbench) -> None:
    """Engine and pgbench by turns, so that whatever else the machine does meets both."""
    since = facts.since()
    with place.opened(url) as db:
        orders = _Orders(facts.prepare(db, size.members, joined_at=since), since)
    # Warm-up: most members have their standing before anything is measured.
    streams.in_threads(url, orders.next(max(size.facts, size.members)), streams=1)
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(size.runs):
        for members, skew in (("uniform", 0.0), ("Zipf 1.0", 1.0)):
            for name, (way, count) in _ways(size).items():
                parts = way(url, orders.next(size.facts, skew=skew), streams=count)
                rates[f"engine, {members}, {name}"].append(streams.rate(parts))
                if count == 1 and not skew:
                    rates["python"].append(sum(part.processor for part in parts) / size.facts * 1e6)
        best = max(_ways(size), key=lambda name: rates[f"engine, uniform, {name}"][-1])
        way, count = _ways(size)[best]
        wide = way(url, orders.next(size.facts // 4, lines=RETAIL_LINES), streams=count)
        rates["retail"].append(streams.rate(wide) * RETAIL_LINES)
        for clients in size.clients:
            rates[f"pgbench, {clients} clients"].append(baseline.tps(clients))
        rates["decide"].append(deciding(orders.next(size.facts)))
    _figures(result, rates)


def _figures(result: Result, rates: dict[str, list[float]]) -> None:
    for name, runs in rates.items():
        if name.startswith(("engine", "pgbench")):
            result.figure(name, "facts/s" if name.startswith("engine") else "transactions/s", runs)
    result.figure(f"engine, {RETAIL_LINES}-line orders", "order lines/s", rates["retail"])
    result.figure("pure decide, one core, no I/O", "facts/s", rates["decide"])
    result.figure("Python's processor time, uniform, 1 stream", "µs/fact", rates["python"])


def deciding(mix: Mix) -> float:
    """Facts a second that ``decide`` alone takes: standings in memory, nothing loaded, nothing recorded."""
    programme = facts.programme()
    standings: dict[MemberId, Standing] = {}
    paid = facts.orders(mix)
    began = time.perf_counter()
    for fact in paid:
        member = fact.order.member_id
        if member is None:
            continue
        standing = standings.get(member) or Standing(member, 0, 0, mix.since, mix.since, held_out=False, tiers={})
        standings[member] = rules.decide(programme, standing, fact).standing
    return len(paid) / (time.perf_counter() - began)


def _limit(result: Result, url: str, size: Size) -> None:
    since = facts.since()
    with place.opened(url) as db:
        members = facts.prepare(db, size.members, joined_at=since)
    streams.in_threads(url, Mix(members=members, since=since, first=0, count=size.facts), streams=1)
    rows = copying.read(url, size.facts)
    for count in sorted({1, size.streams}):
        rows.rate(count)
        result.figure(
            f"COPY of the same rows, {count} connection{'s' * (count > 1)}", "facts/s", [rows.rate(count) for _ in range(size.runs)]
        )


def _judge(result: Result) -> None:
    medians = {figure.name: figure.median for figure in result.figures}
    uniform, zipf, others, copied = (
        max(value for name, value in medians.items() if name.startswith(begin))
        for begin in ("engine, uniform, ", "engine, Zipf", "pgbench", "COPY")
    )
    result.goals += [
        Goal(name="engine ÷ pgbench", value=uniform / others, must=1.5, aim=3.0),
        Goal(name="engine ÷ pgbench, Zipf 1.0 members", value=zipf / others, must=1.5, aim=3.0),
        Goal(name="engine ÷ COPY of the same rows", value=uniform / copied, must=0.35),
    ]
    whole = 1e6 / medians["engine, uniform, 1 stream"]
    python = medians["Python's processor time, uniform, 1 stream"]
    decide = 1e6 / medians["pure decide, one core, no I/O"]
    result.limit = (
        f"a fact takes {whole:.0f} µs in one stream: {decide:.0f} µs deciding, {max(0.0, python - decide):.0f} µs of Python around it "
        f"(loading, rows, hashes), {max(0.0, whole - python):.0f} µs waiting for PostgreSQL and for a free core"
    )
