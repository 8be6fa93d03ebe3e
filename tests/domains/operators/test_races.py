"""Every verb against itself: threads on their own connections, released by a barrier."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import psycopg
import pytest

from regulars.domains.operators import service, tasks
from regulars.domains.operators.model import ApprovalId, Grant, Json, Operator
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from tests.domains.operators.conftest import MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
ROUNDS = 20


def _together(*calls: Callable[[], object]) -> list[object]:
    """What each call returned, or the code of the problem it raised; all begin at once."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return call()
        except Problem as refused:
            return refused.code

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one, call) for call in calls]]


def test_many_first_runs_make_one_administrator(db: Database, connection: Plain) -> None:
    def first_run() -> bool:
        with db.transaction() as ctx:
            return service.first_run(ctx) is not None

    made = _together(*[first_run] * 8)
    assert sorted(map(bool, made)) == [False] * 7 + [True]
    assert connection.execute("SELECT login FROM operators").fetchall() == [("admin",)]
    assert connection.execute("SELECT count(*) FROM operator_grants").fetchall() == [(1,)]


def test_one_login_is_given_once(db: Database, admin: Person, connection: Plain) -> None:
    def add() -> str:
        with db.transaction(admin.actor) as ctx:
            service.add_operator(ctx, login="li.na", name="Li Na", grants=[Grant("clerk")])
            return "added"

    assert sorted(map(str, _together(*[add] * 6))) == ["added"] + ["operators.login_taken"] * 5
    assert connection.execute("SELECT count(*) FROM operators WHERE login = 'li.na'").fetchall() == [(1,)]


def test_two_administrators_who_disable_each_other_leave_one(db: Database, admin: Person, connection: Plain) -> None:
    def add(login: str) -> Operator:
        with db.transaction() as ctx:
            return service.add_operator(ctx, login=login, name="A", grants=[Grant("admin")]).operator

    def disable(target: Operator) -> str:
        with db.transaction() as ctx:
            return service.disable(ctx, target.operator_id, reason="you first", revoke_keys=False).state.value

    last = admin.operator
    for n in range(ROUNDS):
        one, two = add(f"one{n}"), add(f"two{n}")
        disable(last)
        assert sorted(map(str, _together(partial(disable, one), partial(disable, two)))) == ["disabled", "operators.last_admin"]
        ((left,),) = connection.execute("SELECT login FROM operators WHERE state = 'active'").fetchall()
        last = one if left == one.login else two


def test_a_role_is_either_granted_or_gone(db: Database, admin: Person, connection: Plain) -> None:
    with db.transaction() as ctx:
        target = service.add_operator(ctx, login="li.na", name="Li Na", grants=[]).operator.operator_id

    def grant() -> str:
        with db.transaction(admin.actor) as ctx:
            service.set_grants(ctx, target, grants=[Grant("cashiers")])
            return "granted"

    def delete() -> str:
        with db.transaction(admin.actor) as ctx:
            service.delete_role(ctx, "cashiers")
            return "deleted"

    for _ in range(ROUNDS):
        with db.transaction() as ctx:
            service.set_grants(ctx, target, grants=[])
            service.put_role(ctx, "cashiers", name_en="Cashiers", name_zh="收银", names=["orders.write"])
        assert _together(grant, delete) in (["granted", "operators.role_in_use"], ["input.invalid", "deleted"])


def _count(ctx: Ctx, _payload: Json) -> Json:
    """A command whose every run leaves a row, so that one which was rolled back doesn't count."""
    service.audit(ctx, action="counted", entity="counter")
    return {}


EXECUTORS = {"count": service.Executor(permission="points.adjust", run=_count)}


def _ask(db: Database, asker: Person, wait: timedelta | None = None) -> ApprovalId:
    with db.transaction(asker.actor) as ctx:
        return service.ask(ctx, kind="count", payload={}, reason="Race", wait=wait).approval_id


def _approve(db: Database, who: Person, asked: ApprovalId) -> str:
    with db.transaction(who.actor) as ctx:
        return service.approve(ctx, asked, executors=EXECUTORS).state.value


def _refuse(db: Database, who: Person, asked: ApprovalId) -> str:
    with db.transaction(who.actor) as ctx:
        return service.refuse(ctx, asked, reason="No").state.value


def _withdraw(db: Database, who: Person, asked: ApprovalId) -> str:
    with db.transaction(who.actor) as ctx:
        return service.withdraw(ctx, asked).state.value


def _counted(connection: Plain) -> int:
    return int(str(connection.execute("SELECT count(*) FROM audit WHERE action = 'counted'").fetchall()[0][0]))


def test_two_approvals_of_one_command_execute_it_once(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    deciders = [person(f"decider{i}", Grant("operations")) for i in range(4)]
    for done in range(1, ROUNDS + 1):
        asked = _ask(db, admin)
        answers = _together(*[partial(_approve, db, who, asked) for who in deciders])
        assert sorted(map(str, answers)) == ["approvals.settled"] * 3 + ["executed"]
        assert _counted(connection) == done


def test_the_same_approver_twice_at_once_executes_once_and_hears_it_twice(
    db: Database, admin: Person, person: MakePerson, connection: Plain
) -> None:
    decider = person("decider", Grant("operations"))
    for done in range(1, ROUNDS + 1):
        approve = partial(_approve, db, decider, _ask(db, admin))
        assert _together(approve, approve) == ["executed", "executed"]
        assert _counted(connection) == done


def test_approval_refusal_and_withdrawal_at_once_settle_one_of_them(
    db: Database, admin: Person, person: MakePerson, connection: Plain
) -> None:
    one, two = person("one", Grant("operations")), person("two", Grant("operations"))
    executed = 0
    for _ in range(ROUNDS):
        asked = _ask(db, admin)
        answers = _together(partial(_approve, db, one, asked), partial(_refuse, db, two, asked), partial(_withdraw, db, admin, asked))
        won = [answer for answer in answers if answer != "approvals.settled"]
        assert len(won) == 1
        assert connection.execute("SELECT state FROM approvals WHERE approval_id = %s", [asked]).fetchall() == [(won[0],)]
        executed += won == ["executed"]
        assert _counted(connection) == executed


def test_a_request_is_executed_or_expired_never_both(
    db: Database, admin: Person, person: MakePerson, clock: MovableClock, connection: Plain
) -> None:
    decider = person("decider", Grant("operations"))
    # The approver's transaction began in time, the job's after the end: both are right by their own clock.
    late = Database(db.engine, MovableClock(clock.now() + timedelta(hours=1)))
    executed = 0
    for _ in range(ROUNDS):
        asked = _ask(db, admin, wait=timedelta(hours=1))
        answers = _together(partial(_approve, db, decider, asked), partial(tasks.expire_approvals, late))
        # The job leaves a request that is being decided to its decider; should that one give up, the next run takes it.
        stored = connection.execute("SELECT state FROM approvals WHERE approval_id = %s", [asked]).fetchall()
        assert (answers, stored) in ((["executed", 0], [("executed",)]), (["approvals.settled", 1], [("expired",)]))
        executed += answers[0] == "executed"
        assert _counted(connection) == executed


def test_twenty_guesses_at_once_are_twenty_attempts(db: Database, admin: Person, connection: Plain) -> None:
    def guess() -> object:
        return service.log_in(db, login="admin", password="wrong", address="203.0.113.7")

    answers = [str(a) for a in _together(*[guess] * 20)]
    assert sorted(answers) == ["operators.locked_out"] * 10 + ["operators.wrong_password"] * 10
    rows = connection.execute("SELECT kind, failures FROM operator_attempts ORDER BY kind").fetchall()
    assert rows == [("account", 20), ("address", 20)]


def test_a_sign_in_racing_with_a_disable_leaves_no_session(db: Database, admin: Person, person: MakePerson, connection: Plain) -> None:
    li = person("li.na", Grant("clerk"))
    for _ in range(ROUNDS):

        def disable() -> str:
            with db.transaction(admin.actor) as ctx:
                return service.disable(ctx, li.operator.operator_id, reason="out", revoke_keys=False).state.value

        def log_in() -> str:
            service.log_in(db, login="li.na", password=li.password, address="203.0.113.7")
            return "opened"

        answers = _together(log_in, disable)
        assert answers in (["opened", "disabled"], ["operators.wrong_password", "disabled"])
        assert connection.execute("SELECT count(*) FROM operator_sessions").fetchall() == [(0,)]
        with db.transaction(admin.actor) as ctx:
            service.enable(ctx, li.operator.operator_id)
        connection.execute("DELETE FROM operator_attempts")


def test_one_password_change_wins(db: Database, person: MakePerson) -> None:
    li = person("li.na")
    new = ["a quiet harbour at dawn", "seven lamps on the pier"]

    def change(n: int) -> str:
        service.change_password(db, li.actor, current=li.password, new=new[n])
        return "changed"

    answers = _together(lambda: change(0), lambda: change(1))
    assert sorted(map(str, answers)) == ["changed", "operators.wrong_password"]
    won = new[answers.index("changed")]
    assert service.log_in(db, login="li.na", password=won, address="203.0.113.7").operator.login == "li.na"


@pytest.mark.parametrize("_round", range(5))
def test_two_sealing_jobs_seal_each_day_once(db: Database, clock: MovableClock, connection: Plain, _round: int) -> None:
    for day in range(3):
        with db.transaction() as ctx:
            service.audit_many(ctx, [service.Entry(action="thing.done", entity=f"thing_{day}_{n}") for n in range(20)])
        clock.move(timedelta(days=1))
    _together(*[lambda: tasks.seal_days(db)] * 3)
    assert connection.execute("SELECT last_no, rows FROM audit_seals ORDER BY day").fetchall() == [(20, 20), (40, 20), (60, 20)]
    with db.reading() as ctx:
        report = service.verify_chain(ctx)
    assert (report.rows, report.broken) == (60, None)


def test_one_key_checked_by_many_threads_is_asked_for_a_few_times_and_never_refused(db: Database, admin: Person) -> None:
    with db.transaction(admin.actor) as ctx:
        key = service.create_key(ctx, name="Till", scopes=["orders.write"])
    call = service.Authenticator(db)
    headers = {"authorization": f"Bearer {key.text}"}

    def many() -> set[str]:
        return {call(headers, {}).kind for _ in range(200)}

    assert _together(*[many] * 8) == [{"api_key"}] * 8
