"""Registering one member by name."""

from dataclasses import replace

import psycopg
import pytest

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, Field
from regulars.kernel import ids
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members.conftest import WANG
from tests.domains.members.test_enrolment import at_once

Plain = psycopg.Connection[tuple[object, ...]]
WALK_IN = Enrolment(external_id="", joined_at=None, phone="13812345678", name="王芳")


def test_the_same_body_again_is_the_same_member(ctx: Ctx, keyring: Keyring) -> None:
    first = service.register(ctx, WANG, keyring=keyring)
    again = service.register(ctx, replace(WANG, phone="+86 138-1234-5678", name=" 王小芳 "), keyring=keyring)
    assert (first.created, again.created) == (True, False)
    assert again.ref == first.ref


@pytest.mark.parametrize("other", [replace(WANG, phone=None), replace(WANG, name="Ann"), replace(WANG, joined_at=None)])
def test_another_body_under_the_same_id_is_a_conflict(ctx: Ctx, keyring: Keyring, other: Enrolment) -> None:
    ref = service.register(ctx, WANG, keyring=keyring).ref
    with pytest.raises(Problem) as refused:
        service.register(ctx, other, keyring=keyring)
    assert refused.value.code == "members.conflict"
    assert refused.value.fields == {"external_id": "w1", "member": ids.encode("mbr", ref.member_id)}


def test_a_member_that_an_order_enrolled_is_not_registered_over(ctx: Ctx, keyring: Keyring) -> None:
    service.enrol(ctx, [Enrolment(external_id="w1", joined_at=None)])
    with pytest.raises(Problem) as refused:
        service.register(ctx, WANG, keyring=keyring)
    assert refused.value.code == "members.conflict"


def test_without_an_own_id_the_member_is_known_by_its_wire_id(ctx: Ctx, keyring: Keyring) -> None:
    ref = service.register(ctx, WALK_IN, keyring=keyring).ref
    wire = ids.encode("mbr", ref.member_id)
    assert service.get_member(ctx, ref.member_id).external_id == wire
    assert service.get_ref(ctx, wire) == service.get_ref(ctx, f"external:{wire}") == ref
    assert ref.joined_at == ctx.now


@pytest.mark.parametrize("asked", [replace(WALK_IN, phone=None), replace(WALK_IN, phone=" ")])
def test_without_an_own_id_a_phone_or_an_email_is_needed(ctx: Ctx, keyring: Keyring, asked: Enrolment) -> None:
    with pytest.raises(Problem) as refused:
        service.register(ctx, asked, keyring=keyring)
    (fault,) = refused.value.faults
    assert (fault.field, fault.expected) == ("external_id", "your own id of the member, or a phone or an e-mail address")
    assert service.register(ctx, replace(asked, email="ann@example.com"), keyring=keyring).created


@pytest.mark.parametrize(("field", "asked"), [("phone", "+8613812345678"), ("email", "wang.fang@example.com")])
def test_a_value_that_another_member_holds_is_refused(db: Database, keyring: Keyring, connection: Plain, field: str, asked: str) -> None:
    with db.transaction() as ctx:
        ref = service.register(ctx, WANG, keyring=keyring).ref
    with pytest.raises(Problem) as refused, db.transaction() as ctx:
        service.register(ctx, Enrolment(external_id="w2", joined_at=None, **{field: asked}), keyring=keyring)
    assert (refused.value.code, refused.value.fields["field"]) == ("members.taken", field)
    assert refused.value.fields["member"] == ids.encode("mbr", ref.member_id)
    assert connection.execute("SELECT count(*) FROM members").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM claims WHERE key = 'w2'").fetchall() == [(0,)]


def test_an_attempt_is_done_once_and_answered_again(ctx: Ctx, keyring: Keyring) -> None:
    first = service.register(ctx, WALK_IN, keyring=keyring, attempt="till-1")
    again = service.register(ctx, WALK_IN, keyring=keyring, attempt="till-1")
    assert (again.ref, again.created) == (first.ref, False)
    with pytest.raises(Problem) as refused:
        service.register(ctx, replace(WALK_IN, name="Ann"), keyring=keyring, attempt="till-1")
    assert (refused.value.code, refused.value.fields) == ("idempotency.conflict", {"key": "till-1"})


def test_attempts_of_two_callers_have_nothing_to_do_with_each_other(ctx: Ctx, keyring: Keyring) -> None:
    mine = service.register(ctx, WALK_IN, keyring=keyring, attempt="1").ref
    other = Ctx(tx=ctx.tx, now=ctx.now, actor=Actor(kind="api_key", id="key_2", permissions=frozenset({"members.write"})))
    theirs = service.register(other, replace(WALK_IN, phone="13912345678"), keyring=keyring, attempt="1")
    assert theirs.created
    assert theirs.ref != mine


def test_everything_wrong_is_named_at_once(ctx: Ctx, keyring: Keyring) -> None:
    with pytest.raises(Problem) as refused:
        service.register(ctx, Enrolment(external_id="guest", joined_at=None, phone="1", birthday="02-30"), keyring=keyring)
    assert [fault.field for fault in refused.value.faults] == ["external_id", "phone", "birthday"]


def test_registering_needs_its_permission(db: Database, keyring: Keyring, connection: Plain) -> None:
    reader = Actor(kind="operator", id="opr_1", permissions=frozenset({"members.read"}))
    with pytest.raises(Problem) as refused, db.transaction(reader) as ctx:
        service.register(ctx, WANG, keyring=keyring)
    assert (refused.value.code, refused.value.fields) == ("auth.forbidden", {"permission": "members.write"})
    assert connection.execute("SELECT count(*) FROM members").fetchall() == [(0,)]


def test_of_many_registrations_of_one_body_one_makes_the_member(db: Database, keyring: Keyring) -> None:
    made = []

    def register(_: int) -> None:
        with db.transaction() as ctx:
            made.append(service.register(ctx, WANG, keyring=keyring))

    at_once(12, register)
    assert sorted(one.created for one in made) == [False] * 11 + [True]
    assert len({one.ref for one in made}) == 1


def test_of_many_walk_ins_with_one_phone_one_is_registered(db: Database, keyring: Keyring, connection: Plain) -> None:
    refused = []

    def register(_: int) -> None:
        try:
            with db.transaction() as ctx:
                service.register(ctx, WALK_IN, keyring=keyring)
        except Problem as taken:
            refused.append(taken.code)

    at_once(12, register)
    assert refused == ["members.taken"] * 11
    assert connection.execute("SELECT count(*) FROM members").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM member_duplicates").fetchall() == [(0,)]


def test_a_birthday_of_today_can_be_registered(ctx: Ctx, keyring: Keyring) -> None:
    ref = service.register(ctx, replace(WALK_IN, birthday="2026-03-01"), keyring=keyring).ref
    assert service.reveal(ctx, ref.member_id, reason="test", keyring=keyring).fields[Field.birthday] == "2026-03-01"
