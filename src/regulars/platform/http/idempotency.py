"""The ``Idempotency-Key`` header: the caller's own name for one attempt, so that a retry is answered and not done again."""

from typing import Annotated

from fastapi import Header

from regulars.platform.http import faults

MAX = 255

_HEADER = Header(
    alias="Idempotency-Key",
    min_length=1,
    max_length=MAX,
    pattern=faults.VISIBLE_ASCII,
    description="Your own name for this attempt. The same key with the same body gets the same answer; with another body, a conflict.",
    examples=["till-4-000123"],
)

Key = Annotated[str, _HEADER]
"""A key that must be there: 1–255 visible ASCII characters."""
OptionalKey = Annotated[str | None, _HEADER]
"""A key that may be missing, for routes whose body carries its own business key."""
