"""What is counted when ladders are looked at again: steps, directions, who is early, who gains or loses a benefit, what was refused."""

from datetime import timedelta
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model.reassessment import Cell, Found, Holders, Tally
from regulars.domains.loyalty.rules import reassessing
from regulars.domains.loyalty.rules.reassessing import Terms
from regulars.kernel.ids import MemberId
from tests.domains.loyalty import programmes, whole
from tests.support import factories
from tests.support.engine import MEMBER, Machine
from tests.support.wallets import NOON

BENEFITS = """
benefits:
  - {id: delivery, label: {en: Delivery, zh: 免运费}, kind: custom, tiers: [silver, gold], incentive: true}
  - {id: chat, label: {en: Chat, zh: 专线}, kind: custom, tiers: [gold]}
  - {id: tea, label: {en: Tea, zh: 茶}, kind: custom}
"""
RUNNING = factories.programme(programmes.PLAIN + BENEFITS)
STEEPER = factories.programme(programmes.changed(("from: 100,", "from: 200,"), ("from: 300,", "from: 900,"), more_rules=BENEFITS), 2)
FLATTER = factories.programme(programmes.changed(("from: 300,", "from: 200,"), more_rules=BENEFITS), 2)
LATER = NOON + timedelta(days=1)


def looked(*machines: Machine, draft: Programme = STEEPER, down: bool = True, running: Programme = RUNNING) -> Found:
    found = Found()
    terms = Terms(running=running, draft=draft, at=LATER, down=down)
    for m in machines:
        reassessing.look(found, terms, m.standing)
    return found


def spent(amount: int, no: int = 7, *, held_out: bool = False) -> Machine:
    m = Machine(RUNNING, member=MemberId(UUID(int=no)), held_out=held_out)
    m.order(str(no), factories.line(1, amount))
    return m


def test_who_falls_is_counted_by_step_with_what_the_ladder_counts() -> None:
    found = looked(spent(15_000, 1), spent(35_000, 2), spent(5_000, 3), spent(16_000, 4))
    assert found.cells == {
        ("main", "silver", "member"): Cell(2, 0, [(MemberId(UUID(int=1)), 150), (MemberId(UUID(int=4)), 160)]),
        ("main", "gold", "silver"): Cell(1, 0, [(MemberId(UUID(int=2)), 350)]),
        ("main", "member", "member"): Cell(1, 0, [(MemberId(UUID(int=3)), 50)]),
    }
    assert (found.members, found.moved, found.up, found.down, found.early) == (4, 3, 0, 3, 0)


def test_nobody_falls_where_only_climbs_are_asked_for() -> None:
    found = looked(spent(15_000), down=False)
    assert (list(found.cells), found.members, found.moved, found.down) == ([("main", "silver", "silver")], 1, 0, 0)


def test_who_rises_is_counted_as_up() -> None:
    found = looked(spent(25_000), draft=FLATTER)
    assert (list(found.cells), found.moved, found.up, found.down) == ([("main", "silver", "gold")], 1, 1, 0)


def test_looking_changes_no_standing() -> None:
    m = spent(15_000)
    before = m.standing.copy()
    looked(m)
    assert m.standing == before


def test_only_the_first_of_a_step_are_kept_as_its_sample() -> None:
    m = spent(15_000)
    found = looked(*[m] * (reassessing.SAMPLE + 1))
    (cell,) = found.cells.values()
    assert (cell.members, len(cell.sample)) == (21, 20)


def test_who_kept_a_level_only_to_the_end_of_its_term_is_early() -> None:
    m = spent(15_000, 1)
    m.refund("1", (1, 6_000))
    found = looked(m, spent(15_000, 2))
    assert [(cell.members, cell.early) for cell in found.cells.values()] == [(2, 1)]
    assert (found.down, found.early) == (2, 1)


def test_who_keeps_the_level_by_its_term_and_does_not_fall_is_not_early() -> None:
    m = spent(15_000)
    m.refund("7", (1, 6_000))
    assert looked(m, down=False).early == 0


def test_one_member_counts_once_however_many_ladders_move_it() -> None:
    running = factories.programme(whole.text())
    draft = factories.programme(whole.text(("from: 100,", "from: 200,")).replace("from: 2,", "from: 3,"), 2)
    m = Machine(running)
    for no in range(2):
        m.order(str(no), factories.line(1, 7_500))
    found = looked(m, running=running, draft=draft)
    assert {step for step in found.cells if step[1] != step[2]} == {("main", "silver", "member"), ("visits", "known", "new")}
    assert (found.members, found.moved, found.down, found.up) == (1, 1, 1, 0)


def test_a_ladder_that_the_draft_brings_is_begun_at_its_bottom() -> None:
    draft = factories.programme(whole.text(), 2)
    found = looked(spent(15_000), draft=draft)
    assert {step for step in found.cells if step[0] != "main"} == {
        ("visits", "new", "new"),
        ("years", "first", "first"),
        ("circle", "outside", "outside"),
    }
    assert found.moved == 0


def test_a_benefit_is_lost_with_the_level_and_gained_with_it() -> None:
    down = looked(spent(35_000, 1), spent(15_000, 2), spent(95_000, 3))
    assert down.benefits == {"delivery": Holders(3, 2, 0, 1), "chat": Holders(2, 1, 0, 1), "tea": Holders(3, 3, 0, 0)}
    up = looked(spent(25_000), draft=FLATTER)
    assert up.benefits == {"delivery": Holders(1, 1, 0, 0), "chat": Holders(0, 1, 1, 0), "tea": Holders(1, 1, 0, 0)}


def test_a_benefit_that_the_draft_drops_or_brings_is_lost_or_gained() -> None:
    draft = factories.programme(programmes.PLAIN + BENEFITS.replace("id: tea", "id: cake"), 2)
    found = looked(spent(5_000), draft=draft)
    assert (found.benefits["tea"], found.benefits["cake"]) == (Holders(1, 0, 0, 1), Holders(0, 1, 1, 0))


def test_the_control_group_may_not_have_what_is_an_incentive() -> None:
    found = looked(spent(35_000, held_out=True), draft=RUNNING)
    assert found.benefits == {"delivery": Holders(), "chat": Holders(1, 1, 0, 0), "tea": Holders(1, 1, 0, 0)}


@pytest.mark.parametrize(
    ("step", "leads"),
    [
        (("main", "member", "silver"), "up"),
        (("main", "silver", "silver"), "same"),
        (("main", "black", "gold"), "down"),
        (("main", "black", "silver"), "down"),
        (("main", "unknown", "member"), "same"),
        (("main", "unknown", "silver"), "up"),
    ],
)
def test_where_a_step_leads(step: tuple[str, str, str], leads: str) -> None:
    before = factories.programme(programmes.changed(("id: gold, from: 300", "id: black, from: 301"))).ladder
    assert reassessing.direction(before, RUNNING.ladder, step) == leads


def test_a_batch_is_counted_by_step_and_its_refusals_are_kept() -> None:
    others = [MemberId(UUID(int=n)) for n in range(1, 5)]
    moves: list[dict[str, object] | str] = [
        {"moves": {"main": ["gold", "silver"], "visits": ["known", "new"]}},
        "standing.busy",
        {"moves": {}},
        {"moves": {"main": ["gold", "silver"]}},
    ]
    first = reassessing.added(Tally(), others, moves)
    assert first == Tally(
        looked=4,
        moved=2,
        failed=1,
        steps={("main", "gold", "silver"): 2, ("visits", "known", "new"): 1},
        refused=((str(others[1]), "standing.busy"),),
    )
    second = reassessing.added(first, [MEMBER, MEMBER], ["engine.gone", {"level": "gold"}])
    assert (second.looked, second.moved, second.failed, second.steps) == (6, 2, 2, first.steps)
    assert second.refused == (*first.refused, (str(MEMBER), "engine.gone"))


def test_only_the_first_refusals_are_kept_and_all_are_counted() -> None:
    many = reassessing.added(Tally(), [MEMBER] * 21, [str(n) for n in range(21)])
    assert (many.failed, [code for _, code in many.refused]) == (21, [str(n) for n in range(20)])


def test_every_member_of_a_batch_has_an_answer() -> None:
    with pytest.raises(ValueError, match="zip"):
        reassessing.added(Tally(), [MEMBER], [])
