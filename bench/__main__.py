"""``python -m bench``: measure the product beside its baselines, or write what was measured into docs/performance.md."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import coupons, dashboards, engine, http, imports, lake, measure, people, place, quotes, report, simulation, templates, verifying
from bench.measure import Result
from bench.place import Place

Run = Callable[[Place, argparse.Namespace], Result]


def _engine(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(engine.QUICK if asked.quick else engine.FULL, runs=asked.runs, facts=asked.facts, members=asked.members)
    return engine.run(at, replace(size, streams=asked.streams, processes=asked.processes), quick=asked.quick)


def _http(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(http.QUICK if asked.quick else http.FULL, runs=asked.runs, seconds=asked.seconds, members=asked.members)
    return http.run(at, size, quick=asked.quick)


def _imports(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(imports.QUICK if asked.quick else imports.FULL, runs=asked.runs, lines=asked.lines)
    if asked.rows:
        size = replace(size, orders=(*(orders for orders in size.orders if orders < asked.rows), asked.rows))
    return imports.run(at, size, quick=asked.quick)


def _verify(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(verifying.QUICK if asked.quick else verifying.FULL, runs=asked.runs, facts=asked.facts, members=asked.members)
    return verifying.run(at, size, quick=asked.quick)


def _simulation(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(simulation.QUICK if asked.quick else simulation.FULL, runs=asked.runs, facts=asked.facts, members=asked.members)
    return simulation.run(at, size, quick=asked.quick)


def _coupons(at: Place, asked: argparse.Namespace) -> Result:
    return coupons.run(at, _sized(coupons.QUICK if asked.quick else coupons.FULL, runs=asked.runs), quick=asked.quick)


def _templates(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(templates.QUICK if asked.quick else templates.FULL, runs=asked.runs, facts=asked.facts, members=asked.members)
    return templates.run(at, size, quick=asked.quick)


def _quotes(at: Place, asked: argparse.Namespace) -> Result:
    return quotes.run(at, _sized(quotes.QUICK if asked.quick else quotes.FULL, runs=asked.runs), quick=asked.quick)


def _people(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(people.QUICK if asked.quick else people.FULL, members=asked.members)
    return people.run(at, size, quick=asked.quick)


def _dashboards(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(dashboards.QUICK if asked.quick else dashboards.FULL, runs=asked.runs)
    return dashboards.run(at, size, quick=asked.quick)


def _lake(at: Place, asked: argparse.Namespace) -> Result:
    size = _sized(lake.QUICK if asked.quick else lake.FULL, runs=asked.runs, orders=asked.rows, members=asked.members)
    return lake.run(at, size, quick=asked.quick)


def _sized(size: Any, **given: int | None) -> Any:
    return replace(size, **{name: value for name, value in given.items() if value is not None})


BENCHES: Mapping[str, Run] = {
    "engine": _engine,
    "http": _http,
    "import": _imports,
    "lake": _lake,
    "verify": _verify,
    "simulation": _simulation,
    "coupons": _coupons,
    "templates": _templates,
    "quotes": _quotes,
    "people": _people,
    "dashboards": _dashboards,
}


def main() -> int:
    """Run what was asked for; 1 when a figure misses what must be reached (never in a quick run)."""
    asked = _parser().parse_args()
    if asked.what == "report":
        report.write(asked.files)
        return 0
    screen = Console(stderr=True)
    names = list(BENCHES) if asked.what == "all" else [asked.what]
    results: list[Result] = []
    with place.place() as at:
        warning = measure.not_durable(measure.settings(at.url))
        if warning and not asked.quick:
            raise SystemExit(warning)
        for name in names:
            results.append(BENCHES[name](at, asked))
            results[-1].notes += [warning] if warning else []
            measure.show(results[-1], screen)
    text = json.dumps([result.as_dict() for result in results], indent=2, ensure_ascii=False)
    if asked.json:
        asked.json.write_text(text + "\n", "utf-8")
    else:
        print(text)
    missed = any(not goal.met for result in results for goal in result.goals)
    return int(missed and not asked.quick)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=[*BENCHES, "all", "report"])
    parser.add_argument("files", nargs="*", type=Path, help="for report: what --json wrote")
    parser.add_argument("--quick", action="store_true", help="a rehearsal of seconds: shows that it works, gives no figures")
    parser.add_argument("--runs", type=_positive, help="runs of each thing (5; quick: 1)")
    parser.add_argument("--json", type=Path, help="write the JSON here instead of to standard output")
    parser.add_argument("--facts", type=_positive, help="engine: facts a run; verify: facts in all")
    parser.add_argument("--members", type=_positive, help="engine, http, verify: how many members there are")
    parser.add_argument("--streams", type=_positive, default=2, help="engine: streams side by side (2)")
    parser.add_argument("--no-processes", dest="processes", action="store_false", help="engine: threads only")
    parser.add_argument("--seconds", type=_positive, help="http: how long the load of a run lasts")
    parser.add_argument("--rows", type=_positive, help="import: orders in the largest file (1,000,000)")
    parser.add_argument("--lines", type=_positive, help="import: rows an order has (1)")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
