"""Things that will be due: points that lapse, a journey's wait that ends. One row a timer, claimed in batches.

A timer is known by (kind, key); setting it again moves it. ``fire`` removes due timers and calls the handler of their kind with many
at once, in one transaction: what the handler writes and the end of the timer are committed together, so a crash fires it again and
nothing fires twice. A handler that fails is tried again with back-off, then the timer is parked with its reason. Kinds that no
handler is given for stay where they are. Handlers do all their work in ``ctx.tx``.
"""

from regulars.platform.timers.firing import MAX_ATTEMPTS, Handler, fire
from regulars.platform.timers.store import Parked, Timer, cancel, claim, parked, requeue, set

__all__ = ["MAX_ATTEMPTS", "Handler", "Parked", "Timer", "cancel", "claim", "fire", "parked", "requeue", "set"]
