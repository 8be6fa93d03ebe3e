"""Custom roles."""

from collections.abc import Sequence

from regulars.domains.operators import rules
from regulars.domains.operators.model import Role, permissions, problems
from regulars.domains.operators.service import auditing, rights
from regulars.domains.operators.service.people import MANAGE
from regulars.domains.operators.store import people as store
from regulars.kernel import problem
from regulars.platform.context import Ctx

_KEY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def put_role(ctx: Ctx, role: str, *, name_en: str, name_zh: str, names: Sequence[str]) -> Role:
    """The custom role with exactly these permissions, made or replaced. Holders get and lose them within five seconds.

    Raises ``operators.role_built_in``, ``operators.beyond_own`` (for what it had as for what it gets), ``input.invalid``.
    """
    ctx.require(MANAGE)
    store.lock_setup(ctx.tx)
    _not_built_in(role)
    if not 2 <= len(role) <= 40 or not _KEY_LETTERS.issuperset(role):
        raise problem.invalid("role", role, "2 to 40 small letters, digits and underscores")
    wanted = rules.known_permissions("permissions", names)
    before = store.custom_roles(ctx.tx).get(role)
    rights.require_within_own(ctx, wanted | (before.permissions if before else frozenset()))
    made = Role(
        role=role,
        name_en=rules.text("name_en", name_en, at_most=rules.NAME_MAX),
        name_zh=rules.text("name_zh", name_zh, at_most=rules.NAME_MAX),
        permissions=wanted,
    )
    store.put_roles(ctx.tx, [made])
    auditing.audit(ctx, action="role.put", entity=role, before=_permissions(before), after=_permissions(made))
    return made


def delete_role(ctx: Ctx, role: str) -> None:
    """The custom role is gone. Raises ``operators.role_in_use`` while somebody holds it, ``operators.role_built_in``, ``not_found``."""
    ctx.require(MANAGE)
    store.lock_setup(ctx.tx)
    _not_built_in(role)
    before = store.custom_roles(ctx.tx).get(role)
    if before is None:
        raise problem.NOT_FOUND(what="role", key=role)
    count = store.holders(ctx.tx, [role]).get(role, 0)
    if count:
        raise problems.ROLE_IN_USE(role=role, count=count)
    store.delete_roles(ctx.tx, [role])
    auditing.audit(ctx, action="role.deleted", entity=role, before=_permissions(before))


def _not_built_in(role: str) -> None:
    if role in permissions.BUILT_IN:
        raise problems.ROLE_BUILT_IN(role=role)


def _permissions(role: Role | None) -> dict[str, object] | None:
    return {"permissions": sorted(role.permissions)} if role else None
