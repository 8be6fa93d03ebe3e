"""What follows from an answer: done, another attempt after a while, or the end; and whether the endpoint is still worth asking."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domains.webhooks.model import Answer, Due, State, Stopped

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""What passes after each failed attempt, at least: the schedule that Standard Webhooks recommends."""
TRIES = len(PAUSES) + 1
JITTER = 0.2
"""How much of a pause is added at most, so that what failed together isn't sent together again."""
PATIENCE = timedelta(days=5)
"""After how long without any success an endpoint is disabled."""
_LONGEST_WISH = timedelta(hours=24)
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The delivery's state from now on, when it is tried again, and why its endpoint is disabled (``None``: it isn't)."""

    state: State
    next_at: datetime | None = None
    stop: Stopped | None = None


def outcome(due: Due, answer: Answer, *, now: datetime) -> Outcome:
    """What the answer to the attempt means. A redirect is a failure: it would lead past the check of the address."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Outcome(state=State.delivered)
    if answer.status == _GONE:
        return Outcome(state=State.failed, stop=Stopped.gone)
    given_up = due.failing_since is not None and now - due.failing_since >= PATIENCE
    stop = Stopped.failing if given_up else None
    if due.tries + 1 >= TRIES:
        return Outcome(state=State.failed, stop=stop)
    return Outcome(state=State.waiting, next_at=now + pause(due, answer), stop=stop)


def pause(due: Due, answer: Answer) -> timedelta:
    """How long to wait: the schedule's pause with jitter, or longer where the receiver asks for it (at most a day)."""
    planned = PAUSES[due.tries]
    # Drawn from the delivery itself: spread over deliveries, the same whenever it is worked out.
    drawn = hashlib.sha256(due.endpoint_id.bytes + due.message_id.bytes + due.tries.to_bytes(2, "big")).digest()
    planned += planned * (JITTER * int.from_bytes(drawn[:4], "big") / (1 << 32))
    wished = min(timedelta(seconds=answer.retry_after or 0), _LONGEST_WISH)
    return max(planned, wished)
