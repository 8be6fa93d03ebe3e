"""What the routes of members take and give."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from regulars.domains.members.model import NOTE_PREFIX, PREFIX, RECEIPT_PREFIX, Consent, Duplicate, Note, Profile
from regulars.domains.members.model import Field as Personal
from regulars.kernel import ids
from regulars.platform.http.strict import Count, Key, Strict

MemberKey = Annotated[
    str,
    Path(
        min_length=1,
        max_length=220,
        description="A member: its id, or `external:` and your own id of it.",
        examples=["mbr_01jf3q7t5v8x9y0z1a2b3c4d5e", "external:10042"],
    ),
]
_Text = Annotated[str, Field(min_length=1, max_length=320)]
_Region = Annotated[
    str, Field(pattern="^[A-Z]{2}$", description="Where a phone number without a country code belongs.", examples=["CN", "GB"])
]
_Code = Annotated[str, Field(max_length=64)]
_Birthday = Annotated[
    str, Field(min_length=5, max_length=20, description="With or without the year; `lunar:` for the Chinese calendar.", examples=["05-17"])
]
_Phone = Annotated[str, Field(min_length=1, max_length=40, examples=["+8613812341234", "138 1234 1234"])]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RegisterIn(Strict):
    """Somebody who becomes a member. Without `external_id`, a phone or an e-mail address is needed."""

    external_id: Annotated[Key | None, Field(description="Your own id of the member.", examples=["10042"])] = None
    joined_at: Annotated[datetime | None, Field(description="Left out: now.")] = None
    source: Annotated[_Code, Field(description="Where they came from.", examples=["till"])] = "api"
    phone: _Phone | None = None
    email: Annotated[_Text | None, Field(examples=["li.wei@example.com"])] = None
    name: Annotated[_Text | None, Field(examples=["李伟"])] = None
    birthday: _Birthday | None = None
    locale: Annotated[_Code, Field(examples=["zh-CN"])] = ""
    store: Annotated[_Code, Field(description="The member's home store.", examples=["SH-001"])] = ""
    region: _Region = "CN"


class ChangeIn(Strict):
    """What is to be different; what is left out stays, `null` removes a personal field."""

    version: Annotated[Count, Field(description="The `version` that was read: another one by now is a conflict.")]
    phone: _Phone | None = None
    email: _Text | None = None
    name: _Text | None = None
    birthday: _Birthday | None = None
    locale: _Code = ""
    store: _Code = ""
    region: _Region = "CN"


class VersionIn(Strict):
    """Which version of the member is meant."""

    version: Count


class ReasonIn(Strict):
    """Why; it goes into the audit log."""

    reason: Annotated[str, Field(min_length=1, max_length=500, examples=["Parcel 7731 came back, calling the customer"])]


class SearchIn(Strict):
    """What members are looked for by; everything given must hold. In the body and not in the address, which ends up in logs."""

    external_id: Key | None = None
    phone: _Phone | None = None
    email: _Text | None = None
    name: Annotated[_Text | None, Field(description="The whole name, or one word of it.")] = None
    last_four: Annotated[str | None, Field(pattern="^[0-9]{4}$", description="The last four digits of the phone number.")] = None
    birthday: Annotated[_Birthday | None, Field(description="Everybody who was born on that day of the year.")] = None
    joined_from: datetime | None = None
    joined_before: datetime | None = None
    status: Literal["active", "closed", "erased"] | None = None
    region: _Region = "CN"


class ConsentIn(Strict):
    """A yes or a no to a purpose on a channel; `*` is every one."""

    purpose: Annotated[str, Field(max_length=64, examples=["marketing"])]
    channel: Annotated[str, Field(max_length=64, examples=["sms"])]
    granted: bool
    source: Annotated[_Code, Field(min_length=1, description="Where it was said.", examples=["till"])]
    policy_version: Annotated[str, Field(min_length=1, max_length=100, description="The text that was shown.", examples=["2026-01"])]
    at: Annotated[datetime | None, Field(description="When it was said; left out: now.")] = None


class NoteIn(Strict):
    """Something worth remembering about a member."""

    text: Annotated[str, Field(min_length=1, max_length=4000, examples=["Prefers to be called in the evening"])]


class MemberOut(Out):
    """A member. Phone, e-mail, name and birthday are masked unless `revealed`."""

    id: Annotated[str, Field(examples=["mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
    external_id: str | None
    joined_at: datetime
    source: str
    status: Literal["active", "closed", "erased"]
    locale: str
    store: str
    version: int
    phone: Annotated[str | None, Field(examples=["138****1234"])]
    email: str | None
    name: str | None
    birthday: str | None
    revealed: bool


class MembersOut(Out):
    """A page of members, newest first."""

    items: list[MemberOut]
    next: str | None


class ConsentOut(Out):
    """One consent record with its receipt."""

    receipt: str
    purpose: str
    channel: str
    granted: bool
    source: str
    policy_version: str
    at: datetime
    recorded_at: datetime


class ConsentsOut(Out):
    """What counts now, and everything that was ever said, oldest first."""

    current: list[ConsentOut]
    history: list[ConsentOut]


class NoteOut(Out):
    """A note and who wrote it."""

    id: str
    text: str
    author: str
    at: datetime


class NotesOut(Out):
    """A page of notes, newest first."""

    items: list[NoteOut]
    next: str | None


class DuplicateOut(Out):
    """Another member who may be the same person, and which field says so."""

    member: str
    field: Literal["phone", "email", "name", "birthday"]
    found_at: datetime


class DuplicatesOut(Out):
    """Everybody who may be this member."""

    items: list[DuplicateOut]


def member(profile: Profile) -> MemberOut:
    """The member as it is shown."""
    row = profile.member
    return MemberOut(
        id=ids.encode(PREFIX, row.member_id),
        external_id=row.external_id,
        joined_at=row.joined_at,
        source=row.source,
        status=row.status.value,
        locale=row.locale,
        store=row.store,
        version=row.version,
        phone=profile.fields.get(Personal.phone),
        email=profile.fields.get(Personal.email),
        name=profile.fields.get(Personal.name),
        birthday=profile.fields.get(Personal.birthday),
        revealed=profile.revealed,
    )


def consent(record: Consent) -> ConsentOut:
    """The record as it is shown."""
    return ConsentOut(
        receipt=ids.encode(RECEIPT_PREFIX, record.receipt_id),
        purpose=record.purpose,
        channel=record.channel,
        granted=record.granted,
        source=record.source,
        policy_version=record.policy_version,
        at=record.at,
        recorded_at=record.recorded_at,
    )


def note(one: Note) -> NoteOut:
    """The note as it is shown."""
    return NoteOut(id=ids.encode(NOTE_PREFIX, one.note_id), text=one.text, author=one.author, at=one.at)


def duplicate(pair: Duplicate, asked: str) -> DuplicateOut:
    """The pair as it is seen from the member asked about."""
    sides = [ids.encode(PREFIX, pair.member_id), ids.encode(PREFIX, pair.other_id)]
    return DuplicateOut(member=sides[1] if sides[0] == asked else sides[0], field=pair.field.value, found_at=pair.found_at)
