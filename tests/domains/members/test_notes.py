"""Notes that staff keep about a member."""

import psycopg
import pytest

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members.conftest import JOINED

Plain = psycopg.Connection[tuple[object, ...]]


def test_notes_come_newest_first_page_by_page(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    written = [service.add_note(ctx, wang.member_id, f" note {i} ", keyring=keyring) for i in range(5)]
    first = service.list_notes(ctx, wang.member_id, keyring=keyring, limit=3)
    rest = service.list_notes(ctx, wang.member_id, keyring=keyring, before=first[-1].note_id, limit=3)
    assert first + rest == written[::-1]
    assert [note.text for note in rest] == ["note 1", "note 0"]


def test_a_note_names_its_author_and_is_sealed(db: Database, keyring: Keyring, connection: Plain) -> None:
    agent = Actor(kind="operator", id="opr_7", permissions=frozenset({"members.write"}))
    with db.transaction(agent) as ctx:
        (ref,) = service.enrol(ctx, [Enrolment(external_id="m", joined_at=JOINED)])
        note = service.add_note(ctx, ref.member_id, "Likes jasmine tea", keyring=keyring)
        assert service.list_notes(ctx, ref.member_id, keyring=keyring) == [note]
    assert (note.author, note.at) == ("opr_7", db.clock.now())
    assert "jasmine" not in str(connection.execute("SELECT encode(sealed, 'escape') FROM member_notes").fetchall())


def test_a_member_without_notes_has_none(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    assert service.list_notes(ctx, wang.member_id, keyring=keyring) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "a\x00b"])
def test_an_unusable_note_is_refused(ctx: Ctx, wang: MemberRef, keyring: Keyring, text: str) -> None:
    with pytest.raises(Problem) as refused:
        service.add_note(ctx, wang.member_id, text, keyring=keyring)
    assert (refused.value.faults[0].field, refused.value.faults[0].expected) == ("text", "a text of 1 to 4000 characters")


def test_writing_needs_its_permission(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    reader = Ctx(tx=ctx.tx, now=ctx.now, actor=Actor(kind="operator", id="opr_1", permissions=frozenset({"members.read"})))
    with pytest.raises(Problem) as refused:
        service.add_note(reader, wang.member_id, "x", keyring=keyring)
    assert refused.value.fields == {"permission": "members.write"}
