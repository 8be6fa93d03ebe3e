"""``python tools/ui_bundle.py``: how heavy the pages are, gzipped, against their budgets; after a build.

For each application its entry with everything it needs to show its frame, and what each lazy part adds to that. The member pages must
not contain the console's libraries at all.
"""

import gzip
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parent.parent / "web"
SHELL = {"console": 320_000, "member": 180_000}
ROUTE = 250_000
FORBIDDEN = ("antd", "@ant-design", "echarts", "zrender", "@xyflow")
_LANGUAGES = ("src/locales/",)

Manifest = dict[str, dict[str, Any]]


def manifest(application: str) -> Manifest:
    """What Vite says of its build. Raises ``SystemExit`` when there is none."""
    file = WEB / application / "dist" / ".vite" / "manifest.json"
    if not file.is_file():
        raise SystemExit(f"{application} is not built: python tools/build_ui.py --force")
    found: Manifest = json.loads(file.read_text("utf-8"))
    return found


def closure(chunks: Manifest, key: str) -> set[str]:
    """The files that are loaded when this chunk is: its own and those it imports at once."""
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        chunk = chunks[waiting.pop()]
        if chunk["file"] not in seen:
            seen.update([chunk["file"], *chunk.get("css", [])])
            waiting += chunk.get("imports", [])
    return seen


def weigh(application: str, files: set[str]) -> int:
    """Their bytes, gzipped; fonts are not counted, the page is readable without them."""
    return sum(_gzipped(WEB / application / "dist" / file) for file in files)


@cache
def _gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def check(application: str) -> bool:
    """Whether the application keeps its budgets; prints each figure."""
    chunks = manifest(application)
    entry = next(key for key, chunk in chunks.items() if chunk.get("isEntry"))
    shell = closure(chunks, entry)
    lazy = [key for key, chunk in chunks.items() if chunk.get("isDynamicEntry")]
    language = max(
        (closure(chunks, key) - shell for key in lazy if key.startswith(_LANGUAGES)), key=lambda one: weigh(application, one), default=set()
    )
    first = shell | language
    fits = _line(f"{application} shell with one language", weigh(application, first), SHELL[application])
    for key in sorted(lazy):
        if not key.startswith(_LANGUAGES):
            fits &= _line(f"{application} + {key}", weigh(application, closure(chunks, key) - first), ROUTE)
    return fits


def _line(what: str, bytes_: int, most: int) -> bool:
    fits = bytes_ <= most
    print(f"{bytes_ / 1000:8.1f} kB of {most / 1000:5.0f}  {'ok ' if fits else 'TOO HEAVY '} {what}")
    return fits


def foreign() -> list[str]:
    """Libraries of the console whose marks are found in the member pages."""
    lock = json.loads((WEB / "member" / "package.json").read_text("utf-8"))["dependencies"]
    named = [name for name in lock if name.startswith(FORBIDDEN)]
    code = "\n".join(file.read_text("utf-8") for file in (WEB / "member" / "dist").rglob("*.js"))
    marks = {"antd": "ant-btn", "echarts": "zrender", "xyflow": "react-flow__"}
    return named + [name for name, mark in marks.items() if mark in code]


def main() -> int:
    """1 when a budget is broken."""
    fits = sum(check(application) for application in SHELL) == len(SHELL)
    for name in foreign():
        print(f"The member pages contain {name}.", file=sys.stderr)
        fits = False
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
