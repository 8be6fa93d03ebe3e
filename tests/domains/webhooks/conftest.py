"""A receiver of this machine, an endpoint for it, and senders as a worker has them."""

from collections.abc import Callable, Iterator

import pytest

from regulars.domains.webhooks import service
from regulars.domains.webhooks.adapters.posting import Poster
from regulars.domains.webhooks.model import Endpoint
from regulars.domains.webhooks.rules import destinations
from regulars.domains.webhooks.tasks import Sender
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.webhooks import receivers
from tests.domains.webhooks.receivers import Receiver

Add = Callable[..., tuple[Endpoint, str]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receivers.receiver() as one:
        yield one


@pytest.fixture
def add(db: Database, keyring: Keyring) -> Add:
    def added(url: str, *events: str) -> tuple[Endpoint, str]:
        draft = service.Draft(destination=destinations.parsed(url, plain=True), description="Web shop", events=events or ("*",))
        with db.transaction() as ctx:
            return service.add(ctx, draft, keyring=keyring)

    return added


@pytest.fixture
def send(db: Database, keyring: Keyring) -> Callable[[], int]:
    """Everything that is due is sent, by both kinds of rounds; returns how many requests."""
    poster = Poster(own=receivers.OWN, answer_seconds=1)
    senders = [Sender(poster, keyring=lambda: keyring, failing=failing) for failing in (False, True)]
    return lambda: sum(one.tick(db) for one in senders)
