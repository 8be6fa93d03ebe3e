"""A database with the demo's programme published, for the engine's service tests."""

from collections.abc import Callable, Sequence

import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import Fact
from regulars.domains.loyalty.service import Done
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.db import Database
from tests.domains.loyalty import programmes

Take = Callable[..., list[Done | Exception]]


@pytest.fixture
def house(db: Database) -> Database:
    """The plain programme is in force."""
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN).version)
    return db


@pytest.fixture
def take(house: Database) -> Take:
    """Apply facts the way the server does: one batch, losers again."""

    def run(*facts: Fact) -> list[Done | Exception]:
        return batching.run(house, service.handle, list(facts))

    return run


def done(answers: Sequence[Done | Exception]) -> list[Done]:
    """The answers, all of them good."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return [answer for answer in answers if isinstance(answer, Done)]


def codes(answers: Sequence[Done | Exception]) -> list[str]:
    """``done``, ``duplicate`` or the code of the refusal, by answer."""
    return [
        answer.code if isinstance(answer, Problem) else "duplicate" if isinstance(answer, Done) and answer.duplicate else "done"
        for answer in answers
    ]
