"""Who is calling: keys, cookies, CSRF, what is believed for five seconds and what a request costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event

from regulars.domains.operators import service
from regulars.domains.operators.model import Grant
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.context import Actor
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
NEW = "a quiet harbour at dawn"


def _key(db: Database, admin: Person, **more: object) -> service.NewKey:
    with db.transaction(admin.actor) as ctx:
        return service.create_key(ctx, name="Till", scopes=["orders.write", "members.read"], **more)  # type: ignore[arg-type]  # as given by each test


def _bearer(key: service.NewKey) -> dict[str, str]:
    return {"authorization": f"Bearer {key.text}"}


def _signed_in(db: Database, made: Person) -> service.Opened:
    return service.change_password(db, made.actor, current=made.password, new=NEW)


def _unknown(call: service.Authenticator, headers: dict[str, str], cookies: dict[str, str] | None = None) -> None:
    with pytest.raises(Problem) as refused:
        call(headers, cookies or {}, method="GET")
    assert refused.value.code == "operators.unknown_caller"


@contextmanager
def _checkouts(db: Database) -> Iterator[list[int]]:
    """Counts how often a connection is taken from the pool."""
    taken: list[int] = []

    def on_checkout(*_: object) -> None:
        taken.append(1)

    event.listen(db.engine, "checkout", on_checkout)
    yield taken
    event.remove(db.engine, "checkout", on_checkout)


def test_a_key_is_its_own_actor_with_its_scopes(db: Database, admin: Person) -> None:
    key = _key(db, admin)
    expected = Actor(kind="api_key", id=service.keys.wire(key.key.key_id), permissions=frozenset({"orders.write", "members.read"}))
    assert service.authenticate(db, _bearer(key), {}) == expected
    assert service.authenticate(db, {"authorization": f"bearer  {key.text} "}, {}) == expected


def test_a_key_limited_to_stores_carries_the_limit(db: Database, admin: Person) -> None:
    key = _key(db, admin, stores=["S1"])
    assert service.authenticate(db, _bearer(key), {}).permissions == {"orders.write", "orders.write@S1", "members.read"}


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer rk_", "Bearer rk_x_y", "Basic YWRtaW46eA==", "Bearer rk_" + "0" * 26 + "_" + "0" * 48, "Bearer sk_1", "rk_1"],
)
def test_what_is_no_key_is_nobody(db: Database, admin: Person, header: str) -> None:
    _unknown(service.Authenticator(db), {"authorization": header})


def test_a_wrong_secret_is_nobody(db: Database, admin: Person) -> None:
    key = _key(db, admin)
    wrong = key.text[:-1] + ("0" if key.text[-1] != "0" else "1")
    _unknown(service.Authenticator(db), {"authorization": f"Bearer {wrong}"})
    _unknown(service.Authenticator(db), {"authorization": f"Bearer {key.text[:-1]}"})
    _unknown(service.Authenticator(db), {"authorization": f"Bearer {key.text}0"})


def test_without_credentials_nobody_is_there(db: Database) -> None:
    call = service.Authenticator(db)
    _unknown(call, {})
    _unknown(call, {}, {"regulars_session": ""})
    _unknown(call, {}, {"regulars_session": "made-up"})


def test_a_session_is_the_person_with_their_grants(db: Database, person: MakePerson) -> None:
    li = person("li.na", Grant("clerk", ("S1",)))
    opened = _signed_in(db, li)
    assert service.authenticate(db, {}, {"regulars_session": opened.token}, method="GET") == li.actor
    assert "orders.write@S1" in li.actor.permissions


def test_a_session_with_a_handed_out_password_may_do_nothing(db: Database, person: MakePerson) -> None:
    li = person("li.na", Grant("admin"))
    opened = service.log_in(db, login="li.na", password=li.password, address="203.0.113.7")
    actor = service.authenticate(db, {}, {"regulars_session": opened.token}, method="GET")
    assert actor == Actor(kind="operator", id=li.actor.id, permissions=frozenset())


def test_a_key_wins_over_a_cookie_and_a_bad_key_is_not_saved_by_one(db: Database, admin: Person) -> None:
    opened, key = _signed_in(db, admin), _key(db, admin)
    cookies = {"regulars_session": opened.token}
    assert service.authenticate(db, _bearer(key), cookies).kind == "api_key"
    _unknown(service.Authenticator(db), {"authorization": "Bearer rk_nonsense"}, cookies)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", "PROPFIND"])
def test_a_session_that_changes_something_must_show_its_csrf_value(db: Database, admin: Person, method: str) -> None:
    opened = _signed_in(db, admin)
    call, cookies = service.Authenticator(db), {"regulars_session": opened.token}
    other = service.log_in(db, login="admin", password=NEW, address="203.0.113.7")
    for shown in ({}, {"x-csrf-token": ""}, {"x-csrf-token": other.csrf_token}, {"x-csrf-token": "é"}):
        with pytest.raises(Problem) as refused:
            call(shown, cookies, method=method)
        assert refused.value.code == "operators.csrf"
        with pytest.raises(Problem):
            call.remembered(shown, cookies, method=method)
    assert call({"x-csrf-token": opened.csrf_token}, cookies, method=method) == admin.actor


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_needs_no_csrf_value_and_a_key_never_does(db: Database, admin: Person, method: str) -> None:
    opened, key = _signed_in(db, admin), _key(db, admin)
    assert service.authenticate(db, {}, {"regulars_session": opened.token}, method=method) == admin.actor
    assert service.authenticate(db, _bearer(key), {}, method="POST").kind == "api_key"


def test_without_a_method_the_strict_rule_applies(db: Database, admin: Person) -> None:
    opened = _signed_in(db, admin)
    with pytest.raises(Problem, match="csrf"):
        service.authenticate(db, {}, {"regulars_session": opened.token})


def test_a_believed_answer_costs_no_query(db: Database, admin: Person) -> None:
    opened, key = _signed_in(db, admin), _key(db, admin)
    call = service.Authenticator(db)
    assert call.remembered(_bearer(key), {}) is None
    call(_bearer(key), {})
    call({}, {"regulars_session": opened.token}, method="GET")
    _unknown(call, {"authorization": "Bearer rk_" + "0" * 26 + "_" + "0" * 48})
    with _checkouts(db) as taken:
        for _ in range(1000):
            assert call(_bearer(key), {}).kind == "api_key"
            assert call({}, {"regulars_session": opened.token}, method="GET").kind == "operator"
        assert call.remembered(_bearer(key), {}) == call(_bearer(key), {})
        _unknown(call, {"authorization": "Bearer rk_" + "0" * 26 + "_" + "0" * 48})
    assert taken == []


def test_one_caller_asks_again_before_an_answer_ends(db: Database, admin: Person, clock: MovableClock) -> None:
    key = _bearer(_key(db, admin))
    call = service.Authenticator(db)
    actor = call(key, {})
    clock.move(timedelta(seconds=3.9))
    assert call.remembered(key, {}) == actor
    clock.move(timedelta(seconds=0.1))
    assert call.remembered(key, {}) is None
    assert call.remembered(key, {}) == actor
    with _checkouts(db) as taken:
        assert call(key, {}) == actor
        assert taken == [1]
        clock.move(timedelta(seconds=3.9))
        assert call.remembered(key, {}) == actor
        assert taken == [1]
    clock.move(timedelta(seconds=0.1))
    assert call.remembered(key, {}) is None
    clock.move(timedelta(seconds=0.99))
    assert call.remembered(key, {}) == actor
    clock.move(timedelta(seconds=0.01))
    assert call.remembered(key, {}) is None
    assert call.remembered(key, {}) is None


def test_a_revoked_key_is_believed_for_less_than_five_seconds(db: Database, admin: Person, clock: MovableClock) -> None:
    key, call = _key(db, admin), service.Authenticator(db)
    call(_bearer(key), {})
    with db.transaction(admin.actor) as ctx:
        service.revoke_key(ctx, key.key.key_id)
    clock.move(timedelta(seconds=4, microseconds=999_999))
    assert call(_bearer(key), {}).kind == "api_key"
    clock.move(timedelta(microseconds=1))
    _unknown(call, _bearer(key))
    clock.move(timedelta(seconds=60))
    _unknown(call, _bearer(key))


def test_a_clock_set_back_does_not_make_an_answer_last(db: Database, admin: Person, clock: MovableClock) -> None:
    key, call = _key(db, admin), service.Authenticator(db)
    call(_bearer(key), {})
    with db.transaction(admin.actor) as ctx:
        service.revoke_key(ctx, key.key.key_id)
    clock.move(timedelta(hours=-1))
    _unknown(call, _bearer(key))


def test_a_key_opens_nothing_from_the_moment_it_expires(db: Database, admin: Person, clock: MovableClock) -> None:
    key, call = _key(db, admin, expires_at=clock.now() + timedelta(seconds=2)), service.Authenticator(db)
    assert call(_bearer(key), {}).kind == "api_key"
    clock.move(timedelta(seconds=2))
    _unknown(call, _bearer(key))


def test_changed_grants_and_a_disabled_person_are_felt_within_five_seconds(
    db: Database, admin: Person, person: MakePerson, clock: MovableClock
) -> None:
    li = person("li.na", Grant("clerk"))
    opened, call = _signed_in(db, li), service.Authenticator(db)
    cookies = {"regulars_session": opened.token}
    assert call({}, cookies, method="GET") == li.actor
    with db.transaction(admin.actor) as ctx:
        service.set_grants(ctx, li.operator.operator_id, grants=[])
    clock.move(timedelta(seconds=5))
    assert call({}, cookies, method="GET").permissions == frozenset()
    with db.transaction(admin.actor) as ctx:
        service.disable(ctx, li.operator.operator_id, reason="left", revoke_keys=False)
    clock.move(timedelta(seconds=5))
    _unknown(call, {}, cookies)


def test_an_idle_session_ends_and_a_used_one_goes_on_to_its_end(db: Database, admin: Person, clock: MovableClock) -> None:
    opened, call = _signed_in(db, admin), service.Authenticator(db)
    idle = service.log_in(db, login="admin", password=NEW, address="203.0.113.7")
    for _ in range(7):
        clock.move(timedelta(hours=1, minutes=42))
        assert call({}, {"regulars_session": opened.token}, method="GET") == admin.actor
    _unknown(call, {}, {"regulars_session": idle.token})
    # 11 h 54 min after the sign-in; the end comes at 12 h, however busy the session was.
    clock.move(timedelta(minutes=6))
    _unknown(call, {}, {"regulars_session": opened.token})


def test_use_is_noted_coarsely(db: Database, admin: Person, clock: MovableClock, connection: Plain) -> None:
    key, call, start = _key(db, admin), service.Authenticator(db), clock.now()
    seen = []
    for _ in range(24):
        call(_bearer(key), {})
        seen += [row[0] for row in connection.execute("SELECT last_used_at FROM api_keys").fetchall()]
        clock.move(timedelta(minutes=1))
    assert seen == [start] * 10 + [start + timedelta(minutes=10)] * 10 + [start + timedelta(minutes=20)] * 4


def test_made_up_keys_cannot_push_the_good_ones_out(db: Database, admin: Person) -> None:
    keys = [_key(db, admin) for _ in range(3)]
    call = service.Authenticator(db, capacity=2)
    call(_bearer(keys[0]), {})
    for n in range(5):
        _unknown(call, {"authorization": f"Bearer rk_{'0' * 26}_{n:048d}"})
    with _checkouts(db) as taken:
        call(_bearer(keys[0]), {})
    assert taken == []
    call(_bearer(keys[1]), {})
    call(_bearer(keys[2]), {})
    assert call.remembered(_bearer(keys[0]), {}) is None
    assert call.remembered(_bearer(keys[2]), {}) is not None


def test_signing_out_ends_the_session_and_may_be_repeated(db: Database, admin: Person, clock: MovableClock) -> None:
    opened, call = _signed_in(db, admin), service.Authenticator(db)
    for _ in range(2):
        with db.transaction(admin.actor) as ctx:
            service.log_out(ctx, opened.token)
    _unknown(call, {}, {"regulars_session": opened.token})
