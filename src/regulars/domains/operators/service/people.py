"""Operators: the first one, adding, granting, disabling, resetting. Every change of who may do what waits behind one row lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import Grant, Operator, OperatorId, OperatorState, permissions, problems
from regulars.domains.operators.service import auditing, passwords, rights, tokens
from regulars.domains.operators.store import keys as key_store
from regulars.domains.operators.store import people as store
from regulars.domains.operators.store import sessions as session_store
from regulars.kernel import ids, problem
from regulars.platform import newid
from regulars.platform.context import Ctx

MANAGE = "operators.manage"


@dataclass(frozen=True, slots=True, repr=False)
class NewOperator:
    """An operator just made, with the password to hand over. It is shown once, and must be replaced at the first sign-in."""

    operator: Operator
    password: str


def first_run(ctx: Ctx, *, login: str = "admin") -> NewOperator | None:
    """The first administrator, made once in the life of a database; None ever after, and where operators exist already.

    Two first runs at once make one: the second waits for the first and finds it done.
    """
    if store.lock_setup(ctx.tx) is not None:
        return None
    store.mark_first_run(ctx.tx, ctx.now)
    if not store.is_empty(ctx.tx):
        return None
    return _add(ctx, login=rules.login(login), name="Administrator", grants=(Grant(permissions.ADMIN),))


def add_operator(ctx: Ctx, *, login: str, name: str, grants: Sequence[Grant]) -> NewOperator:
    """A new operator with a password to hand over. Raises ``operators.login_taken``, ``operators.beyond_own``, ``input.invalid``."""
    ctx.require(MANAGE)
    store.lock_setup(ctx.tx)
    checked = rules.check_grants(grants, rights.list_roles(ctx))
    rights.require_within_own(ctx, rights.of_grants(ctx, checked))
    return _add(ctx, login=rules.login(login), name=rules.text("name", name, at_most=rules.NAME_MAX), grants=checked)


def _add(ctx: Ctx, *, login: str, name: str, grants: tuple[Grant, ...]) -> NewOperator:
    made = Operator(
        operator_id=OperatorId(newid.uuid7()),
        login=login,
        name=name,
        state=OperatorState.active,
        must_change=True,
        grants=grants,
        created_at=ctx.now,
    )
    password = tokens.new_password()
    if not store.add(ctx.tx, [(made, passwords.hashed(password))]):
        raise problems.LOGIN_TAKEN(login=login)
    store.set_grants(ctx.tx, {made.operator_id: grants})
    auditing.audit(ctx, action="operator.added", entity=wire(made.operator_id), after=_grants(grants))
    return NewOperator(made, password)


def get_operator(ctx: Ctx, operator_id: UUID) -> Operator:
    """One operator. Raises ``not_found``."""
    found = store.read(ctx.tx, [operator_id])
    if not found:
        raise problem.NOT_FOUND(what="operator", key=ids.encode(model.OPERATOR, operator_id))
    return found[OperatorId(operator_id)]


def find_by_login(ctx: Ctx, login: str) -> Operator | None:
    """The operator of this login in any spelling, or None."""
    name = rules.login(login)
    return store.by_login(ctx.tx, [name]).get(name)


def list_operators(ctx: Ctx, *, after: str | None = None, limit: int = 50) -> list[Operator]:
    """Operators in order of login, from the one after the login ``after``."""
    ctx.require(MANAGE)
    return store.page(ctx.tx, after=after, limit=limit)


def rename(ctx: Ctx, operator_id: UUID, *, name: str) -> Operator:
    """The operator under another display name."""
    target = _managed(ctx, operator_id)
    store.update(ctx.tx, [target.operator_id], name=rules.text("name", name, at_most=rules.NAME_MAX))
    auditing.audit(ctx, action="operator.renamed", entity=wire(target.operator_id))
    return get_operator(ctx, operator_id)


def set_grants(ctx: Ctx, operator_id: UUID, *, grants: Sequence[Grant]) -> Operator:
    """The operator with exactly these grants. In force for running sessions within five seconds.

    Raises ``operators.beyond_own`` when they have, or would get, more than the actor holds; ``operators.last_admin``.
    """
    target = _managed(ctx, operator_id)
    checked = rules.check_grants(grants, rights.list_roles(ctx))
    rights.require_within_own(ctx, rights.of_grants(ctx, checked))
    if Grant(permissions.ADMIN) not in checked:
        _keep_an_admin(ctx, target)
    store.set_grants(ctx.tx, {target.operator_id: checked})
    auditing.audit(ctx, action="operator.grants_set", entity=wire(operator_id), before=_grants(target.grants), after=_grants(checked))
    return get_operator(ctx, operator_id)


def disable(ctx: Ctx, operator_id: UUID, *, reason: str, revoke_keys: bool) -> Operator:
    """The operator may not sign in any more and every session of theirs has ended.

    Keys they made belong to other systems and go on, unless ``revoke_keys``: who made a key has seen its secret.
    Raises ``operators.last_admin``, ``operators.not_yourself``, ``operators.beyond_own``.
    """
    target = _managed(ctx, operator_id)
    why = rules.text("reason", reason, at_most=rules.REASON_MAX)
    _not_yourself(ctx, target)
    _keep_an_admin(ctx, target)
    # The person first, the sessions after: a sign-in that holds the person's row is waited for, and its session is seen here.
    store.update(ctx.tx, [target.operator_id], state=OperatorState.disabled)
    session_store.close_all(ctx.tx, [target.operator_id])
    mine = key_store.alive_of(ctx.tx, [wire(operator_id)], ctx.now) if revoke_keys else {}
    revoked = key_store.revoke(ctx.tx, mine, ctx.now)
    gone = {"keys_revoked": sorted(ids.encode(model.KEY, key) for key in revoked)}
    auditing.audit(ctx, action="operator.disabled", entity=wire(operator_id), after=gone, reason=why)
    return get_operator(ctx, operator_id)


def enable(ctx: Ctx, operator_id: UUID) -> Operator:
    """The operator may sign in again, with the password and grants they had."""
    target = _managed(ctx, operator_id)
    store.update(ctx.tx, [target.operator_id], state=OperatorState.active)
    auditing.audit(ctx, action="operator.enabled", entity=wire(operator_id))
    return get_operator(ctx, operator_id)


def reset_password(ctx: Ctx, operator_id: UUID) -> NewOperator:
    """The operator with a new password to hand over; every session has ended, and a lock-out of the account too."""
    target = _managed(ctx, operator_id)
    _not_yourself(ctx, target)
    password = tokens.new_password()
    store.set_password(ctx.tx, {target.operator_id: passwords.hashed(password)}, must_change=True)
    session_store.close_all(ctx.tx, [target.operator_id])
    session_store.forget_attempts(ctx.tx, [("account", tokens.digest(target.login))])
    auditing.audit(ctx, action="operator.password_reset", entity=wire(operator_id))
    return NewOperator(get_operator(ctx, operator_id), password)


def wire(operator_id: UUID) -> str:
    """The operator's id as an actor and an audit row carry it."""
    return ids.encode(model.OPERATOR, operator_id)


def _managed(ctx: Ctx, operator_id: UUID) -> Operator:
    """The operator, locked against other changes of rights; only for an actor who holds all that the operator holds.

    Without this rule somebody with ``operators.manage`` could reset the administrator's password and become one.
    """
    ctx.require(MANAGE)
    store.lock_setup(ctx.tx)
    target = get_operator(ctx, operator_id)
    rights.require_within_own(ctx, rights.of_grants(ctx, target.grants))
    return target


def _not_yourself(ctx: Ctx, target: Operator) -> None:
    if ctx.actor.id == wire(target.operator_id):
        raise problems.NOT_YOURSELF()


def _keep_an_admin(ctx: Ctx, target: Operator) -> None:
    if store.active_with_role(ctx.tx, permissions.ADMIN) == {target.operator_id}:
        raise problems.LAST_ADMIN(login=target.login)


def _grants(grants: Sequence[Grant]) -> dict[str, object]:
    return {"grants": [{"role": grant.role, "stores": list(grant.stores)} for grant in grants]}
