"""Sealed personal fields, their blind indexes, and the claims that say which member holds a phone number or an e-mail address."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from regulars.domains.members.model import Duplicate, Field
from regulars.kernel.ids import MemberId
from regulars.platform import db
from regulars.platform.claims import Key

Blind = tuple[MemberId, str, str]
SealedField = tuple[MemberId, Field, bytes]


def data_keys(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, bytes]:
    """The wrapped data key of each member that has one."""
    rows = db.rows_of(tx, "SELECT member_id, wrapped FROM member_keys WHERE member_id = ANY(%(ids)s::uuid[])", ids=list(member_ids))
    return {MemberId(row[0]): bytes(row[1]) for row in rows}


def insert_data_keys(tx: Connection, wrapped: Mapping[MemberId, bytes]) -> None:
    """Give each of these members its data key. They must have none: two keys would leave fields that nobody can open."""
    db.rows_of(
        tx,
        "INSERT INTO member_keys (member_id, wrapped) SELECT * FROM unnest(%(ids)s::uuid[], %(keys)s::bytea[])",
        ids=list(wrapped),
        keys=list(wrapped.values()),
    )


def insert_fields(tx: Connection, rows: Sequence[SealedField], at: datetime) -> set[tuple[MemberId, Field]]:
    """Write fields that the members do not have yet; return those written."""
    written = db.rows_of(
        tx,
        """INSERT INTO member_fields (member_id, field, sealed, changed_at)
           SELECT w.*, %(at)s FROM unnest(%(ids)s::uuid[], %(fields)s::text[], %(values)s::bytea[]) AS w
           ON CONFLICT DO NOTHING RETURNING member_id, field""",
        ids=[row[0] for row in rows],
        fields=[row[1].value for row in rows],
        values=[row[2] for row in rows],
        at=at,
    )
    return {(MemberId(row[0]), Field(row[1])) for row in written}


def fields(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, dict[Field, bytes]]:
    """The sealed fields of each member that has any."""
    rows = db.rows_of(tx, "SELECT member_id, field, sealed FROM member_fields WHERE member_id = ANY(%(ids)s::uuid[])", ids=list(member_ids))
    out: dict[MemberId, dict[Field, bytes]] = {}
    for member_id, field, sealed in rows:
        out.setdefault(MemberId(member_id), {})[Field(field)] = bytes(sealed)
    return out


def delete_fields(tx: Connection, member_id: MemberId, gone: Iterable[Field]) -> None:
    """Remove these fields of one member."""
    db.rows_of(
        tx,
        "DELETE FROM member_fields WHERE member_id = %(id)s AND field = ANY(%(fields)s::text[])",
        id=member_id,
        fields=[field.value for field in gone],
    )


def insert_blinds(tx: Connection, blinds: Sequence[Blind]) -> None:
    """Let these members be found under these tokens."""
    db.rows_of(
        tx,
        """INSERT INTO member_blinds (member_id, kind, token)
           SELECT * FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(tokens)s::text[]) ON CONFLICT DO NOTHING""",
        ids=[blind[0] for blind in blinds],
        kinds=[blind[1] for blind in blinds],
        tokens=[blind[2] for blind in blinds],
    )


def delete_blinds(tx: Connection, member_id: MemberId, kinds: Iterable[str]) -> list[Key]:
    """Remove the tokens of these kinds of one member; return them."""
    rows = db.rows_of(
        tx,
        "DELETE FROM member_blinds WHERE member_id = %(id)s AND kind = ANY(%(kinds)s::text[]) RETURNING kind, token",
        id=member_id,
        kinds=list(kinds),
    )
    return [(row[0], row[1]) for row in rows]


def found_under(tx: Connection, tokens: Iterable[Key]) -> dict[Key, list[MemberId]]:
    """The members found under each token, in the order of their ids."""
    wanted = list(tokens)
    rows = db.rows_of(
        tx,
        """SELECT b.kind, b.token, b.member_id
             FROM member_blinds b JOIN unnest(%(kinds)s::text[], %(tokens)s::text[]) AS w(kind, token) USING (kind, token)
            ORDER BY b.member_id""",
        kinds=[kind for kind, _ in wanted],
        tokens=[token for _, token in wanted],
    )
    out: dict[Key, list[MemberId]] = {}
    for kind, token, member_id in rows:
        out.setdefault((kind, token), []).append(MemberId(member_id))
    return out


def lock_claims(tx: Connection, keys: Iterable[Key]) -> dict[Key, MemberId]:
    """Which member holds each of these claims, locked until the commit; a claim given back meanwhile is missing."""
    wanted = sorted(keys)
    # An update and not SELECT … FOR UPDATE, which Citus refuses over several shards.
    rows = db.rows_of(
        tx,
        """UPDATE claims c SET ref = c.ref FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS w(kind, key)
            WHERE c.kind = w.kind AND c.key = w.key RETURNING c.kind, c.key, c.ref""",
        kinds=[kind for kind, _ in wanted],
        keys=[key for _, key in wanted],
    )
    return {(row[0], row[1]): MemberId(row[2]) for row in rows}


def hand_over_claims(tx: Connection, heirs: Mapping[Key, MemberId]) -> None:
    """Each claim is held by its heir from now on."""
    db.rows_of(
        tx,
        """UPDATE claims c SET ref = w.heir, subject_id = w.heir
             FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(heirs)s::uuid[]) AS w(kind, key, heir)
            WHERE c.kind = w.kind AND c.key = w.key""",
        kinds=[kind for kind, _ in heirs],
        keys=[key for _, key in heirs],
        heirs=list(heirs.values()),
    )


def delete_claims(tx: Connection, keys: Iterable[Key]) -> None:
    """Give these claims back: anybody may take them again."""
    gone = list(keys)
    db.rows_of(
        tx,
        "DELETE FROM claims c USING unnest(%(kinds)s::text[], %(keys)s::text[]) AS w(kind, key) WHERE c.kind = w.kind AND c.key = w.key",
        kinds=[kind for kind, _ in gone],
        keys=[key for _, key in gone],
    )


def insert_duplicates(tx: Connection, found: Sequence[Duplicate]) -> None:
    """Remember pairs of members that may be one person; a known pair stays as it is."""
    db.rows_of(
        tx,
        """INSERT INTO member_duplicates (member_id, other_id, field, found_at)
           SELECT * FROM unnest(%(ids)s::uuid[], %(others)s::uuid[], %(fields)s::text[], %(ats)s::timestamptz[])
           ON CONFLICT DO NOTHING""",
        ids=[pair.member_id for pair in found],
        others=[pair.other_id for pair in found],
        fields=[pair.field.value for pair in found],
        ats=[pair.found_at for pair in found],
    )


def duplicates(tx: Connection, member_ids: Iterable[MemberId]) -> list[Duplicate]:
    """The pairs in which one of these members is, whichever side it is on; oldest first."""
    rows = db.rows_of(
        tx,
        """SELECT member_id, other_id, field, found_at FROM member_duplicates
            WHERE member_id = ANY(%(ids)s::uuid[]) OR other_id = ANY(%(ids)s::uuid[])
            ORDER BY found_at, member_id, other_id, field""",
        ids=list(member_ids),
    )
    return [Duplicate(MemberId(row[0]), MemberId(row[1]), Field(row[2]), row[3]) for row in rows]


def delete_duplicates(tx: Connection, member_id: MemberId, gone: Iterable[Field]) -> None:
    """Forget the pairs of one member that were found through these fields, whichever side it is on."""
    db.rows_of(
        tx,
        "DELETE FROM member_duplicates WHERE (member_id = %(id)s OR other_id = %(id)s) AND field = ANY(%(fields)s::text[])",
        id=member_id,
        fields=[field.value for field in gone],
    )


def delete_personal(tx: Connection, member_id: MemberId) -> None:
    """No key, field, note or token of this member is left; sealed copies made elsewhere can't be opened without the key."""
    for table in ("member_keys", "member_fields", "member_notes", "member_blinds", "member_inbox"):
        db.rows_of(tx, f"DELETE FROM {table} WHERE member_id = %(id)s", id=member_id)
