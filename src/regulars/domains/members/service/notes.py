"""Notes that staff keep about a member, sealed like its personal fields."""

from regulars.domains.members.model import CLOSED, NOTE_PREFIX, PREFIX, STATUS_ZH, Note, NoteId
from regulars.domains.members.service import personal
from regulars.domains.members.service.profiles import get_member
from regulars.domains.members.service.registration import WRITE
from regulars.domains.members.store import notes as store
from regulars.domains.members.store import people
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

TEXT_MAX = 4000


def add_note(ctx: Ctx, member_id: MemberId, text: str, *, keyring: Keyring) -> Note:
    """The note is kept with its author. Needs ``members.write``. Raises ``not_found``, ``members.closed``, ``input.invalid``."""
    ctx.require(WRITE)
    plain = text.strip()
    if not 1 <= len(plain) <= TEXT_MAX or "\x00" in plain:
        raise problem.invalid("text", text, f"a text of 1 to {TEXT_MAX} characters")
    if not people.touch_active(ctx.tx, [member_id]):
        status = get_member(ctx, member_id).status
        raise CLOSED(member=ids.encode(PREFIX, member_id), status=status.value, status_zh=STATUS_ZH[status])
    note_id = NoteId(newid.uuid7())
    key = personal.data_keys(ctx, [member_id], keyring)[member_id]
    sealed = keyring.seal(key, plain, aad=_aad(member_id, note_id))
    store.insert(ctx.tx, member_id, note_id, sealed=sealed, author=ctx.actor.id, at=ctx.now)
    return Note(note_id, plain, ctx.actor.id, ctx.now)


def list_notes(ctx: Ctx, member_id: MemberId, *, keyring: Keyring, before: NoteId | None = None, limit: int = 50) -> list[Note]:
    """At most ``limit`` notes, newest first, beginning behind ``before``. Raises ``not_found`` for an unknown member."""
    get_member(ctx, member_id)
    rows = store.page(ctx.tx, member_id, before=before, limit=limit)
    if not rows:
        return []
    key = personal.stored_keys(ctx, [member_id])[member_id]
    return [Note(note_id, keyring.open(key, sealed, aad=_aad(member_id, note_id)), author, at) for note_id, sealed, author, at in rows]


def _aad(member_id: MemberId, note_id: NoteId) -> bytes:
    return personal.aad(member_id, ids.encode(NOTE_PREFIX, note_id))
