"""Group commit: many callers' work in one transaction, each caller with an answer of its own.

``run`` is the synchronous form (imports, ticks); ``Batcher`` collects what concurrent requests submit and runs it in a thread of
its own; ``deliver`` hands events and timers to their handlers inside a transaction. The first two rest on three promises of the
*handle* they are given, ``handle(ctx, items) -> one answer an item``:

* it is set-based and does all its work inside ``ctx.tx``;
* an item that lost a race answers ``AGAIN`` and has then written nothing;
* an item handled twice changes nothing the second time (claims), because a connection may break while it commits.
"""

from regulars.platform.batching.batcher import OVERLOADED, Batcher, Observers
from regulars.platform.batching.deliveries import Delivered, deliver, reason, retried, wait_after
from regulars.platform.batching.failures import OUTAGE, Verdict, verdict
from regulars.platform.batching.runs import AGAIN, Again, Handle, pause, run

__all__ = [
    "AGAIN",
    "OUTAGE",
    "OVERLOADED",
    "Again",
    "Batcher",
    "Delivered",
    "Handle",
    "Observers",
    "Verdict",
    "deliver",
    "pause",
    "reason",
    "retried",
    "run",
    "verdict",
    "wait_after",
]
