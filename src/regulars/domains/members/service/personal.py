"""Writing and reading sealed personal fields, and who holds a phone number or an e-mail address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regulars.domains.members.model import FIELD_ZH, PREFIX, TAKEN, UNIQUE, Duplicate, Field
from regulars.domains.members.rules import enrolment
from regulars.domains.members.rules.enrolment import Personal
from regulars.domains.members.store import personal as store
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform import claims, crypto
from regulars.platform.claims import Claim, Key
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

BLIND_KINDS = {
    Field.phone: ("phone", "last4"),
    Field.email: ("email",),
    Field.name: ("name",),
    Field.birthday: ("birthday",),
}
_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of which only one member may be the holder: its claim, and its tokens under older blind-index keys."""

    member_id: MemberId
    field: Field
    key: Key
    older: tuple[Key, ...]


def aad(member_id: MemberId, place: str) -> bytes:
    """What ties a sealed value to its place, so that no row's value can be moved into another row."""
    return b"member:" + member_id.bytes + b":" + place.encode()


def data_keys(ctx: Ctx, member_ids: Iterable[MemberId], keyring: Keyring) -> dict[MemberId, bytes]:
    """The wrapped data key of each member, made where there was none. The caller made the members or has locked their rows."""
    wanted = list(member_ids)
    found = store.data_keys(ctx.tx, wanted)
    made = {member: keyring.new_data_key() for member in wanted if member not in found}
    if made:
        store.insert_data_keys(ctx.tx, made)
    return found | made


def fill(ctx: Ctx, wanted: Mapping[MemberId, Personal], *, keyring: Keyring) -> list[Duplicate]:
    """The members have those of the given fields that they had not; the caller made them or has locked their rows.

    A phone or an e-mail address that another member holds is stored all the same; the pair is remembered and returned.
    """
    wanted = {member: fields for member, fields in wanted.items() if fields}
    if not wanted:
        return []
    keys = data_keys(ctx, wanted, keyring)
    sealed = [
        (member, field, keyring.seal(keys[member], value, aad=aad(member, field.value)))
        for member, fields in wanted.items()
        for field, value in fields.items()
    ]
    written = store.insert_fields(ctx.tx, sealed, ctx.now)
    kept = {member: {f: v for f, v in fields.items() if (member, f) in written} for member, fields in wanted.items()}
    blinds = [(member, kind, keyring.blind(kind, text)) for member, fields in kept.items() for kind, text in enrolment.blinds(fields)]
    store.insert_blinds(ctx.tx, blinds)
    found = _hold(ctx, [value for member, fields in kept.items() for value in _unique_values(member, fields, keyring)])
    if found:
        store.insert_duplicates(ctx.tx, found)
    return found


def clear(ctx: Ctx, member_id: MemberId, fields: Iterable[Field], *, keep: frozenset[Key] = frozenset()) -> None:
    """The member has these fields no longer, is not found under them, and holds of their values only those in ``keep``.

    The next member who gave the same phone or e-mail address becomes its holder. The caller has locked the member's row.
    """
    gone = list(fields)
    store.delete_fields(ctx.tx, member_id, gone)
    tokens = store.delete_blinds(ctx.tx, member_id, [kind for field in gone for kind in BLIND_KINDS[field]])
    let_go(ctx, member_id, set(tokens) - keep)
    store.delete_duplicates(ctx.tx, member_id, gone)


def let_go(ctx: Ctx, member_id: MemberId, tokens: Iterable[Key]) -> None:
    """The member holds none of these values any more: each goes to the next member who gave it, or becomes free."""
    unique = [token for token in tokens if token[0] in {field.value for field in UNIQUE}]
    # Locked before the look for heirs: somebody who is just finding the value taken has then either committed, and is seen, or
    # waits for us and tries to take it again.
    held = [key for key, holder in store.lock_claims(ctx.tx, unique).items() if holder == member_id]
    others = store.found_under(ctx.tx, held)
    heirs = {key: next(m for m in members if m != member_id) for key, members in others.items() if set(members) - {member_id}}
    store.hand_over_claims(ctx.tx, heirs)
    store.delete_claims(ctx.tx, [key for key in held if key not in heirs])


def keys_of(member_id: MemberId, fields: Personal, keyring: Keyring) -> frozenset[Key]:
    """The claims that a member with these fields would hold."""
    return frozenset(value.key for value in _unique_values(member_id, fields, keyring))


def opened(ctx: Ctx, member_ids: Iterable[MemberId], keyring: Keyring) -> dict[MemberId, Personal]:
    """The personal fields of these members in full. Whoever calls decides what of it may be shown. Raises ``keys.not_opened``."""
    sealed = store.fields(ctx.tx, member_ids)
    keys = stored_keys(ctx, sealed)
    return {
        member: {f: keyring.open(keys[member], fields[f], aad=aad(member, f.value)) for f in Field if f in fields}
        for member, fields in sealed.items()
    }


def stored_keys(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, bytes]:
    """The wrapped data key of each member. Raises ``keys.not_opened`` when one has none: what it sealed is closed for good."""
    wanted = set(member_ids)
    found = store.data_keys(ctx.tx, wanted)
    if found.keys() != wanted:
        raise crypto.NOT_OPENED()
    return found


def taken(pair: Duplicate) -> Problem:
    """The refusal for those who must not give a value that another member holds."""
    return TAKEN(member=ids.encode(PREFIX, pair.other_id), field=pair.field.value, field_zh=FIELD_ZH[pair.field])


def _unique_values(member_id: MemberId, fields: Personal, keyring: Keyring) -> list[_Value]:
    out = []
    for field in UNIQUE:
        for kind, text in enrolment.blinds({field: fields[field]} if field in fields else {}):
            if kind == field.value:
                newest, *older = keyring.blinds(kind, text)
                out.append(_Value(member_id, field, (kind, newest), tuple((kind, token) for token in older)))
    return out


def _hold(ctx: Ctx, values: list[_Value]) -> list[Duplicate]:
    """Each value has one holder; the pairs (member, holder) of those that another member holds are returned."""
    holders: dict[Key, MemberId] = {}
    for value in values:
        holders.setdefault(value.key, value.member_id)
    older = {key: claim.ref for key, claim in claims.find(ctx.tx, [key for value in values for key in value.older]).items()}
    first = {value.key: older[key] for value in values for key in value.older if key in older}
    holders |= {key: MemberId(ref) for key, ref in first.items() if ref is not None}
    wanted = [key for key in holders if key not in first]
    for _ in range(_TRIES):
        lost = claims.take(ctx.tx, [Claim(*key, subject_id=holders[key], ref=holders[key]) for key in wanted])
        held = store.lock_claims(ctx.tx, lost) if lost else {}
        holders |= held
        # Given back by its holder while we waited for the lock: free to take again.
        wanted = [key for key in lost if key not in held]
        if not wanted:
            pairs = [(value, holders[value.key]) for value in values]
            return [Duplicate(v.member_id, holder, v.field, ctx.now) for v, holder in pairs if holder != v.member_id]
    raise problem.UNAVAILABLE()
