"""Ids: UUIDs of version 7 inside, a prefix and Crockford base32 on the wire (``mbr_01jf…``).

A random id is made in :mod:`regulars.platform.newid`; a fact that has a business key gets a *derived* one, so that the same
fact arriving twice, or a resumed import, lands on the same id.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

from regulars.kernel import problem

MemberId = NewType("MemberId", UUID)
SubjectId = NewType("SubjectId", UUID)
OrderId = NewType("OrderId", UUID)
RefundId = NewType("RefundId", UUID)
HoldId = NewType("HoldId", UUID)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {c: i for i, c in enumerate(_ALPHABET)}
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_LENGTH = 26
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def encode(prefix: str, value: UUID) -> str:
    """The wire form: ``encode("mbr", uuid) == "mbr_" + 26 characters``."""
    n, p = value.int, _PAIRS
    # Two characters at a time and no loop: three ids are written for every order.
    return (
        f"{prefix}_{p[n >> 120]}{p[n >> 110 & 1023]}{p[n >> 100 & 1023]}{p[n >> 90 & 1023]}{p[n >> 80 & 1023]}{p[n >> 70 & 1023]}"
        f"{p[n >> 60 & 1023]}{p[n >> 50 & 1023]}{p[n >> 40 & 1023]}{p[n >> 30 & 1023]}{p[n >> 20 & 1023]}{p[n >> 10 & 1023]}{p[n & 1023]}"
    )


def decode(prefix: str, text: str) -> UUID:
    """The UUID of a wire id. Raises ``input.invalid`` when the prefix, the length or a character is wrong."""
    head, _, tail = text.rpartition("_")
    value = 0
    if head == prefix and len(tail) == _LENGTH and tail[0] in "01234567" and all(c in _VALUES for c in tail):
        for c in tail:
            value = value << 5 | _VALUES[c]
        return UUID(int=value)
    raise problem.invalid(prefix, text, f"an id like {prefix}_ followed by {_LENGTH} letters and digits")


def derived(at: datetime, *key: str) -> UUID:
    """A UUID in version 7's layout: its time is the fact's own, its random bits the SHA-256 of the business key.

    The same key and time give the same id for ever; parts are length-prefixed, so ("a", "bc") and ("ab", "c") differ. A time
    before 1970 counts as 1970. Raises ``TypeError`` for a naive time, which would give another id on another machine.
    """
    digest = hashlib.sha256(b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in key)).digest()
    millis = max(0, (at - _EPOCH) // _MILLISECOND)
    tail = int.from_bytes(digest[:10], "big")
    value = millis << 80 | 7 << 76 | (tail >> 64 & 0xFFF) << 64 | 2 << 62 | tail & (1 << 62) - 1
    return UUID(int=value)
