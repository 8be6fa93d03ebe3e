"""The locks and the way from a bare Python to an environment: ``tools/bootstrap.py`` run on a copy of what it reads."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import bootstrap

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("base", "dev", "uv")


def locked(name: str) -> dict[str, str]:
    """Each package of a lock with its version."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", text, re.MULTILINE))


def plain(requirement: str) -> str:
    """The package a requirement names, spelled as locks do."""
    return re.split(r"[\[<>=!;~ ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with nothing but what bootstrap reads."""
    for source in (*bootstrap.SOURCES, "requirements/build.in", "README.md"):
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, tmp_path / source)
    (tmp_path / "src" / "regulars").mkdir(parents=True)
    (tmp_path / "src" / "regulars" / "__init__.py").touch()
    return tmp_path


def run(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(copy / "tools" / "bootstrap.py"), *arguments], capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=[\w.-]+(?:\[[\w,-]+\])?==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_hold_what_the_project_names() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run_with = {plain(one) for one in (*named["project"]["dependencies"], *named["build-system"]["requires"])}
    develop_with = {plain(one) for one in named["dependency-groups"]["dev"]}
    assert run_with - set(locked("base")) == set()
    assert (run_with | develop_with) - set(locked("dev")) == set()


def test_what_runs_is_what_is_tested() -> None:
    base, dev = locked("base"), locked("dev")
    assert {name: dev.get(name) for name in base} == base


def test_an_environment_that_is_up_to_date_is_left_alone(copy: Path) -> None:
    digest = subprocess.run(
        [sys.executable, "-c", "from tools import bootstrap; print(bootstrap._python()); print(bootstrap._digest())"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    (copy / ".venv" / "bin").mkdir(parents=True)
    (copy / ".venv" / "bin" / "python").symlink_to(sys.executable)
    stamp = copy / ".venv" / "bootstrap.stamp"
    stamp.write_text("\n".join([str(copy / ".venv"), digest[0], "dev", digest[1]]))
    for wanted in ("dev", "base"):
        done = run(copy, wanted)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (copy / ".cache").exists()


def test_an_unknown_set_is_refused(copy: Path) -> None:
    done = run(copy, "everything")
    assert (done.returncode, done.stderr) == (2, "usage: bootstrap.py [base|dev]\n")


@pytest.mark.prove
def test_a_bare_folder_gets_its_environment_and_a_moved_one_a_new_one(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert run(copy, "base").returncode == 0
    elsewhere = tmp_path_factory.mktemp("moved") / "copy"
    shutil.copytree(copy, elsewhere, symlinks=True)
    assert run(elsewhere, "base").returncode == 0
    for place in (copy, elsewhere):
        python = place / ".venv" / "bin" / "python"
        where = subprocess.run(
            [python, "-I", "-c", "import regulars; print(regulars.__file__)"], capture_output=True, text=True, check=True
        )
        assert where.stdout.strip() == str(place / "src" / "regulars" / "__init__.py")
        assert run(place, "base").stdout == ""
