"""The real server on a durable database, killed under load: what was acknowledged is stored, and stored once."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from regulars.app import schema
from regulars.domains.loyalty import service
from regulars.domains.operators import service as operators
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import embedded
from regulars.platform.context import Actor
from tests.domains.loyalty import programmes
from tests.support import served

SENDERS = 6
ANSWER_WITHIN_S = 20.0


class House:
    """A durable database and the server program on it, either of which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = embedded.Server(folder / "data" / "postgres")
        self.postgres.start()
        self.url = self.postgres.url()
        schema.upgrade(self.url)
        self.key = self._prepared()
        self.acknowledged: list[str] = []
        self.sent = 0
        self.guard = threading.Lock()
        self.start()

    def _prepared(self) -> str:
        db = database.connect(self.url, clock_=clocks.SystemClock())
        try:
            with db.transaction(Actor(kind="operator", id="opr_test", permissions=frozenset("*"))) as ctx:
                service.publish(ctx, service.add_draft(ctx, programmes.PLAIN).version)
                return operators.create_key(ctx, name="till", scopes=["orders.write"]).text
        finally:
            db.close()

    def start(self) -> None:
        """The server listens; a database that died is started before."""
        self.postgres.start()
        assert self.postgres.url() == self.url
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")} | {
            "DATABASE_URL": self.url,
            "REGULARS_DATA_DIR": str(self.folder / "data"),
            "REGULARS_KEY_DIR": str(self.folder / "keys"),
            "REGULARS_PORT": "0",
            "REGULARS_LOG_LEVEL": "info",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        self.program = subprocess.Popen([sys.executable, "-m", "regulars.app.serve"], env=environment, stdout=subprocess.PIPE, text=True)
        assert self.program.stdout is not None
        self.port = int(json.loads(self.program.stdout.readline())["port"])
        self.reader = threading.Thread(target=self.program.stdout.read)
        self.reader.start()

    def kill(self, what: str) -> None:
        """``server``, ``database`` or ``both`` are gone at once, as after a power cut of the process."""
        if what in ("database", "both"):
            identity = self.postgres.identity()
            assert identity is not None
            os.kill(identity.pid, signal.SIGKILL)
        if what in ("server", "both"):
            self.program.kill()

    def end_program(self) -> None:
        self.program.kill()
        self.program.wait()
        self.reader.join()
        assert self.program.stdout is not None
        self.program.stdout.close()

    def send(self, stopped: threading.Event) -> None:
        """Post orders one after the other, keeping the numbers that were acknowledged, until nobody answers or it is ``stopped``."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        while not stopped.is_set():
            with self.guard:
                self.sent += 1
                number = str(self.sent)
            at = clocks.SystemClock().now().isoformat()
            body = json.dumps(served.order(number, member=f"m{int(number) % 20}", at=at))
            try:
                caller.request("POST", "/v1/orders", body, headers)
                answer = caller.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                break
            if answer.status == 201:
                self.acknowledged.append(number)
        caller.close()

    def under_load(self, what: str, seconds: float) -> None:
        """Orders come in from many senders; ``seconds`` after the first of them is acknowledged ``what`` is killed; then everything
        is started again.
        """
        before = len(self.acknowledged)
        stopped = threading.Event()
        senders = [threading.Thread(target=self.send, args=(stopped,)) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        # A server that has just started on a busy machine may take its time: a kill before the first answer would prove nothing.
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while len(self.acknowledged) == before:
            assert time.monotonic() < deadline, "no order was acknowledged"
            time.sleep(0.01)
        time.sleep(seconds)
        self.kill(what)
        time.sleep(0.2)
        stopped.set()
        # The server may still wait for its database: it is not what this proves, so it does not get to finish.
        self.end_program()
        for sender in senders:
            sender.join()
        self.start()

    def checked(self) -> None:
        """Every acknowledged order is stored exactly once, none twice, and the ledger agrees with itself."""
        with psycopg.connect(self.url) as raw:
            rows: list[tuple[Any, ...]] = raw.execute("SELECT number, count(*) FROM orders GROUP BY number").fetchall()
        stored = dict(rows)
        assert set(self.acknowledged) <= stored.keys()
        assert set(stored.values()) == {1}
        assert len(self.acknowledged) == len(set(self.acknowledged))
        db = database.connect(self.url, clock_=clocks.SystemClock())
        try:
            served.clean(db)
        finally:
            db.close()


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.end_program()
    with suppress(ProcessLookupError):
        made.postgres.stop()


ROUNDS = [pytest.param(1, id="1", marks=pytest.mark.slow), pytest.param(20, id="20", marks=pytest.mark.prove)]


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize(
    "what", [pytest.param("server", marks=pytest.mark.prove), pytest.param("database", marks=pytest.mark.prove), "both"]
)
def test_a_kill_loses_nothing_that_was_acknowledged(killed: House, what: str, rounds: int) -> None:
    with psycopg.connect(killed.url) as raw:
        durable = [raw.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    print(f"fsync = {durable[0]}, synchronous_commit = {durable[1]}")  # noqa: T201 - what was proved is part of the proof
    assert durable == [("on",), ("on",)]
    for _ in range(rounds):
        killed.under_load(what, random.uniform(0.1, 1.3))
        killed.checked()
    print(f"{rounds} x kill -9 {what}: {len(killed.acknowledged)} acknowledged of {killed.sent} sent, all stored once")  # noqa: T201 - the proof's figures
