"""Sends one request: resolves the name, refuses addresses it may not go to, and connects to the very address it checked.

No proxy, no redirect, no cookie, no connection kept. A receiver gets five seconds to accept a connection and fifteen to answer, all
together: one that drips a byte now and then holds a thread no longer.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import httpcore

from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Answer, Destination, Fell, Networks
from regulars.domains.webhooks.rules import destinations
from regulars.kernel.problem import Problem

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0

_ALWAYS = (("content-type", "application/json"), ("user-agent", "Regulars-Webhooks/1"), ("accept-encoding", "identity"))

Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """The network addresses of a name, in the system's order. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Poster:
    """Sends requests to public addresses and to the ``own`` networks. Threads may share one."""

    def __init__(
        self, *, own: Networks = (), resolve: Resolve = resolve, trust: ssl.SSLContext | None = None, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._own = own
        self._resolve = resolve
        self._trust = trust or ssl.create_default_context()
        self._answer_seconds = answer_seconds

    def checked(self, url: str) -> Destination:
        """The address, which is one that webhooks may be sent to just now. Raises ``webhooks.url_refused``."""
        destination = destinations.parsed(url, plain=bool(self._own))
        try:
            addresses = self._resolve(destination.host, destination.port)
        except (OSError, UnicodeError) as unknown:
            raise model.url_refused(
                url, reason=f"no address is known for {destination.host}", reason_zh=f"无法解析 {destination.host}"
            ) from unknown
        if not self._all_fine(destination, addresses):
            raise model.url_refused(
                url,
                reason="it leads to an address that is not public (REGULARS_WEBHOOK_NETWORKS names exceptions)",
                reason_zh="其指向非公网地址（如需例外请设置 REGULARS_WEBHOOK_NETWORKS）",
            )
        return destination

    def post(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        """What came of sending ``body``. Raises nothing that the receiver or the network can bring about."""
        began = time.monotonic()
        try:
            status, response, wished = self._post(url, body, headers)
        except _NoAnswerError as fell:
            return Answer(error=fell.why, duration_ms=_since(began))
        except (httpcore.TimeoutException, TimeoutError):
            return Answer(error=Fell.timeout, duration_ms=_since(began))
        except (httpcore.NetworkError, OSError) as broken:
            return Answer(error=Fell.tls if _is_tls(broken) else Fell.connection, duration_ms=_since(began))
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError):
            return Answer(error=Fell.protocol, duration_ms=_since(began))
        return Answer(status=status, response=response, duration_ms=_since(began), retry_after=wished)

    def _post(self, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, str, int | None]:
        destination, addresses = self._found(url)
        asked = httpcore.URL(
            scheme=destination.scheme.encode(),
            host=destination.host.encode(),
            port=destination.port,
            target=destination.target.encode(),
        )
        told = [*_ALWAYS, *headers.items()]
        backend = _Pinned(addresses, until=time.monotonic() + CONNECT_SECONDS + self._answer_seconds)
        limits = {"connect": CONNECT_SECONDS, "read": self._answer_seconds, "write": self._answer_seconds, "pool": CONNECT_SECONDS}
        with (
            httpcore.ConnectionPool(ssl_context=self._trust, network_backend=backend, max_connections=1) as pool,
            pool.stream("POST", asked, headers=told, content=body.encode(), extensions={"timeout": limits}) as response,
        ):
            return response.status, _beginning(response), _retry_after(response.headers)

    def _found(self, url: str) -> tuple[Destination, Sequence[str]]:
        try:
            destination = destinations.parsed(url, plain=bool(self._own))
        except Problem as refused:
            raise _NoAnswerError(Fell.url) from refused
        try:
            addresses = self._resolve(destination.host, destination.port)
        except (OSError, UnicodeError) as unknown:
            raise _NoAnswerError(Fell.host_unknown) from unknown
        if not self._all_fine(destination, addresses):
            raise _NoAnswerError(Fell.address_refused)
        return destination, addresses

    def _all_fine(self, destination: Destination, addresses: Sequence[str]) -> bool:
        # One bad address among good ones is how a name is made to pass a check and lead elsewhere.
        return bool(addresses) and all(destinations.may_reach(destination, one, own=self._own) for one in addresses)


class _NoAnswerError(Exception):
    """There will be no response, for this reason."""

    def __init__(self, why: Fell) -> None:
        super().__init__(why)
        self.why = why


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name leads to by now; the name stays what TLS verifies."""

    def __init__(self, addresses: Sequence[str], *, until: float) -> None:
        self._addresses = addresses
        self._until = until
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - the backend's signature is the library's.
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first of the addresses that takes the connection, all within ``timeout``."""
        give_up = time.monotonic() + (timeout or CONNECT_SECONDS)
        failed: Exception = httpcore.ConnectError(f"no address of {host}")
        for address in self._addresses:
            left = give_up - time.monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout
            try:
                stream = self._plain.connect_tcp(address, port, timeout=left, socket_options=socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                failed = refused
            else:
                return _Bounded(stream, self._until)
        raise failed


class _Bounded(httpcore.NetworkStream):
    """A stream that ends at a time, however often something still comes."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)


def _beginning(response: httpcore.Response) -> str:
    """The first bytes of the body as text that a database takes. A body that breaks off is kept as far as it came."""
    kept = b""
    try:
        for chunk in response.iter_stream():
            kept += chunk
            if len(kept) >= model.RESPONSE_MAX:
                break
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        # The status has come: that is the receiver's answer, whatever becomes of the rest.
        return _text(kept)
    return _text(kept)


def _text(kept: bytes) -> str:
    return kept[: model.RESPONSE_MAX].decode("utf-8", "replace").replace("\x00", "�")


def _retry_after(headers: Sequence[tuple[bytes, bytes]]) -> int | None:
    """The seconds of a Retry-After header; one with a date is passed over."""
    found = next((value for name, value in headers if name.lower() == b"retry-after"), b"").strip()
    return int(found) if found.isdigit() and len(found) < 8 else None


def _is_tls(broken: BaseException | None) -> bool:
    while broken is not None:
        if isinstance(broken, ssl.SSLError):
            return True
        broken = broken.__cause__ or broken.__context__
    return False


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
