"""A ladder is edited: who would move and what it costs, exactly; then everybody re-assessed, once, by whoever may."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
import typer
from typer.testing import CliRunner

from regulars.domains.loyalty import service
from regulars.domains.loyalty.cli import programme as command
from regulars.domains.loyalty.model import PointsAdjusted
from regulars.domains.loyalty.rules import reassessing as rules
from regulars.domains.loyalty.service import Done, reassessing
from regulars.domains.loyalty.store import reassessments as store
from regulars.domains.loyalty.tasks import preview_reassessment, reassess
from regulars.domains.members import service as members
from regulars.platform import batching, jobs
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.domains.loyalty import reassessing as shop
from tests.support import factories, served

PREVIEWS = "/v1/programme/reassessment-previews"
RUNS = "/v1/programme/reassessments"
STAYS = {("member", "member"): 2, ("silver", "silver"): 2, ("gold", "gold"): 2}
MOVES = {("silver", "member"): 2, ("gold", "silver"): 2}


@pytest.fixture
def brand(db: Database) -> Database:
    """Ten members, two of each growth."""
    shop.open_shop(db, 10)
    return db


@pytest.fixture
def api(brand: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(brand, keyring, tmp_path) as client:
        yield client


def test_edge_18_a_preview_says_exactly_who_moves_and_what_it_costs_and_moves_nobody(
    brand: Database, api: httpx.Client, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    before = served.counts(connection)
    found = shop.previewed(brand, api, document=shop.EDITED)
    assert (found["members"], found["moved"], found["up"], found["down"], found["early"]) == (10, 4, 0, 4, 0)
    assert shop.cells(found) == STAYS | MOVES
    by_step = {(cell["before"], cell["after"]): cell for cell in found["ladders"][0]["cells"]}
    assert [one["counted"] for one in by_step["gold", "silver"]["sample"]] == [350, 350]
    assert {step: cell["direction"] for step, cell in by_step.items() if step in MOVES} == dict.fromkeys(MOVES, "down")
    assert found["ladders"][0]["counts"] == {"kind": "units", "label": {"en": "growth value", "zh": "成长值"}}
    cost = found["cost"]
    # Two deliveries a month of 3.00 each: 72.00 a member and year, for eight members before and six after.
    assert (cost["before"], cost["after"], cost["difference"]) == (57_600, 43_200, -14_400)
    assert [(one["benefit"], one["gained"], one["lost"], one["difference"]) for one in cost["benefits"]] == [
        ("delivery", 0, 2, -14_400),
        ("chat", 0, 2, None),
    ]
    after = served.counts(connection)
    changed = {name for name in after if after[name] != before[name]}
    assert not changed & {"standings", "decisions", "journal", "tier_standings", "outbox", "claims"}
    upwards = shop.previewed(brand, api, document=shop.EDITED, down=False)
    assert (upwards["moved"], shop.cells(upwards)) == (0, {("member", "member"): 2, ("silver", "silver"): 4, ("gold", "gold"): 4})
    raised = shop.previewed(brand, api, document=shop.LOWERED)
    assert (raised["up"], shop.cells(raised)["silver", "gold"], raised["cost"]["difference"]) == (2, 2, 0)


def test_who_keeps_a_level_only_to_the_end_of_its_term_is_told_apart(brand: Database) -> None:
    with brand.reading() as ctx:
        member = members.find_by_external(ctx, ["m1"])["m1"].member_id
    taken = PointsAdjusted(member_id=member, at=factories.NOON, ref=UUID(int=1), unit="growth", points=-60, reason="a mistake")
    assert all(isinstance(answer, Done) for answer in batching.run(brand, service.handle, [taken]))
    with brand.reading() as ctx:
        same, edited = (reassessing.preview(ctx, preview_reassessment.ask(ctx, document=text)) for text in (shop.BRAND, shop.EDITED))
    assert (same["down"], same["early"], shop.cells(same)["silver", "member"]) == (1, 1, 1)
    assert (edited["down"], edited["early"]) == (4, 1)


def test_batches_make_no_difference_and_a_new_ladder_is_begun_at_its_bottom(brand: Database) -> None:
    more = """
ladders:
  - id: spender
    label: {en: Spenders, zh: 消费}
    counts: spend
    levels:
      - {id: low, from: 0, label: {en: Low, zh: 低}}
      - {id: high, from: 1000, label: {en: High, zh: 高}}
"""
    with brand.reading() as ctx:
        ask = preview_reassessment.ask(ctx, document=shop.EDITED.replace("benefits:", f"{more}benefits:"))
        found = reassessing.preview(ctx, ask)
        assert reassessing.preview(ctx, ask, size=3) == found
    ladder = found["ladders"][1]
    assert (ladder["new"], ladder["uncounted"], shop.cells(found, 1)) == (True, True, {("low", "low"): 10})
    assert any("nobody has yet" in note["en"] for note in found["notes"])


def test_everybody_is_re_assessed_once_as_previewed(
    brand: Database, api: httpx.Client, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    version = shop.publish(brand, shop.EDITED)
    served.refused(api.post(RUNS, json={}), 409, "reassessments.not_previewed")
    shop.previewed(brand, api, version=version)
    served.refused(api.post(RUNS, json={"down": False}), 409, "reassessments.not_previewed")
    started = api.post(RUNS, json={"reason": "a steeper table"})
    again = api.post(RUNS, json={})
    assert (started.status_code, again.status_code, again.json()["id"]) == (201, 200, started.json()["id"])
    with shop.worker(brand):
        done = shop.until(api, f"{RUNS}/{started.json()['id']}", shop.ended)
    assert (done["state"], done["looked"], done["moved"], done["failed"], done["error"]) == ("done", 10, 4, 0, None)
    assert shop.steps(done) == MOVES
    assert done["steps"][0]["before"]["label"] == {"en": "Gold", "zh": "金卡"}
    assert Counter((growth, level, looks, moves, told) for growth, level, _, _, looks, moves, told in shop.standing(connection)) == {
        (50, "member", 1, 0, 0): 2,
        (150, "member", 1, 1, 1): 2,
        (250, "silver", 1, 0, 0): 2,
        (350, "silver", 1, 1, 1): 2,
        (1000, "gold", 1, 0, 0): 2,
    }
    job = api.get(f"/v1/jobs/{done['job']}").json()
    assert (job["label"]["zh"], job["done"], job["total"]) == ("等级重新评定", 10, 10)
    told = [(row["action"], row["reason"]) for row in api.get("/v1/audit", params={"entity": done["id"]}).json()["items"]]
    assert sorted(told) == [("reassessment.finished", ""), ("reassessment.started", "a steeper table")]
    served.clean(brand)
    shop.previewed(brand, api, version=version)
    with shop.worker(brand):
        second = shop.until(api, f"{RUNS}/{api.post(RUNS, json={}).json()['id']}", shop.ended)
    assert (second["looked"], second["moved"]) == (10, 0)
    served.clean(brand)


def test_it_is_cancelled_goes_on_and_a_crash_behind_the_engines_commit_counts_nobody_twice(brand: Database, api: httpx.Client) -> None:
    version = shop.publish(brand, shop.EDITED)
    shop.previewed(brand, api, version=version)
    run = api.post(RUNS, json={}).json()["id"]
    for _ in range(2):
        assert api.post(f"{RUNS}/{run}/cancel").json()["state"] == "cancelled"
    # What a process leaves that was killed between the two commits: three members recorded, and nothing said of it.
    with brand.reading() as ctx:
        one = reassess.list_reassessments(ctx, before=None, limit=1)[0].one
        some = reassessing.facts(one, store.members_after(ctx.tx, reassessing.FIRST, 3))
    assert all(isinstance(answer, Done) and not answer.duplicate for answer in batching.run(brand, service.handle, some))
    assert api.post(f"{RUNS}/{run}/resume").json()["state"] == "queued"
    assert api.post(f"{RUNS}/{run}/resume").json()["state"] == "queued"
    with shop.worker(brand, {reassess.JOB: lambda job: reassess.work(job, size=4)}):
        done = shop.until(api, f"{RUNS}/{run}", shop.ended)
    assert (done["state"], done["looked"], done["moved"], shop.steps(done)) == ("done", 10, 4, MOVES)
    served.refused(api.post(f"{RUNS}/{run}/resume"), 409, "reassessments.not_stopped")
    served.refused(api.post(f"{RUNS}/{run}/cancel"), 409, "reassessments.ended")
    served.clean(brand)


def test_a_version_that_is_no_longer_in_force_moves_nobody_any_more(brand: Database, api: httpx.Client) -> None:
    version = shop.publish(brand, shop.EDITED)
    shop.previewed(brand, api, version=version)
    run = api.post(RUNS, json={}).json()["id"]
    shop.publish(brand, shop.LOWERED)
    served.refused(api.post(RUNS, json={}), 409, "reassessments.under_way")
    with shop.worker(brand):
        failed = shop.until(api, f"{RUNS}/{run}", shop.ended)
    assert (failed["state"], failed["looked"], failed["error"]["code"]) == ("failed", 0, "reassessments.superseded")
    served.refused(api.post(f"{RUNS}/{run}/resume"), 409, "reassessments.superseded")


def test_who_may_not_publish_re_assesses_nobody(brand: Database, keyring: Keyring, tmp_path: Path, api: httpx.Client) -> None:
    shop.previewed(brand, api, version=1)
    run = api.post(RUNS, json={}).json()["id"]
    preview = api.post(PREVIEWS, json={"version": 1}).json()["id"]
    with served.client(brand, keyring, tmp_path, permissions="programme.read programme.write") as writer:
        for address in (RUNS, f"{RUNS}/{run}/cancel", f"{RUNS}/{run}/resume"):
            served.refused(writer.post(address, json={} if address == RUNS else None), 403, "auth.forbidden")
        assert writer.get(f"{RUNS}/{run}").json()["state"] == "queued"
        assert [one["id"] for one in writer.get(RUNS).json()["items"]] == [run]
        assert writer.post(f"{PREVIEWS}/{preview}/cancel").json()["state"] == "cancelled"
    with served.client(brand, keyring, tmp_path, permissions="programme.read programme.publish") as publisher:
        served.refused(publisher.post(PREVIEWS, json={"version": 1}), 403, "auth.forbidden")
        assert [one["result"] for one in publisher.get(PREVIEWS).json()["items"]] == [None, None]
    with served.client(brand, keyring, tmp_path, permissions="members.read") as stranger:
        for address in (RUNS, PREVIEWS, f"{RUNS}/{run}", f"{PREVIEWS}/{preview}"):
            served.refused(stranger.get(address), 403, "auth.forbidden")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({}, 422, "input.invalid"),
        ({"version": 1, "document": shop.EDITED}, 422, "input.invalid"),
        ({"version": 9}, 404, "not_found"),
        ({"document": "format: 1"}, 422, "programme.invalid"),
        ({"document": programmes.changed(("currency: GBP", "currency: EUR"))}, 409, "programme.locked"),
    ],
)
def test_what_could_not_be_published_is_not_previewed(api: httpx.Client, wish: dict[str, object], status: int, code: str) -> None:
    served.refused(api.post(PREVIEWS, json=wish), status, code)


def test_the_command_shows_asks_re_assesses_and_watches(brand: Database) -> None:
    shop.publish(brand, shop.EDITED)
    root = typer.Typer()

    @root.callback()
    def given(context: typer.Context) -> None:
        context.obj = brand

    root.add_typer(command.app, name="programme")

    def call(*words: str, answer: str = "") -> str:
        result = CliRunner(env={"COLUMNS": "200"}).invoke(root, ["programme", "reassess", *words], input=answer)
        assert result.exit_code == 0, result.output
        return result.output

    said = call(answer="n\n")
    assert "10 members, 4 move: 0 up, 4 down" in said
    assert "-144.00" in said
    with brand.reading() as ctx:
        assert (jobs.recent(ctx), reassess.list_reassessments(ctx, before=None, limit=9)) == ([], [])
    with shop.worker(brand):
        said = call("--yes", "--reason", "from the command line")
    assert "done: 10 members looked at, 4 moved, 0 refused" in said
    assert "2\tGold → Silver\t金卡 → 银卡" in said
    served.clean(brand)


def test_the_years_cost_of_a_benefit_is_its_ceiling_or_unknown() -> None:
    made = factories.programme(
        programmes.PLAIN
        + """
benefits:
  - {id: a, label: {en: A, zh: 甲}, kind: custom, quota: {times: 3, per: week}, unit_cost: 10}
  - {id: b, label: {en: B, zh: 乙}, kind: custom, unit_cost: 10}
  - {id: c, label: {en: C, zh: 丙}, kind: custom, quota: {times: 3, per: year}}
  - {id: d, label: {en: D, zh: 丁}, kind: free_delivery, max_freight: 500, quota: {times: 1, per: quarter}}
  - {id: e, label: {en: E, zh: 戊}, kind: priority_service, unit_cost: 0}
"""
    )
    assert {name: rules.yearly(benefit) for name, benefit in made.benefits.items()} == {
        "a": 1_560,
        "b": None,
        "c": None,
        "d": 2_000,
        "e": 0,
    }
    assert rules.yearly(None) == 0


def test_a_dropped_level_leads_up_or_down_by_where_it_began() -> None:
    before = factories.programme(programmes.PLAIN).ladder
    after = factories.programme(programmes.changed(("id: gold, from: 300", "id: black, from: 400"))).ladder
    assert rules.direction(before, after, ("main", "gold", "silver")) == "down"
    assert rules.direction(before, after, ("main", "gold", "black")) == "up"
    assert rules.direction(None, after, ("main", "member", "member")) == "same"
