"""The lake as this process has it open: one connection on one manifest's files, opened anew when another is published."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import ibis.expr.types as ir

from regulars.domains.insights.model import derived
from regulars.domains.insights.store import engine, selling, tables
from regulars.platform.lake import manifests, reading

REMEMBERED = 512
"""Answers kept for one state of the lake."""

T = TypeVar("T")


@dataclass(slots=True, weakref_slot=True)
class View:
    """One state of the lake. ``first_day`` and ``last_day`` number the days of its orders, ``None`` without any."""

    serial: int
    epoch: int
    as_of: datetime
    about: Mapping[str, str]
    connection: duckdb.DuckDBPyConnection
    first_day: int | None = None
    last_day: int | None = None
    _answers: "OrderedDict[Any, Any]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, build: Callable[..., ir.Table], *arguments: Hashable) -> list[engine.Row]:
        """All rows of the expression that ``build`` makes of ``arguments``; its statement is kept for the next time."""
        return engine.fetch(self.connection, _statement(build, *arguments))

    def rows_of(self, expression: ir.Table) -> list[engine.Row]:
        """All rows of the expression."""
        return engine.rows(self.connection, expression)

    def once(self, key: object, answer: Callable[[], T]) -> T:
        """What ``answer`` gives, worked out once for each ``key`` as long as the lake is as it is."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                found: T = self._answers[key]
                return found
        made = answer()
        with self._lock:
            self._answers[key] = made
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return made

    def forget(self) -> None:
        """Every answer is worked out anew; for whoever measures."""
        with self._lock:
            self._answers.clear()


class Lake:
    """The lake in one folder. Any number of threads may ask it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._view: View | None = None

    def view(self) -> View:
        """The lake as last published. Raises ``lake.missing`` and ``lake.unreadable``.

        What was open before is let go, not closed: a question under way still reads its files. The lease ends with the last one.
        """
        newest = manifests.get(self.folder)
        with self._lock:
            if self._view is None or (self._view.serial, self._view.epoch) != (newest.serial, newest.epoch):
                self._view = _open(self.folder)
            return self._view


@lru_cache(maxsize=8)
def at(folder: Path) -> Lake:
    """The one :class:`Lake` of this process for ``folder``."""
    return Lake(folder)


@lru_cache(maxsize=REMEMBERED)
def _statement(build: Callable[..., ir.Table], *arguments: Hashable) -> str:
    """Building and compiling takes up to 10 ms of the processor, and a lake that was published again is asked the same."""
    return engine.sql_of(build(*arguments))


def _open(folder: Path) -> View:
    reader = reading.Reader(folder)
    reader.open()
    files = reader.files()
    shown = {name: files.get(name, []) for name in (*derived.SCHEMAS, "entries")}
    connection = engine.opened()
    engine.show(connection, shown, tables.SCHEMAS)
    first, last = engine.rows(connection, selling.span())[0]
    found = reader.manifest
    view = View(
        serial=found.serial,
        epoch=found.epoch,
        as_of=found.as_of,
        about=found.about,
        connection=connection,
        first_day=first,
        last_day=last,
    )
    weakref.finalize(view, reader.close)
    return view
