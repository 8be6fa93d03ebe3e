"""What a member is, inside the house, and what can go wrong with one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.ids import MemberId, SubjectId
from regulars.kernel.problem import Kind

NoteId = NewType("NoteId", UUID)
ReceiptId = NewType("ReceiptId", UUID)

PREFIX = "mbr"
NOTE_PREFIX = "note"
RECEIPT_PREFIX = "rcp"

ERASED = problem.define(
    "members.erased",
    Kind.conflict,
    en="The member known as {external_id} asked to be erased. Nothing was recorded; this id cannot be enrolled again.",
    zh="会员 {external_id} 已申请删除个人信息，未做任何记录；该编号不能再次登记。",
)
CONFLICT = problem.define(
    "members.conflict",
    Kind.conflict,
    en="{external_id} is already the member {member}, with other details. Nothing was changed; update that member instead.",
    zh="{external_id} 已是会员 {member}，且登记内容不同。未做任何修改，请改为更新该会员。",
)
TAKEN = problem.define(
    "members.taken",
    Kind.conflict,
    en="The member {member} already has this {field}. Nothing was changed.",
    zh="该{field_zh}已属于会员 {member}，未做任何修改。",
)
STALE = problem.define(
    "members.stale",
    Kind.conflict,
    en="The member {member} was changed meanwhile (version {version}, not {expected}). Read it again, then repeat the change.",
    zh="会员 {member} 已被他人修改（当前版本 {version}，而非 {expected}）。请重新读取后再修改。",
)
CLOSED = problem.define(
    "members.closed",
    Kind.conflict,
    en="The account of member {member} is {status}; it can't be changed.",
    zh="会员 {member} 的账户{status_zh}，不能修改。",
)


class Status(StrEnum):
    """Where an account stands. ``closed`` keeps its data and takes no changes; ``erased`` has no personal data left."""

    active = "active"
    closed = "closed"
    erased = "erased"


class Field(StrEnum):
    """The personal fields: each is sealed under the member's data key."""

    phone = "phone"
    email = "email"
    name = "name"
    birthday = "birthday"


FIELD_ZH = {Field.phone: "手机号", Field.email: "邮箱", Field.name: "姓名", Field.birthday: "生日"}
STATUS_ZH = {Status.active: "正常", Status.closed: "已注销", Status.erased: "已删除"}

UNIQUE = (Field.phone, Field.email)
"""The fields of which only one member may hold a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Somebody to be enrolled under the caller's own id; everything personal is as the caller wrote it, not yet normalised.

    ``joined_at`` None is now. ``birthday`` is ``YYYY-MM-DD``, ``MM-DD`` or either after ``lunar:``. ``region`` (ISO 3166, two
    letters) is where a phone number without a country code belongs.
    """

    external_id: str
    joined_at: datetime | None
    source: str = "import"
    phone: str | None = None
    email: str | None = None
    name: str | None = None
    birthday: str | None = None
    locale: str = ""
    store: str = ""
    region: str = "CN"


@dataclass(frozen=True, slots=True)
class MemberRef:
    """What other slices need of a member: who it is now, which subject the fact belongs to, and since when (aware UTC)."""

    member_id: MemberId
    subject_id: SubjectId
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member's row: nothing personal in it. ``external_id`` is None once erased."""

    member_id: MemberId
    external_id: str | None
    joined_at: datetime
    source: str
    status: Status
    locale: str
    store: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A member with its personal fields, masked (``138****1234``) unless ``revealed``."""

    member: Member
    fields: dict[Field, str]
    revealed: bool


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two members that may be one person: ``field`` says what both gave."""

    member_id: MemberId
    other_id: MemberId
    field: Field
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What staff wrote about a member; sealed like a personal field, gone with erasure. ``author`` is an actor's id."""

    note_id: NoteId
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a member said about one purpose on one channel (``*`` is every one). Its receipt is derived from its content.

    ``at`` is when it was said, ``policy_version`` the text that was shown, ``source`` where (a form, a till, a call).
    """

    member_id: MemberId
    subject_id: SubjectId
    receipt_id: ReceiptId
    purpose: str
    channel: str
    granted: bool
    source: str
    policy_version: str
    at: datetime
    recorded_at: datetime
