"""Drawing the hold-out, keeping it, and logging exposures."""

import threading
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from regulars.domains.experiments import rules, service
from regulars.domains.experiments.model import Exposure
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from tests.support import factories

Plain = psycopg.Connection[tuple[object, ...]]
MEMBERS = [MemberId(ids.derived(factories.NOON, "member", str(i))) for i in range(400)]


def test_the_first_look_makes_a_salt_that_stays(db: Database) -> None:
    with db.transaction() as ctx:
        first = service.hold_out(ctx)
    with db.transaction() as ctx:
        assert service.hold_out(ctx) == first
    assert (first.share_bp, first.on, first.version, len(first.salt)) == (500, True, 1, 32)


def test_a_side_is_drawn_once_and_kept(
    ctx: Ctx,
) -> None:
    salt = service.hold_out(ctx).salt
    sides = service.assign(ctx, MEMBERS)
    assert sides == {m: rules.held_out(m, salt, 500) for m in MEMBERS}
    service.change_hold_out(ctx, 1, share_bp=5000)
    assert service.assign(ctx, MEMBERS) == sides
    new = MemberId(UUID(int=7))
    assert service.assign(ctx, [new, new]) == {new: rules.held_out(new, salt, 5000)}
    assert service.assign(ctx, []) == {}


def test_switched_off_nobody_is_held_out_and_sides_are_kept(ctx: Ctx) -> None:
    sides = service.assign(ctx, MEMBERS[:200])
    service.change_hold_out(ctx, 1, on=False)
    assert set(service.assign(ctx, MEMBERS).values()) == {False}
    service.change_hold_out(ctx, 2, on=True)
    again = service.assign(ctx, MEMBERS)
    salt = service.hold_out(ctx).salt
    assert {m: again[m] for m in MEMBERS[:200]} == sides
    assert again == {m: rules.held_out(m, salt, 500) for m in MEMBERS}


def test_many_at_once_draw_the_same_sides_and_one_salt(db: Database, connection: Plain) -> None:
    barrier, found = threading.Barrier(8), list[dict[MemberId, bool]]()

    def draw(i: int) -> None:
        mine = MEMBERS[i * 20 :]
        barrier.wait()
        with db.transaction() as ctx:
            found.append(service.assign(ctx, mine[::-1] if i % 2 else mine))

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = max(found, key=len)
    assert len(found) == 8
    assert all(whole[member] is side for sides in found for member, side in sides.items())
    assert connection.execute("SELECT count(*) FROM holdout_settings").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM holdout_members").fetchall() == [(400,)]


def test_an_exposure_is_logged_once(db: Database, connection: Plain) -> None:
    met = Exposure(MEMBERS[0], "rule:double", factories.NOON, held_out=True)
    other = Exposure(MEMBERS[0], "rule:double", factories.NOON + timedelta(seconds=1), held_out=True)
    with db.transaction() as ctx:
        assert service.log_exposures(ctx, [other, met, met]) == 2
        assert service.log_exposures(ctx, [met]) == 0
        assert service.log_exposures(ctx, []) == 0
    rows = connection.execute("SELECT member_id, what, at, held_out, recorded_at FROM exposures ORDER BY at").fetchall()
    assert rows == [(e.member_id, e.what, e.at, True, db.clock.now()) for e in (met, other)]


@pytest.mark.parametrize("share", [-1, 5001])
def test_a_share_out_of_reason_is_refused(ctx: Ctx, share: int) -> None:
    with pytest.raises(Problem) as refused:
        service.change_hold_out(ctx, 1, share_bp=share)
    assert (refused.value.faults[0].field, refused.value.faults[0].expected) == ("share_bp", "0 to 5000 basis points")


def test_an_old_version_changes_nothing(ctx: Ctx) -> None:
    changed = service.change_hold_out(ctx, 1, share_bp=0)
    assert (changed.version, changed.share_bp, changed.on) == (2, 0, True)
    with pytest.raises(Problem) as refused:
        service.change_hold_out(ctx, 1, on=False)
    assert (refused.value.code, refused.value.fields) == ("experiments.stale", {"version": 1})
    assert service.hold_out(ctx) == changed


def test_changing_needs_its_permission(ctx: Ctx) -> None:
    reader = Ctx(tx=ctx.tx, now=ctx.now, actor=Actor(kind="operator", id="o", permissions=frozenset({"experiments.read"})))
    with pytest.raises(Problem) as refused:
        service.change_hold_out(reader, 1, on=False)
    assert refused.value.fields == {"permission": "experiments.write"}
