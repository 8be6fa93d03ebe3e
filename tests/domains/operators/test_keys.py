"""API keys: who may make which, what is stored, what revoking leaves."""

from datetime import timedelta

import psycopg
import pytest

from regulars.domains.operators import service
from regulars.domains.operators.model import Grant, KeyState
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def keeper(db: Database, admin: Person, person: MakePerson) -> Person:
    """Somebody who may make keys, holds orders.write in S1 only and members.read."""
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "keepers", name_en="Keepers", name_zh="密钥管理", names=["keys.manage", "members.read"])
        service.put_role(ctx, "tills", name_en="Tills", name_zh="收银", names=["orders.write"])
    return person("keeper", Grant("keepers"), Grant("tills", ("S1",)))


def test_a_key_is_shown_once_and_only_the_hash_of_its_secret_is_kept(db: Database, admin: Person, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        made = service.create_key(ctx, name=" Till ", scopes=["orders.write", "members.read", "orders.write"])
    head, _, secret = made.text.rpartition("_")
    assert (len(head), len(secret)) == (3 + 26, 48)
    assert head.startswith("rk_")
    assert made.text not in repr(made)
    row = connection.execute("SELECT name, secret_hash, scopes, stores, created_by, expires_at, last_used_at FROM api_keys").fetchall()
    digest = service.tokens.digest(secret)
    assert row == [("Till", digest, ["members.read", "orders.write"], [], admin.actor.id, None, None)]
    assert made.text not in str(connection.execute("SELECT * FROM audit").fetchall())
    last = connection.execute("SELECT action, entity, after FROM audit ORDER BY audit_id DESC LIMIT 1").fetchall()
    after = {"scopes": ["members.read", "orders.write"], "stores": [], "expires_at": None}
    assert last == [("key.created", service.keys.wire(made.key.key_id), after)]


@pytest.mark.parametrize(
    ("scopes", "stores", "beyond"),
    [
        (["orders.write"], [], "orders.write"),
        (["orders.write"], ["S1", "S2"], "orders.write"),
        (["audit.read", "members.read"], [], "audit.read"),
    ],
)
def test_a_key_never_reaches_further_than_its_maker(
    db: Database, keeper: Person, connection: Plain, scopes: list[str], stores: list[str], beyond: str
) -> None:
    with pytest.raises(Problem) as refused, db.transaction(keeper.actor) as ctx:
        service.create_key(ctx, name="Till", scopes=scopes, stores=stores)
    assert (refused.value.code, refused.value.fields) == ("operators.beyond_own", {"permissions": beyond})
    assert connection.execute("SELECT count(*) FROM api_keys").fetchall() == [(0,)]


def test_a_maker_hands_on_what_they_hold(db: Database, keeper: Person) -> None:
    with db.transaction(keeper.actor) as ctx:
        made = service.create_key(ctx, name="Till", scopes=["orders.write", "members.read"], stores=["S1"])
    assert (made.key.scopes, made.key.stores) == (("members.read", "orders.write"), ("S1",))


@pytest.mark.parametrize("scope", ["approvals.decide", "keys.manage", "operators.manage", "*", "orders.reed"])
def test_an_administrator_too_cannot_give_a_key_what_only_people_do(db: Database, admin: Person, scope: str) -> None:
    with pytest.raises(Problem) as refused, db.transaction(admin.actor) as ctx:
        service.create_key(ctx, name="Till", scopes=["orders.read", scope])
    assert [(f.field, f.value) for f in refused.value.faults] == [("scopes[1]", scope)]


def test_a_key_ends_in_the_future(db: Database, admin: Person, clock: MovableClock) -> None:
    with pytest.raises(Problem) as refused, db.transaction(admin.actor) as ctx:
        service.create_key(ctx, name="Till", scopes=["orders.read"], expires_at=clock.now())
    assert [f.field for f in refused.value.faults] == ["expires_at"]
    with db.transaction(admin.actor) as ctx:
        end = clock.now() + timedelta(days=1)
        made = service.create_key(ctx, name="Till", scopes=["orders.read"], expires_at=end).key
        assert service.get_key(ctx, made.key_id).expires_at == end
    assert made.state_at(end - timedelta(microseconds=1)) is KeyState.active
    assert made.state_at(end) is KeyState.expired


def test_keys_are_listed_newest_first_in_pages(db: Database, admin: Person) -> None:
    for name in ("one", "two", "three"):
        with db.transaction(admin.actor) as ctx:
            service.create_key(ctx, name=name, scopes=["orders.read"])
    with db.reading(admin.actor) as ctx:
        page = service.list_keys(ctx, limit=2)
        assert [key.name for key in page] == ["three", "two"]
        assert [key.name for key in service.list_keys(ctx, before=page[-1].key_id, limit=2)] == ["one"]


def test_revoking_twice_changes_nothing_the_second_time(db: Database, admin: Person, clock: MovableClock, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        made = service.create_key(ctx, name="Till", scopes=["orders.read"]).key
    with db.transaction(admin.actor) as ctx:
        first = service.revoke_key(ctx, made.key_id)
    assert first.revoked_at == clock.now()
    assert first.state_at(clock.now()) is KeyState.revoked
    clock.move(timedelta(minutes=1))
    with db.transaction(admin.actor) as ctx:
        assert service.revoke_key(ctx, made.key_id) == first
    assert connection.execute("SELECT count(*) FROM audit WHERE action = 'key.revoked'").fetchall() == [(1,)]


def test_without_the_permission_no_key_is_seen_made_or_revoked(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    with db.transaction(admin.actor) as ctx:
        made = service.create_key(ctx, name="Till", scopes=["orders.read"]).key
    clerk = person("clerk", Grant("clerk"))
    before = connection.execute("SELECT * FROM api_keys").fetchall()
    for attempt in (
        service.list_keys,
        lambda ctx: service.get_key(ctx, made.key_id),
        lambda ctx: service.revoke_key(ctx, made.key_id),
        lambda ctx: service.create_key(ctx, name="Mine", scopes=["orders.read"]),
    ):
        with pytest.raises(Problem) as refused, db.transaction(clerk.actor) as ctx:
            attempt(ctx)
        assert (refused.value.code, refused.value.fields) == ("auth.forbidden", {"permission": "keys.manage"})
    assert connection.execute("SELECT * FROM api_keys").fetchall() == before
