"""Finding and making members by external id, thousands at a time, against themselves."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, Field, MemberRef
from regulars.kernel import ids
from regulars.kernel.ids import MemberId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import db as database
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members.conftest import JOINED, WANG

Plain = psycopg.Connection[tuple[object, ...]]


def some(count: int, prefix: str = "m") -> list[Enrolment]:
    return [Enrolment(external_id=f"{prefix}{i}", joined_at=JOINED) for i in range(count)]


def at_once(count: int, act: Callable[[int], None]) -> None:
    """Run ``act`` in so many threads that all start at the same moment; a failure in one is raised here."""
    barrier, failures = threading.Barrier(count), list[BaseException]()

    def run(i: int) -> None:
        try:
            barrier.wait()
            act(i)
        except BaseException as failure:  # noqa: BLE001 - handed on below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_a_new_member_is_its_own_first_subject(db: Database, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [Enrolment(external_id=" m1 ", joined_at=JOINED, source="pos", locale="en_GB", store="S1")])
    assert ref == MemberRef(ref.member_id, SubjectId(ref.member_id), JOINED)
    row = connection.execute("SELECT member_id, external_id, joined_at, source, status, locale, store, version FROM members").fetchall()
    assert row == [(ref.member_id, "m1", JOINED, "pos", "active", "en-GB", "S1", 1)]
    assert connection.execute("SELECT member_id, subject_id FROM subject_members").fetchall() == [(ref.member_id, ref.member_id)]
    assert connection.execute("SELECT subject_id FROM subjects").fetchall() == [(ref.member_id,)]
    claim = connection.execute("SELECT kind, key, subject_id, ref FROM claims").fetchall()
    assert claim == [("member", "m1", ref.member_id, ref.member_id)]
    event = connection.execute("SELECT name, key, payload FROM outbox").fetchall()
    payload = {"member": ids.encode("mbr", ref.member_id), "joined_at": "2026-01-05T09:00:00+00:00", "source": "pos"}
    assert event == [("members.enrolled", ref.member_id, payload)]


def test_the_same_external_id_is_the_same_member_and_nothing_changes(db: Database, connection: Plain) -> None:
    def rows() -> list[object]:
        tables = ("members", "subjects", "subject_members", "claims", "outbox")
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]

    with db.transaction() as ctx:
        first = service.enrol(ctx, some(3))
    before = rows()
    with db.transaction() as ctx:
        again = service.enrol(ctx, [Enrolment(external_id="m1", joined_at=JOINED - timedelta(days=9), source="pos", store="S9")])
    assert again == [first[1]]
    assert rows() == before


def test_answers_come_in_the_order_asked_also_for_doubles(ctx: Ctx) -> None:
    old = service.enrol(ctx, some(2))
    earlier = JOINED - timedelta(days=1)
    asked = [*some(3), Enrolment(external_id="m2 ", joined_at=earlier), *some(1)]
    found = service.enrol(ctx, asked)
    assert found[:2] == old
    assert found[2] == found[3] == MemberRef(found[2].member_id, found[2].subject_id, earlier)
    assert found[4] == old[0]


def test_edge_23_rubbish_ids_are_refused_one_by_one_and_the_rest_goes_in(ctx: Ctx) -> None:
    asked = [Enrolment(external_id=text, joined_at=JOINED) for text in ("m1", "null", "guest", "m2", "0")]
    good, null, guest, other, zero = service.enrol_each(ctx, asked)
    assert isinstance(good, MemberRef)
    assert isinstance(other, MemberRef)
    assert [p.code for p in (null, guest, zero) if isinstance(p, Problem)] == ["input.invalid"] * 3
    assert service.find_by_external(ctx, ["m1", "null", "m2"]) == {"m1": good, "m2": other}


def test_enrol_raises_the_first_refusal(ctx: Ctx) -> None:
    with pytest.raises(Problem) as refused:
        service.enrol(ctx, [*some(1), Enrolment(external_id="guest", joined_at=JOINED), Enrolment(external_id="", joined_at=JOINED)])
    assert refused.value.faults[0].value == "guest"


def test_thousands_take_a_fixed_number_of_statements(db: Database, keyring: Keyring) -> None:
    class Counting(psycopg.Cursor[tuple[object, ...]]):
        said: ClassVar[list[str]] = []

        def execute(self, query: Any, *args: Any, **more: Any) -> Any:
            self.said.append(str(query))
            return super().execute(query, *args, **more)

    counts = []
    for count in (10, 2000):
        asked = [
            Enrolment(external_id=f"{count}-{i}", joined_at=JOINED, name="Ann", phone=f"+86139{count:04d}{i:04d}") for i in range(count)
        ]
        for _ in range(2):
            with db.transaction() as ctx:
                raw = database.driver(ctx.tx)
                raw.cursor_factory = Counting
                service.enrol(ctx, asked, keyring=keyring)
                raw.cursor_factory = psycopg.Cursor
            counts.append(len(Counting.said))
            Counting.said.clear()
    made, found = counts[:2]
    assert counts == [made, found, made, found]
    assert (made, found) == (10, 3)


def test_fifty_at_once_are_one_member(db: Database, connection: Plain) -> None:
    found: list[MemberRef] = []

    def enrol(i: int) -> None:
        with db.transaction() as ctx:
            found.extend(service.enrol(ctx, [Enrolment(external_id="m1", joined_at=JOINED + timedelta(seconds=i))]))

    at_once(50, enrol)
    assert len(found) == 50
    assert len(set(found)) == 1
    counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchall() for table in ("members", "subjects", "claims", "outbox")]
    assert counts == [[(1,)]] * 4


def test_overlapping_batches_in_any_order_agree_and_do_not_deadlock(db: Database, connection: Plain) -> None:
    found: list[dict[str, UUID]] = []

    def enrol(i: int) -> None:
        asked = some(300)[(i * 20) % 200 :]
        asked = asked[::-1] if i % 2 else asked
        with db.transaction() as ctx:
            refs = service.enrol(ctx, asked)
        found.append({e.external_id: ref.member_id for e, ref in zip(asked, refs, strict=True)})

    at_once(10, enrol)
    assert all(found[0].get(key, member) == member for one in found for key, member in one.items())
    assert connection.execute("SELECT count(*), count(DISTINCT external_id) FROM members").fetchall() == [(300, 300)]


def test_look_ups_leave_out_what_is_unknown(ctx: Ctx) -> None:
    (ref,) = service.enrol(ctx, some(1))
    nobody = UUID(int=7)
    assert service.find_by_external(ctx, ["m0", " m0", "m9", "null"]) == {"m0": ref, " m0": ref}
    assert service.refs(ctx, [ref.member_id, MemberId(nobody)]) == {ref.member_id: ref}
    assert service.find_by_subject(ctx, [ref.subject_id, SubjectId(nobody)]) == {ref.subject_id: ref}
    assert service.subjects(ctx, [ref.member_id, MemberId(nobody)]) == {ref.member_id: [ref.subject_id]}
    assert service.find_by_external(ctx, []) == {}


def test_a_subject_without_a_member_can_be_opened_again_and_again(ctx: Ctx) -> None:
    subject = SubjectId(UUID(int=7))
    for _ in range(2):
        service.open_subjects(ctx, [subject, subject])
    assert ctx.tx.execute(sa.text("SELECT subject_id, opened_at FROM subjects")).fetchall() == [(subject, ctx.now)]
    assert service.find_by_subject(ctx, [subject]) == {}


def test_an_edited_map_moves_a_subject_to_another_member(ctx: Ctx) -> None:
    winner, loser = service.enrol(ctx, some(2))
    ctx.tx.execute(sa.text("UPDATE subject_members SET member_id = :w WHERE member_id = :l"), {"w": winner.member_id, "l": loser.member_id})
    assert service.find_by_external(ctx, ["m1"]) == {"m1": MemberRef(winner.member_id, loser.subject_id, JOINED)}
    assert set(service.subjects(ctx, [winner.member_id])[winner.member_id]) == {winner.subject_id, loser.subject_id}


def test_personal_fields_are_stored_sealed_and_nowhere_in_clear(db: Database, keyring: Keyring, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [WANG], keyring=keyring)
        profile = service.get_profile(ctx, ref.member_id, keyring=keyring)
    assert {f.value: v for f, v in profile.fields.items()} == {
        "phone": "138****5678",
        "email": "W****@example.com",
        "name": "王**",
        "birthday": "****-**-**",
    }
    tables = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'").fetchall()
    everything = " ".join(str(connection.execute(f"SELECT t.*::text FROM {table} t").fetchall()) for (table,) in tables)
    for secret in ("13812345678", "12345678", "Wang.Fang", "wang.fang", "王小芳", "小芳", "1990-05-17", "05-17"):
        assert secret not in everything


def test_personal_fields_need_a_keyring(ctx: Ctx) -> None:
    with pytest.raises(ValueError, match="personal fields can only be kept with a keyring"):
        service.enrol(ctx, [WANG])


def test_a_known_member_gets_only_what_it_lacked(ctx: Ctx, keyring: Keyring) -> None:
    (ref,) = service.enrol(ctx, [Enrolment(external_id="w1", joined_at=JOINED, name="Ann")], keyring=keyring)
    for version in (2, 2):
        assert service.enrol(ctx, [WANG], keyring=keyring) == [ref]
        profile = service.get_profile(ctx, ref.member_id, keyring=keyring)
        assert (profile.member.version, profile.fields[Field.name], profile.fields[Field.phone]) == (version, "A****", "138****5678")


def test_who_gives_anothers_phone_is_kept_and_marked_as_a_possible_duplicate(ctx: Ctx, keyring: Keyring) -> None:
    asked = [
        Enrolment(external_id=f"m{i}", joined_at=JOINED, phone="13812345678", email=email)
        for i, email in enumerate(["ann@example.com", "ANN@example.com", "bob@example.com"])
    ]
    first, second, third = (ref.member_id for ref in service.enrol(ctx, asked, keyring=keyring))
    again = service.enrol(ctx, [*asked, Enrolment(external_id="m9", joined_at=JOINED, email="bob@example.com")], keyring=keyring)
    pairs = [(d.member_id, d.other_id, d.field.value) for d in service.duplicates(ctx, [first, third])]
    expected = [(second, first, "phone"), (second, first, "email"), (third, first, "phone"), (again[3].member_id, third, "email")]
    assert sorted(pairs) == sorted(expected)
    assert len(service.list_members(ctx, service.Criteria(phone="13812345678"), keyring=keyring)) == 3


def test_of_many_who_give_one_phone_at_once_one_holds_it(db: Database, keyring: Keyring, connection: Plain) -> None:
    def enrol(i: int) -> None:
        with db.transaction() as ctx:
            service.enrol(ctx, [Enrolment(external_id=f"m{i}", joined_at=JOINED, phone="13812345678")], keyring=keyring)

    at_once(12, enrol)
    holders = connection.execute("SELECT ref FROM claims WHERE kind = 'phone'").fetchall()
    pairs = connection.execute("SELECT member_id, other_id FROM member_duplicates").fetchall()
    assert len(holders) == 1
    assert len(pairs) == len({member for member, _ in pairs}) == 11
    assert {other for _, other in pairs} == {holders[0][0]}


def test_a_rotated_blind_index_key_still_finds_who_holds_a_value(ctx: Ctx, keyring: Keyring) -> None:
    first, second = (
        Enrolment(external_id="m1", joined_at=JOINED, phone="13812345678"),
        Enrolment(external_id="m2", joined_at=JOINED, phone="13812345678"),
    )
    (holder,) = service.enrol(ctx, [first], keyring=keyring)
    keyring.rotate_blind()
    (other,) = service.enrol(ctx, [second], keyring=keyring)
    assert [(d.member_id, d.other_id) for d in service.duplicates(ctx, [holder.member_id])] == [(other.member_id, holder.member_id)]
    assert len(service.list_members(ctx, service.Criteria(phone="13812345678"), keyring=keyring)) == 2


def test_fields_under_two_ids_of_one_member_are_all_kept(ctx: Ctx, keyring: Keyring) -> None:
    winner, loser = service.enrol(ctx, some(2))
    ctx.tx.execute(sa.text("UPDATE subject_members SET member_id = :w WHERE member_id = :l"), {"w": winner.member_id, "l": loser.member_id})
    asked = [
        Enrolment(external_id="m0", joined_at=JOINED, name="Ann"),
        Enrolment(external_id="m1", joined_at=JOINED, name="Bob", phone="13812345678"),
    ]
    service.enrol(ctx, asked, keyring=keyring)
    fields = service.get_profile(ctx, winner.member_id, keyring=keyring).fields
    assert sorted(fields) == [Field.name, Field.phone]
