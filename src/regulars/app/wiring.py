"""What happens when …? The one table that says who hears which event.

The worker drains the outbox with it; a handler that fails is retried and then parked with its reason, never swallowed. Handlers
take many events at once, do their work inside the transaction they are given, and change nothing the second time.
"""

from collections.abc import Mapping, Sequence

from regulars.platform.outbox import Handler

SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {}
"""By event name (``orders.paid``): the handlers, in the order they are called. An event that is not here has no listener."""
