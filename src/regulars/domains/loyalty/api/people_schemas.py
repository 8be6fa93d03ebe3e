"""What the routes of people take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from regulars.domains.loyalty.api.schemas import Out
from regulars.domains.loyalty.model import Programme, Standing, Unit
from regulars.domains.loyalty.model.people import Person
from regulars.domains.loyalty.rules import passing
from regulars.domains.loyalty.service import listing, reading
from regulars.domains.members.model import Field as Personal
from regulars.domains.members.model import Profile
from regulars.domains.points.model import NEVER
from regulars.platform.http.strict import Strict

Status = Literal["active", "closed", "erased"]
SortName = Literal["joined", "last_order", "points", "spend"]
Order = Literal["desc", "asc"]
Kind = Literal["order", "refund", "tier", "points", "consent", "note", "exposure"]
_Detail = Annotated[str, Field(min_length=1, max_length=320)]


class SearchIn(Strict):
    """Who is wanted; everything given must hold. In the body and not in the address, which ends up in logs."""

    text: Annotated[
        _Detail | None,
        Field(description="Whatever was typed: member number, phone, e-mail, last four digits or name.", examples=["138 1234 5678"]),
    ] = None
    number: Annotated[_Detail | None, Field(description="A member's id, or your own id of it.", examples=["10042"])] = None
    phone: Annotated[str | None, Field(min_length=1, max_length=40)] = None
    email: _Detail | None = None
    name: Annotated[_Detail | None, Field(description="The whole name, or one word of it.", examples=["李伟"])] = None
    last_four: Annotated[str | None, Field(pattern="^[0-9]{4}$", description="The last four digits of the phone number.")] = None
    region: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"
    level: Annotated[str | None, Field(max_length=64, examples=["gold"])] = None
    store: Annotated[str | None, Field(max_length=64, examples=["SH-001"])] = None
    status: Annotated[Status | None, Field(description="Left out: all but the erased.")] = None
    held_out: bool | None = None
    joined_from: datetime | None = None
    joined_before: datetime | None = None
    has_orders: bool | None = None


class NamedOut(Out):
    """A text in both languages."""

    en: str
    zh: str


class CountOut(Out):
    """How many there are; ``capped``: more than that."""

    number: int
    capped: bool


class PersonOut(Out):
    """A member beside what it holds now; personal fields masked. Without a fact there is no standing: level and hold-out are null."""

    id: str
    external_id: str | None
    name: str | None
    phone: str | None
    email: str | None
    joined_at: datetime
    source: str
    status: Status
    store: str
    locale: str
    level: str | None
    level_label: NamedOut | None
    keep_until: datetime | None
    points: int
    available: dict[str, int]
    orders: int
    spend: Annotated[int, Field(description="Minor units of the programme's currency, net of refunds.")]
    first_order_at: datetime | None
    last_order_at: datetime | None
    held_out: bool | None


class PeopleOut(Out):
    """A page of members. ``count`` where it was asked for; ``unit`` is what ``points`` counts."""

    items: list[PersonOut]
    next: str | None
    count: CountOut | None
    unit: str
    currency: str


class LotOut(Out):
    """So much that lapses, or becomes available, at an instant; null: never."""

    at: datetime | None
    amount: int


class WalletOut(Out):
    """What is held of a unit. ``lots`` are spendable, soonest expiry first; ``releasing`` are not yet."""

    unit: str
    label: NamedOut
    available: int
    pending: int
    held: int
    debt: int
    lots: list[LotOut]
    releasing: list[LotOut]
    next_expiry: LotOut | None


class LevelOut(Out):
    """The level and what keeps it; ``keep_until`` null: for ever."""

    level: str
    label: NamedOut
    since: datetime
    keep_until: datetime | None
    unit: str
    balance: int
    carried_then: int
    missing_to_keep: int
    next_level: str | None
    next_label: NamedOut | None
    next_from: int | None
    missing_to_next: int | None


class SaidOut(Out):
    """What counts of a member's yes or no to a purpose on a channel."""

    purpose: str
    channel: str
    granted: bool
    at: datetime
    source: str
    policy_version: str


class CardOut(Out):
    """Everything an operator sees of a member at a glance."""

    person: PersonOut
    birthday: str | None
    version: int
    level: LevelOut | None
    wallets: list[WalletOut]
    consents: list[SaidOut]
    duplicates: int
    currency: str
    programme: int | None


class OrderAt(Out):
    """An order."""

    id: str
    source: str
    number: str
    total: int
    currency: str
    store: str
    channel: str
    lines: int
    refunded: int


class RefundAt(Out):
    """A refund; without ``order`` its sale is not known."""

    id: str
    order: str | None
    source: str
    number: str
    order_number: str
    total: int
    currency: str


class LineAt(Out):
    """One entry of a decision with its reason."""

    n: int
    unit: str
    kind: str
    amount: int
    expires_at: datetime | None
    why: dict[str, Any]
    text: NamedOut


class DecisionAt(Out):
    """A decision: the fact it was about, and its entries."""

    seq: int
    fact: str
    ref: str
    effective_at: datetime
    recorded_at: datetime
    programme: int
    actor: str
    lines: list[LineAt]


class ConsentAt(Out):
    """A yes or a no."""

    receipt: str
    purpose: str
    channel: str
    granted: bool
    source: str
    policy_version: str


class NoteAt(Out):
    """What staff wrote."""

    id: str
    author: str
    text: str


class ExposureAt(Out):
    """An incentive that applied; ``held_out``: it was withheld."""

    what: str
    held_out: bool


class HappenedOut(Out):
    """Something that happened: the part that ``kind`` names is given, the others are null."""

    kind: Kind
    at: datetime
    key: str
    order: OrderAt | None
    refund: RefundAt | None
    tier: DecisionAt | None
    points: DecisionAt | None
    consent: ConsentAt | None
    note: NoteAt | None
    exposure: ExposureAt | None


class TimelineOut(Out):
    """A page of what happened, newest first. ``withheld`` are kinds the caller may not see."""

    items: list[HappenedOut]
    next: str | None
    withheld: list[Kind]


def named(text: Any) -> dict[str, str]:
    """The text as :class:`NamedOut`."""
    return {"en": text.en, "zh": text.zh}


def person(one: Person, programme: Programme | None, unit: str) -> dict[str, Any]:
    """The member as :class:`PersonOut`."""
    member, fields = one.profile.member, one.profile.fields
    return {
        "id": listing.wire(member.member_id),
        "external_id": member.external_id,
        **{name: fields.get(Personal(name)) for name in ("name", "phone", "email")},
        "joined_at": member.joined_at,
        "source": member.source,
        "status": member.status.value,
        "store": member.store,
        "locale": member.locale,
        **_standing(one.standing, programme, unit),
    }


def _standing(standing: Standing | None, programme: Programme | None, unit: str) -> dict[str, Any]:
    if standing is None or programme is None:
        nothing = dict.fromkeys(("level", "level_label", "keep_until", "first_order_at", "last_order_at", "held_out"))
        return {**nothing, "points": 0, "available": {}, "orders": 0, "spend": 0}
    level = programme.ladder.levels[programme.ladder.rank(standing.tier.level)]
    return {
        "level": level.id,
        "level_label": named(level.label),
        "keep_until": None if standing.tier.keep_until == NEVER else standing.tier.keep_until,
        "points": standing.wallet.total(unit).available,
        "available": {known: standing.wallet.total(known).available for known in (unit.id for unit in programme.shown_units)},
        "orders": standing.orders,
        "spend": standing.spend,
        "first_order_at": standing.first_order_at,
        "last_order_at": standing.last_order_at,
        "held_out": standing.held_out,
    }


def birthday(profile: Profile) -> str | None:
    """The masked birthday, if there is one."""
    return profile.fields.get(Personal.birthday)


def wallet(unit: Unit, standing: Standing) -> dict[str, Any]:
    """What is held of a unit, as :class:`WalletOut`."""
    balance = reading.balance_of(standing, unit.id)
    lots = [{"at": at, "amount": amount} for at, amount in balance.expiring]
    for_ever = balance.available - sum(amount for _, amount in balance.expiring)
    return {
        "unit": balance.unit,
        "label": named(unit.label),
        "available": balance.available,
        "pending": balance.pending,
        "held": balance.held,
        "debt": balance.debt,
        "lots": lots + ([{"at": None, "amount": for_ever}] if for_ever > 0 else []),
        "releasing": [{"at": at, "amount": amount} for at, amount in balance.releasing],
        "next_expiry": lots[0] if lots else None,
    }


def level(programme: Programme, standing: Standing) -> dict[str, Any]:
    """The level and what keeps it, as :class:`LevelOut`."""
    found = passing.project(programme, standing, programme.ladder, at=standing.as_of)
    levels = {known.id: known for known in programme.ladder.levels}
    following = levels.get(found.next_level) if found.next_level else None
    return {
        "level": found.level,
        "label": named(programme.ladder.levels[programme.ladder.rank(found.level)].label),
        "since": standing.tier.since,
        "keep_until": None if found.keep_until == NEVER else found.keep_until,
        "unit": found.unit,
        "balance": standing.wallet.total(found.unit).available,
        "carried_then": found.carried_then,
        "missing_to_keep": found.missing_to_keep,
        "next_level": found.next_level,
        "next_label": named(following.label) if following else None,
        "next_from": following.threshold if following else None,
        "missing_to_next": found.missing_to_next,
    }
