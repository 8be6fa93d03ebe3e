"""Who is told: endpoints and their secrets. Every change is in the audit log, addresses without their query."""

import secrets as random_secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.operators import service as operators
from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Destination, Endpoint, EndpointId, Secret, Stopped
from regulars.domains.webhooks.rules import catalogue, matching, signing
from regulars.domains.webhooks.store import endpoints as store
from regulars.kernel import ids, problem
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

READ, WRITE = "webhooks.read", "webhooks.write"
DESCRIPTION_MAX = 200
OVERLAP_MAX = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An endpoint as an operator writes it; ``destination`` has been checked."""

    destination: Destination
    description: str
    events: tuple[str, ...]


def add(ctx: Ctx, draft: Draft, *, keyring: Keyring) -> tuple[Endpoint, str]:
    """The endpoint exists and hears what happens from now on; its secret is given only here.

    Raises ``input.invalid`` for a pattern that hears nothing, ``webhooks.too_many``.
    """
    ctx.require(WRITE)
    store.lock_adding(ctx.tx)
    if store.count(ctx.tx) >= model.ENDPOINTS_MAX:
        raise model.TOO_MANY(most=model.ENDPOINTS_MAX)
    endpoint = Endpoint(
        endpoint_id=EndpointId(newid.uuid7()),
        url=draft.destination.url,
        description=draft.description.strip(),
        events=_patterns(draft.events),
        stopped=None,
        failing_since=None,
        created_by=ctx.actor.id,
        created_at=ctx.now,
    )
    wrapped = keyring.new_data_key()
    store.add(ctx.tx, endpoint, wrapped)
    text = _new_secret(ctx, endpoint.endpoint_id, wrapped, keyring=keyring, others_until=ctx.now)
    operators.audit(ctx, action="webhook_endpoint.added", entity=wire(endpoint.endpoint_id), after=_told(endpoint))
    return endpoint, text


def change(
    ctx: Ctx,
    endpoint_id: EndpointId,
    *,
    destination: Destination | None = None,
    description: str | None = None,
    events: Sequence[str] | None = None,
) -> Endpoint:
    """What is given replaces what was; what waits is sent to the new address. Raises ``webhooks.no_endpoint``, ``input.invalid``."""
    before, _ = _locked(ctx, endpoint_id)
    after = replace(
        before,
        url=before.url if destination is None else destination.url,
        description=before.description if description is None else description.strip(),
        events=before.events if events is None else _patterns(events),
    )
    if after != before:
        store.change(ctx.tx, after)
        operators.audit(ctx, action="webhook_endpoint.changed", entity=wire(endpoint_id), before=_told(before), after=_told(after))
    return after


def enable(ctx: Ctx, endpoint_id: EndpointId) -> Endpoint:
    """The endpoint is sent to again, what still waits first; what happened meanwhile it does not get. Raises ``webhooks.no_endpoint``."""
    before, _ = _locked(ctx, endpoint_id)
    if before.stopped is None:
        return before
    after = replace(before, stopped=None, failing_since=None)
    store.change(ctx.tx, after)
    operators.audit(ctx, action="webhook_endpoint.enabled", entity=wire(endpoint_id), before={"stopped": before.stopped.value})
    return after


def disable(ctx: Ctx, endpoint_id: EndpointId) -> Endpoint:
    """Nothing is sent to the endpoint, and nothing new is kept for it; what waits goes on waiting. Raises ``webhooks.no_endpoint``."""
    before, _ = _locked(ctx, endpoint_id)
    if before.stopped is not None:
        return before
    after = replace(before, stopped=Stopped.operator)
    store.change(ctx.tx, after)
    operators.audit(ctx, action="webhook_endpoint.disabled", entity=wire(endpoint_id), after={"stopped": Stopped.operator.value})
    return after


def delete(ctx: Ctx, endpoint_id: EndpointId) -> None:
    """The endpoint is gone, with its secrets and its log. Raises ``webhooks.no_endpoint``."""
    before, _ = _locked(ctx, endpoint_id)
    store.delete(ctx.tx, endpoint_id)
    operators.audit(ctx, action="webhook_endpoint.deleted", entity=wire(endpoint_id), before=_told(before))


def rotate(ctx: Ctx, endpoint_id: EndpointId, *, overlap: timedelta, keyring: Keyring) -> str:
    """The endpoint has a new secret, given only here; until ``overlap`` has passed messages carry a signature under the old ones too.

    Raises ``webhooks.no_endpoint``, ``input.invalid``.
    """
    if not timedelta(0) <= overlap <= OVERLAP_MAX:
        raise problem.invalid("overlap_hours", overlap.total_seconds() / 3600, "0 to 720")
    _, wrapped = _locked(ctx, endpoint_id)
    store.forget_secrets(ctx.tx, ctx.now)
    text = _new_secret(ctx, endpoint_id, wrapped, keyring=keyring, others_until=ctx.now + overlap)
    hours = overlap.total_seconds() / 3600
    operators.audit(ctx, action="webhook_endpoint.secret_rotated", entity=wire(endpoint_id), after={"overlap_hours": hours})
    return text


def get_endpoint(ctx: Ctx, endpoint_id: EndpointId) -> Endpoint:
    """The endpoint. Raises ``webhooks.no_endpoint``."""
    may_see(ctx)
    found = store.found(ctx.tx, [endpoint_id]).get(endpoint_id)
    if found is None:
        raise model.NO_ENDPOINT(endpoint=wire(endpoint_id))
    return found


def list_endpoints(ctx: Ctx, *, before: UUID | None = None, limit: int = 50) -> list[Endpoint]:
    """At most ``limit`` endpoints, newest first, behind ``before``."""
    may_see(ctx)
    return store.listed(ctx.tx, before=before, limit=limit)


def secrets_of(ctx: Ctx, endpoint_ids: Sequence[EndpointId]) -> dict[EndpointId, list[Secret]]:
    """The valid secrets of each endpoint, newest first, without their texts."""
    may_see(ctx)
    return {key: [secret for secret, _, _ in held] for key, held in store.secrets(ctx.tx, endpoint_ids, ctx.now).items()}


def may_see(ctx: Ctx) -> None:
    """Raise ``auth.forbidden`` unless the actor may look at endpoints; whoever may change them may."""
    if not ctx.actor.can(WRITE):
        ctx.require(READ)


def wire(endpoint_id: EndpointId) -> str:
    """An endpoint's id as others see it."""
    return ids.encode(model.ENDPOINT, endpoint_id)


def place_of(secret_id: UUID) -> bytes:
    """What a sealed secret is bound to, so that it can't be moved to another row."""
    return b"webhook secret" + secret_id.bytes


def _locked(ctx: Ctx, endpoint_id: EndpointId) -> tuple[Endpoint, bytes]:
    ctx.require(WRITE)
    found = store.lock(ctx.tx, endpoint_id)
    if found is None:
        raise model.NO_ENDPOINT(endpoint=wire(endpoint_id))
    return found


def _new_secret(ctx: Ctx, endpoint_id: EndpointId, wrapped: bytes, *, keyring: Keyring, others_until: datetime) -> str:
    secret = Secret(secret_id=newid.uuid7(), created_at=ctx.now, expires_at=None)
    text = signing.secret_text(random_secrets.token_bytes(signing.BYTES))
    sealed = keyring.seal(wrapped, text, aad=place_of(secret.secret_id))
    store.add_secret(ctx.tx, endpoint_id, secret, sealed=sealed, others_until=others_until)
    return text


def _patterns(events: Sequence[str]) -> tuple[str, ...]:
    """The patterns, each once. Raises ``input.invalid`` naming one that hears nothing."""
    unique = tuple(dict.fromkeys(one.strip() for one in events))
    if not unique or len(unique) > matching.PATTERNS_MAX:
        raise problem.invalid("events", list(unique), f"1 to {matching.PATTERNS_MAX} types, prefixes like points.* or *")
    wrong = matching.misspelt(unique, catalogue.TYPES)
    if wrong is not None:
        raise problem.invalid("events", wrong, "* or one of " + ", ".join(sorted(catalogue.TYPES)) + ", or a prefix like points.*")
    return unique


def _told(endpoint: Endpoint) -> dict[str, object]:
    # Tokens are often put into the query of such an address, and the audit log can't be changed later.
    return {
        "url": endpoint.url.partition("?")[0],
        "description": endpoint.description,
        "events": list(endpoint.events),
        "stopped": endpoint.stopped.value if endpoint.stopped else None,
    }
