"""What all facts have in common that carry their own content."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson

from regulars.kernel.ids import MemberId

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A fact with its own content, keyed by an id the caller chose or was given."""

    member_id: MemberId
    at: datetime
    ref: UUID
    kind: ClassVar[str] = ""

    @property
    def claim(self) -> tuple[str, str] | None:
        return self.kind, self.ref.hex

    def body(self) -> Body:
        """The fields that are not in the decision's own columns, JSON-ready."""
        return {}

    def fingerprint(self) -> bytes:
        # A hold's deadline follows from when it was asked for: a retry a second later is still the same wish.
        body = {name: value for name, value in self.body().items() if name != "until"}
        content = [self.kind, self.member_id.hex, body]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()
