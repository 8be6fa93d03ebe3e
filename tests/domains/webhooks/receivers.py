"""Receivers on this machine that remember what they were sent, and answer as they are told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

OWN = (ip_network("127.0.0.0/8"),)
"""This machine, which tests may send to."""


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where to send to, and what came. ``status`` is what it answers from now on, ``before`` is called first."""

    url: str = ""
    status: int = 200
    answer: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    received: list[Received] = field(default_factory=list)

    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.received]


@contextmanager
def receiver(**options: Any) -> Iterator[Receiver]:
    """A server that runs for the length of the block."""
    seen = Receiver(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.received.append(Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            seen.before()
            self.send_response(seen.status)
            for name, value in seen.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(seen.answer)))
            self.end_headers()
            # Whoever stopped waiting has gone.
            with suppress(ConnectionError):
                self.wfile.write(seen.answer)

        def log_message(self, *_args: Any) -> None:
            """Tests read what was received instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_port}/hooks?shop=1"
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
