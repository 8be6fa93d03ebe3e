"""Signing in and out, and changing one's password.

Attempts are counted in PostgreSQL and not in the process: every API process sees the same count, a restart gives nobody new
tries, and beside an argon2 hash one row costs nothing. A window begins with its first attempt and ends after a fixed time; until
then an account (known or not) and an address each have so many tries. These verbs take the ``Database`` and not a ``Ctx``: an attempt has
to stay counted when the sign-in is refused, and no transaction may be open while a password is hashed.
"""

from dataclasses import dataclass
from datetime import datetime

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import Credentials, Operator, OperatorId, OperatorState, Policy, problems
from regulars.domains.operators.service import auditing, passwords, people, rights, tokens
from regulars.domains.operators.store import people as people_store
from regulars.domains.operators.store import sessions as store
from regulars.kernel import ids, problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened:
    """A new session: ``token`` is for the cookie and is not stored; the page sends ``csrf_token`` with every change."""

    token: str
    csrf_token: str
    operator: Operator
    permissions: frozenset[str]
    expires_at: datetime


def log_in(db: Database, *, login: str, password: str, address: str, policy: Policy = model.POLICY) -> Opened:
    """A new session for the right password. Raises ``operators.wrong_password`` (also for nobody of that name, after the same time),
    ``operators.locked_out``, ``input.invalid`` for what cannot be a login.
    """
    name = rules.login(login)
    account, origin = ("account", tokens.digest(name)), ("address", tokens.digest(rules.network(address)))
    found = _attempt(db, name, [account, origin], policy)
    known = found if found and found.state is OperatorState.active else None
    if not passwords.matches(known.password_hash if known else None, password) or known is None:
        raise problems.WRONG_PASSWORD()
    fresh = passwords.hashed(password) if passwords.outdated(known.password_hash) else None
    with db.transaction(_actor(known.operator_id)) as ctx:
        if not people_store.lock_current(ctx.tx, known.operator_id, known.password_hash):
            # Disabled, or given another password, while this one was being checked.
            raise problems.WRONG_PASSWORD()
        if fresh:
            people_store.set_password(ctx.tx, {known.operator_id: fresh}, must_change=None)
        store.forget_attempts(ctx.tx, [account])
        store.give_back(ctx.tx, [origin])
        return _open(ctx, known.operator_id, policy)


def _attempt(db: Database, login: str, places: list[store.Place], policy: Policy) -> Credentials | None:
    """Count the attempt and commit that; then what the login is checked against. Raises ``operators.locked_out``."""
    with db.transaction() as ctx:
        counted = store.count_attempts(ctx.tx, places, now=ctx.now, window=policy.attempt_window)
        found = people_store.credentials(ctx.tx, [login]).get(login)
    limits = {"account": policy.account_attempts, "address": policy.address_attempts}
    ends = [
        end
        for kind, (failures, since) in counted.items()
        if (end := rules.locked_until(failures, since, limit=limits[kind], window=policy.attempt_window))
    ]
    if ends:
        raise problems.LOCKED_OUT(retry_at=max(ends).isoformat(timespec="seconds"))
    return found


def _open(ctx: Ctx, operator_id: OperatorId, policy: Policy) -> Opened:
    operator = people.get_operator(ctx, operator_id)
    token, expires_at = tokens.new_secret(), ctx.now + policy.session_for
    store.open_session(ctx.tx, tokens.digest(token), operator_id, now=ctx.now, expires_at=expires_at)
    auditing.audit(ctx, action="session.opened", entity=people.wire(operator_id))
    return Opened(
        token=token,
        csrf_token=tokens.csrf_of(token),
        operator=operator,
        permissions=permissions_of(ctx, operator),
        expires_at=expires_at,
    )


def permissions_of(ctx: Ctx, operator: Operator) -> frozenset[str]:
    """What a session of the operator may do: nothing but sign out and set a password while they have one that was handed out."""
    return frozenset() if operator.must_change else rights.of_grants(ctx, operator.grants)


def log_out(ctx: Ctx, token: str) -> None:
    """The session is over; nothing happens when it already was."""
    store.close(ctx.tx, [tokens.digest(token)])


def change_password(db: Database, actor: Actor, *, current: str, new: str, policy: Policy = model.POLICY) -> Opened:
    """The person has the new password; every session of theirs has ended, and a new one takes the place of the one they used.

    Guesses of the current password count as sign-in attempts. Raises ``operators.wrong_password``, ``operators.locked_out``,
    ``operators.only_people``, ``input.invalid`` naming what a password must be.
    """
    if actor.kind != "operator":
        raise problems.ONLY_PEOPLE()
    with db.reading() as ctx:
        person = people.get_operator(ctx, ids.decode(model.OPERATOR, actor.id))
    rules.check_password("new_password", new, login_=person.login)
    if rules.password(new) == rules.password(current):
        raise problem.invalid("new_password", "***", "another password than the current one")
    account = ("account", tokens.digest(person.login))
    known = _attempt(db, person.login, [account], policy)
    if known is None or not passwords.matches(known.password_hash, current):
        raise problems.WRONG_PASSWORD()
    fresh = passwords.hashed(new)
    with db.transaction(actor) as ctx:
        if not people_store.lock_current(ctx.tx, known.operator_id, known.password_hash):
            raise problems.WRONG_PASSWORD()
        people_store.set_password(ctx.tx, {known.operator_id: fresh}, must_change=False)
        store.close_all(ctx.tx, [known.operator_id])
        store.forget_attempts(ctx.tx, [account])
        auditing.audit(ctx, action="operator.password_changed", entity=actor.id)
        return _open(ctx, known.operator_id, policy)


def forget_old(ctx: Ctx, *, policy: Policy = model.POLICY) -> int:
    """Sessions whose time is up and attempts whose window is over are gone; returns how many rows that were."""
    return store.forget_old(ctx.tx, now=ctx.now, window=policy.attempt_window)


def _actor(operator_id: OperatorId) -> Actor:
    return Actor(kind="operator", id=people.wire(operator_id))
