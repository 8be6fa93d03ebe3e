"""Members as lists and the console's member page show them: who they are, masked, beside what they hold."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from regulars.domains.loyalty.model.standing import Standing
from regulars.domains.members.model import Member, Profile, Status

Position = tuple[int, str, UUID]
"""Where a page ended: 0 among those who have what is sorted by and 1 among the others, its value as text, the member."""


class Sort(StrEnum):
    """What a list is sorted by. Members who have nothing of it come last, in both directions."""

    joined = "joined"
    last_order = "last_order"
    points = "points"
    spend = "spend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Who is wanted; everything given must hold. ``joined_from`` and ``joined_before`` are aware and half-open.

    ``text`` is whatever an operator typed: a member number, a phone, an e-mail address, four last digits or a name, tried one by one.
    ``number`` is a member's id or the caller's own. Erased members are found only by ``status``.
    """

    text: str | None = None
    number: str | None = None
    phone: str | None = None
    email: str | None = None
    name: str | None = None
    last_four: str | None = None
    region: str = "CN"
    level: str | None = None
    store: str | None = None
    status: Status | None = None
    held_out: bool | None = None
    joined_from: datetime | None = None
    joined_before: datetime | None = None
    has_orders: bool | None = None

    @property
    def searches(self) -> bool:
        """Whether somebody is looked for by a detail of theirs."""
        return any(detail is not None for detail in (self.text, self.number, self.phone, self.email, self.name, self.last_four))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What all members of a page have in common, as the store can ask it. ``member_ids``: they are among these.

    ``lowest``: the level asked for is the one that members without a standing are on.
    """

    member_ids: tuple[UUID, ...] | None
    statuses: tuple[str, ...]
    ladder: str
    level: str | None
    lowest: bool
    store: str | None
    held_out: bool | None
    joined_from: datetime | None
    joined_before: datetime | None
    has_orders: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A member of a page, and the value it was sorted by, as its position holds it."""

    member: Member
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of a list: personal fields masked, and the standing as of now (None before the first fact)."""

    profile: Profile
    standing: Standing | None
    position: Position


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are; ``capped``: more than this many."""

    number: int
    capped: bool
