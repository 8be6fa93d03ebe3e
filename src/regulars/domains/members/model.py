"""What a member is, inside the house, and what can go wrong with one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Protocol
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


# Members' own side: signing in, devices, the code shown at a counter.

SessionId = NewType("SessionId", UUID)
DEVICE_PREFIX = "dev"

UNKNOWN_CALLER = problem.define(
    "members.unknown_caller",
    Kind.unauthenticated,
    en="You are not signed in, or were signed out. Sign in with a code: POST /m/v1/sign-in.",
    zh="您尚未登录或登录已失效，请用验证码登录：POST /m/v1/sign-in。",
)
NOT_FROM_APP = problem.define(
    "members.not_from_app",
    Kind.forbidden,
    en="A change needs the header X-Member-App, which only our own pages send. Nothing was done.",
    zh="修改操作需要请求头 X-Member-App（仅由会员页面发送），未执行任何操作。",
)
WRONG_CODE = problem.define(
    "members.wrong_code",
    Kind.unauthenticated,
    en="The code is wrong or no longer valid. Check it, or ask for a new one.",
    zh="验证码错误或已失效，请核对或重新获取。",
)
CODE_WORN = problem.define(
    "members.code_worn",
    Kind.limit,
    en="{tries} codes were tried: this one is not valid any more. Ask for a new one.",
    zh="已尝试 {tries} 次，该验证码已作废，请重新获取。",
)
TOO_MANY_CODES = problem.define(
    "members.too_many_codes",
    Kind.limit,
    en="Too many codes were asked for. Wait {retry_after} seconds, then ask again.",
    zh="获取验证码过于频繁，请在 {retry_after} 秒后重试。",
)
TOO_MANY_TRIES = problem.define(
    "members.too_many_tries",
    Kind.limit,
    en="Too many tries. Wait {retry_after} seconds, then try again.",
    zh="尝试次数过多，请在 {retry_after} 秒后重试。",
)
NO_SENDER = problem.define(
    "members.no_sender",
    Kind.unavailable,
    en="This installation has no way to send codes yet. Ask its operator to connect one.",
    zh="系统尚未接入验证码发送渠道，请联系商家配置。",
)
NO_CONTACT = problem.define(
    "members.no_contact",
    Kind.conflict,
    en="No phone number or e-mail address is on file, so no code can be sent. Ask at the counter to add one.",
    zh="账户未登记手机号或邮箱，无法发送验证码，请到门店补充登记。",
)
CARD_UNKNOWN = problem.define(
    "members.card_unknown",
    Kind.not_found,
    en="This is not a valid member code, or it is too old. Ask the member to show a fresh one.",
    zh="会员码无效或已过期，请会员刷新后重新出示。",
)
CARD_USED = problem.define(
    "members.card_used",
    Kind.conflict,
    en="This member code was used before; each works once. Ask the member to show a fresh one.",
    zh="该会员码已被使用，每个会员码仅可使用一次，请会员刷新后重新出示。",
)


class Purpose(StrEnum):
    """What a one-time code is for; one for the one never opens the other."""

    sign_in = "sign_in"
    close = "close"


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number (E.164) or e-mail address in its one spelling."""

    field: Field
    value: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CodeMessage:
    """One code on its way to a member. It is never logged."""

    member_id: MemberId
    contact: Contact
    purpose: Purpose
    code: str
    language: str
    sent_at: datetime
    expires_at: datetime


class CodeSender(Protocol):
    """Takes codes out of the house. ``send`` returns at once, handing over to a queue of its own: waiting for a provider here would
    tell how long an answer takes for somebody who is a member.
    """

    def send(self, message: CodeMessage) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where a member is signed in. ``name`` is coarse ("Safari · iPhone"), ``card`` the nine digits its member codes begin with,
    ``card_step`` the last time step whose code was used (``rules.card``).
    """

    session_id: SessionId
    member_id: MemberId
    name: str
    card: str
    card_step: int
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``tries`` in a window that begins with the first of them."""

    tries: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """How members sign in. One address may be a whole shop behind one router, so it gets more than one contact does.

    A contact gets 10 codes a day and each takes 5 tries: a guesser who knows a member's number hits once in 55 years.
    """

    code_for: timedelta = timedelta(minutes=10)
    code_tries: int = 5
    pause: Limit = Limit(1, timedelta(seconds=60))
    per_contact: Limit = Limit(10, timedelta(days=1))
    per_address: Limit = Limit(30, timedelta(hours=1))
    overall: Limit = Limit(1_000, timedelta(minutes=10))
    checks_per_address: Limit = Limit(100, timedelta(minutes=15))
    session_for: timedelta = timedelta(days=30)
    noted_every: timedelta = timedelta(hours=1)
    devices: int = 20
    scans_per_actor: Limit = Limit(20, timedelta(minutes=15))
    scans_per_card: Limit = Limit(5, timedelta(minutes=15))
    exports: Limit = Limit(5, timedelta(days=1))


SIGN_IN = SignInPolicy()
