"""``verify`` over what an engine run recorded, beside reading decisions and journal alone and deciding alone."""

import resource
import time
from collections import defaultdict
from dataclasses import dataclass

import psycopg

from bench import engine, facts, measure, place, streams
from bench.facts import Mix
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.loyalty.tasks import verify_beside
from regulars.platform.processes import sharing

_ASKED = 1_000_000
_ASKED_S = 180
_DECIDED = 50_000
_FETCH = 5_000
_READ = (
    "SELECT member_id, seq, version, kind, ref, subject_id, at, programme, body FROM decisions ORDER BY member_id, seq",
    "SELECT member_id, seq, n, unit, kind, amount, at, expires_at, available_at, ref, why FROM journal ORDER BY member_id, seq, n",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many facts are recorded and verified, of how many members."""

    members: int
    facts: int
    runs: int


QUICK = Size(members=500, facts=2_048, runs=1)
FULL = Size(members=100_000, facts=1_000_000, runs=5)


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of ``verify``."""
    result = Result(bench="verify", quick=quick, postgres=measure.settings(at.url))
    with at.product("verify") as url:
        since = facts.since()
        with place.opened(url) as db:
            members = facts.prepare(db, size.members, joined_at=since)
        mix = Mix(members=members, since=since, first=0, count=size.facts)
        streams.in_processes(url, mix, streams=2)
        with psycopg.connect(url, autocommit=True) as tidy:
            tidy.execute("VACUUM ANALYZE")
        sample = Mix(members=members, since=since, first=0, count=min(size.facts, _DECIDED))
        taken: dict[str, list[float]] = defaultdict(list)
        _reading(url)
        for _ in range(size.runs):
            took, processor = _verifying(url, size.facts)
            taken["verify"].append(took)
            taken["python"].append(processor)
            taken["reading"].append(_reading(url))
            taken["deciding"].append(size.facts / engine.deciding(sample))
    _judge(result, size, taken)
    return result


def _verifying(url: str, expected: int) -> tuple[float, float]:
    """Seconds and processor seconds of one verification that finds nothing."""
    heard = 0

    def hear(done: int, _total: int) -> None:
        nonlocal heard
        heard = done

    with place.opened(url) as db:
        began, used = time.perf_counter(), _processor()
        found = list(verify_beside.verify(db, progress=hear))
        took, processor = time.perf_counter() - began, _processor() - used
    if found or heard != expected:
        raise RuntimeError(f"verify saw {heard} of {expected} decisions and found {found[:3]}")
    return took, processor


def _processor() -> float:
    """Processor seconds of this process and of those it started that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _reading(url: str) -> float:
    """Seconds to fetch every decision and journal entry in the order of members."""
    began = time.perf_counter()
    with psycopg.connect(url) as source:
        for name, statement in zip(("decisions", "journal"), _READ, strict=True):
            with source.cursor(name) as cursor:
                cursor.itersize = _FETCH
                cursor.execute(statement.encode())
                for _ in cursor:
                    pass
    return time.perf_counter() - began


def _judge(result: Result, size: Size, taken: dict[str, list[float]]) -> None:
    verify = result.figure(f"verify {size.facts:,} facts", "s", taken["verify"])
    result.figure("verify", "facts/s", [size.facts / seconds for seconds in taken["verify"]])
    reading = result.figure("reading decisions and journal alone", "s", taken["reading"])
    deciding = result.figure("deciding alone", "s", taken["deciding"])
    python = result.figure("verify: Python's processor time", "s", taken["python"])
    how = "measured" if size.facts == _ASKED else "projected"
    result.goals += [
        Goal(name=f"seconds for 1,000,000 facts ({how})", value=verify.median / size.facts * _ASKED, must=_ASKED_S, below=True, aim=60),
        Goal(name="verify ÷ (reading + deciding), in time", value=verify.median / (reading.median + deciding.median), below=True),
    ]
    result.limit = (
        f"{sharing.processes()} processes keep {python.median / verify.median:.2f} cores busy in Python, PostgreSQL reads on what is left; "
        f"alone, reading would take {reading.median / verify.median:.0%} of the time and deciding {deciding.median / verify.median:.0%}"
    )
