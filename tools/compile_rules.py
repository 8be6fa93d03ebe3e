"""``python tools/compile_rules.py FOLDER``: the package in ``FOLDER/regulars``, its hot pure rules compiled by mypyc beside their sources.

``PYTHONPATH=FOLDER`` runs it. Nothing is done when the sources are as they were at the last build.

Needs a C compiler and Python's headers, and takes two minutes; the product never needs either. The wheel of one platform carries what is
built here (``make wheel COMPILED=1``). Nothing is ever compiled inside ``src``: an extension there would go on running the rules of
yesterday after their source was edited.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "regulars"
HOT = (
    "kernel/*.py",
    "kernel/conditions/*.py",
    "domains/*/model.py",
    "domains/*/model/*.py",
    "domains/*/rules.py",
    "domains/*/rules/*.py",
)
"""Where pure code lives: no I/O, so the compiler's stricter view of types changes nothing but the speed."""
COLD = frozenset({"insights", "members", "operators", "privacy", "webhooks", "catalog"})
"""Slices whose rules take no part in deciding a fact."""
LEFT = frozenset(
    {
        # mypyc writes no lone surrogates, and holds a frozenset to be no set.
        "kernel/conditions/literals.py",
        "kernel/problem.py",
        # Spoken once a request or a job, not once a fact: what is not compiled keeps a build short.
        "kernel/attributes.py",
        "kernel/effects.py",
        "kernel/conditions/contradictions.py",
        "kernel/conditions/parsing.py",
        "kernel/conditions/writing.py",
        "kernel/expectations.py",
        "kernel/text.py",
        *(f"domains/loyalty/model/{name}.py" for name in ("checkup", "reassessment", "simulation", "uploads", "verification")),
        *(
            f"domains/loyalty/rules/{name}.py"
            for name in ("checkup", "explain", "mine", "naming", "reassessing", "standards", "telling", "tracing")
        ),
    }
)


def hot(package: Path = PACKAGE) -> list[Path]:
    """The modules that are compiled, by name."""
    found = {file for pattern in HOT for file in package.glob(pattern)}
    return sorted(f for f in found if f.relative_to(package).as_posix() not in LEFT and f.relative_to(package).parts[1] not in COLD)


def missing() -> str | None:
    """What this machine lacks for compiling, as a person would say it."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"There is no C compiler ({compiler}). 缺少 C 编译器。"
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        return "Python's headers (Python.h) are not installed. 缺少 Python 头文件。"
    return None


def build(target: Path) -> list[Path]:
    """Copy the package into ``target`` and compile it there; returns the extensions. Raises ``SystemExit`` with what is missing, and for
    a folder that holds something else: what is built replaces all that is in it.
    """
    stamp, wanted = target / ".stamp", _digest()
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return _extensions(target)
    lacking = missing()
    if lacking:
        raise SystemExit(lacking)
    if target.exists() and not stamp.is_file() and (not target.is_dir() or any(target.iterdir())):
        raise SystemExit(f"{target} holds something else; name a folder that is empty or not there. 该位置已有其他内容，请改用空文件夹。")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    stamp.touch()  # ours from here on, though not whole: an interrupted build is begun again
    shutil.copytree(PACKAGE, target / "regulars", ignore=shutil.ignore_patterns("__pycache__", "static"), dirs_exist_ok=True)
    shutil.copy(ROOT / "mypy.ini", target / "mypy.ini")
    # A process of its own: setuptools works in the current folder and on the arguments of the whole process.
    subprocess.run([sys.executable, __file__, "--in", str(target)], cwd=target, check=True)  # noqa: S603 - our own program
    stamp.write_text(wanted, "utf-8")
    return _extensions(target)


def _extensions(target: Path) -> list[Path]:
    return sorted(file for file in target.rglob("*") if file.suffix in {".so", ".pyd"})


def _digest() -> str:
    content = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for file in (Path(__file__), *sorted(PACKAGE.rglob("*.py"))):
        content.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()


def _compile(target: Path) -> None:
    from mypyc.build import mypycify  # noqa: PLC0415 - only who compiles needs it
    from setuptools import setup  # noqa: PLC0415 - only who compiles needs it

    os.environ["MYPYPATH"] = str(target)
    modules = [str(file.relative_to(target)) for file in hot(target / "regulars")]
    extensions = mypycify(["--config-file", "mypy.ini", *modules], opt_level="3", multi_file=True, group_name="regulars")
    setup(
        name="regulars-rules",
        packages=[],
        ext_modules=extensions,
        script_args=["--quiet", "build_ext", "--inplace", "--parallel", str(os.cpu_count() or 1)],
    )
    shutil.rmtree(target / "build", ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1] == "--in":
        _compile(Path(sys.argv[2]))
    else:
        print(*build(Path(sys.argv[1]).resolve()), sep="\n")
