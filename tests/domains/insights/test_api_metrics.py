"""The metrics over HTTP: every route in every form, who may ask, what is refused, and the members behind a number."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from regulars.kernel import ids
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.insights import lakes
from tests.domains.insights.lakes import Facts
from tests.support import served

ROUTES = ("overview", "repurchase", "intervals", "conversion", "cohorts", "revenue", "points", "tiers", "activity")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _facts() -> Facts:
    facts = Facts()
    for number in range(1, 8):
        facts.member(number, tier="gold" if number % 2 else None, held_out=number == 7)
        facts.order(number, "2025-01-01T12:00Z", store="=1+1" if number == 1 else "north", channel="web")
        if number < 5:
            facts.order(number, f"2025-01-{10 + number}T12:00Z", store="north")
        facts.entry(number, "grant", 10, "2025-01-01T12:00Z", "2026-01-01T00:00Z")
    facts.order(None, "2025-12-31T12:00Z")
    return facts


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    lakes.published(tmp_path / "data" / "lake", _facts().rows)
    with served.client(db, keyring, tmp_path, permissions="reports.read members.read") as client:
        yield client


def _get(api: httpx.Client, path: str, **query: Any) -> Any:
    answer = api.get(f"/v1/insights/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_answer_says_what_it_counts_and_how_fresh_it_is(api: httpx.Client) -> None:
    for route in ROUTES:
        about = _get(api, route)["about"]
        assert (about["zone"], about["currency"], about["watermark"]) == ("Europe/London", "GBP", "2026-03-01T12:00:00Z")
        assert (about["first_day"], about["last_day"]) == ("2025-01-01", "2025-12-31")
        assert about["definitions"]
        assert all(one[name][language] for one in about["definitions"] for name in ("label", "text") for language in ("en", "zh"))


def test_repurchase_in_groups_and_by_arm(api: httpx.Client) -> None:
    found = _get(api, "repurchase", by="store", **{"from": "2025-01-01", "to": "2025-01-31"})
    total = found["total"][0]
    assert (total["days"], total["n"], total["denominator"], total["rate_bp"]) == (30, 4, 7, 5_714)
    assert [(row["key"], row["n"], row["denominator"]) for row in found["groups"] if row["days"] == 30] == [("north", 3, 6), ("=1+1", 1, 1)]
    assert (found["arms"][0]["held_out_n"], found["arms"][0]["held_out_denominator"], found["arms"][0]["small"]) == (0, 1, True)
    assert found["about"]["filters"] == {
        "from_day": "2025-01-01",
        "to_day": "2025-01-31",
        "stores": [],
        "channels": [],
        "tiers": [],
        "arm": None,
    }


def test_several_values_of_a_filter_are_any_of_them(api: httpx.Client) -> None:
    found = _get(api, "repurchase", store=["north", "=1+1"], channel="web", tier="gold", arm="rest")
    assert (found["total"][0]["n"], found["total"][0]["denominator"]) == (2, 3)


def test_every_list_of_an_answer_comes_as_csv_in_the_readers_language(api: httpx.Client) -> None:
    for route in ROUTES:
        every = [name for name, value in _get(api, route).items() if isinstance(value, list)]
        for table in (*every, "definitions"):
            answer = api.get(f"/v1/insights/{route}", params={"format": "csv", "table": table}, headers={"accept-language": "zh-CN"})
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            assert answer.headers["content-disposition"] == f'attachment; filename="regulars-{route}-{table}.csv"'
            assert answer.content.startswith(b"\xef\xbb\xbf")


def test_a_csv_has_the_numbers_of_the_answer_and_runs_no_formula(api: httpx.Client) -> None:
    answer = api.get("/v1/insights/repurchase", params={"format": "csv", "table": "groups", "by": "store"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["group", "all smaller groups", "within days", "n", "of", "rate (bp)", "low, 95 % (bp)", "high, 95 % (bp)"]
    assert [row[:6] for row in rows[1:] if row[2] == "30"] == [
        ["north", "False", "30", "3", "6", "5000"],
        ["'=1+1", "False", "30", "1", "1", "10000"],
    ]


def test_a_workbook_has_every_list_as_a_sheet_and_text_stays_text(api: httpx.Client) -> None:
    answer = api.get("/v1/insights/repurchase", params={"format": "xlsx", "by": "store"})
    assert answer.headers["content-type"] == XLSX
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["total", "groups", "before", "arms", "definitions"]
    cells = [book["groups"].cell(row, 1) for row in range(2, book["groups"].max_row + 1)]
    assert [(cell.value, cell.data_type) for cell in cells if cell.value == "=1+1"] == [("=1+1", "s")] * 5
    assert book["total"].cell(2, 4).value == 4


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("overview?from=2025-02-30", "from"),
        ("overview?from=2025-02-02&to=2025-02-01", "to"),
        ("overview?compare=previous", "compare"),
        ("overview?compare=sometime&from=2025-02-01&to=2025-02-02", "compare"),
        ("repurchase?by=weather", "by"),
        ("repurchase?top=0", "top"),
        ("repurchase?arm=both", "arm"),
        ("repurchase?format=pdf", "format"),
        ("repurchase?format=csv&table=sums", "table"),
        ("intervals?width=0", "width"),
        ("conversion?purchase=0", "purchase"),
        ("cohorts?months=61", "months"),
        ("revenue?by=quarter", "by"),
        ("members", "of"),
        ("members?of=weather", "of"),
        ("members?of=repurchase&outcome=yes", "days"),
        ("members?of=members&limit=0", "limit"),
        ("members?of=members&cursor=made-up", "cursor"),
        ("points?from=1800-01-01", "from"),
    ],
)
def test_what_is_wrong_is_named(api: httpx.Client, path: str, field: str) -> None:
    refusal = served.refused(api.get(f"/v1/insights/{path}"), 422, "input.invalid")
    assert [fault["field"] for fault in refusal["faults"]] == [field]


def test_members_behind_a_number_come_page_by_page_as_ids(api: httpx.Client) -> None:
    seen: list[str] = []
    query: dict[str, Any] = {"of": "repurchase", "outcome": "yes", "days": 30, "limit": 3}
    while True:
        page = _get(api, "members", **query)
        assert page["total"] == 4
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [ids.decode("mbr", one).int for one in seen] == [1, 2, 3, 4]


def test_a_row_of_an_answer_says_how_to_ask_for_its_members(api: httpx.Client) -> None:
    for row in _get(api, "repurchase", by="store")["groups"]:
        asked = {"of": "repurchase", "by": "store", "key": row["key"], "days": row["days"]}
        assert _get(api, "members", outcome="yes", **asked)["total"] == row["n"]
        assert _get(api, "members", **asked)["total"] == row["denominator"]
    for cell in _get(api, "cohorts")["cells"]:
        asked = {"month": cell["month"], "after": cell["after"]}
        assert _get(api, "members", of="retention_fixed", **asked)["total"] == cell["fixed"]
    for row in _get(api, "tiers")["levels"]:
        group = {"key": row["level"]} if row["level"] else {"missing": True}
        assert _get(api, "members", of="tiers", by="tier", **group)["total"] == row["members"]
    for row in _get(api, "points")["due"]:
        assert _get(api, "members", of="points_due", unit=row["unit"], month=row["month"])["total"] == 7


@pytest.mark.parametrize("route", [*ROUTES, "members?of=members"])
def test_without_the_permission_nothing_is_shown(api: httpx.Client, route: str) -> None:
    refusal = served.refused(api.get(f"/v1/insights/{route}", headers={served.PERMISSIONS: "members.read"}), 403, "auth.forbidden")
    assert refusal["data"] == {"permission": "reports.read"}


def test_who_may_not_see_members_gets_numbers_and_no_ids(api: httpx.Client) -> None:
    headers = {served.PERMISSIONS: "reports.read"}
    assert api.get("/v1/insights/overview", headers=headers).status_code == 200
    refusal = served.refused(api.get("/v1/insights/members?of=members", headers=headers), 403, "auth.forbidden")
    assert refusal["data"] == {"permission": "members.read"}


def test_before_the_first_export_it_is_said_what_to_do(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    with served.client(db, keyring, tmp_path) as client:
        refusal = served.refused(client.get("/v1/insights/overview"), 404, "lake.missing")
    assert "regulars lake export" in refusal["detail"]
