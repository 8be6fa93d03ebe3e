"""The inside of a process that shares a job (see ``sharing``): takes parts from one pipe, says on another what became of them."""

import contextlib
import os
import pickle
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

SAID, DONE, FAILED = "said", "done", "failed"

Say = Callable[[Any], None]
"""Sends something to whoever listens to the job; it arrives in order."""


def serve() -> None:
    """Do parts until there are no more. Ends the process the moment the other end of the pipe is gone, also by ``kill -9``."""
    inlet, outlet = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    # What a library may print or read must not get between the messages.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    told: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_hear, args=(inlet, told), daemon=True).start()

    def say(said: object) -> None:
        outlet.send((SAID, said))

    try:
        job, terms = pickle.loads(told.get())  # noqa: S301 - from the process that started us
        with job(terms) as do:
            while part := told.get():
                outlet.send((DONE, do(pickle.loads(part), say)))  # noqa: S301 - as above
    except Exception as error:  # noqa: BLE001 - told to whoever waits for it
        with contextlib.suppress(OSError):
            outlet.send((FAILED, _portable(error)))


def _hear(inlet: Connection, told: "SimpleQueue[bytes]") -> None:
    while True:
        try:
            told.put(inlet.recv_bytes())
        except (EOFError, OSError):
            os._exit(1)


def _portable(error: Exception) -> Exception:
    """The error as it can travel: itself, unless it cannot be pickled."""
    error.add_note("In another process:\n" + "".join(traceback.format_tb(error.__traceback__)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what we wrote just now
    except Exception:  # noqa: BLE001 - whatever is wrong with it, its text can travel
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
