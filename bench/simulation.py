"""A simulation over what an engine run recorded, beside deciding the same orders alone: both sides, one core, nothing read."""

import resource
import time
from collections import defaultdict
from dataclasses import dataclass

import psycopg

from bench import engine, facts, measure, place, streams
from bench.facts import Mix
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.loyalty.tasks import simulate
from regulars.domains.loyalty.tasks.simulate import Wish
from regulars.platform.processes import sharing

_ASKED = 5_000
_AIM = 20_000
_DECIDED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many orders are recorded and simulated, of how many members."""

    members: int
    facts: int
    runs: int


QUICK = Size(members=500, facts=2_048, runs=1)
FULL = Size(members=20_000, facts=200_000, runs=3)


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of the simulation."""
    result = Result(bench="simulation", quick=quick, postgres=measure.settings(at.url))
    with at.product("simulation") as url:
        since = facts.since()
        with place.opened(url) as db:
            members = facts.prepare(db, size.members, joined_at=since)
        mix = Mix(members=members, since=since, first=0, count=size.facts)
        streams.in_processes(url, mix, streams=2)
        with psycopg.connect(url, autocommit=True) as tidy:
            tidy.execute("VACUUM ANALYZE")
        sample = Mix(members=members, since=since, first=0, count=min(size.facts, _DECIDED))
        taken: dict[str, list[float]] = defaultdict(list)
        for _ in range(size.runs):
            for processes in (1, sharing.processes()):
                took, processor = _simulating(url, size.facts, processes)
                taken[f"orders/s, {processes}"].append(size.facts / took)
                if processes == 1:
                    taken["core"].append(size.facts / processor)
            began = time.process_time()
            engine.deciding(sample)
            taken["deciding"].append(sample.count / (time.process_time() - began))
    _judge(result, taken)
    return result


def _simulating(url: str, expected: int, processes: int) -> tuple[float, float]:
    """Seconds, and processor seconds of Python, of one simulation that changes the base rule."""
    draft = facts.programme_text().replace("per_amount: {every: 100, give: 1,", "per_amount: {every: 100, give: 2,", 1)
    with place.opened(url) as db:
        with db.reading() as ctx:
            wanted = simulate.ask(ctx, Wish(document=draft))
        began, used = time.perf_counter(), _processor()
        found = simulate.simulate(db, wanted, processes=processes)
        took, processor = time.perf_counter() - began, _processor() - used
    if found["orders"] != expected or found["verdicts"][0]["members"] == 0:
        raise RuntimeError(f"the simulation saw {found['orders']} of {expected} orders")
    return took, processor


def _processor() -> float:
    """Processor seconds of this process and of those it started that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _judge(result: Result, taken: dict[str, list[float]]) -> None:
    for name, rates in taken.items():
        if name.startswith("orders/s"):
            result.figure(f"simulation, {name.removeprefix('orders/s, ')} process(es)", "orders/s", rates)
    core = result.figure("simulation, by Python's processor time", "orders/s", taken["core"])
    deciding = result.figure("deciding alone, one side, by processor time", "orders/s", taken["deciding"])
    result.goals += [
        Goal(name="orders a second and core", value=core.median, must=_ASKED, aim=_AIM),
        Goal(name="simulation ÷ deciding both sides alone", value=core.median / (deciding.median / 2)),
    ]
    result.limit = (
        f"an order takes {1e6 / core.median:.0f} µs of a core, of which {2e6 / deciding.median:.0f} µs would be deciding it twice; the "
        "rest is reading it, copying standings and adding up"
    )
