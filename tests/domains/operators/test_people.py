"""Operators on real tables: the first run, who may manage whom, what a change leaves behind."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from regulars.domains.operators import model, service
from regulars.domains.operators.model import Grant, OperatorState
from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]


def _audit(connection: Plain) -> list[tuple[object, ...]]:
    return connection.execute("SELECT actor_id, action, entity, before, after, reason FROM audit ORDER BY at, audit_id").fetchall()


def test_the_first_run_makes_one_administrator_with_a_password_to_hand_over(db: Database, connection: Plain) -> None:
    with db.transaction() as ctx:
        made = service.first_run(ctx)
    assert made is not None
    assert (made.operator.login, made.operator.grants, made.operator.must_change) == ("admin", (Grant("admin"),), True)
    assert made.operator.created_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", made.password)
    assert made.password not in repr(made)
    stored = connection.execute("SELECT password_hash FROM operators").fetchall()
    assert len(stored) == 1
    assert str(stored[0][0]).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_second_first_run_returns_nothing_and_changes_nothing(db: Database, admin: Person, connection: Plain) -> None:
    before = connection.execute("SELECT * FROM operators").fetchall()
    with db.transaction() as ctx:
        assert service.first_run(ctx) is None
    assert connection.execute("SELECT * FROM operators").fetchall() == before


def test_a_first_run_that_was_rolled_back_did_not_happen(db: Database) -> None:
    def crash() -> None:
        with db.transaction() as ctx:
            assert service.first_run(ctx) is not None
            raise problem.UNAVAILABLE()

    with pytest.raises(Problem):
        crash()
    with db.transaction() as ctx:
        assert service.first_run(ctx) is not None


def test_where_operators_exist_the_first_run_makes_nobody(db: Database) -> None:
    with db.transaction() as ctx:
        service.add_operator(ctx, login="li.na", name="Li Na", grants=[Grant("admin")])
        assert service.first_run(ctx) is None
        assert [o.login for o in service.list_operators(ctx)] == ["li.na"]


def test_an_operator_is_added_with_grants_and_an_audit_row(db: Database, admin: Person, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        made = service.add_operator(ctx, login=" Li.Na ", name=" Li Na ", grants=[Grant("clerk", ("S2", "S1")), Grant("analyst")])
    with db.reading(admin.actor) as ctx:
        read = service.get_operator(ctx, made.operator.operator_id)
        assert service.find_by_login(ctx, "LI.NA") == read
    assert read == made.operator
    assert (read.login, read.name, read.state) == ("li.na", "Li Na", OperatorState.active)
    assert read.grants == (Grant("analyst"), Grant("clerk", ("S1", "S2")))
    entity = service.people.wire(read.operator_id)
    grants = {"grants": [{"role": "analyst", "stores": []}, {"role": "clerk", "stores": ["S1", "S2"]}]}
    assert _audit(connection)[-1] == (admin.actor.id, "operator.added", entity, None, grants, "")


def test_a_login_is_taken_in_any_spelling(db: Database, person: MakePerson) -> None:
    person("li.na")
    with pytest.raises(Problem) as refused, db.transaction() as ctx:
        service.add_operator(ctx, login="LI.NA", name="Other", grants=[])
    assert (refused.value.code, refused.value.fields) == ("operators.login_taken", {"login": "li.na"})


def test_operators_are_listed_by_login_in_pages(db: Database, person: MakePerson, admin: Person) -> None:
    for login in ("cy", "al", "bo"):
        person(login)
    with db.reading(admin.actor) as ctx:
        assert [o.login for o in service.list_operators(ctx, limit=3)] == ["admin", "al", "bo"]
        assert [o.login for o in service.list_operators(ctx, after="bo", limit=3)] == ["cy"]


def test_an_unknown_operator_is_named(db: Database, admin: Person) -> None:
    with pytest.raises(Problem) as refused, db.transaction(admin.actor) as ctx:
        service.rename(ctx, UUID(int=5), name="X")
    assert (refused.value.code, refused.value.fields) == ("not_found", {"what": "operator", "key": "opr_" + "0" * 25 + "5"})


def test_a_new_display_name_stays_out_of_the_audit_log(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    li = person("li.na")
    with db.transaction(admin.actor) as ctx:
        assert service.rename(ctx, li.operator.operator_id, name="Li Na-Wang").name == "Li Na-Wang"
    assert _audit(connection)[-1] == (admin.actor.id, "operator.renamed", li.actor.id, None, None, "")


def test_grants_are_replaced_as_a_whole(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    li = person("li.na", Grant("clerk", ("S1",)))
    with db.transaction(admin.actor) as ctx:
        changed = service.set_grants(ctx, li.operator.operator_id, grants=[Grant("analyst")])
    assert changed.grants == (Grant("analyst"),)
    before = {"grants": [{"role": "clerk", "stores": ["S1"]}]}
    after = {"grants": [{"role": "analyst", "stores": []}]}
    assert _audit(connection)[-1] == (admin.actor.id, "operator.grants_set", li.actor.id, before, after, "")


def test_nobody_grants_what_they_do_not_hold(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "lead", name_en="Lead", name_zh="主管", names=["operators.manage", "orders.read"])
    lead, li = person("lead", Grant("lead")), person("li.na")
    before = _audit(connection)
    for grants, beyond in [
        ([Grant("admin")], "*"),
        (
            [Grant("lead"), Grant("privacy")],
            "approvals.read, audit.read, members.read, members.reveal, members.write, points.read, privacy.erase, privacy.export",
        ),
    ]:
        with pytest.raises(Problem) as refused, db.transaction(lead.actor) as ctx:
            service.set_grants(ctx, li.operator.operator_id, grants=grants)
        assert (refused.value.code, refused.value.fields) == ("operators.beyond_own", {"permissions": beyond})
        with pytest.raises(Problem) as refused, db.transaction(lead.actor) as ctx:
            service.add_operator(ctx, login="new", name="New", grants=grants)
        assert refused.value.code == "operators.beyond_own"
    assert _audit(connection) == before
    with db.transaction(lead.actor) as ctx:
        assert service.set_grants(ctx, li.operator.operator_id, grants=[Grant("lead")]).grants == (Grant("lead"),)


def test_nobody_manages_somebody_who_holds_more(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "lead", name_en="Lead", name_zh="主管", names=["operators.manage"])
    lead = person("lead", Grant("lead"))
    before = connection.execute("SELECT * FROM operators ORDER BY login").fetchall()
    target = admin.operator.operator_id
    for attempt in (
        lambda ctx: service.reset_password(ctx, target),
        lambda ctx: service.disable(ctx, target, reason="mine now", revoke_keys=False),
        lambda ctx: service.enable(ctx, target),
        lambda ctx: service.rename(ctx, target, name="Nobody"),
        lambda ctx: service.set_grants(ctx, target, grants=[]),
    ):
        with pytest.raises(Problem) as refused, db.transaction(lead.actor) as ctx:
            attempt(ctx)
        assert refused.value.code == "operators.beyond_own"
    assert connection.execute("SELECT * FROM operators ORDER BY login").fetchall() == before


def test_one_active_administrator_always_remains(db: Database, admin: Person, person: MakePerson) -> None:
    limited = person("limited", Grant("admin", ("S1",)))
    gone = person("gone", Grant("admin"))
    with db.transaction() as ctx:
        service.disable(ctx, gone.operator.operator_id, reason="left", revoke_keys=False)
    target = admin.operator.operator_id
    attempts: tuple[Callable[[Ctx], object], ...] = (
        lambda ctx: service.disable(ctx, target, reason="spring cleaning", revoke_keys=False),
        lambda ctx: service.set_grants(ctx, target, grants=[Grant("operations")]),
        lambda ctx: service.set_grants(ctx, target, grants=[Grant("admin", ("S1",))]),
    )
    for attempt in attempts:
        with pytest.raises(Problem) as refused, db.transaction() as ctx:
            attempt(ctx)
        assert (refused.value.code, refused.value.fields) == ("operators.last_admin", {"login": "admin"})
    with db.transaction() as ctx:
        service.set_grants(ctx, limited.operator.operator_id, grants=[Grant("admin")])
        assert service.disable(ctx, target, reason="now it may", revoke_keys=False).state is OperatorState.disabled


def test_nobody_disables_or_resets_themselves(db: Database, admin: Person, person: MakePerson) -> None:
    person("other", Grant("admin"))
    with pytest.raises(Problem) as refused, db.transaction(admin.actor) as ctx:
        service.disable(ctx, admin.operator.operator_id, reason="oops", revoke_keys=False)
    assert refused.value.code == "operators.not_yourself"
    with pytest.raises(Problem) as refused, db.transaction(admin.actor) as ctx:
        service.reset_password(ctx, admin.operator.operator_id)
    assert refused.value.code == "operators.not_yourself"


def test_disabling_ends_sessions_and_on_request_the_keys_they_made(
    db: Database, admin: Person, person: MakePerson, connection: Plain
) -> None:
    li = person("li.na", Grant("admin"))
    service.log_in(db, login="li.na", password=li.password, address="203.0.113.7")
    with db.transaction(li.actor) as ctx:
        mine = service.create_key(ctx, name="Till", scopes=["orders.write"]).key
    with db.transaction(admin.actor) as ctx:
        theirs = service.create_key(ctx, name="Shop", scopes=["orders.write"]).key
        service.disable(ctx, li.operator.operator_id, reason="Left the company", revoke_keys=False)
    assert connection.execute("SELECT count(*) FROM operator_sessions").fetchall() == [(0,)]
    assert connection.execute("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL").fetchall() == [(2,)]
    assert _audit(connection)[-1] == (admin.actor.id, "operator.disabled", li.actor.id, None, {"keys_revoked": []}, "Left the company")
    with db.transaction(admin.actor) as ctx:
        assert service.enable(ctx, li.operator.operator_id).state is OperatorState.active
        service.disable(ctx, li.operator.operator_id, reason="And their keys", revoke_keys=True)
    assert connection.execute("SELECT key_id FROM api_keys WHERE revoked_at IS NULL").fetchall() == [(theirs.key_id,)]
    revoked = {"keys_revoked": [service.keys.wire(mine.key_id)]}
    assert _audit(connection)[-1] == (admin.actor.id, "operator.disabled", li.actor.id, None, revoked, "And their keys")


def test_a_reset_hands_over_a_new_password_and_ends_sessions_and_lock_out(
    db: Database, admin: Person, person: MakePerson, connection: Plain
) -> None:
    li = person("li.na", Grant("clerk"))
    service.log_in(db, login="li.na", password=li.password, address="203.0.113.7")
    for _ in range(11):
        with pytest.raises(Problem):
            service.log_in(db, login="li.na", password="wrong", address="203.0.113.7")
    with db.transaction(admin.actor) as ctx:
        reset = service.reset_password(ctx, li.operator.operator_id)
    assert reset.operator.must_change
    assert connection.execute("SELECT count(*) FROM operator_sessions").fetchall() == [(0,)]
    assert _audit(connection)[-1] == (admin.actor.id, "operator.password_reset", li.actor.id, None, None, "")
    with pytest.raises(Problem, match="wrong_password"):
        service.log_in(db, login="li.na", password=li.password, address="203.0.113.7")
    assert service.log_in(db, login="li.na", password=reset.password, address="203.0.113.7").operator == reset.operator


def test_without_the_permission_nothing_is_read_or_changed(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    clerk = person("clerk", Grant("clerk"))
    before = connection.execute("SELECT * FROM operators ORDER BY login").fetchall(), _audit(connection)
    target = clerk.operator.operator_id
    for attempt in (
        service.list_operators,
        lambda ctx: service.add_operator(ctx, login="new", name="New", grants=[]),
        lambda ctx: service.rename(ctx, target, name="Nobody"),
        lambda ctx: service.set_grants(ctx, target, grants=[]),
        lambda ctx: service.disable(ctx, target, reason="x", revoke_keys=False),
        lambda ctx: service.enable(ctx, target),
        lambda ctx: service.reset_password(ctx, target),
        lambda ctx: service.put_role(ctx, "mine", name_en="Mine", name_zh="我的", names=["orders.read"]),
        lambda ctx: service.delete_role(ctx, "mine"),
    ):
        with pytest.raises(Problem) as refused, db.transaction(clerk.actor) as ctx:
            attempt(ctx)
        assert (refused.value.code, refused.value.fields) == ("auth.forbidden", {"permission": "operators.manage"})
    after = connection.execute("SELECT * FROM operators ORDER BY login").fetchall(), _audit(connection)
    assert after == before


# Roles


def test_a_custom_role_is_made_replaced_and_removed(db: Database, admin: Person, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "cashiers", name_en="Cashiers", name_zh="收银", names=["orders.write"])
        made = service.put_role(ctx, "cashiers", name_en="Cashiers", name_zh="收银员", names=["quotes.write", "orders.write"])
        assert made == model.Role(
            role="cashiers", name_en="Cashiers", name_zh="收银员", permissions=frozenset({"orders.write", "quotes.write"})
        )
        roles = service.list_roles(ctx)
        assert roles["cashiers"] == made
        assert [*roles] == ["admin", "operations", "clerk", "service", "analyst", "integration", "privacy", "cashiers"]
        service.delete_role(ctx, "cashiers")
        assert "cashiers" not in service.list_roles(ctx)
    one, two = {"permissions": ["orders.write"]}, {"permissions": ["orders.write", "quotes.write"]}
    assert [row[1:5] for row in _audit(connection)[-3:]] == [
        ("role.put", "cashiers", None, one),
        ("role.put", "cashiers", one, two),
        ("role.deleted", "cashiers", two, None),
    ]


def test_holders_of_a_custom_role_get_what_it_says_today(db: Database, admin: Person, person: MakePerson) -> None:
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "cashiers", name_en="Cashiers", name_zh="收银", names=["orders.write"])
    li = person("li.na", Grant("cashiers", ("S1",)))
    assert li.actor.permissions == {"orders.write", "orders.write@S1"}
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "cashiers", name_en="Cashiers", name_zh="收银", names=["orders.read"])
        assert service.rights.of_actor(ctx, li.actor.id) == {"orders.read", "orders.read@S1"}


@pytest.mark.parametrize("role", ["a", "A-b", "sales lead", "x" * 41, "收银"])
def test_a_role_key_is_small_letters_digits_and_underscores(db: Database, role: str) -> None:
    with pytest.raises(Problem) as refused, db.transaction() as ctx:
        service.put_role(ctx, role, name_en="X", name_zh="X", names=["orders.read"])
    assert [(f.field, f.value) for f in refused.value.faults] == [("role", role)]


def test_built_in_roles_stay_as_they_are(db: Database) -> None:
    with pytest.raises(Problem, match="role_built_in"), db.transaction() as ctx:
        service.put_role(ctx, "clerk", name_en="Clerk", name_zh="店员", names=["orders.read"])
    with pytest.raises(Problem, match="role_built_in"), db.transaction() as ctx:
        service.delete_role(ctx, "clerk")


def test_a_role_somebody_holds_is_not_removed(db: Database, admin: Person, person: MakePerson) -> None:
    with db.transaction() as ctx:
        service.put_role(ctx, "cashiers", name_en="Cashiers", name_zh="收银", names=["orders.write"])
    li = person("li.na", Grant("cashiers", ("S1",)))
    with pytest.raises(Problem) as refused, db.transaction() as ctx:
        service.delete_role(ctx, "cashiers")
    assert (refused.value.code, refused.value.fields) == ("operators.role_in_use", {"role": "cashiers", "count": 1})
    with db.transaction() as ctx:
        service.set_grants(ctx, li.operator.operator_id, grants=[])
        service.delete_role(ctx, "cashiers")
    with pytest.raises(Problem, match="not_found"), db.transaction() as ctx:
        service.delete_role(ctx, "cashiers")


def test_nobody_edits_a_role_that_has_or_gets_more_than_they_hold(db: Database, admin: Person, person: MakePerson) -> None:
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "lead", name_en="Lead", name_zh="主管", names=["operators.manage"])
        service.put_role(ctx, "auditors", name_en="Auditors", name_zh="审计", names=["audit.read"])
    lead = person("lead", Grant("lead"))
    for role, names in [("lead", ["operators.manage", "audit.read"]), ("auditors", ["operators.manage"])]:
        with pytest.raises(Problem) as refused, db.transaction(lead.actor) as ctx:
            service.put_role(ctx, role, name_en="X", name_zh="X", names=names)
        assert (refused.value.code, refused.value.fields) == ("operators.beyond_own", {"permissions": "audit.read"})


def test_a_store_is_required_where_one_applies(db: Database, admin: Person, person: MakePerson) -> None:
    limited, free = person("limited", Grant("clerk", ("S1",))), person("free", Grant("clerk"))
    with db.reading(limited.actor) as ctx:
        service.require_store(ctx, "orders.write", "S1")
        with pytest.raises(Problem) as refused:
            service.require_store(ctx, "orders.write", "S2")
        assert (refused.value.code, refused.value.fields) == ("auth.forbidden", {"permission": "orders.write@S2"})
    with db.reading(free.actor) as ctx:
        service.require_store(ctx, "orders.write", "S2")
        with pytest.raises(Problem):
            service.require_store(ctx, "audit.read", "S2")
    with db.reading(admin.actor) as ctx:
        service.require_store(ctx, "orders.write", "S2")
