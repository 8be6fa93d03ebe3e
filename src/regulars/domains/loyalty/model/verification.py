"""A proof of the ledger that was run by itself, not as a job, and came to its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PREFIX = "vrf"
"""What the ids of verifications begin with on the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """So many decisions were decided again, so much disagreed, the ``first`` of it in words. ``asked_by`` is an actor's id."""

    verification_id: UUID
    decisions: int
    disagreements: int
    first: tuple[str, ...]
    asked_by: str
    started_at: datetime
    ended_at: datetime
