"""API keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.operators.model import ApiKey, KeyId
from regulars.platform import db

_COLUMNS = "key_id, name, scopes, stores, created_by, created_at, expires_at, last_used_at, revoked_at"


def _key_of(row: Sequence[Any]) -> ApiKey:
    return ApiKey(
        key_id=KeyId(row[0]),
        name=row[1],
        scopes=tuple(row[2]),
        stores=tuple(row[3]),
        created_by=row[4],
        created_at=row[5],
        expires_at=row[6],
        last_used_at=row[7],
        revoked_at=row[8],
    )


def add(tx: Connection, keys: Sequence[tuple[ApiKey, bytes]]) -> None:
    """Add keys with the SHA-256 of their secrets."""
    db.copy_rows(
        tx,
        "api_keys",
        ("key_id", "name", "secret_hash", "scopes", "stores", "created_by", "created_at", "expires_at"),
        (
            (
                k.key_id,
                k.name,
                hash_,
                orjson.dumps(k.scopes).decode(),
                orjson.dumps(k.stores).decode(),
                k.created_by,
                k.created_at,
                k.expires_at,
            )
            for k, hash_ in keys
        ),
    )


def read(tx: Connection, ids: Iterable[UUID]) -> dict[KeyId, tuple[ApiKey, bytes]]:
    """Keys with the hashes of their secrets, by id; unknown ones are left out."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS}, secret_hash FROM api_keys WHERE key_id = ANY(%(ids)s)", ids=list(ids))
    return {KeyId(row[0]): (_key_of(row), row[9]) for row in rows}


def page(tx: Connection, *, before: UUID | None, limit: int) -> list[ApiKey]:
    """Keys, newest first, from the one made before ``before``."""
    where = "WHERE key_id < %(before)s" if before else ""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM api_keys {where} ORDER BY key_id DESC LIMIT %(limit)s", before=before, limit=limit)
    return [_key_of(row) for row in rows]


def touch(tx: Connection, ids: Iterable[KeyId], now: datetime) -> None:
    """Note that keys were used."""
    db.rows_of(
        tx,
        """UPDATE api_keys SET last_used_at = %(now)s
            WHERE key_id = ANY(%(ids)s) AND (last_used_at IS NULL OR last_used_at < %(now)s)""",
        ids=list(ids),
        now=now,
    )


def revoke(tx: Connection, ids: Iterable[UUID], now: datetime) -> set[KeyId]:
    """End keys; return those that were still alive."""
    rows = db.rows_of(
        tx,
        "UPDATE api_keys SET revoked_at = %(now)s WHERE key_id = ANY(%(ids)s) AND revoked_at IS NULL RETURNING key_id",
        ids=sorted(ids),
        now=now,
    )
    return {KeyId(row[0]) for row in rows}


def alive_of(tx: Connection, creators: Iterable[str], now: datetime) -> dict[KeyId, str]:
    """The keys that actors (by id) made and that still open something, each with its creator."""
    rows = db.rows_of(
        tx,
        """SELECT key_id, created_by FROM api_keys
            WHERE created_by = ANY(%(creators)s) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(now)s)""",
        creators=list(creators),
        now=now,
    )
    return {KeyId(row[0]): row[1] for row in rows}
