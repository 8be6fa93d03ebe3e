"""What the routes of webhooks take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Attempt, Delivery, Endpoint, Secret
from regulars.domains.webhooks.rules.catalogue import Type
from regulars.kernel import ids
from regulars.platform.http.strict import Strict

State = Literal["waiting", "delivered", "failed"]
Fell = Literal["url", "host_unknown", "address_refused", "connection", "tls", "timeout", "protocol"]
Stopped = Literal["operator", "gone", "failing"]


def _id(prefix: str, what: str) -> Any:
    """A path parameter; the pattern is for readers, a wrong id is refused by ``ids.decode`` in its own words."""
    pattern = f"^{prefix}_[0-7][0-9abcdefghjkmnpqrstvwxyz]{{25}}$"
    example = f"{prefix}_01jf3q7t5v8x9y0z1a2b3c4d5e"
    return Path(min_length=1, max_length=40, description=what, examples=[example], json_schema_extra={"pattern": pattern})


EndpointKey = Annotated[str, _id(model.ENDPOINT, "An endpoint.")]
MessageKey = Annotated[str, _id(model.MESSAGE, "A message: the `webhook-id` it is sent under.")]

_Url = Annotated[str, Field(min_length=1, max_length=model.URL_MAX, description="Where to.", examples=["https://shop.example.com/hooks"])]
_Description = Annotated[str, Field(max_length=200, examples=["Web shop"])]
_Patterns = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    Field(min_length=1, max_length=100, description="Types, prefixes (`points.*`) or `*`.", examples=[["points.*", "tiers.changed"]]),
]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EndpointIn(Strict):
    """An address of another system, and what it hears."""

    url: _Url
    description: _Description = ""
    events: _Patterns


class EndpointChange(Strict):
    """What is to be different; what is left out stays."""

    url: _Url | None = None
    description: _Description | None = None
    events: _Patterns | None = None


class RotateIn(Strict):
    """How long the secret before is still signed with."""

    overlap_hours: Annotated[int, Field(ge=0, le=720, description="0: it ends at once.", examples=[24])] = 24


class ReplayIn(Strict):
    """Which failed messages are sent again, by when they were first due."""

    since: datetime
    until: Annotated[datetime | None, Field(description="Left out: until now.")] = None


class SecretOut(Out):
    """A secret without its text; `expires_at` is set once another has taken its place."""

    created_at: datetime
    expires_at: datetime | None


class EndpointOut(Out):
    """An endpoint. `stopped` says why it is disabled; `failing_since`: nothing has arrived since then."""

    id: str
    url: str
    description: str
    events: list[str]
    enabled: bool
    stopped: Stopped | None
    failing_since: datetime | None
    waiting: int
    failed: int
    secrets: list[SecretOut]
    created_by: str
    created_at: datetime


class NewEndpointOut(Out):
    """The endpoint with its secret, which is shown only now."""

    endpoint: EndpointOut
    secret: str


class NewSecretOut(Out):
    """The new secret, which is shown only now."""

    endpoint: EndpointOut
    secret: str


class EndpointsOut(Out):
    """A page of endpoints, newest first."""

    items: list[EndpointOut]
    next: str | None


class DeliveryOut(Out):
    """A message for this endpoint. `type` and `at` are of what happened; `next_at` is set while it waits."""

    message: str
    type: str
    at: datetime
    state: State
    attempts: int
    next_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    last_status: int | None
    last_error: Fell | None


class DeliveriesOut(Out):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]
    next: str | None


class AttemptOut(Out):
    """One request: the status that came back, or why none did; the first 2,048 bytes of the response."""

    no: int
    at: datetime
    duration_ms: int
    status: int | None
    error: Fell | None
    response: str


class OneDeliveryOut(Out):
    """A delivery with the body that is sent and its attempts, latest first."""

    delivery: DeliveryOut
    body: str
    attempts: list[AttemptOut]


class ReplayedOut(Out):
    """How many messages are sent again."""

    messages: int


class TypeOut(Out):
    """A type of message: what it tells, an example payload and its JSON schema."""

    type: str
    version: int
    en: str
    zh: str
    example: dict[str, Any]
    json_schema: dict[str, Any]


class TypesOut(Out):
    """Every type there is."""

    items: list[TypeOut]


def endpoint(one: Endpoint, secrets: list[Secret], counted: tuple[int, int]) -> EndpointOut:
    """An endpoint as it is given."""
    return EndpointOut(
        id=ids.encode(model.ENDPOINT, one.endpoint_id),
        url=one.url,
        description=one.description,
        events=list(one.events),
        enabled=one.stopped is None,
        stopped=one.stopped.value if one.stopped else None,
        failing_since=one.failing_since,
        waiting=counted[0],
        failed=counted[1],
        secrets=[SecretOut(created_at=secret.created_at, expires_at=secret.expires_at) for secret in secrets],
        created_by=one.created_by,
        created_at=one.created_at,
    )


def delivery(one: Delivery) -> DeliveryOut:
    """A delivery as it is given."""
    return DeliveryOut(
        message=ids.encode(model.MESSAGE, one.message_id),
        type=one.type,
        at=one.at,
        state=one.state.value,
        attempts=one.attempts,
        next_at=one.next_at,
        created_at=one.created_at,
        ended_at=one.ended_at,
        last_status=one.last_status,
        last_error=one.last_error.value if one.last_error else None,
    )


def attempt(one: Attempt) -> AttemptOut:
    """An attempt as it is given."""
    return AttemptOut(
        no=one.no,
        at=one.at,
        duration_ms=one.duration_ms,
        status=one.status,
        error=one.error.value if one.error else None,
        response=one.response,
    )


def type_(one: Type) -> TypeOut:
    """A type as it is given."""
    return TypeOut(type=one.type, version=one.version, en=one.en, zh=one.zh, example=one.example(), json_schema=one.schema())
