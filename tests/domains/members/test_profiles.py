"""Reading members with their personal fields, changing them, closing their accounts."""

from uuid import UUID

import psycopg
import pytest

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, Field, MemberRef, Status
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members.conftest import JOINED, WANG
from tests.domains.members.test_enrolment import at_once

Plain = psycopg.Connection[tuple[object, ...]]
NOBODY = MemberId(UUID(int=7))
MASKED = {Field.phone: "138****5678", Field.email: "W****@example.com", Field.name: "王**", Field.birthday: "****-**-**"}
FULL = {Field.phone: "+8613812345678", Field.email: "Wang.Fang@example.com", Field.name: "王小芳", Field.birthday: "1990-05-17"}


def revealed(ctx: Ctx, member_id: MemberId, keyring: Keyring) -> dict[Field, str]:
    return service.reveal(ctx, member_id, reason="test", keyring=keyring).fields


def holders(ctx: Ctx, keyring: Keyring, **criteria: str) -> list[MemberId]:
    return [m.member_id for m in service.list_members(ctx, service.Criteria(**criteria), keyring=keyring)]  # type: ignore[arg-type]  # texts by name


def test_a_profile_is_masked(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    profile = service.get_profile(ctx, wang.member_id, keyring=keyring)
    assert (profile.fields, profile.revealed, profile.member.version) == (MASKED, False, 1)


def test_profiles_come_in_the_order_asked(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    (plain,) = service.enrol(ctx, [Enrolment(external_id="p", joined_at=JOINED)])
    members = [service.get_member(ctx, m) for m in (plain.member_id, wang.member_id)]
    assert [p.fields for p in service.profiles(ctx, members, keyring=keyring)] == [{}, MASKED]


def test_a_reveal_shows_all_and_leaves_its_trace(db: Database, keyring: Keyring, connection: Plain) -> None:
    agent = Actor(kind="operator", id="opr_7", permissions=frozenset({"members.reveal"}))
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [WANG], keyring=keyring)
    with db.transaction(agent) as ctx:
        profile = service.reveal(ctx, ref.member_id, reason=" Parcel came back ", keyring=keyring)
    assert (profile.fields, profile.revealed) == (FULL, True)
    trace = connection.execute("SELECT actor_id, action, entity, after, reason FROM audit").fetchall()
    fields = {"fields": ["birthday", "email", "name", "phone"]}
    assert trace == [("opr_7", "member.revealed", ids.encode("mbr", ref.member_id), fields, "Parcel came back")]


def test_a_reveal_needs_its_permission_and_a_reason(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    reader = Ctx(tx=ctx.tx, now=ctx.now, actor=Actor(kind="operator", id="opr_1", permissions=frozenset({"members.read"})))
    with pytest.raises(Problem) as refused:
        service.reveal(reader, wang.member_id, reason="curious", keyring=keyring)
    assert refused.value.fields == {"permission": "members.reveal"}
    with pytest.raises(Problem) as refused:
        service.reveal(ctx, wang.member_id, reason="  ", keyring=keyring)
    assert refused.value.faults[0].field == "reason"


def test_only_what_is_named_changes(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    changes = {"phone": "139 1234 5678", "name": None, "locale": "en", "birthday": "lunar:04-23"}
    after = service.update(ctx, wang.member_id, changes, expected_version=1, keyring=keyring)
    assert (after.version, after.locale, after.store) == (2, "en", "SH-001")
    kept = {Field.phone: "+8613912345678", Field.email: FULL[Field.email], Field.birthday: "lunar:04-23"}
    assert revealed(ctx, wang.member_id, keyring) == kept
    assert holders(ctx, keyring, phone="13912345678") == holders(ctx, keyring, last_four="5678") == [wang.member_id]
    assert holders(ctx, keyring, phone="13812345678") == holders(ctx, keyring, name="王小芳") == []
    assert holders(ctx, keyring, birthday="lunar:04-23") == [wang.member_id]


def test_changes_are_announced_without_their_content(db: Database, keyring: Keyring, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [WANG], keyring=keyring)
        service.update(ctx, ref.member_id, {"email": "new@example.com", "store": "S2"}, expected_version=1, keyring=keyring)
    wire = ids.encode("mbr", ref.member_id)
    event = connection.execute("SELECT payload FROM outbox WHERE name = 'members.changed'").fetchall()
    assert event == [({"member": wire, "version": 2, "fields": ["email", "store"]},)]
    audited = connection.execute("SELECT action, entity, after FROM audit").fetchall()
    assert audited == [("member.changed", wire, {"fields": ["email", "store"], "version": 2})]


def test_a_value_can_be_given_again(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    same = {"phone": WANG.phone, "email": WANG.email}
    assert service.update(ctx, wang.member_id, same, expected_version=1, keyring=keyring).version == 2
    assert revealed(ctx, wang.member_id, keyring) == FULL
    with pytest.raises(Problem) as refused:
        service.register(ctx, Enrolment(external_id="w2", joined_at=None, phone=WANG.phone), keyring=keyring)
    assert refused.value.code == "members.taken"


def test_a_value_that_another_member_holds_is_refused(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    (other,) = service.enrol(ctx, [Enrolment(external_id="o", joined_at=JOINED)])
    with pytest.raises(Problem) as refused:
        service.update(ctx, other.member_id, {"phone": WANG.phone}, expected_version=1, keyring=keyring)
    wire = ids.encode("mbr", wang.member_id)
    assert refused.value.fields == {"member": wire, "field": "phone", "field_zh": "手机号"}
    assert refused.value.text("zh") == f"该手机号已属于会员 {wire}，未做任何修改。"


def test_a_value_given_up_is_free_or_goes_to_the_next_who_gave_it(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    (heir,) = service.enrol(ctx, [Enrolment(external_id="h", joined_at=JOINED, phone=WANG.phone)], keyring=keyring)
    service.update(ctx, wang.member_id, {"phone": None, "email": None}, expected_version=1, keyring=keyring)
    assert service.duplicates(ctx, [wang.member_id, heir.member_id]) == []
    service.register(ctx, Enrolment(external_id="n1", joined_at=None, email=WANG.email), keyring=keyring)
    with pytest.raises(Problem) as refused:
        service.register(ctx, Enrolment(external_id="n2", joined_at=None, phone=WANG.phone), keyring=keyring)
    assert refused.value.fields["member"] == ids.encode("mbr", heir.member_id)


def test_an_old_version_changes_nothing(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    service.update(ctx, wang.member_id, {"locale": "en"}, expected_version=1, keyring=keyring)
    with pytest.raises(Problem) as refused:
        service.update(ctx, wang.member_id, {"name": "Ann"}, expected_version=1, keyring=keyring)
    wire = ids.encode("mbr", wang.member_id)
    assert (refused.value.code, refused.value.fields) == ("members.stale", {"member": wire, "version": 2, "expected": 1})
    assert revealed(ctx, wang.member_id, keyring) == FULL


def test_everything_wrong_with_a_change_is_named_at_once(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    changes = {"phone": "12", "email": "x", "locale": "?", "store": "a b"}
    with pytest.raises(Problem) as refused:
        service.update(ctx, wang.member_id, changes, expected_version=1, keyring=keyring)
    assert sorted(fault.field for fault in refused.value.faults) == ["email", "locale", "phone", "store"]
    assert service.get_member(ctx, wang.member_id).version == 1


def test_a_phone_belongs_to_the_region_that_is_said(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    service.update(ctx, wang.member_id, {"phone": "020 7946 0018"}, expected_version=1, keyring=keyring, region="GB")
    assert revealed(ctx, wang.member_id, keyring)[Field.phone] == "+442079460018"


def test_a_closed_account_is_kept_and_changes_no_more(ctx: Ctx, wang: MemberRef, keyring: Keyring) -> None:
    assert service.close(ctx, wang.member_id, expected_version=1).status is Status.closed
    assert service.get_profile(ctx, wang.member_id, keyring=keyring).fields == MASKED
    assert service.find_by_external(ctx, ["w1"]) == {"w1": wang}
    for act in (
        lambda: service.update(ctx, wang.member_id, {"name": "Ann"}, expected_version=2, keyring=keyring),
        lambda: service.close(ctx, wang.member_id, expected_version=2),
        lambda: service.add_note(ctx, wang.member_id, "hello", keyring=keyring),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert (refused.value.code, refused.value.fields["status"]) == ("members.closed", "closed")


def test_an_unknown_member_is_not_found(ctx: Ctx, keyring: Keyring) -> None:
    wire = ids.encode("mbr", NOBODY)
    for act in (
        lambda: service.get_member(ctx, NOBODY),
        lambda: service.get_profile(ctx, NOBODY, keyring=keyring),
        lambda: service.reveal(ctx, NOBODY, reason="x", keyring=keyring),
        lambda: service.update(ctx, NOBODY, {"name": "Ann"}, expected_version=1, keyring=keyring),
        lambda: service.close(ctx, NOBODY, expected_version=1),
        lambda: service.add_note(ctx, NOBODY, "x", keyring=keyring),
        lambda: service.list_notes(ctx, NOBODY, keyring=keyring),
        lambda: service.get_ref(ctx, wire),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert (refused.value.code, refused.value.fields) == ("not_found", {"what": "member", "key": wire})


@pytest.mark.parametrize("key", ["", "w1", "external", "ord_00000000000000000000000001", "mbr_1"])
def test_a_member_is_named_by_wire_id_or_external_id_and_no_other_way(ctx: Ctx, wang: MemberRef, key: str) -> None:
    with pytest.raises(Problem) as refused:
        service.get_ref(ctx, key)
    assert refused.value.code == "input.invalid"


def test_an_unknown_external_id_is_not_found(ctx: Ctx) -> None:
    with pytest.raises(Problem) as refused:
        service.get_ref(ctx, "external:w9")
    assert refused.value.fields == {"what": "member", "key": "external:w9"}


def test_of_many_changes_to_one_version_one_is_made(db: Database, keyring: Keyring, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [WANG], keyring=keyring)
    made, refused = [], []

    def change(i: int) -> None:
        try:
            with db.transaction() as ctx:
                service.update(ctx, ref.member_id, {"phone": f"139123456{i:02d}"}, expected_version=1, keyring=keyring)
            made.append(f"+86139123456{i:02d}")
        except Problem as stale:
            refused.append(stale.code)

    at_once(10, change)
    assert refused == ["members.stale"] * 9
    with db.transaction() as ctx:
        assert [revealed(ctx, ref.member_id, keyring)[Field.phone]] == made
    assert connection.execute("SELECT count(*) FROM claims WHERE kind = 'phone'").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM member_blinds WHERE kind IN ('phone', 'last4')").fetchall() == [(2,)]


def test_giving_up_and_taking_a_phone_at_once_leaves_one_holder(db: Database, keyring: Keyring, connection: Plain) -> None:
    for round_ in range(8):
        phone = f"1381234{round_:04d}"
        with db.transaction() as ctx:
            (owner,) = service.enrol(ctx, [Enrolment(external_id=f"o{round_}", joined_at=JOINED, phone=phone)], keyring=keyring)

        def act(i: int, owner: MemberRef = owner, phone: str = phone, round_: int = round_) -> None:
            with db.transaction() as ctx:
                if i == 0:
                    service.update(ctx, owner.member_id, {"phone": None}, expected_version=1, keyring=keyring)
                else:
                    asked = Enrolment(external_id=f"n{round_}-{i}", joined_at=JOINED, phone=phone)
                    service.enrol(ctx, [asked], keyring=keyring)

        at_once(4, act)
    held = connection.execute(
        "SELECT b.token, count(*), count(c.ref) FILTER (WHERE c.ref = b.member_id) FROM member_blinds b"
        " LEFT JOIN claims c ON c.kind = b.kind AND c.key = b.token WHERE b.kind = 'phone' GROUP BY 1"
    ).fetchall()
    assert [(givers, holding) for _, givers, holding in held] == [(3, 1)] * 8


def test_attributes_are_read_for_many_members_at_once(ctx: Ctx, wang: MemberRef) -> None:
    assert service.attribute_values(ctx, [wang.member_id, NOBODY]) == {
        wang.member_id: {
            "member.joined_at": JOINED,
            "member.source": "import",
            "member.locale": "zh-CN",
            "member.store": "SH-001",
            "member.status": "active",
        }
    }
