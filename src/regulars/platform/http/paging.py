"""Pages by cursor: where the last one ended, signed so that nobody can point a query at a place of their own making.

A route takes ``page: Annotated[paging.Page, paging.page("members.journal", datetime, UUID)]``, reads ``page.fetch`` rows after
``page.after``, and answers ``page.answer(rows, lambda row: (row.at, row.id), show=_entry)``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query
from starlette.requests import Request

from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform.crypto import Keyring

LIMIT_MAX = 200
LIMIT = 50

T = TypeVar("T")
Position = tuple[Any, ...]

_READ: dict[type, Callable[[Any], object]] = {
    str: str,
    int: int,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page asked for: ``limit`` rows after the position ``after`` (``None``: from the start)."""

    limit: int
    after: Position | None
    purpose: str
    keyring: Keyring

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than shown tells whether there is a next page."""
        return self.limit + 1

    def answer(self, rows: Sequence[T], position: Callable[[T], Position], *, show: Callable[[T], object]) -> dict[str, object]:
        """``{"items": [...], "next": cursor | None}`` for at most ``limit`` of ``rows``."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        return {"items": [show(row) for row in shown], "next": self.cursor(position(shown[-1])) if more else None}

    def cursor(self, position: Position) -> str:
        """The opaque text that asks for what comes after ``position``."""
        return self.keyring.sign(self.purpose, orjson.dumps(position, option=orjson.OPT_UTC_Z))


def page(name: str, *types: type) -> Any:
    """A dependency that gives the :class:`Page`. ``name`` ties a cursor to its list; ``types`` are those of its position."""
    purpose = f"page:{name}"
    readers = [_READ[kind] for kind in types]

    async def asked(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="How many to show.")] = LIMIT,
        cursor: Annotated[str | None, Query(max_length=2000, description="`next` of the page before; leave out for the first.")] = None,
    ) -> Page:
        keyring: Keyring = request.app.state.keyring
        after = None if cursor is None else _position(keyring, purpose, cursor, readers)
        return Page(limit=limit, after=after, purpose=purpose, keyring=keyring)

    return Depends(asked)


def _position(keyring: Keyring, purpose: str, cursor: str, readers: Sequence[Callable[[Any], object]]) -> Position:
    try:
        values = orjson.loads(keyring.verify(purpose, cursor))
        return tuple(read(value) for read, value in zip(readers, values, strict=True))
    except (Problem, ValueError, TypeError) as wrong:
        # Forged, from another list, or signed by a release that ordered this list differently.
        raise problem.invalid("cursor", cursor, "`next` of the page before, unchanged") from wrong
