"""What ``verify`` finds: one disagreement, and how values are shown in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One disagreement: ``what`` (lot, balance, tier, journal, decision, input, version, counter, claim, hold, order, refund), whose,
    at which decision, and both sides.
    """

    what: str
    member: UUID | None
    where: str
    stored: str
    expected: str


def differences(what: str, member: UUID | None, stored: Mapping[Any, Any], expected: Mapping[Any, Any]) -> Iterator[Finding]:
    """Each key whose values differ, in the order of what is shown of the keys: sets have another one in every process."""
    for key in sorted(stored.keys() | expected.keys(), key=shown):
        if stored.get(key) != expected.get(key):
            yield Finding(what=what, member=member, where=shown(key), stored=shown(stored.get(key)), expected=shown(expected.get(key)))


def shown(value: object) -> str:
    """The value as a finding has it."""
    if isinstance(value, tuple):
        return " ".join(shown(part) for part in value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
