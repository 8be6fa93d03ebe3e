"""Statements about endpoints and their secrets."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.webhooks.model import Endpoint, EndpointId, Secret, Stopped
from regulars.platform import db

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('regulars.webhooks.endpoints'))"
_COLUMNS = "endpoint_id, url, description, events::text, stopped, failing_since, created_by, created_at"


def lock_adding(tx: Connection) -> None:
    """Nobody else adds an endpoint until the commit, so that two who count see each other."""
    db.rows_of(tx, _LOCK)


def count(tx: Connection) -> int:
    """How many endpoints there are."""
    return int(db.rows_of(tx, "SELECT count(*) FROM webhook_endpoints")[0][0])


def add(tx: Connection, endpoint: Endpoint, wrapped: bytes) -> None:
    """The endpoint exists, with the wrapped data key of its secrets."""
    db.rows_of(
        tx,
        """INSERT INTO webhook_endpoints (endpoint_id, url, description, events, stopped, failing_since, wrapped, created_by, created_at)
           VALUES (%(id)s, %(url)s, %(description)s, %(events)s::text::jsonb, NULL, NULL, %(wrapped)s, %(by)s, %(at)s)""",
        id=endpoint.endpoint_id,
        url=endpoint.url,
        description=endpoint.description,
        events=orjson.dumps(endpoint.events).decode(),
        wrapped=wrapped,
        by=endpoint.created_by,
        at=endpoint.created_at,
    )


def lock(tx: Connection, endpoint_id: EndpointId) -> tuple[Endpoint, bytes] | None:
    """The endpoint and its wrapped data key; nobody else changes it until the commit."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS}, wrapped FROM webhook_endpoints WHERE endpoint_id = %(id)s FOR NO KEY UPDATE", id=endpoint_id)
    return (_endpoint(rows[0]), rows[0][8]) if rows else None


def change(tx: Connection, endpoint: Endpoint) -> None:
    """The endpoint is as given. The caller has locked it."""
    db.rows_of(
        tx,
        """UPDATE webhook_endpoints SET url = %(url)s, description = %(description)s, events = %(events)s::text::jsonb,
                  stopped = %(stopped)s, failing_since = %(since)s WHERE endpoint_id = %(id)s""",
        id=endpoint.endpoint_id,
        url=endpoint.url,
        description=endpoint.description,
        events=orjson.dumps(endpoint.events).decode(),
        stopped=endpoint.stopped.value if endpoint.stopped else None,
        since=endpoint.failing_since,
    )


def delete(tx: Connection, endpoint_id: EndpointId) -> bool:
    """The endpoint is gone with its secrets, deliveries and attempts; whether there was one."""
    return bool(db.rows_of(tx, "DELETE FROM webhook_endpoints WHERE endpoint_id = %(id)s RETURNING 1", id=endpoint_id))


def listed(tx: Connection, *, before: UUID | None, limit: int) -> list[Endpoint]:
    """At most ``limit`` endpoints, newest first, behind ``before``."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM webhook_endpoints WHERE %(before)s::uuid IS NULL OR endpoint_id < %(before)s
             ORDER BY endpoint_id DESC LIMIT %(limit)s""",
        before=before,
        limit=limit,
    )
    return [_endpoint(row) for row in rows]


def found(tx: Connection, ids: Collection[EndpointId]) -> dict[EndpointId, Endpoint]:
    """The endpoints among these ids."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM webhook_endpoints WHERE endpoint_id = ANY(%(ids)s::uuid[])", ids=list(ids))
    return {row[0]: _endpoint(row) for row in rows}


def listening(tx: Connection) -> list[tuple[EndpointId, tuple[str, ...]]]:
    """The enabled endpoints and their patterns. Locked against deletion: the deliveries that follow refer to them."""
    rows = db.rows_of(
        tx, "SELECT endpoint_id, events::text FROM webhook_endpoints WHERE stopped IS NULL ORDER BY endpoint_id FOR KEY SHARE"
    )
    return [(row[0], tuple(orjson.loads(row[1]))) for row in rows]


def hold(tx: Connection, ids: Collection[EndpointId]) -> None:
    """Nobody else changes or deletes these endpoints until the commit. Taken before their deliveries, as everybody does."""
    db.rows_of(
        tx,
        """SELECT FROM webhook_endpoints WHERE endpoint_id = ANY(%(ids)s::uuid[]) ORDER BY endpoint_id FOR NO KEY UPDATE""",
        ids=list(ids),
    )


def fared(tx: Connection, well: Collection[EndpointId], badly: Collection[EndpointId], now: datetime) -> None:
    """``well`` are not failing any more; ``badly`` are, since now unless they were already. The caller holds them."""
    db.rows_of(
        tx,
        """UPDATE webhook_endpoints SET failing_since = CASE WHEN endpoint_id = ANY(%(well)s::uuid[]) THEN NULL ELSE %(now)s END
            WHERE (endpoint_id = ANY(%(well)s::uuid[]) AND failing_since IS NOT NULL)
               OR (endpoint_id = ANY(%(badly)s::uuid[]) AND failing_since IS NULL)""",
        well=list(well),
        badly=list(badly),
        now=now,
    )


def stop(tx: Connection, endpoint_id: EndpointId, why: Stopped) -> bool:
    """The endpoint is disabled, if it was enabled; whether it was."""
    rows = db.rows_of(
        tx,
        "UPDATE webhook_endpoints SET stopped = %(why)s WHERE endpoint_id = %(id)s AND stopped IS NULL RETURNING 1",
        id=endpoint_id,
        why=why.value,
    )
    return bool(rows)


def add_secret(tx: Connection, endpoint_id: EndpointId, secret: Secret, *, sealed: bytes, others_until: datetime) -> None:
    """The endpoint has one secret more; the others end at ``others_until``, or when they would have anyway."""
    db.rows_of(
        tx,
        """UPDATE webhook_secrets SET expires_at = least(expires_at, %(until)s) WHERE endpoint_id = %(id)s""",
        id=endpoint_id,
        until=others_until,
    )
    db.rows_of(
        tx,
        """INSERT INTO webhook_secrets (endpoint_id, secret_id, sealed, created_at, expires_at)
           VALUES (%(id)s, %(secret)s, %(sealed)s, %(at)s, NULL)""",
        id=endpoint_id,
        secret=secret.secret_id,
        sealed=sealed,
        at=secret.created_at,
    )


def forget_secrets(tx: Connection, now: datetime) -> int:
    """Secrets that have ended are gone; returns how many."""
    return len(db.rows_of(tx, "DELETE FROM webhook_secrets WHERE expires_at <= %(now)s RETURNING 1", now=now))


def secrets(tx: Connection, ids: Sequence[EndpointId], now: datetime) -> dict[EndpointId, list[tuple[Secret, bytes, bytes]]]:
    """The valid secrets of each endpoint, newest first, each with the wrapped data key and the sealed text."""
    rows = db.rows_of(
        tx,
        """SELECT s.endpoint_id, s.secret_id, s.created_at, s.expires_at, e.wrapped, s.sealed
             FROM webhook_secrets s JOIN webhook_endpoints e USING (endpoint_id)
            WHERE s.endpoint_id = ANY(%(ids)s::uuid[]) AND (s.expires_at IS NULL OR s.expires_at > %(now)s)
            ORDER BY s.endpoint_id, s.created_at DESC, s.secret_id DESC""",
        ids=list(ids),
        now=now,
    )
    valid: dict[EndpointId, list[tuple[Secret, bytes, bytes]]] = {}
    for row in rows:
        secret = Secret(secret_id=row[1], created_at=row[2], expires_at=row[3])
        valid.setdefault(row[0], []).append((secret, row[4], row[5]))
    return valid


def _endpoint(row: tuple[Any, ...]) -> Endpoint:
    return Endpoint(
        endpoint_id=row[0],
        url=row[1],
        description=row[2],
        events=tuple(orjson.loads(row[3])),
        stopped=Stopped(row[4]) if row[4] else None,
        failing_since=row[5],
        created_by=row[6],
        created_at=row[7],
    )
