"""Operators, their grants, and the custom roles."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.operators.model import Credentials, Grant, Operator, OperatorId, OperatorState, Role
from regulars.platform import db

GRANTS = """COALESCE((SELECT jsonb_agg(jsonb_build_array(g.role, g.stores) ORDER BY g.role)
                        FROM operator_grants g WHERE g.operator_id = o.operator_id), '[]'::jsonb)"""
COLUMNS = f"o.operator_id, o.login, o.name, o.state, o.must_change, o.created_at, {GRANTS}"


def operator_of(row: Sequence[Any]) -> Operator:
    """The operator in the first seven columns of a row of ``COLUMNS``."""
    return Operator(
        operator_id=OperatorId(row[0]),
        login=row[1],
        name=row[2],
        state=OperatorState(row[3]),
        must_change=row[4],
        created_at=row[5],
        grants=tuple(Grant(role, tuple(stores)) for role, stores in row[6]),
    )


def lock_setup(tx: Connection) -> datetime | None:
    """Hold, until the transaction ends, the one row behind which who-may-do-what changes; return when the first run was, if it was."""
    # The insert waits for another transaction that inserts the row for the first time; afterwards the row is there to be locked.
    db.rows_of(tx, "INSERT INTO operators_setup (one) VALUES (true) ON CONFLICT DO NOTHING")
    when: datetime | None = db.rows_of(tx, "SELECT first_run_at FROM operators_setup FOR UPDATE")[0][0]
    return when


def mark_first_run(tx: Connection, now: datetime) -> None:
    """Note that the first run has happened."""
    db.rows_of(tx, "UPDATE operators_setup SET first_run_at = %(now)s", now=now)


def is_empty(tx: Connection) -> bool:
    """Whether there is no operator at all."""
    return not db.rows_of(tx, "SELECT 1 FROM operators LIMIT 1")


def add(tx: Connection, operators: Sequence[tuple[Operator, str]]) -> set[str]:
    """Add operators with their password hashes, without grants; return the logins that were added, the others were taken."""
    ordered = sorted(operators, key=lambda pair: pair[0].login)
    rows = db.rows_of(
        tx,
        """INSERT INTO operators (operator_id, login, name, state, password_hash, must_change, created_at)
           SELECT * FROM unnest(%(ids)s::uuid[], %(logins)s::text[], %(names)s::text[], %(states)s::text[], %(hashes)s::text[],
                                %(must)s::boolean[], %(at)s::timestamptz[])
           ON CONFLICT DO NOTHING RETURNING login""",
        ids=[o.operator_id for o, _ in ordered],
        logins=[o.login for o, _ in ordered],
        names=[o.name for o, _ in ordered],
        states=[o.state.value for o, _ in ordered],
        hashes=[hash_ for _, hash_ in ordered],
        must=[o.must_change for o, _ in ordered],
        at=[o.created_at for o, _ in ordered],
    )
    return {row[0] for row in rows}


def set_grants(tx: Connection, grants: Mapping[OperatorId, Sequence[Grant]]) -> None:
    """Give each operator exactly these grants. The caller holds the setup lock."""
    db.rows_of(tx, "DELETE FROM operator_grants WHERE operator_id = ANY(%(ids)s)", ids=list(grants))
    db.copy_rows(
        tx,
        "operator_grants",
        ("operator_id", "role", "stores"),
        ((operator_id, grant.role, orjson.dumps(grant.stores).decode()) for operator_id, many in grants.items() for grant in many),
    )


def read(tx: Connection, ids: Iterable[UUID]) -> dict[OperatorId, Operator]:
    """Operators by id; unknown ones are left out."""
    rows = db.rows_of(tx, f"SELECT {COLUMNS} FROM operators o WHERE o.operator_id = ANY(%(ids)s)", ids=list(ids))
    return {OperatorId(row[0]): operator_of(row) for row in rows}


def by_login(tx: Connection, logins: Iterable[str]) -> dict[str, Operator]:
    """Operators by normalised login; unknown ones are left out."""
    rows = db.rows_of(tx, f"SELECT {COLUMNS} FROM operators o WHERE o.login = ANY(%(logins)s)", logins=list(logins))
    return {row[1]: operator_of(row) for row in rows}


def page(tx: Connection, *, after: str | None, limit: int) -> list[Operator]:
    """Operators in order of login, from the one after ``after``."""
    rows = db.rows_of(
        tx,
        f"SELECT {COLUMNS} FROM operators o WHERE o.login > %(after)s ORDER BY o.login LIMIT %(limit)s",
        after=after or "",
        limit=limit,
    )
    return [operator_of(row) for row in rows]


def update(tx: Connection, ids: Sequence[UUID], *, name: str | None = None, state: OperatorState | None = None) -> None:
    """Change the name or the state of operators; None leaves it."""
    db.rows_of(
        tx,
        """UPDATE operators SET name = COALESCE(%(name)s::text, name), state = COALESCE(%(state)s::text, state)
            WHERE operator_id = ANY(%(ids)s)""",
        ids=list(ids),
        name=name,
        state=state.value if state else None,
    )


def active_with_role(tx: Connection, role: str) -> set[OperatorId]:
    """Active operators who hold ``role`` everywhere. The caller holds the setup lock, or the answer may be old."""
    rows = db.rows_of(
        tx,
        """SELECT o.operator_id FROM operators o JOIN operator_grants g USING (operator_id)
            WHERE o.state = 'active' AND g.role = %(role)s AND g.stores = '[]'""",
        role=role,
    )
    return {OperatorId(row[0]) for row in rows}


def credentials(tx: Connection, logins: Iterable[str]) -> dict[str, Credentials]:
    """What sign-ins are checked against, by normalised login."""
    rows = db.rows_of(
        tx, "SELECT operator_id, login, state, password_hash FROM operators WHERE login = ANY(%(logins)s)", logins=list(logins)
    )
    return {
        row[1]: Credentials(operator_id=OperatorId(row[0]), login=row[1], state=OperatorState(row[2]), password_hash=row[3]) for row in rows
    }


def set_password(tx: Connection, hashes: Mapping[OperatorId, str], *, must_change: bool | None) -> None:
    """Replace the password hashes; ``must_change`` None leaves that mark as it is."""
    db.rows_of(
        tx,
        """UPDATE operators o SET password_hash = w.hash, must_change = COALESCE(%(must)s::boolean, o.must_change)
             FROM unnest(%(ids)s::uuid[], %(hashes)s::text[]) AS w(operator_id, hash) WHERE o.operator_id = w.operator_id""",
        ids=list(hashes),
        hashes=list(hashes.values()),
        must=must_change,
    )


def lock_current(tx: Connection, operator_id: OperatorId, password_hash: str) -> bool:
    """Whether the operator is active and still has this password hash; if so, neither can change before the transaction ends."""
    statement = """SELECT 1 FROM operators
                    WHERE operator_id = %(id)s AND state = 'active' AND password_hash = %(hash)s FOR UPDATE"""
    return bool(db.rows_of(tx, statement, id=operator_id, hash=password_hash))


def custom_roles(tx: Connection) -> dict[str, Role]:
    """Every custom role by its key."""
    rows = db.rows_of(tx, "SELECT role, name_en, name_zh, permissions FROM operator_roles ORDER BY role")
    return {row[0]: Role(role=row[0], name_en=row[1], name_zh=row[2], permissions=frozenset(row[3])) for row in rows}


def put_roles(tx: Connection, roles: Sequence[Role]) -> None:
    """Make or replace custom roles. The caller holds the setup lock."""
    for_copy = sorted(roles, key=lambda role: role.role)
    db.rows_of(tx, "DELETE FROM operator_roles WHERE role = ANY(%(roles)s)", roles=[role.role for role in for_copy])
    db.copy_rows(
        tx,
        "operator_roles",
        ("role", "name_en", "name_zh", "permissions"),
        ((role.role, role.name_en, role.name_zh, orjson.dumps(sorted(role.permissions)).decode()) for role in for_copy),
    )


def delete_roles(tx: Connection, roles: Iterable[str]) -> None:
    """Remove custom roles that nobody holds. The caller holds the setup lock."""
    db.rows_of(tx, "DELETE FROM operator_roles WHERE role = ANY(%(roles)s)", roles=list(roles))


def holders(tx: Connection, roles: Iterable[str]) -> dict[str, int]:
    """How many operators hold each of the roles, in whatever stores; roles nobody holds are left out."""
    rows = db.rows_of(tx, "SELECT role, count(*) FROM operator_grants WHERE role = ANY(%(roles)s) GROUP BY role", roles=list(roles))
    return dict(rows)
