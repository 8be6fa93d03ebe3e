"""What pytest.ini promises: the internet is closed, warnings are errors, markers are known, `prove` waits for `make prove`."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.arch import seeds
from tests.support import profiles

_CASES = {
    "the internet": ("import socket\ndef test_it(): socket.create_connection(('192.0.2.1', 80), 1)", "SocketConnectBlockedError"),
    "a warning": ("import warnings\ndef test_it(): warnings.warn('old', DeprecationWarning)", "DeprecationWarning"),
    "a strange marker": ("import pytest\n@pytest.mark.strange\ndef test_it(): pass", "'strange' not found in `markers`"),
    "an xfail that passes": ("import pytest\n@pytest.mark.xfail\ndef test_it(): pass", "XPASS(strict)"),
}


def _run(folder: Path, text: str, *more: str) -> tuple[int, str]:
    (folder / "test_case.py").write_text(text + "\n", encoding="utf-8")
    config = ["-c", str(seeds.REPOSITORY / "pytest.ini"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *config, *more, str(folder / "test_case.py")]
    done = subprocess.run(command, cwd=seeds.REPOSITORY, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("case", _CASES)
def test_what_is_closed_fails(tmp_path: Path, case: str) -> None:
    text, named = _CASES[case]
    code, said = _run(tmp_path, text)
    assert code != 0
    assert named in said


def test_loopback_is_open(tmp_path: Path) -> None:
    text = """import socket
def test_it():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), 1):
        pass"""
    assert _run(tmp_path, text)[0] == 0


def test_prove_runs_only_when_asked(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.prove\ndef test_it(): assert False"
    assert "1 deselected" in _run(tmp_path, text)[1]
    assert "1 failed" in _run(tmp_path, text, "-m", "prove or not prove")[1]


def test_proving_tries_at_least_a_thousand_examples() -> None:
    profiles.register()
    assert settings.get_profile("prove").max_examples >= 1000
