"""The command line, through typer's own runner, on a real database."""

import re
from datetime import timedelta

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from regulars.domains.operators import cli, service
from regulars.domains.operators.model import permissions
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database

Plain = psycopg.Connection[tuple[object, ...]]


def _run(app: typer.Typer, db: Database, *arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), obj=db, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_an_operator_is_added_and_can_sign_in_with_what_was_printed(db: Database, connection: Plain) -> None:
    printed = _run(cli.app, db, "add", "Li.Na", "--role", "clerk", "--role", "analyst", "--store", "S1", "--store", "S2")
    login, password = printed.strip().split("\t")
    assert login == "li.na"
    assert service.log_in(db, login=login, password=password, address="203.0.113.7").operator.name == "Li.Na"
    actors = connection.execute("SELECT actor_id, action FROM audit ORDER BY audit_id LIMIT 1").fetchall()
    assert actors == [("system", "operator.added")]


def test_operators_are_listed_one_a_line(db: Database, connection: Plain) -> None:
    for login in ("al", "bo", "cy"):
        _run(cli.app, db, "add", login, "--role", "clerk", "--store", "S1")
    lines = [line.split("\t") for line in _run(cli.app, db, "list").splitlines()]
    assert [line[1:] for line in lines] == [["al", "active", "clerk@S1"], ["bo", "active", "clerk@S1"], ["cy", "active", "clerk@S1"]]
    assert all(re.fullmatch(r"opr_[0-9a-z]{26}", line[0]) for line in lines)
    connection.execute(
        """INSERT INTO operators (operator_id, login, name, state, password_hash, must_change, created_at)
           SELECT gen_random_uuid(), 'z' || n, 'Z', 'disabled', '', true, now() FROM generate_series(1000, 1396) AS n"""
    )
    lines = [line.split("\t") for line in _run(cli.app, db, "list").splitlines()]
    assert [line[1] for line in lines] == ["al", "bo", "cy", *(f"z{n}" for n in range(1000, 1397))]


def test_a_password_is_reset_from_the_machine_itself(db: Database) -> None:
    old = _run(cli.app, db, "add", "admin", "--role", "admin").strip().split("\t")[1]
    new = _run(cli.app, db, "reset-password", "ADMIN").strip().split("\t")[1]
    assert new != old
    assert service.log_in(db, login="admin", password=new, address="203.0.113.7").operator.login == "admin"
    with pytest.raises(Problem) as refused:
        _run(cli.app, db, "reset-password", "nobody")
    assert (refused.value.code, refused.value.fields) == ("not_found", {"what": "operator", "key": "nobody"})


def test_a_key_is_made_listed_and_revoked(db: Database, clock: MovableClock) -> None:
    text = _run(cli.keys, db, "create", "Shop", "--scope", "orders.write", "--store", "S1", "--days", "30").strip()
    actor = service.authenticate(db, {"authorization": f"Bearer {text}"}, {})
    assert actor.permissions == {"orders.write", "orders.write@S1"}
    assert _run(cli.keys, db, "list") == f"{actor.id}\tShop\tactive\t2026-03-01T12:00:00+00:00\torders.write\n"
    _run(cli.keys, db, "revoke", actor.id)
    assert _run(cli.keys, db, "list").split("\t")[2] == "revoked"
    _run(cli.keys, db, "create", "Till", "--scope", "orders.read", "--days", "30")
    clock.move(timedelta(days=30))
    assert [line.split("\t")[1:4] for line in _run(cli.keys, db, "list").splitlines()] == [
        ["Till", "expired", "-"],
        ["Shop", "revoked", "2026-03-01T12:00:00+00:00"],
    ]


def test_a_key_can_take_the_permissions_of_a_role(db: Database) -> None:
    text = _run(cli.keys, db, "create", "Shop", "--role", "integration").strip()
    actor = service.authenticate(db, {"authorization": f"Bearer {text}"}, {})
    assert actor.permissions == permissions.BUILT_IN["integration"].permissions
    text = _run(cli.keys, db, "create", "All", "--role", "admin").strip()
    held = service.authenticate(db, {"authorization": f"Bearer {text}"}, {}).permissions
    assert held == {name for name, permission in permissions.PERMISSIONS.items() if not permission.people_only}


def test_an_unknown_role_or_a_key_text_in_place_of_its_id_is_refused(db: Database) -> None:
    with pytest.raises(Problem, match="role"):
        _run(cli.keys, db, "create", "Shop", "--role", "boss")
    with pytest.raises(Problem, match="scopes"):
        _run(cli.keys, db, "create", "Shop")
    text = _run(cli.keys, db, "create", "Shop", "--scope", "orders.read").strip()
    with pytest.raises(Problem) as refused:
        _run(cli.keys, db, "revoke", text)
    assert refused.value.code == "input.invalid"
