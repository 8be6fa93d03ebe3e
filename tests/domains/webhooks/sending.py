"""A worker of its own process that sends what is due, to be killed: ``python -m tests.domains.webhooks.sending URL KEYS``."""

import sys
from pathlib import Path

from regulars.domains.webhooks import tasks
from regulars.platform import clock
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from tests.domains.webhooks import receivers

if __name__ == "__main__":
    pool = database.connect(sys.argv[1], clock_=clock.SystemClock())
    for tick in tasks.ticks(own=receivers.OWN, keyring=lambda: Keyring.load(Path(sys.argv[2]))):
        tick(pool)
