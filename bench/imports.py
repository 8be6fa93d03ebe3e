"""An order file through the intake, in growing sizes, beside reading it with Arrow and COPY into one table."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bench import facts, measure, order_file, place
from bench.measure import Goal, Result
from bench.place import Place
from regulars.platform.processes import sharing

_ASKED = 1_000_000
_ASKED_S = 180
_PYTHON = "Python's processor time for 1,000 orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Orders in each file, smallest first, and rows an order has."""

    orders: tuple[int, ...]
    lines: int
    runs: int


QUICK = Size(orders=(500, 2_000), lines=1, runs=1)
FULL = Size(orders=(10_000, 100_000, 1_000_000), lines=1, runs=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    seconds: float
    peak_mb: float
    processor: float


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of the import."""
    result = Result(bench="import", quick=quick, postgres=measure.settings(at.url))
    warm = _file(at, size.orders[0], size.lines)
    _product(at, warm, size.orders[0] * size.lines)
    found: dict[str, list[float]] = defaultdict(list)
    for orders in size.orders:
        file = _file(at, orders, size.lines)
        for _ in range(size.runs):
            ran, other = _product(at, file, orders * size.lines), _baseline(at, file, orders * size.lines)
            found[f"{orders:,} orders/seconds"].append(ran.seconds)
            found[f"{orders:,} orders/rate"].append(orders / ran.seconds)
            found[f"{orders:,} orders/peak"].append(ran.peak_mb)
            found[f"{orders:,} orders/python"].append(ran.processor / orders * 1000)
            found[f"{orders:,} orders/baseline"].append(other.seconds)
        _figures(result, found, f"{orders:,} orders")
        file.unlink()
    _judge(result, size)
    return result


def _figures(result: Result, found: dict[str, list[float]], name: str) -> None:
    for kind, unit in (("seconds", "s"), ("rate", "orders/s"), ("peak", "MB"), ("python", "s"), ("baseline", "s")):
        shown = {
            "peak": "peak memory",
            "python": _PYTHON,
            "baseline": "Arrow and COPY",
            "rate": "rate",
            "seconds": "import",
        }
        result.figure(f"{name}, {shown[kind]}", unit, found[f"{name}/{kind}"])


def _file(at: Place, orders: int, lines: int) -> Path:
    path = at.folder / f"orders-{orders}.csv"
    order_file.write(path, orders=orders, lines=lines)
    return path


def _product(at: Place, file: Path, rows: int) -> _Ran:
    with at.product("import") as url:
        with place.opened(url) as db:
            facts.prepare(db, 0, joined_at=facts.since())
        return _child("product", url, file, rows)


def _baseline(at: Place, file: Path, rows: int) -> _Ran:
    with at.empty("baseline") as url:
        return _child("baseline", url, file, rows)


def _child(what: str, url: str, file: Path, rows: int) -> _Ran:
    done = subprocess.run(
        [sys.executable, "-m", "bench.import_child", what, str(file)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "BENCH_IMPORT_URL": url},
    )
    if done.returncode:
        raise RuntimeError(f"the {what} failed: {done.stderr[-2000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    if said["rows"] != rows or (what == "product" and said["classes"] != {"imported_member": rows}):
        raise RuntimeError(f"the {what} did not take every row: {said}")
    return _Ran(seconds=said["seconds"], peak_mb=said["peak_mb"], processor=said["processor"])


def _judge(result: Result, size: Size) -> None:
    medians = {figure.name: figure.median for figure in result.figures}
    small, large = size.orders[-2 if len(size.orders) > 1 else -1], size.orders[-1]
    seconds = medians[f"{large:,} orders, import"]
    growth = seconds / medians[f"{small:,} orders, import"] / (large / small)
    result.goals += [
        Goal(
            name=f"seconds for 1,000,000 orders ({'measured' if large == _ASKED else 'projected'})",
            value=seconds / large * _ASKED,
            must=_ASKED_S,
            below=True,
        ),
        Goal(name="peak memory in MB", value=medians[f"{large:,} orders, peak memory"], must=1_000, below=True),
        Goal(name=f"time an order at {large:,} ÷ at {small:,} (1: linear)", value=growth, must=1.25, below=True),
        Goal(name="import ÷ Arrow and COPY, in time", value=seconds / medians[f"{large:,} orders, Arrow and COPY"], below=True),
    ]
    cores = medians[f"{large:,} orders, {_PYTHON}"] * large / 1000 / seconds
    result.limit = (
        f"Python keeps {cores:.2f} cores busy (one reads the file, then {sharing.processes()} processes decide and make rows for COPY), "
        "PostgreSQL writes on what is left; memory is that of all these processes, PostgreSQL's buffers come on top"
    )
