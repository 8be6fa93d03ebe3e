"""Second opinions: a command that waits until another person approves it, and then runs once, checked again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from regulars.domains.operators import events, model, rules
from regulars.domains.operators.model import Approval, ApprovalId, ApprovalState, Json, problems
from regulars.domains.operators.service import auditing, rights
from regulars.domains.operators.store import approvals as store
from regulars.kernel import ids, problem
from regulars.platform import newid, outbox
from regulars.platform.context import Ctx

READ = "approvals.read"
DECIDE = "approvals.decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """How a kind of command is carried out. ``run`` does the deed in the given transaction and says what came of it, as JSON.

    It is given the payload as it was asked and must check it against the state of now; a ``Problem`` it raises undoes everything and
    leaves the request pending. ``permission`` is what the command takes: the person who asked must still hold it, and so must the
    one who approves.
    """

    permission: str
    run: Callable[[Ctx, Json], Json]


Executors = Mapping[str, Executor]
"""By kind. Built in ``app`` and handed in; this slice keeps none."""


def ask(ctx: Ctx, *, kind: str, payload: Json, reason: str, wait: timedelta | None = None, policy: model.Policy = model.POLICY) -> Approval:
    """A pending request for the command ``kind`` with ``payload`` (ids and amounts, no personal data), expiring after ``wait`` (7 days).

    The caller has checked that the actor may ask for it and that the payload is well formed.
    """
    why = rules.text("reason", reason, at_most=rules.REASON_MAX)
    asked = Approval(
        approval_id=ApprovalId(newid.uuid7()),
        kind=kind,
        payload=payload,
        asked_by=ctx.actor.id,
        asked_for=rights.person_behind(ctx),
        asked_at=ctx.now,
        reason=why,
        state=ApprovalState.pending,
        expires_at=ctx.now + (wait or policy.approval_for),
    )
    store.add(ctx.tx, [asked])
    auditing.audit(ctx, action="approval.asked", entity=wire(asked.approval_id), after={"kind": kind, "payload": payload}, reason=why)
    announced: dict[str, object] = {
        "approval": wire(asked.approval_id),
        "kind": kind,
        "asked_by": asked.asked_by,
        "expires_at": asked.expires_at.isoformat(),
    }
    outbox.emit(ctx, [outbox.Event(events.APPROVAL_ASKED, asked.approval_id, announced)])
    return asked


def approve(ctx: Ctx, approval_id: UUID, *, executors: Executors, reason: str = "") -> Approval:
    """The command has been carried out, in this transaction, once; asked again by the same person, the same answer.

    Two approvers at once: the second waits and is told that it is settled. Raises ``approvals.own_request``, ``approvals.settled``,
    ``approvals.asker_lost_right``, ``approvals.not_executable``, ``operators.only_people``, and whatever the command itself refuses.
    """
    approval = _locked_for_decision(ctx, approval_id)
    if approval.state is ApprovalState.executed and approval.decided_by == ctx.actor.id:
        return approval
    rules.check_pending(approval, ctx.now, shown=wire(approval_id))
    executor = executors.get(approval.kind)
    if executor is None:
        raise problems.NOT_EXECUTABLE(kind=approval.kind)
    ctx.require(executor.permission)
    if rules.beyond(frozenset({executor.permission}), rights.of_actor(ctx, approval.asked_by)):
        raise problems.ASKER_LOST_RIGHT(permission=executor.permission)
    result = executor.run(ctx, approval.payload)
    return _settle(ctx, approval, ApprovalState.executed, reason=_optional(reason), result=result)


def refuse(ctx: Ctx, approval_id: UUID, *, reason: str) -> Approval:
    """The request is refused for good. Raises ``approvals.own_request``, ``approvals.settled``, ``operators.only_people``."""
    why = rules.text("reason", reason, at_most=rules.REASON_MAX)
    approval = _locked_for_decision(ctx, approval_id)
    if approval.state is ApprovalState.refused and approval.decided_by == ctx.actor.id:
        return approval
    rules.check_pending(approval, ctx.now, shown=wire(approval_id))
    return _settle(ctx, approval, ApprovalState.refused, reason=why)


def withdraw(ctx: Ctx, approval_id: UUID) -> Approval:
    """The request is taken back by whoever asked, or whose key asked. Raises ``approvals.not_asker``, ``approvals.settled``."""
    approval = _lock(ctx, approval_id)
    if ctx.actor.id not in (approval.asked_by, approval.asked_for):
        raise problems.NOT_ASKER()
    if approval.state is ApprovalState.withdrawn:
        return approval
    rules.check_pending(approval, ctx.now, shown=wire(approval_id))
    return _settle(ctx, approval, ApprovalState.withdrawn)


def expire_due(ctx: Ctx, *, limit: int = 1_000) -> int:
    """At most ``limit`` requests whose time is up have expired; returns how many. One that is being decided is left to its decider."""
    expired = store.expire(ctx.tx, ctx.now, limit=limit)
    auditing.audit_many(ctx, [auditing.Entry(action="approval.expired", entity=wire(a.approval_id)) for a in expired])
    outbox.emit(ctx, [_settled_event(a) for a in expired])
    return len(expired)


def get_approval(ctx: Ctx, approval_id: UUID) -> Approval:
    """One request as it stands now; its asker may see it without further permission. Raises ``not_found``, ``auth.forbidden``."""
    approval = _known(store.find(ctx.tx, approval_id), approval_id)
    if ctx.actor.id not in (approval.asked_by, approval.asked_for):
        ctx.require(READ)
    return replace(approval, state=rules.state_at(approval, ctx.now))


def list_approvals(ctx: Ctx, *, state: ApprovalState | None = None, before: UUID | None = None, limit: int = 50) -> list[Approval]:
    """Requests as they stand now, newest first, from the one asked before ``before``."""
    ctx.require(READ)
    rows = store.page(ctx.tx, state=state, now=ctx.now, before=before, limit=limit)
    return [replace(approval, state=rules.state_at(approval, ctx.now)) for approval in rows]


def wire(approval_id: UUID) -> str:
    """The request's id as people and audit rows carry it."""
    return ids.encode(model.APPROVAL, approval_id)


def _known(approval: Approval | None, approval_id: UUID) -> Approval:
    if approval is None:
        raise problem.NOT_FOUND(what="approval", key=wire(approval_id))
    return approval


def _lock(ctx: Ctx, approval_id: UUID) -> Approval:
    return _known(store.lock(ctx.tx, approval_id), approval_id)


def _locked_for_decision(ctx: Ctx, approval_id: UUID) -> Approval:
    ctx.require(DECIDE)
    approval = _lock(ctx, approval_id)
    rules.check_decider(approval, actor_kind=ctx.actor.kind, actor_id=ctx.actor.id)
    return approval


def _optional(reason: str) -> str:
    return rules.text("reason", reason, at_most=rules.REASON_MAX) if reason.strip() else ""


def _settle(ctx: Ctx, approval: Approval, state: ApprovalState, *, reason: str = "", result: Json | None = None) -> Approval:
    settled = replace(approval, state=state, decided_by=ctx.actor.id, decided_at=ctx.now, decision_reason=reason or None, result=result)
    store.settle(ctx.tx, [settled])
    done = {"kind": approval.kind, "result": result}
    auditing.audit(ctx, action=f"approval.{state.value}", entity=wire(approval.approval_id), after=done, reason=reason)
    outbox.emit(ctx, [_settled_event(settled)])
    return settled


def _settled_event(approval: Approval) -> outbox.Event:
    payload: dict[str, object] = {
        "approval": wire(approval.approval_id),
        "kind": approval.kind,
        "state": approval.state.value,
        "decided_by": approval.decided_by,
    }
    return outbox.Event(events.APPROVAL_SETTLED, approval.approval_id, payload)
