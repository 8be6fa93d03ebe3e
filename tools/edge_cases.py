"""``python -m tools.edge_cases 1-10 12``: which edge cases have a test named ``test_edge_NN_…``; exit 1 when a required one has none.

The cases are numbered in docs/edge-cases.md; a test that carries a number is the behaviour, in exact values.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

NUMBERS = range(1, 36)
_NAME = re.compile(r"test_edge_(\d+)_")


def named(tests: Path) -> dict[int, list[str]]:
    """The tests below ``tests`` that carry a number, as ``file::function``, by number."""
    found: dict[int, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (match := _NAME.match(node.name)):
                found.setdefault(int(match[1]), []).append(f"{path.relative_to(tests.parent).as_posix()}::{node.name}")
    return found


def numbers(words: Iterable[str]) -> set[int]:
    """``["1-3", "7"]`` as a set. Raises ``ValueError`` for a word that is no number or range within the list."""
    wanted: set[int] = set()
    for word in words:
        first, dash, last = word.partition("-")
        if not (first.isdigit() and (last.isdigit() or not dash)):
            raise ValueError(f"{word!r}: expected a number or a range like 1-10")
        span = range(int(first), int(last or first) + 1)
        if not span or not set(span) <= set(NUMBERS):
            raise ValueError(f"{word!r}: the cases are numbered {NUMBERS.start} to {NUMBERS.stop - 1}")
        wanted.update(span)
    return wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every number with its tests; the exit code is 1 when a required number has none."""
    parser = argparse.ArgumentParser(prog="python -m tools.edge_cases", description=__doc__)
    parser.add_argument("required", nargs="*", help="numbers or ranges that must be covered, e.g. 1-10 12")
    parser.add_argument("--tests", type=Path, default=Path("tests"), help="the folder of the tests")
    given = parser.parse_args(arguments)
    try:
        required = numbers(given.required)
    except ValueError as wrong:
        parser.error(str(wrong))
    found = named(given.tests)
    for number in NUMBERS:
        mark = "yes" if number in found else "MISSING" if number in required else "-"
        print(f"{number:>2}  {mark:<8}{', '.join(found.get(number, []))}".rstrip())
    if odd := sorted(set(found) - set(NUMBERS)):
        print(f"There is no case {', '.join(map(str, odd))}: {', '.join(name for number in odd for name in found[number])}")
    missing = sorted(required - set(found))
    if missing:
        print(f"No test for the required cases {', '.join(map(str, missing))}")
    return 1 if missing or odd else 0


if __name__ == "__main__":
    sys.exit(main())
