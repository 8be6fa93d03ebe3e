"""The log of an endpoint, and sending again what is in it."""

from collections.abc import Sequence
from datetime import datetime

from regulars.domains.operators import service as operators
from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Attempt, Delivery, EndpointId, MessageId, State
from regulars.domains.webhooks.service import endpoints
from regulars.domains.webhooks.store import endpoints as endpoint_store
from regulars.domains.webhooks.store import log
from regulars.domains.webhooks.store.log import Wanted
from regulars.kernel import ids, problem
from regulars.platform.context import Ctx


def list_deliveries(
    ctx: Ctx,
    endpoint_id: EndpointId,
    *,
    state: State | None = None,
    type_: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, MessageId] | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Deliveries that match every filter given, newest first, behind the cursor. Raises ``webhooks.no_endpoint``."""
    endpoints.get_endpoint(ctx, endpoint_id)
    wanted = Wanted(state=state, type=type_, since=since, until=until)
    return log.page(ctx.tx, endpoint_id, wanted, before=before, limit=limit)


def get_delivery(ctx: Ctx, endpoint_id: EndpointId, message_id: MessageId) -> tuple[Delivery, str, list[Attempt]]:
    """The delivery, the body that is sent, and every attempt, latest first. Raises ``webhooks.no_delivery``."""
    endpoints.may_see(ctx)
    found = log.find(ctx.tx, endpoint_id, message_id)
    if found is None:
        raise _missing(message_id)
    return (*found, log.attempts(ctx.tx, endpoint_id, message_id))


def replay(ctx: Ctx, endpoint_id: EndpointId, message_id: MessageId) -> None:
    """The message is sent to the endpoint again, under the same ``webhook-id``, with all attempts.

    Raises ``webhooks.no_delivery``, ``webhooks.stopped``, ``webhooks.still_waiting``.
    """
    _enabled(ctx, endpoint_id)
    found = log.find(ctx.tx, endpoint_id, message_id)
    if found is None:
        raise _missing(message_id)
    if not log.restart(ctx.tx, endpoint_id, [message_id], ctx.now):
        next_at = found[0].next_at
        raise model.STILL_SENDING(message=ids.encode(model.MESSAGE, message_id), next_at=next_at.isoformat() if next_at else "")
    message = ids.encode(model.MESSAGE, message_id)
    operators.audit(ctx, action="webhook_endpoint.replayed", entity=endpoints.wire(endpoint_id), after={"message": message})


def replay_failed(ctx: Ctx, endpoint_id: EndpointId, *, since: datetime, until: datetime | None = None) -> int:
    """Every failed delivery from ``since`` and before ``until`` (by when it was first due) is sent again; returns how many.

    Raises ``webhooks.no_endpoint``, ``webhooks.stopped``, ``input.invalid``.
    """
    _enabled(ctx, endpoint_id)
    end = until or ctx.now
    if end < since:
        raise problem.invalid("until", end.isoformat(), "a time after since")
    count = log.restart_failed(ctx.tx, endpoint_id, since=since, until=end, now=ctx.now)
    window = {"since": since.isoformat(), "until": end.isoformat(), "messages": count}
    operators.audit(ctx, action="webhook_endpoint.replayed", entity=endpoints.wire(endpoint_id), after=window)
    return count


def counts(ctx: Ctx, endpoint_ids: Sequence[EndpointId]) -> dict[EndpointId, tuple[int, int]]:
    """(waiting, failed) deliveries of each endpoint that has any."""
    endpoints.may_see(ctx)
    return log.waiting(ctx.tx, endpoint_ids)


def _enabled(ctx: Ctx, endpoint_id: EndpointId) -> None:
    ctx.require(endpoints.WRITE)
    found = endpoint_store.lock(ctx.tx, endpoint_id)
    if found is None:
        raise model.NO_ENDPOINT(endpoint=endpoints.wire(endpoint_id))
    if found[0].stopped is not None:
        raise model.STOPPED(endpoint=endpoints.wire(endpoint_id))


def _missing(message_id: MessageId) -> problem.Problem:
    return model.NO_DELIVERY(message=ids.encode(model.MESSAGE, message_id), days=model.KEPT.days)
