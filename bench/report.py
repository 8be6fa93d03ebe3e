"""Results as Markdown, from the JSON that the benchmarks wrote: nobody types a number into docs/performance.md."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.measure import number

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


def write(files: Sequence[Path], page: Path = PAGE) -> None:
    """The results of ``files`` stand between the marks of ``page``, in place of the earlier ones. Raises ``ValueError`` without marks."""
    text = page.read_text("utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{page} has no {_BEGIN} … {_END}")
    page.write_text(f"{before}{begin}\n{render(files)}{end}{after}", "utf-8")


def render(files: Sequence[Path]) -> str:
    """The results of ``files`` in Markdown, in the order given."""
    return "".join(_section(result) for file in files for result in json.loads(file.read_text("utf-8")))


def _section(result: dict[str, Any]) -> str:
    postgres = result["postgres"]
    lines = [
        "",
        f"### {result['bench']}" + (" (quick: a rehearsal, not a figure)" if result["quick"] else ""),
        "",
        _where(result),
        "",
        "PostgreSQL: " + ", ".join(f"{name} `{value}`" for name, value in postgres.items()),
        "",
        "Versions: " + ", ".join(f"{name} {value}" for name, value in result["versions"].items()),
        "",
        "| figure | median | min–max | unit | runs |",
        "|---|---:|---:|---|---:|",
        *(_figure(figure) for figure in result["figures"]),
        "",
        "| asked for | found | must | aimed at | |",
        "|---|---:|---:|---:|---|",
        *(_goal(goal) for goal in result["goals"]),
        "",
        *(f"- {note}" for note in result["notes"]),
        *([""] if result["notes"] else []),
        f"What limits it: {result['limit']}.",
        "",
    ]
    return "\n".join(lines) + "\n"


def _where(result: dict[str, Any]) -> str:
    machine, load = result["machine"], result["load"]
    parts = (
        result["at"],
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory']}",
        machine["system"],
        f"Python {machine['python']}, rules {machine.get('rules', 'interpreted')}",
        f"load {load['before'][0]:.1f} before, {load['after'][0]:.1f} after",
    )
    return " · ".join(parts)


def _figure(figure: dict[str, Any]) -> str:
    low, high = number(figure["min"]), number(figure["max"])
    return f"| {figure['name']} | {number(figure['median'])} | {low}–{high} | {figure['unit']} | {len(figure['runs'])} |"


def _goal(goal: dict[str, Any]) -> str:
    if goal["must"] is None:
        return f"| {goal['name']} | {number(goal['value'])} | | | |"
    aim = number(goal["aim"]) if goal["aim"] is not None else ""
    must = f"{'≤' if goal['below'] else '≥'} {number(goal['must'])}"
    return f"| {goal['name']} | {number(goal['value'])} | {must} | {aim} | {'met' if goal['met'] else '**missed**'} |"
