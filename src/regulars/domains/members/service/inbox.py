"""The development inbox: messages sealed like any personal field, for as long as their code is valid."""

import json

from regulars.domains.members.model import CodeMessage, Contact, Field, Purpose
from regulars.domains.members.service import personal
from regulars.domains.members.store import codes as store
from regulars.domains.members.store import people
from regulars.kernel.ids import MemberId
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

_PLACE = "inbox"
_SHOWN = 50


def keep(ctx: Ctx, message: CodeMessage, *, keyring: Keyring) -> None:
    """The message can be read in the inbox until its code expires; it is dropped when the member is gone by now."""
    member = message.member_id
    if not people.lock_active(ctx.tx, member):
        return
    text = json.dumps([message.contact.field.value, message.contact.value, message.purpose.value, message.code, message.language])
    sealed = keyring.seal(personal.data_keys(ctx, [member], keyring)[member], text, aad=personal.aad(member, _PLACE))
    store.keep_message(ctx.tx, member, newid.uuid7(), sealed=sealed, sent_at=message.sent_at, expires_at=message.expires_at)


def messages(ctx: Ctx, *, keyring: Keyring) -> list[CodeMessage]:
    """The newest messages whose codes are still valid, newest first."""
    rows = store.messages(ctx.tx, now=ctx.now, limit=_SHOWN)
    keys = personal.stored_keys(ctx, {MemberId(row[0]) for row in rows})
    out = []
    for member_id, _, sealed, sent_at, expires_at in rows:
        member = MemberId(member_id)
        field, contact, purpose, code, language = json.loads(keyring.open(keys[member], bytes(sealed), aad=personal.aad(member, _PLACE)))
        out.append(
            CodeMessage(
                member_id=member,
                contact=Contact(Field(field), contact),
                purpose=Purpose(purpose),
                code=code,
                language=language,
                sent_at=sent_at,
                expires_at=expires_at,
            )
        )
    return out
