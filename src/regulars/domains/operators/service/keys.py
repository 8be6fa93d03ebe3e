"""API keys of other systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import ApiKey, Grant, KeyId
from regulars.domains.operators.service import auditing, rights, tokens
from regulars.domains.operators.store import keys as store
from regulars.domains.operators.store import people as people_store
from regulars.kernel import ids, problem
from regulars.platform import newid
from regulars.platform.context import Ctx

MANAGE = "keys.manage"


@dataclass(frozen=True, slots=True, repr=False)
class NewKey:
    """A key just made, with its text. The text is shown once; only the SHA-256 of its secret is kept."""

    key: ApiKey
    text: str


def create_key(ctx: Ctx, *, name: str, scopes: Sequence[str], stores: Sequence[str] = (), expires_at: datetime | None = None) -> NewKey:
    """A new key that may do ``scopes`` (in ``stores`` only, when some are named) until ``expires_at``.

    It keeps these scopes when its maker leaves or loses them: another system depends on it. Disabling a person can revoke their keys.
    Raises ``operators.beyond_own`` when the maker does not hold a scope, ``input.invalid``.
    """
    ctx.require(MANAGE)
    # Held until the commit, so that a right being taken from the maker at this moment is either seen here or taken afterwards.
    people_store.lock_setup(ctx.tx)
    wanted = rules.known_permissions("scopes", scopes, for_key=True)
    places = rules.check_stores("stores", stores)
    rights.require_within_own(ctx, rules.held([Grant("key", places)], {"key": wanted}))
    if expires_at is not None and expires_at <= ctx.now:
        raise problem.invalid("expires_at", expires_at.isoformat(), "a moment in the future, or nothing for a key that lasts")
    made = ApiKey(
        key_id=KeyId(newid.uuid7()),
        name=rules.text("name", name, at_most=rules.NAME_MAX),
        scopes=tuple(sorted(wanted)),
        stores=places,
        created_by=ctx.actor.id,
        created_at=ctx.now,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    secret = tokens.new_secret()
    store.add(ctx.tx, [(made, tokens.digest(secret))])
    what = {"scopes": list(made.scopes), "stores": list(places), "expires_at": expires_at.isoformat() if expires_at else None}
    auditing.audit(ctx, action="key.created", entity=wire(made.key_id), after=what)
    return NewKey(made, tokens.key_text(made.key_id, secret))


def list_keys(ctx: Ctx, *, before: UUID | None = None, limit: int = 50) -> list[ApiKey]:
    """Keys, newest first, from the one made before ``before``."""
    ctx.require(MANAGE)
    return store.page(ctx.tx, before=before, limit=limit)


def get_key(ctx: Ctx, key_id: UUID) -> ApiKey:
    """One key. Raises ``not_found``."""
    ctx.require(MANAGE)
    found = store.read(ctx.tx, [key_id])
    if not found:
        raise problem.NOT_FOUND(what="key", key=wire(key_id))
    return found[KeyId(key_id)][0]


def revoke_key(ctx: Ctx, key_id: UUID) -> ApiKey:
    """The key opens nothing any more, in every process within five seconds. A second time changes nothing."""
    ctx.require(MANAGE)
    get_key(ctx, key_id)
    if store.revoke(ctx.tx, [key_id], ctx.now):
        auditing.audit(ctx, action="key.revoked", entity=wire(key_id))
    return get_key(ctx, key_id)


def wire(key_id: UUID) -> str:
    """The key's id as an actor and an audit row carry it; it is not the key's text."""
    return ids.encode(model.KEY, key_id)
