"""What people and keys hold right now, and the rule that nobody hands out more than they hold."""

from collections.abc import Iterable

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import ApiKey, Grant, KeyState, Role, permissions, problems
from regulars.domains.operators.store import keys as key_store
from regulars.domains.operators.store import people as store
from regulars.kernel import ids, problem
from regulars.platform.context import SYSTEM, Ctx


def list_roles(ctx: Ctx) -> dict[str, Role]:
    """Every role by its key, the built-in ones first."""
    return permissions.BUILT_IN | store.custom_roles(ctx.tx)


def of_grants(ctx: Ctx, grants: Iterable[Grant]) -> frozenset[str]:
    """What somebody with these grants holds, in the form an actor carries it (``name``, and ``name@store`` for limited ones)."""
    given = list(grants)
    roles = permissions.BUILT_IN if all(g.role in permissions.BUILT_IN for g in given) else list_roles(ctx)
    return rules.held(given, {name: role.permissions for name, role in roles.items()})


def of_key(key: ApiKey) -> frozenset[str]:
    """What an API key holds."""
    return rules.held([Grant("key", key.stores)], {"key": frozenset(key.scopes)})


def of_actor(ctx: Ctx, actor_id: str) -> frozenset[str]:
    """What the actor of this id holds now; nothing when it was disabled, revoked or never existed."""
    if actor_id == SYSTEM.id:
        return SYSTEM.permissions
    prefix = actor_id.partition("_")[0]
    if prefix == model.OPERATOR:
        operators = store.read(ctx.tx, [ids.decode(prefix, actor_id)])
        return frozenset().union(*(of_grants(ctx, o.grants) for o in operators.values() if o.state is model.OperatorState.active))
    if prefix == model.KEY:
        found = key_store.read(ctx.tx, [ids.decode(prefix, actor_id)])
        return frozenset().union(*(of_key(key) for key, _ in found.values() if key.state_at(ctx.now) is KeyState.active))
    return frozenset()


def person_behind(ctx: Ctx) -> str:
    """The id of the person who acts: a key acts for whoever made it, so that nobody approves what their own key asked."""
    if ctx.actor.kind != "api_key":
        return ctx.actor.id
    found = key_store.read(ctx.tx, [ids.decode(model.KEY, ctx.actor.id)])
    return next((key.created_by for key, _ in found.values()), ctx.actor.id)


def require_within_own(ctx: Ctx, wanted: frozenset[str]) -> None:
    """Raise ``operators.beyond_own`` when ``wanted`` reaches further than what the actor holds."""
    too_much = rules.beyond(wanted, ctx.actor.permissions)
    if too_much:
        raise problems.BEYOND_OWN(permissions=", ".join(too_much))


def require_store(ctx: Ctx, permission: str, store_code: str) -> None:
    """Raise ``auth.forbidden`` unless the actor holds ``permission`` for this store (by its code)."""
    stores = rules.stores_of(ctx.actor.permissions, permission)
    if stores is not None and store_code not in stores:
        raise problem.FORBIDDEN(permission=f"{permission}@{store_code}")
