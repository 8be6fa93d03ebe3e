"""Telling a member everything that is held of it, and forgetting it."""

from collections.abc import Callable
from uuid import UUID

import orjson
import psycopg
import pytest

from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment
from regulars.domains.privacy import service
from regulars.domains.privacy.registry import KNOWN, Erased, Exported
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import responses
from tests.domains.privacy.conftest import JOINED, SECRETS, Somebody

Plain = psycopg.Connection[tuple[object, ...]]
OFFICER = Actor(kind="operator", id="opr_9", permissions=frozenset({"privacy.export", "privacy.erase"}))


def everything(connection: Plain) -> str:
    """The whole database as one text."""
    tables = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'").fetchall()
    return "\n".join(str(connection.execute(f"SELECT t::text FROM {table} t").fetchall()) for (table,) in tables)


def of_member(connection: Plain, member_id: MemberId) -> dict[str, list[object]]:
    """Every row of the member in every table that is known, as text."""
    return {
        name: list(connection.execute(f"SELECT t::text FROM {name} t WHERE {known.key} = %s ORDER BY 1", [member_id]).fetchall())
        for name, known in KNOWN.items()
    }


def test_an_export_tells_everything_and_nothing_of_others(db: Database, somebody: Somebody, keyring: Keyring) -> None:
    with db.transaction(OFFICER) as ctx:
        told = service.export_member(ctx, somebody.ref.member_id, reason="Request 7", keyring=keyring)
    wire = ids.encode("mbr", somebody.ref.member_id)
    assert told["member"] == {
        "id": wire,
        "external_id": "w1",
        "joined_at": JOINED,
        "source": "import",
        "status": "active",
        "locale": "zh-CN",
        "store": "SH-001",
    }
    fields = {"phone": SECRETS[0], "email": SECRETS[2], "name": SECRETS[3], "birthday": SECRETS[4]}
    assert told["personal"] == fields
    assert [(note["text"], note["author"]) for note in told["notes"]] == [("Likes jasmine tea", "system")]
    assert [(one["purpose"], one["granted"], one["at"]) for one in told["consents"]] == [("marketing", True, JOINED)]
    assert told["tables"].keys() == {name for name, known in KNOWN.items() if known.exported is Exported.rows}
    assert [order["number"] for order in told["tables"]["orders"]] == [f"order-{somebody.ref.member_id}"]
    assert [row["what"] for row in told["tables"]["exposures"]] == ["rule:double"]
    text = responses.encode(told).decode()
    assert orjson.loads(text)["format"] == "regulars.member/1"
    assert str(somebody.other.member_id) not in text
    assert "Ann Lee" not in text


def test_an_export_leaves_its_trace_and_changes_nothing_else(db: Database, somebody: Somebody, keyring: Keyring, connection: Plain) -> None:
    before = of_member(connection, somebody.ref.member_id)
    with db.transaction(OFFICER) as ctx:
        service.export_member(ctx, somebody.ref.member_id, reason=" Request 7 ", keyring=keyring)
    assert of_member(connection, somebody.ref.member_id) == before
    trace = connection.execute("SELECT actor_id, action, entity, reason FROM audit").fetchall()
    assert trace == [("opr_9", "member.exported", ids.encode("mbr", somebody.ref.member_id), "Request 7")]


def test_edge_25_an_erasure_leaves_nothing_personal_and_the_ledger_as_it_was(
    db: Database, somebody: Somebody, keyring: Keyring, connection: Plain
) -> None:
    with db.transaction() as ctx:
        # The other one has the same phone number and would keep it: this one is about the first alone.
        members.update(ctx, somebody.other.member_id, {"phone": None}, expected_version=2, keyring=keyring)
    before, other = of_member(connection, somebody.ref.member_id), of_member(connection, somebody.other.member_id)
    blind = keyring.blind("phone", SECRETS[0])
    assert blind in everything(connection)
    with db.transaction(OFFICER) as ctx:
        assert service.erase(ctx, somebody.ref.member_id, reason="Request 8") is True
    after = of_member(connection, somebody.ref.member_id)
    for name, known in KNOWN.items():
        if known.erased is Erased.deleted:
            assert (name, after[name]) == (name, [])
        elif known.erased is Erased.kept and name != "consents":
            assert (name, after[name]) == (name, before[name])
    assert len(after["consents"]) == len(before["consents"]) + 1
    assert len(after["orders"]) == len(after["exposures"]) == len(after["members"]) == 1
    left = everything(connection)
    assert [secret for secret in (*SECRETS, blind, "w1@", "SH-001") if secret in left.replace(str(other), "")] == []
    assert of_member(connection, somebody.other.member_id) == other
    trace = connection.execute("SELECT actor_id, action, entity, reason FROM audit WHERE action = 'member.erased'").fetchall()
    assert trace == [("opr_9", "member.erased", ids.encode("mbr", somebody.ref.member_id), "Request 8")]


def test_edge_25_a_sealed_copy_stays_closed_without_its_key(db: Database, somebody: Somebody, keyring: Keyring, connection: Plain) -> None:
    copy = connection.execute("SELECT * FROM member_fields WHERE member_id = %s", [somebody.ref.member_id]).fetchall()
    with db.transaction(OFFICER) as ctx:
        service.erase(ctx, somebody.ref.member_id, reason="Request 8")
    for row in copy:
        connection.execute("INSERT INTO member_fields VALUES (%s, %s, %s, %s)", row)
    keys = connection.execute("SELECT member_id FROM member_keys").fetchall()
    assert keys == [(somebody.other.member_id,)]
    with db.transaction() as ctx, pytest.raises(Problem) as closed:
        members.get_profile(ctx, somebody.ref.member_id, keyring=keyring)
    assert closed.value.code == "keys.not_opened"


def test_edge_25_the_erased_id_cannot_come_back(db: Database, somebody: Somebody, keyring: Keyring) -> None:
    with db.transaction(OFFICER) as ctx:
        service.erase(ctx, somebody.ref.member_id, reason="Request 8")
    with db.transaction() as ctx:
        (refused,) = members.enrol_each(ctx, [Enrolment(external_id="w1", joined_at=JOINED)])
        assert isinstance(refused, Problem)
        assert refused.code == "members.erased"


def test_erasing_twice_is_erasing_once(db: Database, somebody: Somebody, connection: Plain) -> None:
    for done in (True, False):
        with db.transaction(OFFICER) as ctx:
            assert service.erase(ctx, somebody.ref.member_id, reason="Request 8") is done
    assert connection.execute("SELECT count(*) FROM audit").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM outbox WHERE name = 'members.erased'").fetchall() == [(1,)]


def test_an_erased_member_can_still_ask_and_hears_what_is_left(db: Database, somebody: Somebody, keyring: Keyring) -> None:
    with db.transaction(OFFICER) as ctx:
        service.erase(ctx, somebody.ref.member_id, reason="Request 8")
        told = service.export_member(ctx, somebody.ref.member_id, reason="Request 9", keyring=keyring)
    assert (told["personal"], told["notes"], told["member"]["external_id"], told["member"]["status"]) == ({}, [], None, "erased")
    assert told["tables"]["orders"] == []


@pytest.mark.parametrize("lacking", ["privacy.export", "privacy.erase"])
def test_both_need_their_permission(db: Database, somebody: Somebody, keyring: Keyring, connection: Plain, lacking: str) -> None:
    actor = Actor(kind="operator", id="o", permissions=OFFICER.permissions - {lacking})
    before = everything(connection)
    with db.transaction(actor) as ctx:
        calls: dict[str, Callable[[], object]] = {
            "privacy.export": lambda: service.export_member(ctx, somebody.ref.member_id, reason="x", keyring=keyring),
            "privacy.erase": lambda: service.erase(ctx, somebody.ref.member_id, reason="x"),
        }
        with pytest.raises(Problem) as refused:
            calls[lacking]()
    assert refused.value.fields == {"permission": lacking}
    assert everything(connection) == before


def test_both_need_a_reason_and_a_member(ctx: Ctx, keyring: Keyring) -> None:
    (ref,) = members.enrol(ctx, [Enrolment(external_id="m", joined_at=JOINED)])
    nobody = MemberId(UUID(int=7))
    for act, code in (
        (lambda: service.erase(ctx, nobody, reason="x"), "not_found"),
        (lambda: service.export_member(ctx, nobody, reason="x", keyring=keyring), "not_found"),
        (lambda: service.export_member(ctx, ref.member_id, reason=" ", keyring=keyring), "input.invalid"),
        (lambda: service.erase(ctx, ref.member_id, reason=" "), "input.invalid"),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.code == code
