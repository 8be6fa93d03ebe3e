"""The worker's side: what is due is taken under a lease, signed, and what came of it is recorded."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from regulars.domains.operators import service as operators
from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Answer, Due, EndpointId, State, Stopped
from regulars.domains.webhooks.rules import retrying, signing
from regulars.domains.webhooks.service import endpoints
from regulars.domains.webhooks.store import endpoints as endpoint_store
from regulars.domains.webhooks.store import log, queue
from regulars.kernel import ids
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

LEASE = timedelta(minutes=2)
"""How long a worker has for one attempt and its record: several times what an attempt may take."""
_FORGOTTEN_AT_ONCE = 5_000


def claim(ctx: Ctx, *, failing: bool, besides: Collection[EndpointId], share: int, limit: int) -> list[Due]:
    """Up to ``limit`` due deliveries (``share`` an endpoint, none of ``besides``) are ours to send for :data:`LEASE`."""
    return queue.claim(ctx.tx, ctx.now, failing=failing, besides=besides, share=share, limit=limit, lease=LEASE)


def signed(due: Due, *, keyring: Keyring, at: datetime) -> dict[str, str]:
    """The headers of a request that is sent at ``at``. Raises ``keys.not_opened``."""
    texts = [keyring.open(one.wrapped, one.sealed, aad=endpoints.place_of(one.secret_id)) for one in due.secrets]
    keys = [signing.secret_key(text) for text in texts]
    return signing.headers(ids.encode(model.MESSAGE, due.message_id), due.body, at=at, keys=keys)


def record(ctx: Ctx, answers: Sequence[tuple[Due, Answer]]) -> int:
    """What came of the attempts is in the log, and what follows is arranged; returns how many were still ours to record."""
    done = [queue.Sent(due=due, answer=answer, outcome=retrying.outcome(due, answer, now=ctx.now)) for due, answer in answers]
    endpoint_store.hold(ctx.tx, {due.endpoint_id for due, _ in answers})
    written = queue.record(ctx.tx, done, ctx.now)
    ours = [one for one in done if (one.due.endpoint_id, one.due.message_id) in written]
    well = {one.due.endpoint_id for one in ours if one.outcome.state is State.delivered}
    badly = {one.due.endpoint_id for one in ours} - well
    endpoint_store.fared(ctx.tx, well, badly, ctx.now)
    stops = {one.due.endpoint_id: one.outcome.stop for one in ours if one.outcome.stop is not None}
    for endpoint_id, why in sorted(stops.items()):
        if why is Stopped.gone or endpoint_id not in well:
            _stop(ctx, endpoint_id, why)
    return len(written)


def _stop(ctx: Ctx, endpoint_id: EndpointId, why: Stopped) -> None:
    if endpoint_store.stop(ctx.tx, endpoint_id, why):
        operators.audit(ctx, action="webhook_endpoint.disabled", entity=endpoints.wire(endpoint_id), after={"stopped": why.value})


def forget_old(ctx: Ctx) -> int:
    """Messages older than :data:`model.KEPT` are gone with their log, thousands at a time; so are secrets that ended."""
    endpoint_store.forget_secrets(ctx.tx, ctx.now)
    return log.forget(ctx.tx, ctx.now - model.KEPT, limit=_FORGOTTEN_AT_ONCE)
