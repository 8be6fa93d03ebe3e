"""What an event is, and how thousands of them are appended in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from regulars.platform import db
from regulars.platform.context import Ctx
from regulars.platform.outbox.tables import LANES


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to ``key`` (whose events stay in order). ``id`` and ``at`` (aware UTC) are given when it is emitted."""

    name: str
    key: UUID
    payload: dict[str, Any]
    id: int = 0
    at: datetime | None = None


def emit(ctx: Ctx, events: Sequence[Event]) -> None:
    """The events leave with this transaction: when it commits they will be delivered, when it rolls back they never were."""
    if not events:
        return
    db.copy_rows(
        ctx.tx,
        "outbox",
        ("lane", "name", "key", "payload", "emitted_at"),
        [(lane(event.key), event.name, event.key, orjson.dumps(event.payload).decode(), ctx.now) for event in events],
    )


def lane(key: UUID) -> int:
    """Which lane a key's events are in, for ever."""
    return key.int % LANES
