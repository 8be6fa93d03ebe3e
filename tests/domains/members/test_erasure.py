"""Forgetting one member in this slice; what the whole house forgets is tested in privacy."""

import threading
from uuid import UUID

import psycopg
import pytest

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, MemberRef, Status
from regulars.domains.members.service import Said
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members.conftest import JOINED, WANG

Plain = psycopg.Connection[tuple[object, ...]]
PERSONAL = ("member_keys", "member_fields", "member_notes", "member_blinds", "member_duplicates", "subject_members")


def test_edge_25_nothing_personal_is_left(db: Database, keyring: Keyring, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [WANG], keyring=keyring)
        service.add_note(ctx, ref.member_id, "Likes tea", keyring=keyring)
        said = Said(member_id=ref.member_id, purpose="marketing", channel="sms", granted=True, source="till", policy_version="1")
        service.record(ctx, [said])
    with db.transaction() as ctx:
        assert service.forget(ctx, ref.member_id) is True
    assert [connection.execute(f"SELECT count(*) FROM {table}").fetchall() for table in PERSONAL] == [[(0,)]] * len(PERSONAL)
    row = connection.execute("SELECT external_id, status, locale, store, joined_at FROM members").fetchall()
    assert row == [(None, "erased", "", "", JOINED)]
    claim = connection.execute("SELECT kind, key, body_hash, subject_id, ref, answer FROM claims").fetchall()
    assert claim == [("member", "w1", b"", None, None, None)]
    event = connection.execute("SELECT key, payload FROM outbox WHERE name = 'members.erased'").fetchall()
    assert event == [(ref.member_id, {"member": ids.encode("mbr", ref.member_id)})]
    with db.transaction() as ctx:
        assert service.allowed(ctx, [ref.member_id], purpose="marketing", channel="sms") == set()
        profile = service.get_profile(ctx, ref.member_id, keyring=keyring)
        assert (profile.fields, profile.member.status) == ({}, Status.erased)


def test_edge_25_an_erased_id_is_never_enrolled_again(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    service.forget(ctx, wang.member_id)
    assert service.find_by_external(ctx, ["w1"]) == {}
    refused, fine = service.enrol_each(ctx, [WANG, Enrolment(external_id="w2", joined_at=JOINED)], keyring=keyring)
    assert isinstance(refused, Problem)
    assert (refused.code, refused.fields) == ("members.erased", {"external_id": "w1"})
    assert isinstance(fine, MemberRef)
    with pytest.raises(Problem) as again:
        service.register(ctx, WANG, keyring=keyring)
    assert again.value.code == "members.erased"
    with pytest.raises(Problem) as gone:
        service.get_ref(ctx, "external:w1")
    assert gone.value.code == "not_found"


def test_edge_25_the_ledger_still_finds_its_member(ctx: Ctx, wang: MemberRef) -> None:
    service.forget(ctx, wang.member_id)
    assert service.refs(ctx, [wang.member_id]) == {wang.member_id: wang}
    assert service.find_by_subject(ctx, [wang.subject_id]) == {}


def test_the_phone_of_an_erased_member_goes_to_the_next_or_is_free(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    (heir,) = service.enrol(ctx, [Enrolment(external_id="h", joined_at=JOINED, phone=WANG.phone)], keyring=keyring)
    service.forget(ctx, wang.member_id)
    with pytest.raises(Problem) as refused:
        service.register(ctx, Enrolment(external_id="n1", joined_at=None, phone=WANG.phone), keyring=keyring)
    assert refused.value.fields["member"] == ids.encode("mbr", heir.member_id)
    assert service.register(ctx, Enrolment(external_id="n2", joined_at=None, email=WANG.email), keyring=keyring).created


def test_forgetting_twice_is_forgetting_once(ctx: Ctx, wang: MemberRef) -> None:
    assert service.forget(ctx, wang.member_id) is True
    records = service.history(ctx, [wang.member_id])
    assert service.forget(ctx, wang.member_id) is False
    assert service.history(ctx, [wang.member_id]) == records
    assert [(r.purpose, r.channel, r.granted, r.source) for r in records[wang.member_id]] == [("*", "*", False, "erasure")]


def test_an_unknown_member_cannot_be_forgotten(ctx: Ctx) -> None:
    with pytest.raises(Problem) as refused:
        service.forget(ctx, MemberId(UUID(int=7)))
    assert refused.value.code == "not_found"


def test_another_member_is_left_as_it_was(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    (other,) = service.enrol(ctx, [Enrolment(external_id="o", joined_at=JOINED, phone="13900001111", name="王小芳")], keyring=keyring)
    before = service.known(ctx, other.member_id, keyring=keyring)
    service.forget(ctx, wang.member_id)
    assert service.known(ctx, other.member_id, keyring=keyring) == before
    assert [m.member_id for m in service.list_members(ctx, service.Criteria(name="王小芳"), keyring=keyring)] == [other.member_id]


def test_a_field_that_arrives_while_its_member_is_being_erased_is_not_written(db: Database, keyring: Keyring, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [Enrolment(external_id="w1", joined_at=JOINED)])
    arrived = threading.Event()

    def arrive() -> None:
        with db.transaction() as late:
            arrived.set()
            service.enrol(late, [WANG], keyring=keyring)

    thread = threading.Thread(target=arrive)
    with db.transaction() as ctx:
        service.forget(ctx, ref.member_id)
        thread.start()
        arrived.wait()
        # The other transaction finds the claim and the map as they were, then waits for the member's row.
        _until_waiting(connection)
    thread.join()
    assert [connection.execute(f"SELECT count(*) FROM {table}").fetchall() for table in PERSONAL] == [[(0,)]] * len(PERSONAL)


def _until_waiting(connection: Plain) -> None:
    for _ in range(500):
        waiting = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchall()
        if waiting != [(0,)]:
            return
        connection.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")
