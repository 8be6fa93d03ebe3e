"""Endpoints, messages, deliveries and attempts. Times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import NewType
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Fault, Kind, Problem

EndpointId = NewType("EndpointId", UUID)
MessageId = NewType("MessageId", UUID)

ENDPOINT = "whe"
MESSAGE = "msg"

ENDPOINTS_MAX = 50
"""Each event is matched with all of them."""
URL_MAX = 2_000
RESPONSE_MAX = 2_048
"""Bytes of a response that are kept."""
KEPT = timedelta(days=30)
"""How long messages, deliveries and attempts are kept."""
TEST = "webhooks.test"
"""The type of the message that an operator sends to try an endpoint."""

Networks = tuple[IPv4Network | IPv6Network, ...]
"""Networks of the installation's own that webhooks may be sent to, and without TLS."""
Json = Mapping[str, object]


class Stopped(StrEnum):
    """Why an endpoint is not sent to."""

    operator = "operator"
    gone = "gone"
    failing = "failing"


class State(StrEnum):
    """Where a delivery stands."""

    waiting = "waiting"
    delivered = "delivered"
    failed = "failed"


class Fell(StrEnum):
    """Why an attempt brought no response."""

    url = "url"
    host_unknown = "host_unknown"
    address_refused = "address_refused"
    connection = "connection"
    tls = "tls"
    timeout = "timeout"
    protocol = "protocol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address of another system. ``events`` are types or patterns (``*``, ``points.*``); ``failing_since``: no success since then."""

    endpoint_id: EndpointId
    url: str
    description: str
    events: tuple[str, ...]
    stopped: Stopped | None
    failing_since: datetime | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A signing secret without its text; ``expires_at`` is set once another has taken its place."""

    secret_id: UUID
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """A secret as it is stored, with the wrapped data key that opens it."""

    secret_id: UUID
    wrapped: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told: ``body`` is the exact text that is signed and sent, the same to every endpoint and at every attempt."""

    message_id: MessageId
    type: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one endpoint. ``tries`` counts attempts since it was last (re)started, ``attempts`` all of them."""

    endpoint_id: EndpointId
    message_id: MessageId
    type: str
    at: datetime
    state: State
    attempts: int
    tries: int
    next_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    last_status: int | None
    last_error: Fell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request: its status, or why there was none; the first bytes of the response as text."""

    no: int
    at: datetime
    duration_ms: int
    status: int | None
    error: Fell | None
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery that is ours to send until the lease ends; ``lease`` is the number that a later holder's exceeds."""

    endpoint_id: EndpointId
    message_id: MessageId
    lease: int
    tries: int
    attempts: int
    url: str
    body: str
    failing_since: datetime | None
    secrets: tuple[SealedSecret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request. Exactly one of ``status`` and ``error`` is set; ``retry_after``: seconds the receiver asked for."""

    status: int | None = None
    error: Fell | None = None
    response: str = ""
    duration_ms: int = 0
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A web address taken apart once: what is checked is what is connected to. ``target`` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The address as text."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{named}{'' if usual else f':{self.port}'}{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event as the outbox holds it, and the member it is about, if any."""

    name: str
    key: UUID
    payload: Json
    at: datetime
    member: MemberId | None = None


NO_ENDPOINT = problem.define(
    "webhooks.no_endpoint", Kind.not_found, en="There is no webhook endpoint {endpoint}.", zh="找不到 Webhook 端点 {endpoint}。"
)
NO_DELIVERY = problem.define(
    "webhooks.no_delivery",
    Kind.not_found,
    en="There is no message {message} for this endpoint. It was never meant for it, or is older than {days} days.",
    zh="该端点没有消息 {message}：从未发往该端点，或已超过 {days} 天。",
)
TOO_MANY = problem.define(
    "webhooks.too_many",
    Kind.limit,
    en="There may be {most} webhook endpoints; delete one first.",
    zh="最多 {most} 个 Webhook 端点，请先删除一个。",
)
STOPPED = problem.define(
    "webhooks.stopped",
    Kind.conflict,
    en="The endpoint {endpoint} is disabled. Enable it first.",
    zh="端点 {endpoint} 已停用，请先启用。",
)
STILL_SENDING = problem.define(
    "webhooks.still_waiting",
    Kind.conflict,
    en="The message {message} is still waiting to be sent; its next attempt is at {next_at}.",
    zh="消息 {message} 仍在等待发送，下次尝试时间为 {next_at}。",
)
URL_REFUSED = problem.define(
    "webhooks.url_refused",
    Kind.invalid,
    en="Webhooks are not sent to this address: {reason}.",
    zh="不能向该地址发送 Webhook：{reason_zh}。",
)


def url_refused(url: str, *, reason: str, reason_zh: str) -> Problem:
    """``webhooks.url_refused`` that names the field."""
    return URL_REFUSED(reason=reason, reason_zh=reason_zh, faults=(Fault(field="url", value=problem.shown(url), expected=reason),))
