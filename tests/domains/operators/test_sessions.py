"""Signing in: right and wrong passwords, limits, re-hashing, sessions, changing the password."""

from datetime import timedelta

import argon2
import psycopg
import pytest

from regulars.domains.operators import service
from regulars.domains.operators.model import Grant
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
SHOP = "203.0.113.7"
HOME = "198.51.100.4"
NEW = "a quiet harbour at dawn"


def _refused(db: Database, login: str, password: str, address: str = SHOP) -> Problem:
    with pytest.raises(Problem) as refused:
        service.log_in(db, login=login, password=password, address=address)
    return refused.value


def test_the_right_password_opens_a_session_whose_token_is_not_stored(db: Database, person: MakePerson, connection: Plain) -> None:
    li = person("li.na", Grant("clerk"))
    opened = service.log_in(db, login=" LI.NA", password=li.password, address=SHOP)
    assert opened.operator == li.operator
    assert opened.expires_at == li.operator.created_at + timedelta(hours=12)
    assert len(opened.token) == 48
    assert opened.token not in repr(opened)
    stored = connection.execute("SELECT token_hash, operator_id, opened_at, seen_at, expires_at FROM operator_sessions").fetchall()
    now = li.operator.created_at
    assert stored == [(service.tokens.digest(opened.token), li.operator.operator_id, now, now, now + timedelta(hours=12))]
    last = connection.execute("SELECT actor_id, action, entity FROM audit ORDER BY audit_id DESC LIMIT 1").fetchall()
    assert last == [(li.actor.id, "session.opened", li.actor.id)]


def test_each_sign_in_has_a_token_of_its_own(db: Database, person: MakePerson) -> None:
    li = person("li.na")
    one, two = (service.log_in(db, login="li.na", password=li.password, address=SHOP) for _ in range(2))
    assert one.token != two.token
    assert one.csrf_token != two.csrf_token


def test_wrong_password_unknown_login_and_disabled_account_look_the_same(db: Database, admin: Person, person: MakePerson) -> None:
    li = person("li.na")
    with db.transaction(admin.actor) as ctx:
        service.disable(ctx, li.operator.operator_id, reason="away", revoke_keys=False)
    answers = [_refused(db, "admin", "wrong"), _refused(db, "nobody", "wrong"), _refused(db, "li.na", li.password)]
    answers.append(_refused(db, "admin", admin.password + "x" * 128))
    assert {(a.code, str(a.fields)) for a in answers} == {("operators.wrong_password", "{}")}


@pytest.mark.parametrize("password", ["half\ud800-a-character", "\x00", ""])
def test_what_can_be_no_password_is_a_wrong_one(db: Database, admin: Person, password: str) -> None:
    assert _refused(db, "admin", password).code == "operators.wrong_password"


def test_an_unknown_login_costs_a_hash_like_a_known_one(db: Database, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[str] = []
    hash_, verify = argon2.PasswordHasher.hash, argon2.PasswordHasher.verify

    def counted_hash(self: argon2.PasswordHasher, password: str) -> str:
        work.append("hash")
        return hash_(self, password)

    def counted_verify(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        work.append("verify")
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "hash", counted_hash)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted_verify)
    _refused(db, "nobody", "wrong")
    assert work == ["hash"]
    _refused(db, "admin", "wrong")
    assert work == ["hash", "verify"]


def test_the_eleventh_attempt_is_refused_even_with_the_right_password_until_the_window_ends(
    db: Database, person: MakePerson, clock: MovableClock
) -> None:
    li = person("li.na")
    for _ in range(10):
        assert _refused(db, "li.na", "wrong").code == "operators.wrong_password"
        clock.move(timedelta(minutes=1))
    locked = _refused(db, "li.na", li.password, HOME)
    assert (locked.code, locked.fields) == ("operators.locked_out", {"retry_at": "2026-03-01T12:15:00+00:00"})
    clock.move(timedelta(minutes=4, seconds=59))
    assert _refused(db, "li.na", li.password).code == "operators.locked_out"
    clock.move(timedelta(seconds=1))
    assert service.log_in(db, login="li.na", password=li.password, address=SHOP).operator == li.operator


def test_an_unknown_login_is_locked_out_like_a_known_one(db: Database) -> None:
    codes = [_refused(db, "nobody", "wrong").code for _ in range(11)]
    assert codes == ["operators.wrong_password"] * 10 + ["operators.locked_out"]


def test_a_success_forgets_the_failures_of_the_account_and_is_none_of_the_address(
    db: Database, person: MakePerson, connection: Plain
) -> None:
    li = person("li.na")
    for _ in range(9):
        _refused(db, "li.na", "wrong")
    service.log_in(db, login="li.na", password=li.password, address=SHOP)
    rows = connection.execute("SELECT kind, failures FROM operator_attempts ORDER BY kind").fetchall()
    assert rows == [("address", 9)]


def test_an_address_has_a_hundred_attempts_over_all_accounts(db: Database, person: MakePerson, connection: Plain) -> None:
    li = person("li.na")
    _refused(db, "nobody", "wrong")
    connection.execute("UPDATE operator_attempts SET failures = 99 WHERE kind = 'address'")
    assert service.log_in(db, login="li.na", password=li.password, address=SHOP).operator == li.operator
    _refused(db, "nobody", "wrong")
    assert _refused(db, "li.na", li.password).code == "operators.locked_out"
    assert service.log_in(db, login="li.na", password=li.password, address=HOME).operator == li.operator


def test_attempts_are_kept_as_digests_only(db: Database, connection: Plain) -> None:
    _refused(db, "my-password-in-the-wrong-field", "wrong")
    rows = connection.execute("SELECT kind, key FROM operator_attempts ORDER BY kind").fetchall()
    digest = service.tokens.digest
    assert rows == [("account", digest("my-password-in-the-wrong-field")), ("address", digest(SHOP))]


def test_a_hash_of_older_parameters_is_replaced_at_the_next_sign_in(db: Database, person: MakePerson, connection: Plain) -> None:
    li = person("li.na")
    old = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(li.password)
    connection.execute("UPDATE operators SET password_hash = %s WHERE login = 'li.na'", [old])
    opened = service.log_in(db, login="li.na", password=li.password, address=SHOP)
    assert opened.operator.must_change
    fresh = connection.execute("SELECT password_hash FROM operators WHERE login = 'li.na'").fetchall()[0][0]
    assert str(fresh).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert service.log_in(db, login="li.na", password=li.password, address=SHOP).operator.login == "li.na"
    again = connection.execute("SELECT password_hash FROM operators WHERE login = 'li.na'").fetchall()[0][0]
    assert again == fresh


def test_a_handed_out_password_opens_nothing_until_it_is_replaced(db: Database, person: MakePerson) -> None:
    li = person("li.na", Grant("clerk"))
    opened = service.log_in(db, login="li.na", password=li.password, address=SHOP)
    assert opened.permissions == frozenset()
    service.change_password(db, li.actor, current=li.password, new=NEW)
    opened = service.log_in(db, login="li.na", password=NEW, address=SHOP)
    assert not opened.operator.must_change
    assert opened.permissions == li.actor.permissions


def test_a_changed_password_ends_every_session_and_opens_a_new_one(db: Database, person: MakePerson, connection: Plain) -> None:
    li = person("li.na", Grant("clerk"))
    for _ in range(2):
        service.log_in(db, login="li.na", password=li.password, address=SHOP)
    opened = service.change_password(db, li.actor, current=li.password, new=NEW)
    assert opened.permissions == li.actor.permissions
    assert connection.execute("SELECT token_hash FROM operator_sessions").fetchall() == [(service.tokens.digest(opened.token),)]
    assert _refused(db, "li.na", li.password).code == "operators.wrong_password"
    last = connection.execute("SELECT actor_id, action, entity FROM audit ORDER BY audit_id DESC LIMIT 2").fetchall()
    assert last == [(li.actor.id, "session.opened", li.actor.id), (li.actor.id, "operator.password_changed", li.actor.id)]


@pytest.mark.parametrize(
    ("new", "field", "expected"),
    [
        ("short", "new_password", "12 to 128 characters"),
        ("li.na-and-the-sea", "new_password", "a password that does not contain the login"),
        (None, "new_password", "another password than the current one"),
    ],
)
def test_a_new_password_keeps_the_rules_and_is_new(
    db: Database, person: MakePerson, connection: Plain, new: str | None, field: str, expected: str
) -> None:
    li = person("li.na")
    before = connection.execute("SELECT * FROM operators ORDER BY login").fetchall()
    with pytest.raises(Problem) as refused:
        service.change_password(db, li.actor, current=li.password, new=new or li.password)
    assert [(f.field, f.value, f.expected) for f in refused.value.faults] == [(field, "***", expected)]
    assert connection.execute("SELECT * FROM operators ORDER BY login").fetchall() == before
    assert connection.execute("SELECT count(*) FROM operator_attempts").fetchall() == [(0,)]


def test_guessing_the_current_password_counts_as_signing_in(db: Database, person: MakePerson) -> None:
    li = person("li.na")
    codes = []
    for _ in range(11):
        with pytest.raises(Problem) as refused:
            service.change_password(db, li.actor, current="wrong", new=NEW)
        codes.append(refused.value.code)
    assert codes == ["operators.wrong_password"] * 10 + ["operators.locked_out"]
    assert _refused(db, "li.na", li.password).code == "operators.locked_out"


def test_a_key_has_no_password_to_change(db: Database, admin: Person) -> None:
    with db.transaction(admin.actor) as ctx:
        key = service.create_key(ctx, name="Till", scopes=["orders.write"])
    actor = service.authenticate(db, {"authorization": f"Bearer {key.text}"}, {})
    with pytest.raises(Problem, match="only_people"):
        service.change_password(db, actor, current="x", new=NEW)


def test_old_sessions_and_attempts_are_forgotten(db: Database, person: MakePerson, clock: MovableClock, connection: Plain) -> None:
    li = person("li.na")
    service.log_in(db, login="li.na", password=li.password, address=SHOP)
    _refused(db, "nobody", "wrong", HOME)
    with db.transaction() as ctx:
        assert service.forget_old(ctx) == 0
    clock.move(timedelta(minutes=15))
    with db.transaction() as ctx:
        # The address of the shop (given back, so at none), the login and the address of the other.
        assert service.forget_old(ctx) == 3
    clock.move(timedelta(hours=11, minutes=45))
    with db.transaction() as ctx:
        assert service.forget_old(ctx) == 1
    assert connection.execute("SELECT count(*) FROM operator_sessions").fetchall() == [(0,)]
