"""What a benchmark gives: figures over several runs, ratios with what is asked of them, and the machine they were measured on."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from regulars.domains.loyalty.rules import decide
from regulars.platform import clock

_SHOWN = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
    "max_wal_size",
    "wal_compression",
)
_PACKAGES = ("fastapi", "orjson", "psycopg", "pyarrow", "pydantic", "sqlalchemy", "uvicorn", "uvloop")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing, a value for each run."""

    name: str
    unit: str
    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    def as_dict(self) -> dict[str, object]:
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "min": min(self.runs),
            "max": max(self.runs),
            "runs": list(self.runs),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure or a ratio with what is asked of it: ``must`` at least, or at most when ``below``; ``aim`` is what we would like.

    Without ``must`` it is shown for what it tells and cannot be missed.
    """

    name: str
    value: float
    must: float | None = None
    below: bool = False
    aim: float | None = None

    @property
    def met(self) -> bool:
        if self.must is None:
            return True
        return self.value <= self.must if self.below else self.value >= self.must


@dataclass(slots=True, kw_only=True)
class Result:
    """Everything one benchmark found. ``limit`` is one line: what keeps it from being faster."""

    bench: str
    quick: bool
    postgres: dict[str, str]
    figures: list[Figure] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    limit: str = ""
    load_before: tuple[float, float, float] = field(default_factory=os.getloadavg)

    def figure(self, name: str, unit: str, runs: Sequence[float]) -> Figure:
        """The figure, kept."""
        made = Figure(name, unit, tuple(runs))
        self.figures.append(made)
        return made

    def as_dict(self) -> dict[str, object]:
        """As JSON holds it."""
        return {
            "bench": self.bench,
            "at": clock.SystemClock().now().isoformat(timespec="seconds"),
            "quick": self.quick,
            "machine": machine(),
            "load": {"before": self.load_before, "after": os.getloadavg()},
            "versions": versions(),
            "postgres": self.postgres,
            "figures": [figure.as_dict() for figure in self.figures],
            "goals": [asdict(goal) | {"met": goal.met} for goal in self.goals],
            "notes": self.notes,
            "limit": self.limit,
        }


def settings(url: str) -> dict[str, str]:
    """What the server at ``url`` itself says about durability and memory (``SHOW``)."""
    with psycopg.connect(url) as asked:
        return {name: str((asked.execute(f"SHOW {name}").fetchone() or ["?"])[0]) for name in _SHOWN}


def not_durable(shown: dict[str, str]) -> str:
    """Why figures from a server so set would prove nothing; empty when it is durable."""
    off = [name for name in ("fsync", "synchronous_commit", "full_page_writes") if shown[name] == "off"]
    return f"NOT DURABLE: {', '.join(off)} off; neither these figures nor their ratios count" if off else ""


def machine() -> dict[str, object]:
    """The processor, its cores, the memory, the system and the Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "cpu": _from_proc("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": cores,
        "memory": _from_proc("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "rules": "compiled" if decide.__file__.endswith((".so", ".pyd")) else "interpreted",
    }


def _from_proc(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def versions() -> dict[str, str]:
    """The release of the product and of the libraries that decide its speed."""
    found = {"regulars": "source tree"}
    for name in ("regulars", *_PACKAGES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def show(result: Result, screen: Console) -> None:
    """The result as a table, with its goals, notes and limit below."""
    table = Table(title=f"{result.bench}{' (quick: a rehearsal, not a figure)' if result.quick else ''}")
    table.add_column("figure")
    for heading in ("median", "min", "max"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    for figure in result.figures:
        table.add_row(figure.name, number(figure.median), number(min(figure.runs)), number(max(figure.runs)), figure.unit)
    screen.print(table)
    for goal in result.goals:
        screen.print(f"{goal.name}: {number(goal.value)}{_verdict(goal)}")
    for note in result.notes:
        screen.print(note, markup=False)
    screen.print("PostgreSQL: " + ", ".join(f"{name} {value}" for name, value in result.postgres.items()), markup=False)
    screen.print(f"Limit: {result.limit}", markup=False)


def _verdict(goal: Goal) -> str:
    if goal.must is None:
        return ""
    aim = f", aimed at {number(goal.aim)}" if goal.aim is not None else ""
    return f" ({'at most' if goal.below else 'at least'} {number(goal.must)}{aim}) {'met' if goal.met else 'MISSED'}"


def number(value: float) -> str:
    """A figure as people read it: whole above a hundred, two decimals below."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
