"""Events that leave with the transaction that made them, and reach every subscriber exactly once in effect.

``emit`` appends rows in the caller's transaction; ``drain`` takes up to a thousand of them, calls each subscriber with many
events at once and removes them, all in one transaction. What that guarantees:

* **At least once, effectively once.** An event exists if and only if its transaction committed. A handler's writes commit together
  with the removal of the event; a crash or a lost connection undoes both, and the event is delivered again.
* **Subscribers are independent.** One that fails is retried alone, with back-off, from ``outbox_retries``; the others are done.
  After ``MAX_ATTEMPTS`` the delivery is parked with its reason (``parked``) until somebody requeues it. Nothing is swallowed.
* **Ordered per key and subscriber**, in the order of emission, across event names: keys are spread over lanes, a lane is drained by
  one worker at a time, and later events of a key wait behind one that is being retried. A parked delivery no longer holds the
  others back; requeued, it arrives late.
* **No high-water mark.** Ids are drawn before commit and become visible out of order; what is taken is whatever is there.

An event nobody subscribes to is removed. So a release that adds a subscription replaces all workers before events may rely on it.
Payloads hold ids and amounts, no personal fields. A handler does its work in ``ctx.tx`` only: anything else cannot be undone.
"""

from regulars.platform.outbox.draining import MAX_ATTEMPTS, Handler, drain
from regulars.platform.outbox.events import Event, emit
from regulars.platform.outbox.parking import Backlog, Parked, backlog, parked, requeue

__all__ = ["MAX_ATTEMPTS", "Backlog", "Event", "Handler", "Parked", "backlog", "drain", "emit", "parked", "requeue"]
