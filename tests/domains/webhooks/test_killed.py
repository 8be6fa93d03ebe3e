"""A worker is killed in the middle of a delivery: the message arrives all the same, under the same id."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import standardwebhooks

from regulars.domains.webhooks import service
from regulars.domains.webhooks.model import State
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.webhooks.conftest import Add
from tests.domains.webhooks.receivers import Receiver
from tests.domains.webhooks.test_delivering import Send, happened

ROOT = Path(__file__).parents[3]


def test_nothing_is_lost_when_the_worker_is_killed_while_it_sends(
    db: Database, url: str, clock: MovableClock, keyring: Keyring, receiver: Receiver, add: Add, send: Send
) -> None:
    clock.at = datetime.now(UTC)
    endpoint, secret = add(receiver.url)
    happened(db)
    reached, held = threading.Event(), threading.Event()

    def hold() -> None:
        reached.set()
        held.wait(30)

    receiver.before = hold
    command = [sys.executable, "-m", "tests.domains.webhooks.sending", url, str(keyring.folder)]
    paths = {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **paths}) as worker:
        assert reached.wait(60)
        worker.send_signal(signal.SIGKILL)
    receiver.before = lambda: None
    held.set()
    clock.at = datetime.now(UTC)
    assert send() == 0
    clock.move(service.LEASE)
    assert send() == 1
    assert len(set(receiver.ids())) == 1
    first = receiver.received[0]
    assert standardwebhooks.Webhook(secret).verify(first.body, first.headers)["type"] == "points.changed"
    with db.reading() as ctx:
        assert [(one.state, one.attempts) for one in service.list_deliveries(ctx, endpoint.endpoint_id)] == [(State.delivered, 1)]
