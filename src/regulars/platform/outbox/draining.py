"""Taking events and delivering them, one transaction at a time."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from regulars.platform import batching, log
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.outbox import store
from regulars.platform.outbox.events import Event
from regulars.platform.outbox.store import Delivery, Outcome

Handler = Callable[[Ctx, Sequence[Event]], None]

MAX_ATTEMPTS = 16
"""Failed attempts (over about four hours) after which a delivery is parked."""

_log = log.get(__name__)


def drain(db: Database, subscriptions: Mapping[str, Sequence[Handler]], *, limit: int = 1000) -> int:
    """Deliver up to ``limit`` events to the handlers of their name; return how many were taken (0: nothing is due).

    A handler subscribed to several names gets them mixed, in the order of emission. Handlers are known by module and name: two of
    one event must differ. Raises on an outage of the database, and ``ValueError`` for handlers that cannot be told apart.
    """
    handlers = _named(subscriptions)
    return batching.retried(db, lambda ctx, last_try: _drain(ctx, handlers, limit=limit, last_try=last_try))


@dataclass(slots=True)
class _Handlers:
    """Who is called (by identity), and for which event names."""

    by_identity: dict[str, Handler] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)


def identity(handler: Handler) -> str:
    """What a subscriber is called in the database: it outlives the process, so it must not change while deliveries wait."""
    return f"{handler.__module__}.{handler.__qualname__}"


def _named(subscriptions: Mapping[str, Sequence[Handler]]) -> _Handlers:
    handlers = _Handlers()
    for name, subscribed in subscriptions.items():
        identities = [identity(handler) for handler in subscribed]
        handlers.by_name[name] = identities
        for one, handler in zip(identities, subscribed, strict=True):
            if identities.count(one) > 1 or handlers.by_identity.setdefault(one, handler) is not handler:
                raise ValueError(f"two subscribers are called {one}")
    return handlers


def _drain(ctx: Ctx, handlers: _Handlers, *, limit: int, last_try: bool) -> int:
    # A lane gives at most its share: four full lanes make a batch, so four workers can share a backlog.
    share = max(1, limit // 4)
    lanes = _lock_lanes(ctx, limit, share=share)
    if not lanes:
        return 0
    retries = store.due_retries(ctx, lanes, limit=max(1, limit // 2))
    known = [delivery for delivery in retries if delivery.subscriber in handlers.by_identity]
    orphans = [delivery for delivery in retries if delivery.subscriber not in handlers.by_identity]
    events = store.take(ctx, lanes, share=share, limit=limit - len(retries))
    fresh = [Delivery(event, subscriber) for event in events for subscriber in handlers.by_name.get(event.name, ())]
    # Whatever the retries of this batch do not bring themselves is still waiting, and holds back the later events of its key.
    waiting = store.waiting_keys(ctx, fresh, besides=retries)
    outcome = Outcome(parked=[(orphan, "this release has no such subscriber") for orphan in orphans])
    per_subscriber: dict[str, list[Delivery]] = {}
    for delivery in sorted(known + fresh, key=lambda one: one.event.id):
        if delivery.retry_id is None and (delivery.subscriber, delivery.event.key) in waiting:
            outcome.held.append(delivery)
        else:
            per_subscriber.setdefault(delivery.subscriber, []).append(delivery)
    for subscriber, deliveries in per_subscriber.items():
        _deliver(ctx, handlers.by_identity[subscriber], deliveries, outcome=outcome, last_try=last_try)
    store.record(ctx, outcome)
    return len(retries) + len(events)


def _deliver(ctx: Ctx, handler: Handler, deliveries: list[Delivery], *, outcome: Outcome, last_try: bool) -> None:
    def handle(inner: Ctx, some: Sequence[Delivery]) -> None:
        handler(inner, [delivery.event for delivery in some])

    result = batching.deliver(ctx, handle, deliveries, key=_event_key, last_try=last_try)
    outcome.done += result.done
    outcome.held += result.held
    for delivery, error in result.failed:
        gives_up = delivery.attempts + 1 >= MAX_ATTEMPTS
        (outcome.parked if gives_up else outcome.failed).append((delivery, batching.reason(error)))
        _log.warning(
            "outbox.parked" if gives_up else "outbox.failed",
            event_type=delivery.event.name,
            event_id=delivery.event.id,
            subscriber=delivery.subscriber,
            attempts=delivery.attempts + 1,
            exc_info=error,
        )


def _event_key(delivery: Delivery) -> UUID:
    return delivery.event.key


def _lock_lanes(ctx: Ctx, limit: int, *, share: int) -> list[int]:
    """Lanes with work, until they hold ``limit`` items: a lone worker sweeps all of them, several share a backlog."""
    busy = store.busy_lanes(ctx, share=share)
    random.shuffle(busy)
    mine: list[int] = []
    found, tried = 0, 0
    while tried < len(busy) and found < limit:
        some: dict[int, int] = {}
        while tried < len(busy) and found + sum(some.values()) < limit:
            number, waiting = busy[tried]
            some[number] = waiting
            tried += 1
        locked = store.lock_lanes(ctx, list(some))
        mine += locked
        found += sum(some[number] for number in locked)
    return mine
