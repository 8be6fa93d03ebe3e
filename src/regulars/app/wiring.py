"""What happens when …? The tables that say who hears which event, what the clock does, and which jobs there are.

The worker drains the outbox with them; a handler that fails is retried and then parked with its reason, never swallowed. Handlers
take many events at once, do their work inside the transaction they are given, and change nothing the second time.
"""

from collections.abc import Callable, Mapping, Sequence

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import approved, passing_time
from regulars.domains.operators import service as operator_service
from regulars.domains.operators import tasks as operators
from regulars.domains.orders import events as orders
from regulars.platform import jobs, timers
from regulars.platform.db import Database
from regulars.platform.outbox import Handler

SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {
    orders.ORDER_PAID: (loyalty.on_orders,),
    orders.REFUND_WAITS: (loyalty.on_orders,),
}
"""By event name (``orders.paid``): the handlers, in the order they are called. An event that is not here has no listener."""

TIMERS: Mapping[str, timers.Handler] = {}
"""By timer kind: what is done when it is due."""

TICKS: Sequence[Callable[[Database], int]] = (
    passing_time.pass_time,
    operators.seal_days,
    operators.expire_approvals,
    operators.forget_old,
)
"""What is due by time alone; each returns how much it did, 0 when nothing is left."""

EXECUTORS: operator_service.Executors = {
    approved.ADJUST: operator_service.Executor(permission="points.adjust", run=approved.adjust),
}
"""What a second person may approve, by the kind of the request."""

JOBS: Mapping[str, jobs.Job] = {}
"""Coarse work by name."""
