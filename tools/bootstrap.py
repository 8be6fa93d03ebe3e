"""From a bare Python to an environment with everything: ``python3 tools/bootstrap.py base|dev``. Standard library only.

The environment is ``.venv``: a virtual environment, ``uv`` in the one version the lock names, the locked packages checked by their hashes,
and this repository as an editable package. A stamp says what it was made from; when nothing changed, a call ends within a tenth of a
second. An environment that was copied from elsewhere, or made by another Python, is made anew.
"""

from __future__ import annotations  # an older Python has to get as far as its own message

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "bootstrap.stamp"
LOCK = ROOT / ".cache" / "bootstrap.lock"
SOURCES = ("pyproject.toml", "requirements/base.txt", "requirements/dev.txt", "requirements/uv.txt", "tools/bootstrap.py")
SETS = ("base", "dev")


class BootstrapError(Exception):
    """Something a person has to do first, in English and in Chinese."""


def main(arguments: list[str]) -> int:
    """Make the environment for ``base`` (to run) or ``dev`` (to test and to build); the exit code says whether it is there."""
    wanted = arguments[0] if arguments else "dev"
    if wanted not in SETS:
        print("usage: bootstrap.py [{}]".format("|".join(SETS)), file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        return _with_a_newer_python(arguments)
    try:
        ensure(wanted)
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def ensure(wanted: str) -> None:
    """``.venv`` holds what ``wanted`` names, in the locked versions. Raises ``BootstrapError``."""
    if _up_to_date(wanted):
        return
    with _alone():
        if not _up_to_date(wanted):
            _make(wanted)


def _make(wanted: str) -> None:
    made_from = _read_stamp()
    if made_from[:2] != [str(VENV), _python()] or not PYTHON.exists():
        _say("Making the environment .venv ...", "正在创建环境 .venv ...")
        _create()
    STAMP.unlink(missing_ok=True)  # interrupted from here on, the next call does it again
    _install_uv()
    # Whoever runs the tests also runs the product: `make up` never takes away what `make test` needs.
    chosen = "dev" if "dev" in {wanted, *made_from[2:3]} else "base"
    _say(f"Installing the locked packages ({chosen}) ...", f"正在安装锁定版本的依赖（{chosen}）...")
    _uv("sync", "--require-hashes", "requirements/uv.txt", f"requirements/{chosen}.txt")
    _uv("install", "--no-deps", "--no-build-isolation", "--offline", "--editable", ".")
    STAMP.write_text("\n".join([str(VENV), _python(), chosen, _digest()]), encoding="utf-8")


def _up_to_date(wanted: str) -> bool:
    place, python, chosen, digest = [*_read_stamp(), "", "", "", ""][:4]
    return (place, python, digest) == (str(VENV), _python(), _digest()) and chosen in {wanted, "dev"} and PYTHON.exists()


def _read_stamp() -> list[str]:
    try:
        return STAMP.read_text(encoding="utf-8").split("\n")
    except OSError:
        return []


def _python() -> str:
    """The interpreter outside any environment, and its version: what ``.venv`` hangs on."""
    return f"{os.path.realpath(sys.executable)} {sys.version.split()[0]}"


def _digest() -> str:
    found = hashlib.sha256()
    for name in SOURCES:
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def _create() -> None:
    try:
        shutil.rmtree(VENV, ignore_errors=False)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise BootstrapError(
            f"{VENV} can't be replaced ({error.strerror}). Remove it as the user it belongs to.\n"
            f"无法替换 {VENV}（{error.strerror}）。请以其所属用户删除。"
        ) from error
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        if _run(sys.executable, "-m", "venv", str(VENV)):
            return
    elif shutil.which("uv") and _run("uv", "venv", "--quiet", "--seed", "--python", sys.executable, str(VENV)):
        # Some systems ship a Python that can't make environments; a uv that is already there can.
        return
    raise BootstrapError(
        f"This Python ({sys.executable}) can't make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv. "
        "Elsewhere: install a complete Python 3.11 or newer.\n"
        f"该 Python（{sys.executable}）无法创建虚拟环境。Debian / Ubuntu 请运行 apt-get install python3-venv；其他系统请安装完整的 Python 3.11 或更新版本。"
    )


def _install_uv() -> None:
    if (VENV / "bin" / "uv").exists() and _uv_version() in (ROOT / "requirements" / "uv.txt").read_text(encoding="utf-8"):
        return
    if not _run(str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", "requirements/uv.txt"):
        raise _no_packages()


def _uv_version() -> str:
    """As the lock names it: ``uv==0.13.9``."""
    said = subprocess.run([str(VENV / "bin" / "uv"), "--version"], check=False, capture_output=True, text=True)  # noqa: S603 - our own uv
    return "uv==" + ([*said.stdout.split(), "", ""][1] or "?")


def _uv(*arguments: str) -> None:
    if not _run(str(VENV / "bin" / "uv"), "pip", *arguments, "--quiet", "--python", str(PYTHON)):
        raise _no_packages()


def _no_packages() -> BootstrapError:
    return BootstrapError(
        "The packages could not be installed; what went wrong stands above. Is the package index reachable "
        "(behind a proxy set HTTPS_PROXY), and is there 2 GB of free disk? Running the same again continues.\n"
        "依赖安装失败，原因见上。请检查能否访问软件包索引（如需代理请设置 HTTPS_PROXY）以及磁盘是否有 2 GB 空间；重新运行即可继续。"
    )


def _run(*command: str) -> bool:
    """Whether ``command`` ended well; what it says goes to the terminal."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_PROGRESS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    environment.pop("PYTHONPATH", None)  # a source tree there would count as installed
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0  # noqa: S603 - commands of this file


def _with_a_newer_python(arguments: list[str]) -> int:
    """Start again with a Python that is new enough, when there is one."""
    for name in NEWER:
        found = shutil.which(name)
        if found and _run(found, "-c", ""):  # a version manager may list a name behind which nothing is installed
            return subprocess.call([found, __file__, *arguments])  # noqa: S603 - this file again
    version = sys.version.split()[0]
    print(
        f"Regulars needs Python 3.11 or newer; {sys.executable} is {version}. Install one, or name it: make PYTHON=/path/to/python3.12 up\n"
        f"需要 Python 3.11 或更新版本，当前 {sys.executable} 为 {version}。请安装，或指定：make PYTHON=/path/to/python3.12 up",
        file=sys.stderr,
    )
    return 1


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two calls at once wait for each other; a killed one leaves nothing in the way."""
    try:
        LOCK.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BootstrapError(
            f"{ROOT} can't be written ({error.strerror}). Clone the repository to a folder of your own.\n"
            f"无法写入 {ROOT}（{error.strerror}）。请将仓库克隆到自己的目录。"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _say(english: str, chinese: str) -> None:
    print(f"{english} {chinese}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
