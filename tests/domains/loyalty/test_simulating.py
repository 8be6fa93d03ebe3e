"""A simulation over a house that was lived in: equal programmes differ in nothing, other ones exactly by what they give."""

import contextlib
import dataclasses
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psutil
import psycopg
import pytest
from typer.testing import CliRunner

from regulars.domains.loyalty import service
from regulars.domains.loyalty.cli import simulate as command
from regulars.domains.loyalty.model import HoldPlaced, PointsAdjusted, PointsRedeemed, RedemptionCancelled
from regulars.domains.loyalty.model.simulation import State
from regulars.domains.loyalty.rules import replaying
from regulars.domains.loyalty.tasks import simulate
from regulars.domains.loyalty.tasks.simulate import Wish
from regulars.domains.members.model import MemberRef
from regulars.kernel import ids
from regulars.kernel.ids import HoldId, MemberId
from regulars.kernel.problem import Problem
from regulars.platform import batching, jobs
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from regulars.platform.jobs import Run
from tests.domains.loyalty import programmes
from tests.domains.loyalty.conftest import done
from tests.domains.loyalty.test_applying import refund
from tests.support import factories

Raw = psycopg.Connection[tuple[Any, ...]]


@dataclasses.dataclass
class House:
    """A lived-in house and who lives there."""

    db: Database
    members: list[MemberRef]

    def take(self, *facts: object) -> None:
        done(batching.run(self.db, service.handle, list(facts)))  # type: ignore[arg-type]  # facts of several kinds

    def simulated(self, text: str, processes: int = 1, size: int = 2, **more: Any) -> dict[str, Any]:
        with self.db.reading() as ctx:
            asked = simulate.ask(ctx, Wish(document=text, **more))
        return simulate.simulate(self.db, asked, processes=processes, size=size)


@pytest.fixture
def lived_in(db: Database, clock: MovableClock) -> House:
    """Three members: orders, refunds in parts, a redemption taken back, a hold confirmed, an adjustment; a year passes."""
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN).version)
        house = House(db, factories.enrol(ctx, 3))
    for i, member in enumerate(house.members):
        house.take(*[factories.paid(member, f"{i}-{n}", [factories.line(1, 10_000 * (i + 1))]) for n in range(3)])
        house.take(refund(member, f"{i}-0", (1, 2_500), number=f"r{i}"))
        house.take(refund(member, f"{i}-0", (1, 2_500), number=f"s{i}"))
        house.take(PointsRedeemed(member_id=member.member_id, at=clock.at, ref=UUID(int=100 + i), unit="points", points=20))
    first = house.members[0].member_id
    house.take(RedemptionCancelled(member_id=first, at=clock.at, ref=UUID(int=100)))
    house.take(PointsAdjusted(member_id=first, at=clock.at, ref=UUID(int=50), unit="points", points=77, reason="Late parcel"))
    until = clock.at + timedelta(minutes=15)
    house.take(HoldPlaced(member_id=first, at=clock.at, ref=UUID(int=9), unit="points", points=30, until=until))
    house.take(factories.paid(house.members[0], "held", at=clock.at, hold=HoldId(UUID(int=9))))
    clock.move(timedelta(days=400))
    with db.transaction() as ctx:
        service.tick(ctx)
    house.take(factories.paid(house.members[2], "late", [factories.line(1, 5_000)], at=clock.at))
    return house


def test_under_the_programme_in_force_history_comes_to_what_is_on_record(lived_in: House, connection: Raw) -> None:
    found = lived_in.simulated(programmes.PLAIN)
    names = ("granted", "received", "spent", "expired", "reversed", "sent")
    totals = ", ".join(f"sum({name})::int" for name in names)
    on_record = {
        row[0]: (*row[1:7], row[7])
        for row in connection.execute(
            f"SELECT unit, {totals}, sum(available + pending + held - debt)::int FROM point_totals GROUP BY unit".encode()
        ).fetchall()
    }
    for side in ("before", "after"):
        told = {unit["unit"]: tuple(unit[name] for name in (*names, "outstanding")) for unit in found[side]["units"]}
        assert told == on_record
    levels = connection.execute("SELECT level, count(*)::int FROM tier_standings GROUP BY level").fetchall()
    assert [(level["level"], level["before"]) for level in found["ladders"][0]["levels"] if level["before"]] == levels


def test_two_equal_programmes_differ_in_nothing(lived_in: House) -> None:
    found = lived_in.simulated(programmes.PLAIN)
    assert {key: value for key, value in found["before"].items() if key != "version"} == {
        key: value for key, value in found["after"].items() if key != "version"
    }
    assert [(one["verdict"], one["members"], one["value"]) for one in found["verdicts"]] == [
        ("better", 0, 0),
        ("same", 3, 0),
        ("worse", 0, 0),
        ("mixed", 0, 0),
    ]
    assert (found["winners"], found["losers"]) == ([], [])
    assert found["histogram"] == [{"low": 0, "high": 0, "members": 3}]
    assert (found["members"], found["orders"], found["refunds"]) == (3, 11, 6)
    # 3 x (1 + 2 + 3) x £100 + £10 + £50 less 3 x £50.
    assert found["revenue"] == 180_000 + 1_000 + 5_000 - 15_000


def test_twice_the_points_cost_twice_as_much_and_name_their_rule(lived_in: House) -> None:
    double = programmes.changed(("unit: points, per_amount: {every: 100, give: 1}", "unit: points, per_amount: {every: 100, give: 2}"))
    found = lived_in.simulated(double)
    rule = next(one for one in found["rules"] if one["rule"] == "base")
    assert (rule["before"]["units"], rule["after"]["units"]) == (1_860, 3_720)
    assert (rule["after"]["orders"], rule["after"]["members"], rule["after"]["cost"]) == (11, 3, 3_720)
    # What the first two did not use lapsed a month ago on both sides, so only the third gains: 50 points of the last order.
    assert [(one["members"], one["value"]) for one in found["verdicts"]] == [(1, 50), (2, 0), (0, 0), (0, 0)]
    (best,) = found["winners"]
    assert (best["before"], best["after"], best["reason"]["rule"], best["reason"]["en"]) == (70, 120, "base", "Rule “Base”")
    assert found["losers"] == []


def test_processes_and_sizes_make_no_difference(lived_in: House) -> None:
    draft = programmes.changed(("from: 300", "from: 250"), ("give: 1}}\n  - {id: growth", "give: 3}}\n  - {id: growth"))
    alone = lived_in.simulated(draft, processes=1, size=100)
    assert lived_in.simulated(draft, processes=1, size=1) == alone
    assert lived_in.simulated(draft, processes=2, size=1) == alone


def test_a_higher_ladder_moves_members_down(lived_in: House) -> None:
    harder = programmes.changed(("from: 300", "from: 700"))
    found = lived_in.simulated(harder, as_of=factories.NOON + timedelta(days=1))
    moves = {(move["before"], move["after"]): move["members"] for move in found["ladders"][0]["moves"]}
    assert moves == {("gold", "silver"): 2, ("gold", "gold"): 1}
    assert [(one["verdict"], one["members"]) for one in found["verdicts"] if one["members"]] == [("same", 1), ("worse", 2)]


def test_what_the_draft_would_have_refused_is_left_out_and_said(lived_in: House) -> None:
    stingy = programmes.changed(("unit: points, per_amount: {every: 100", "unit: points, per_amount: {every: 1000000"))
    found = lived_in.simulated(stingy)
    told = {one["code"]: (one["times"], one["text"]["en"]) for one in found["assumptions"]}
    # The first member keeps the 77 given by hand, but the redemption came before that; the hold fits.
    assert told["refused.after.redeem"] == (3, "Draft: redemptions that would have been refused: left out.")
    assert "refused.before.redeem" not in told
    assert told["adjust"][0] == 1
    assert all(one["text"]["zh"] for one in found["assumptions"])


def test_flows_count_from_the_day_asked_for_and_standings_from_the_beginning(lived_in: House) -> None:
    found = lived_in.simulated(programmes.PLAIN, since=factories.NOON + timedelta(days=10))
    points = found["before"]["units"][0]
    assert (found["orders"], found["refunds"], found["revenue"]) == (1, 0, 5_000)
    assert (points["granted"], points["outstanding"]) == (50, 50)
    assert [(one["month"], one["unit"], one["before"]) for one in found["months"]] == [("2027-04", "growth", 50), ("2027-04", "points", 50)]


def test_a_sample_is_always_the_same_members_and_a_larger_one_keeps_them() -> None:
    members = [MemberId(UUID(int=i)) for i in range(2_000)]
    small = {member for member in members if replaying.sampled(member, 1_000)}
    large = {member for member in members if replaying.sampled(member, 3_000)}
    assert (len(small), len(large)) == (188, 587)
    assert small < large
    assert all(replaying.sampled(member, 10_000) for member in members)


def test_money_of_another_kind_is_refused(lived_in: House) -> None:
    with pytest.raises(Problem) as refused:
        lived_in.simulated(programmes.changed(("currency: GBP", "currency: EUR")))
    assert refused.value.code == "simulations.currency"


def started(house: House, **wish: Any) -> UUID:
    with house.db.transaction() as ctx:
        return simulate.start(ctx, Wish(document=programmes.PLAIN, **wish)).one.simulation_id


def state(house: House, simulation_id: UUID) -> State:
    with house.db.reading() as ctx:
        return simulate.get(ctx, simulation_id).state


def test_the_job_keeps_its_result_and_says_how_far_it_is(lived_in: House, connection: Raw) -> None:
    simulation_id = started(lived_in)
    assert state(lived_in, simulation_id) is State.queued
    _serve(lived_in, lambda: state(lived_in, simulation_id) is State.done)
    with lived_in.db.reading() as ctx:
        seen = simulate.get(ctx, simulation_id)
    assert seen.one.result == lived_in.simulated(programmes.PLAIN)
    assert seen.job is not None
    assert (seen.job.done, seen.job.total, seen.job.ok) == (3, 3, 11)
    with lived_in.db.transaction() as ctx, pytest.raises(Problem) as ended:
        simulate.cancel(ctx, simulation_id)
    assert ended.value.code == "simulations.ended"


def _serve(house: House, until: Any) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=jobs.serve, args=(house.db, {simulate.JOB: simulate.work}, stop), kwargs={"poll": 0.05, "beat": 0.1})
    thread.start()
    try:
        for _ in range(3_000):
            if until():
                return
            time.sleep(0.01)
        raise AssertionError("waited in vain")
    finally:
        stop.set()
        thread.join(30)


def test_a_cancelled_simulation_ends_at_once_and_keeps_nothing(lived_in: House) -> None:
    simulation_id = started(lived_in)
    with lived_in.db.reading() as ctx:
        job = simulate.get(ctx, simulation_id).one.job_id
    run = Run(db=lived_in.db, job_id=job, name=simulate.JOB, args={"simulation": simulation_id.hex})
    run.begin()
    with lived_in.db.transaction() as ctx:
        jobs.cancel(ctx, job)
    with pytest.raises(jobs.Cancelled):
        simulate.work(run)
    with lived_in.db.reading() as ctx:
        assert simulate.get(ctx, simulation_id).one.result is None


def lanes() -> list[psutil.Process]:
    """The processes that simulate for this one; one that has just ended is none."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "lane" in " ".join(child.cmdline()):
                found.append(child)
    return found


def test_a_process_that_is_killed_is_replaced_and_what_stops_listening_ends_all(lived_in: House) -> None:
    with lived_in.db.reading() as ctx:
        asked = simulate.ask(ctx, Wish(document=programmes.PLAIN))
    alone = simulate.simulate(lived_in.db, asked, processes=1)
    killed: list[int] = []

    def kill(done_: int, _total: int, _orders: int) -> None:
        children = lanes()
        if children and not killed:
            killed.append(children[0].pid)
            children[0].kill()

    assert simulate.simulate(lived_in.db, asked, processes=2, size=1, moved=kill) == alone
    assert killed

    def stop(_done: int, _total: int, _orders: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate.simulate(lived_in.db, asked, processes=2, size=1, moved=stop)
    assert lanes() == []


def test_winners_are_named_by_their_wire_id(lived_in: House) -> None:
    double = programmes.changed(("worth: 1}", "worth: 2}"))
    found = lived_in.simulated(double)
    assert found["winners"][0]["reason"]["kind"] == "worth"
    assert ids.decode("mbr", found["winners"][0]["member"]) in {member.member_id for member in lived_in.members}


def test_the_command_prints_tables_or_json_and_names_a_draft_that_is_not_there(lived_in: House, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(programmes.changed(("worth: 1}", "worth: 2}")), "utf-8")
    said = CliRunner().invoke(command.app, [str(file)], obj=lived_in.db)
    assert said.exit_code == 0, said.output
    assert "points granted" in said.output
    assert "better off · 更好" in said.output
    assert "11 orders in " in said.output
    found = CliRunner().invoke(command.app, ["1", "--json"], obj=lived_in.db)
    assert orjson.loads(found.stdout)["orders"] == 11
    refused = CliRunner().invoke(command.app, ["nowhere.yaml"], obj=lived_in.db)
    assert isinstance(refused.exception, Problem)
