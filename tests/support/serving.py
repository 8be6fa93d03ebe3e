"""A real server around an application: requests in tests go over a socket, through the same server as in production."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI


@contextmanager
def served(app: FastAPI, *, timeout: float = 30.0) -> Iterator[httpx.Client]:
    """A client of ``app``, which runs for the length of the block: started and drained as in production."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(app, loop="uvloop", http="httptools", ws="none", lifespan="on", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="test-server")
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=timeout, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
