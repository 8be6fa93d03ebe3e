"""The server itself, started as a program: it listens, drains, refuses to start in clear words; large batches pass through it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.app import serve
from regulars.app import settings as app_settings
from regulars.kernel.problem import Problem
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import sample_client, serving
from tests.support.sample_client import NDJSON, WRITER

# The program itself, with the sample slice in place of the house's own routes and callers.
SAMPLE = """
import sys
from regulars.app import serve
from tests.support import sample_api
serve.ROUTERS = [sample_api.router]
serve.authenticating = lambda known: sample_api.authenticate
serve.loyalty.take = sample_api.handle
sys.exit(serve.main())
"""


SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep%'"


class Program:
    """One running server: its log lines, and what it said when it ended."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            raise AssertionError(process.communicate())
        self.listening: dict[str, Any] = json.loads(first)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.listening['port']}", timeout=30, trust_env=False)

    def stop(self, number: int) -> tuple[int, list[dict[str, Any]], str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
    return kept | {
        "DATABASE_URL": url,
        "REGULARS_DATA_DIR": str(folder / "data"),
        "REGULARS_KEY_DIR": str(folder / "keys"),
        "REGULARS_PORT": "0",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        **more,
    }


@contextmanager
def program(url: str, folder: Path, **more: str) -> Iterator[Program]:
    process = subprocess.Popen(
        [sys.executable, "-c", SAMPLE], env=environment(url, folder, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        running = Program(process)
        with running.client:
            yield running
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.prove)])
def test_a_signal_lets_requests_under_way_end_and_their_facts_be_committed(
    url: str, connection: "psycopg.Connection[Any]", tmp_path: Path, number: int
) -> None:
    with program(url, tmp_path) as running:
        assert running.listening["event"] == "serve.listening"
        answers: list[httpx.Response] = []

        def send() -> None:
            answers.append(running.client.post("/v1/sample/things", json={"number": "slow"}, headers=WRITER))

        sender = threading.Thread(target=send)
        sender.start()
        while connection.execute(SLEEPING).fetchone() == (0,) and sender.is_alive():
            time.sleep(0.01)
        code, lines, err = running.stop(number)
        sender.join()
    assert (code, err) == (0, "")
    assert answers[0].json() == {"number": "slow", "by": "writer", "key": None}
    assert connection.execute("SELECT number FROM sample").fetchall() == [("slow",)]
    assert {line["level"] for line in lines} <= {"info"}


def test_its_log_says_what_failed_and_for_which_request_without_the_data(url: str, tmp_path: Path) -> None:
    with program(url, tmp_path) as running:
        running.client.get("/v1/sample/broken?who=li.na@example.com", headers={"x-request-id": "r-1"})
        _, lines, err = running.stop(signal.SIGTERM)
    (failed,) = [line for line in lines if line["event"] == "http.failed"]
    assert (failed["request_id"], failed["route"], failed["method"], failed["level"]) == ("r-1", "/v1/sample/broken", "GET", "error")
    assert failed["error"]["type"] == "builtins.RuntimeError"
    assert failed["error"]["at"][-1].endswith(" broken")
    assert "li.na" not in str(lines) + err


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem) as caught:
            serve.serve(app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", port=port))
    assert str(caught.value) == (
        f"serve.cannot_listen: The server cannot listen on 127.0.0.1, port {port} (Address already in use). "
        "Set REGULARS_HOST and REGULARS_PORT to an address that is free."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_ends_the_program_with_its_code_and_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGULARS_PROT", "1")
    assert serve.main() == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("settings.invalid: The settings are not valid: REGULARS_PROT")


def test_a_host_that_is_not_ours_is_told(tmp_path: Path) -> None:
    settings = app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", host="203.0.113.1")
    with pytest.raises(Problem) as caught:
        serve.serve(settings)
    assert caught.value.code == "serve.cannot_listen"


def test_a_batch_of_many_parts_loses_no_line_and_its_caller_may_write_it_all_before_reading(
    db: Database, keyring: Keyring, tmp_path: Path
) -> None:
    app = sample_client.make(db, keyring, tmp_path, batch_body_max_bytes=64 << 20)
    lines = 60_000
    body = b"".join(b"%07d" % number + b"\n" for number in range(lines))
    with serving.served(app) as client:
        answer = client.post("/v1/sample/things:batch", content=body, headers=WRITER | NDJSON)
    assert answer.status_code == 200
    assert answer.text.count("\n") == lines
    assert len(answer.content) == lines * len('{"bytes":7,"padding":""}\n' + "x" * 200) > 10 << 20
