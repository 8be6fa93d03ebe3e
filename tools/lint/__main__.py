"""``python -m tools.lint [--root FOLDER] [--without RULE …]``: print every breach, one a line; exit 1 when there is one."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.lint import honesty, rooms, schema, shape, texts
from tools.lint.house import Check, Finding, House

CHECKS: tuple[Check, ...] = (
    rooms.transactions,
    rooms.clocks,
    rooms.ids,
    rooms.environment,
    rooms.sql_texts,
    shape.sizes,
    shape.slice_files,
    shape.names,
    texts.problems,
    texts.chinese,
    honesty.reasons,
    honesty.mocks,
    honesty.addresses,
    schema.schema,
)


def findings(root: Path, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Every breach below ``root``, by path and line."""
    house = House(root)
    return sorted((found for check in checks for found in check(house)), key=lambda f: (f.path, f.line, f.rule, f.text))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks; the exit code is 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.lint", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the repository (default: the current folder)")
    parser.add_argument("--without", nargs="*", default=[], metavar="CHECK", help="names of checks to leave out, as in --list")
    parser.add_argument("--list", action="store_true", help="print the checks and what each one holds")
    given = parser.parse_args(arguments)
    if given.list:
        for check in CHECKS:
            print(f"{check.__name__:<14} {(check.__doc__ or '').splitlines()[0]}")
        return 0
    found = findings(given.root, [check for check in CHECKS if check.__name__ not in given.without])
    for finding in found:
        print(finding)
    print(f"{len(found)} breach{'' if len(found) == 1 else 'es'} of the house rules" if found else "The house rules hold.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
