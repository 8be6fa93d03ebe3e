"""``python tools/ui_check.py``: every gate of the pages that needs no server, each by one line; names as arguments choose some.

style   biome check (format, lint, imports)          texts    both languages complete, none in the code
types   tsc                                          api      types generated from the API are the committed ones
unit    vitest                                       bundle   budgets, after a build (built when web/ changed)
lock    package-lock.json names no registry, and `npm ci` takes it

Accessibility, keyboard and states need a browser: ``pytest tests/web``.
"""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import build_ui, ui_node, ui_texts  # noqa: E402 - found only now, whatever folder this is called from

_ADDRESS = re.compile(r"\"resolved\": \"(https?:[^\"]+)")
_LONGEST_FILE = 300


def style() -> None:
    """Format, lint and import rules hold."""
    ui_node.tool("biome", "check", "--error-on-warnings", ".")
    long = [file for file in _sources() if len(file.read_text("utf-8").splitlines()) > _LONGEST_FILE]
    if long:
        raise SystemExit(f"longer than {_LONGEST_FILE} lines: {', '.join(str(file.relative_to(ROOT)) for file in long)}")


def types() -> None:
    """The code type-checks."""
    ui_node.tool("tsc", "--noEmit", "-p", "tsconfig.json")


def unit() -> None:
    """Unit tests pass."""
    ui_node.tool("vitest", "run", "--reporter=dot")


def texts() -> None:
    """Texts are complete."""
    if ui_texts.main():
        raise SystemExit("texts are missing")


def api() -> None:
    """The committed types are those of the API."""
    _python("ui_types.py", "--check")


def bundle() -> None:
    """Budgets hold."""
    build_ui.build(force=not all((build_ui.WEB / one / "dist").is_dir() for one in build_ui.APPLICATIONS))
    _python("ui_bundle.py")


def lock() -> None:
    """The lock holds no address, and a clean install takes it."""
    found = [
        address
        for file in build_ui.WEB.glob("**/package-lock.json")
        if "node_modules" not in file.parts
        for address in _ADDRESS.findall(file.read_text("utf-8"))
    ]
    if found:
        raise SystemExit(f"package-lock.json holds {len(found)} addresses; web/.npmrc must say omit-lockfile-registry-resolved=true")
    ui_node.npm("ci", "--dry-run")


GATES: dict[str, Callable[[], None]] = {
    "lock": lock,
    "style": style,
    "types": types,
    "texts": texts,
    "api": api,
    "unit": unit,
    "bundle": bundle,
}


def _sources() -> list[Path]:
    found = [file for part in ui_texts.PARTS for ending in ("*.ts", "*.tsx") for file in (build_ui.WEB / part / "src").rglob(ending)]
    return [file for file in found if not file.name.endswith(".d.ts")]


def _python(tool: str, *arguments: str) -> None:
    if subprocess.run([sys.executable, str(ROOT / "tools" / tool), *arguments], cwd=ROOT, env=_environment(), check=False).returncode:  # noqa: S603 - our own tools
        raise SystemExit(f"{tool} failed")


def _environment() -> dict[str, str]:
    import os  # noqa: PLC0415 - only this line reads it

    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])}


def main() -> int:
    """Run the gates; 1 when one of them fails, after all have run."""
    parser = argparse.ArgumentParser(description="Gates of the pages.")
    parser.add_argument("gates", nargs="*", choices=[[], *GATES], help="some of them; none: all")
    asked = parser.parse_args().gates or list(GATES)
    build_ui.install()
    failed = []
    for name in asked:
        started = time.monotonic()
        print(f"== {name}", flush=True)
        try:
            GATES[name]()
        except SystemExit as wrong:
            failed.append(name)
            print(wrong, file=sys.stderr)
        print(f"== {name}: {'FAILED' if name in failed else 'ok'} in {time.monotonic() - started:.1f} s", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
