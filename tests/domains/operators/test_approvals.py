"""Second opinions: who decides, what is checked again, what one decision leaves behind."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg
import pytest

from regulars.domains.operators import service, tasks
from regulars.domains.operators.model import Approval, ApprovalState, Grant, Json
from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.context import SYSTEM, Actor, Ctx
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
PAYLOAD = {"member": "mbr_1", "points": 500}


@dataclass
class Desk:
    """One person who asks, one who decides, and a command whose runs are counted."""

    asker: Person
    decider: Person
    runs: list[tuple[str, Json]] = field(default_factory=list)

    def run(self, ctx: Ctx, payload: Json) -> Json:
        self.runs.append((ctx.actor.id, payload))
        return {"entries": 1}

    @property
    def executors(self) -> service.Executors:
        return {"points.adjust": service.Executor(permission="points.adjust", run=self.run)}


@pytest.fixture
def desk(person: MakePerson) -> Desk:
    return Desk(person("asker", Grant("service")), person("decider", Grant("operations")))


def _ask(db: Database, actor: Actor, **more: object) -> Approval:
    with db.transaction(actor) as ctx:
        return service.ask(ctx, kind="points.adjust", payload=PAYLOAD, reason="Goodwill", **more)  # type: ignore[arg-type]  # as given by each test


def _approve(db: Database, desk: Desk, asked: Approval, actor: Actor | None = None) -> Approval:
    with db.transaction(actor or desk.decider.actor) as ctx:
        return service.approve(ctx, asked.approval_id, executors=desk.executors, reason="Fine")


def _refused(call: Callable[[], object]) -> tuple[str, dict[str, object]]:
    with pytest.raises(Problem) as refused:
        call()
    return refused.value.code, refused.value.fields


def _rows(connection: Plain) -> list[tuple[object, ...]]:
    return connection.execute("SELECT state, decided_by, decided_at, decision_reason, result FROM approvals").fetchall()


def test_a_request_waits_and_is_announced(db: Database, desk: Desk, clock: MovableClock, connection: Plain) -> None:
    asked = _ask(db, desk.asker.actor)
    assert asked.state is ApprovalState.pending
    assert (asked.asked_by, asked.asked_for) == (desk.asker.actor.id, desk.asker.actor.id)
    assert asked.expires_at == clock.now() + timedelta(days=7)
    wire = service.approvals.wire(asked.approval_id)
    with db.reading(desk.decider.actor) as ctx:
        assert service.get_approval(ctx, asked.approval_id) == asked
        assert service.list_approvals(ctx) == [asked]
    audit = connection.execute("SELECT actor_id, action, entity, after, reason FROM audit ORDER BY audit_id DESC LIMIT 1").fetchall()
    assert audit == [(desk.asker.actor.id, "approval.asked", wire, {"kind": "points.adjust", "payload": PAYLOAD}, "Goodwill")]
    sent = connection.execute("SELECT name, key, payload FROM outbox").fetchall()
    announced = {"approval": wire, "kind": "points.adjust", "asked_by": asked.asked_by, "expires_at": "2026-03-08T12:00:00+00:00"}
    assert sent == [("operators.approval_asked", asked.approval_id, announced)]


def test_another_person_approves_and_the_command_runs_once(db: Database, desk: Desk, clock: MovableClock, connection: Plain) -> None:
    asked = _ask(db, desk.asker.actor)
    clock.move(timedelta(hours=1))
    done = _approve(db, desk, asked)
    by = desk.decider.actor.id
    assert done == replace(
        asked, state=ApprovalState.executed, decided_by=by, decided_at=clock.now(), decision_reason="Fine", result={"entries": 1}
    )
    assert desk.runs == [(by, PAYLOAD)]
    with db.reading(desk.asker.actor) as ctx:
        assert service.get_approval(ctx, asked.approval_id) == done
    wire = service.approvals.wire(asked.approval_id)
    audit = connection.execute("SELECT actor_id, action, entity, after, reason FROM audit ORDER BY audit_id DESC LIMIT 1").fetchall()
    assert audit == [(by, "approval.executed", wire, {"kind": "points.adjust", "result": {"entries": 1}}, "Fine")]
    sent = connection.execute("SELECT name, payload FROM outbox ORDER BY id DESC LIMIT 1").fetchall()
    settled = {"approval": wire, "kind": "points.adjust", "state": "executed", "decided_by": by}
    assert sent == [("operators.approval_settled", settled)]


def test_the_same_approver_asking_again_gets_the_same_answer_and_nothing_runs(db: Database, desk: Desk) -> None:
    asked = _ask(db, desk.asker.actor)
    assert _approve(db, desk, asked) == _approve(db, desk, asked)
    assert len(desk.runs) == 1


def test_a_second_approver_is_told_that_it_is_settled(db: Database, desk: Desk, person: MakePerson) -> None:
    asked, other = _ask(db, desk.asker.actor), person("other", Grant("operations"))
    _approve(db, desk, asked)
    settled = {"approval": service.approvals.wire(asked.approval_id), "state": "executed"}
    assert _refused(lambda: _approve(db, desk, asked, other.actor)) == ("approvals.settled", settled)
    assert len(desk.runs) == 1


def test_nobody_decides_their_own_request_not_even_an_administrator(db: Database, admin: Person, desk: Desk, connection: Plain) -> None:
    asked = _ask(db, admin.actor)
    assert _refused(lambda: _approve(db, desk, asked, admin.actor))[0] == "approvals.own_request"
    with pytest.raises(Problem, match="own_request"), db.transaction(admin.actor) as ctx:
        service.refuse(ctx, asked.approval_id, reason="No")
    assert desk.runs == []
    assert _rows(connection) == [("pending", None, None, None, None)]


def test_nobody_decides_what_their_own_key_asked(db: Database, admin: Person, desk: Desk) -> None:
    with db.transaction(admin.actor) as ctx:
        key = service.create_key(ctx, name="Shop", scopes=["points.adjust"])
    asked = _ask(db, service.authenticate(db, {"authorization": f"Bearer {key.text}"}, {}))
    assert (asked.asked_by, asked.asked_for) == (service.keys.wire(key.key.key_id), admin.actor.id)
    assert _refused(lambda: _approve(db, desk, asked, admin.actor))[0] == "approvals.own_request"
    assert _approve(db, desk, asked).state is ApprovalState.executed


@pytest.mark.parametrize("actor", [SYSTEM, Actor(kind="api_key", id="key_1", permissions=frozenset({"*"}))])
def test_only_people_decide(db: Database, desk: Desk, actor: Actor) -> None:
    asked = _ask(db, desk.asker.actor)
    assert _refused(lambda: _approve(db, desk, asked, actor))[0] == "operators.only_people"
    assert desk.runs == []


def test_deciding_needs_the_permission_to_decide_and_that_of_the_command(
    db: Database, admin: Person, desk: Desk, person: MakePerson, connection: Plain
) -> None:
    with db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "deciders", name_en="Deciders", name_zh="审批", names=["approvals.decide"])
    asked = _ask(db, desk.asker.actor)
    clerk, only = person("clerk", Grant("clerk")), person("only", Grant("deciders"))
    assert _refused(lambda: _approve(db, desk, asked, clerk.actor)) == ("auth.forbidden", {"permission": "approvals.decide"})
    assert _refused(lambda: _approve(db, desk, asked, only.actor)) == ("auth.forbidden", {"permission": "points.adjust"})
    assert desk.runs == []
    assert _rows(connection) == [("pending", None, None, None, None)]


def test_the_right_of_the_asker_is_checked_again(db: Database, admin: Person, desk: Desk) -> None:
    asked = _ask(db, desk.asker.actor)
    lost = ("approvals.asker_lost_right", {"permission": "points.adjust"})
    with db.transaction(admin.actor) as ctx:
        service.set_grants(ctx, desk.asker.operator.operator_id, grants=[Grant("clerk")])
    assert _refused(lambda: _approve(db, desk, asked)) == lost
    with db.transaction(admin.actor) as ctx:
        service.set_grants(ctx, desk.asker.operator.operator_id, grants=[Grant("service")])
        service.disable(ctx, desk.asker.operator.operator_id, reason="left", revoke_keys=False)
    assert _refused(lambda: _approve(db, desk, asked)) == lost
    with db.transaction(admin.actor) as ctx:
        service.enable(ctx, desk.asker.operator.operator_id)
    assert _approve(db, desk, asked).state is ApprovalState.executed


def test_the_request_of_a_revoked_key_is_not_carried_out(db: Database, admin: Person, desk: Desk) -> None:
    with db.transaction(admin.actor) as ctx:
        key = service.create_key(ctx, name="Shop", scopes=["points.adjust"])
    asked = _ask(db, service.authenticate(db, {"authorization": f"Bearer {key.text}"}, {}))
    with db.transaction(admin.actor) as ctx:
        service.revoke_key(ctx, key.key.key_id)
    assert _refused(lambda: _approve(db, desk, asked))[0] == "approvals.asker_lost_right"


def test_a_request_of_the_system_needs_no_person_behind_it(db: Database, desk: Desk) -> None:
    asked = _ask(db, SYSTEM)
    assert (asked.asked_by, asked.asked_for) == ("system", "system")
    assert _approve(db, desk, asked).state is ApprovalState.executed


def test_what_the_command_refuses_undoes_everything_and_the_request_still_waits(db: Database, desk: Desk, connection: Plain) -> None:
    asked = _ask(db, desk.asker.actor)

    def half(ctx: Ctx, payload: Json) -> Json:
        service.audit(ctx, action="points.adjusted", entity="mbr_1")
        raise problem.UNAVAILABLE()

    executors = {"points.adjust": service.Executor(permission="points.adjust", run=half)}
    before = connection.execute("SELECT count(*) FROM audit").fetchall()
    with pytest.raises(Problem, match="unavailable"), db.transaction(desk.decider.actor) as ctx:
        service.approve(ctx, asked.approval_id, executors=executors)
    assert connection.execute("SELECT count(*) FROM audit").fetchall() == before
    assert _rows(connection) == [("pending", None, None, None, None)]
    assert _approve(db, desk, asked).state is ApprovalState.executed


def test_a_kind_this_release_does_not_know_is_not_executed(db: Database, desk: Desk) -> None:
    asked = _ask(db, desk.asker.actor)
    with pytest.raises(Problem) as refused, db.transaction(desk.decider.actor) as ctx:
        service.approve(ctx, asked.approval_id, executors={})
    assert (refused.value.code, refused.value.fields) == ("approvals.not_executable", {"kind": "points.adjust"})


def test_a_refused_request_stays_refused(db: Database, desk: Desk, connection: Plain, clock: MovableClock) -> None:
    asked = _ask(db, desk.asker.actor)
    with db.transaction(desk.decider.actor) as ctx:
        first = service.refuse(ctx, asked.approval_id, reason="Too much")
    with db.transaction(desk.decider.actor) as ctx:
        assert service.refuse(ctx, asked.approval_id, reason="Too much") == first
    assert _rows(connection) == [("refused", desk.decider.actor.id, clock.now(), "Too much", None)]
    settled = {"approval": service.approvals.wire(asked.approval_id), "state": "refused"}
    assert _refused(lambda: _approve(db, desk, asked)) == ("approvals.settled", settled)
    assert desk.runs == []


def test_a_refusal_has_a_reason(db: Database, desk: Desk) -> None:
    asked = _ask(db, desk.asker.actor)
    with pytest.raises(Problem) as refused, db.transaction(desk.decider.actor) as ctx:
        service.refuse(ctx, asked.approval_id, reason=" ")
    assert [f.field for f in refused.value.faults] == ["reason"]


def test_the_asker_and_the_person_behind_the_asking_key_may_withdraw(db: Database, admin: Person, desk: Desk) -> None:
    asked = _ask(db, desk.asker.actor)
    with pytest.raises(Problem, match="not_asker"), db.transaction(desk.decider.actor) as ctx:
        service.withdraw(ctx, asked.approval_id)
    for _ in range(2):
        with db.transaction(desk.asker.actor) as ctx:
            assert service.withdraw(ctx, asked.approval_id).state is ApprovalState.withdrawn
    settled = {"approval": service.approvals.wire(asked.approval_id), "state": "withdrawn"}
    assert _refused(lambda: _approve(db, desk, asked)) == ("approvals.settled", settled)
    with db.transaction(admin.actor) as ctx:
        key = service.create_key(ctx, name="Shop", scopes=["points.adjust"])
    by_key = _ask(db, service.authenticate(db, {"authorization": f"Bearer {key.text}"}, {}))
    with db.transaction(admin.actor) as ctx:
        assert service.withdraw(ctx, by_key.approval_id).state is ApprovalState.withdrawn


def test_an_executed_request_is_not_withdrawn(db: Database, desk: Desk) -> None:
    asked = _ask(db, desk.asker.actor)
    _approve(db, desk, asked)
    with pytest.raises(Problem, match="settled"), db.transaction(desk.asker.actor) as ctx:
        service.withdraw(ctx, asked.approval_id)


def test_a_request_expires_at_its_moment_whether_or_not_the_job_has_come_by(
    db: Database, desk: Desk, clock: MovableClock, connection: Plain
) -> None:
    asked = _ask(db, desk.asker.actor, wait=timedelta(hours=1))
    later = _ask(db, desk.asker.actor, wait=timedelta(hours=2))
    clock.move(timedelta(hours=1, microseconds=-1))
    assert tasks.expire_approvals(db) == 0
    clock.move(timedelta(microseconds=1))
    settled = {"approval": service.approvals.wire(asked.approval_id), "state": "expired"}
    assert _refused(lambda: _approve(db, desk, asked)) == ("approvals.settled", settled)
    with db.reading(desk.decider.actor) as ctx:
        assert service.get_approval(ctx, asked.approval_id).state is ApprovalState.expired
        assert [a.approval_id for a in service.list_approvals(ctx, state=ApprovalState.expired)] == [asked.approval_id]
        assert [a.approval_id for a in service.list_approvals(ctx, state=ApprovalState.pending)] == [later.approval_id]
    assert tasks.expire_approvals(db) == 1
    assert tasks.expire_approvals(db) == 0
    states = connection.execute("SELECT state, decided_at FROM approvals ORDER BY asked_at, approval_id").fetchall()
    assert states == [("expired", clock.now()), ("pending", None)]
    audit = connection.execute("SELECT actor_id, action, entity FROM audit ORDER BY audit_id DESC LIMIT 1").fetchall()
    assert audit == [("system", "approval.expired", service.approvals.wire(asked.approval_id))]
    sent = connection.execute("SELECT payload->>'state', payload->>'decided_by' FROM outbox ORDER BY id DESC LIMIT 1").fetchall()
    assert sent == [("expired", None)]


def test_requests_are_listed_newest_first_in_pages_by_state(db: Database, desk: Desk) -> None:
    made = [_ask(db, desk.asker.actor).approval_id for _ in range(4)]
    with db.transaction(desk.decider.actor) as ctx:
        service.refuse(ctx, made[2], reason="No")
    with db.reading(desk.decider.actor) as ctx:
        page = [a.approval_id for a in service.list_approvals(ctx, state=ApprovalState.pending, limit=2)]
        assert page == [made[3], made[1]]
        assert [a.approval_id for a in service.list_approvals(ctx, state=ApprovalState.pending, before=page[-1])] == [made[0]]
        assert len(service.list_approvals(ctx)) == 4


def test_a_request_is_seen_by_who_may_read_them_and_by_its_asker(db: Database, desk: Desk, person: MakePerson) -> None:
    clerk, other = person("clerk", Grant("clerk")), person("other", Grant("clerk"))
    asked = _ask(db, clerk.actor)
    with db.reading(clerk.actor) as ctx:
        assert service.get_approval(ctx, asked.approval_id) == asked
    for attempt in (
        lambda ctx: service.get_approval(ctx, asked.approval_id),
        service.list_approvals,
    ):
        with pytest.raises(Problem) as refused, db.reading(other.actor) as ctx:
            attempt(ctx)
        assert (refused.value.code, refused.value.fields) == ("auth.forbidden", {"permission": "approvals.read"})
