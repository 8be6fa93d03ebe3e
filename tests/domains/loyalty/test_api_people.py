"""Members as lists, as one page and as a timeline, over HTTP."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from regulars.domains.loyalty.tasks import refresh_lists
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import import_content
from tests.support import served

PEOPLE = [
    ("a1", "李伟", "13812340001", "SH-001", "2026-01-05T00:00:00Z"),
    ("a2", "王芳", "13812340002", "SH-001", "2026-01-04T00:00:00Z"),
    ("a3", "Anna Smith", "13812340003", "BJ-001", "2026-01-03T00:00:00Z"),
    ("a4", "李娜", "13912340001", "", "2026-01-02T00:00:00Z"),
]
ORDERS = [("a1", 5_000, "2026-02-01T10:00:00Z"), ("a2", 40_000, "2026-02-03T10:00:00Z"), ("a3", 12_500, "2026-02-02T10:00:00Z")]


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    import_content.nobody_held_out(house)
    with served.client(house, keyring, tmp_path) as client:
        for external_id, name, phone, store, joined in PEOPLE:
            body = {"external_id": external_id, "name": name, "phone": phone, "store": store, "joined_at": joined}
            assert client.post("/v1/members", json=body | {"email": f"{external_id}@example.com"}).status_code == 201
        for number, (member, amount, at) in enumerate(ORDERS):
            order = served.order(f"N{number}", amount, member=member, at=at, store="SH-001")
            assert client.post("/v1/orders", json=order).status_code == 201
        assert refresh_lists.Refresher().tick(house) == 3
        yield client


def who(answer: dict[str, Any]) -> list[str]:
    return [one["external_id"] for one in answer["items"]]


def walked(api: httpx.Client, **asked: Any) -> list[str]:
    """Everybody, in pages of one."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get("/v1/people", params={**asked, "limit": 1, **cursor}).json()
        found += who(page)
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize(
    ("sort", "order", "expected"),
    [
        ("joined", "desc", ["a1", "a2", "a3", "a4"]),
        ("joined", "asc", ["a4", "a3", "a2", "a1"]),
        ("last_order", "desc", ["a2", "a3", "a1", "a4"]),
        ("last_order", "asc", ["a1", "a3", "a2", "a4"]),
        ("points", "desc", ["a2", "a3", "a1", "a4"]),
        ("points", "asc", ["a1", "a3", "a2", "a4"]),
        ("spend", "desc", ["a2", "a3", "a1", "a4"]),
        ("spend", "asc", ["a1", "a3", "a2", "a4"]),
    ],
)
def test_each_order_is_walked_page_by_page_with_those_who_have_nothing_last(
    api: httpx.Client, sort: str, order: str, expected: list[str]
) -> None:
    assert walked(api, sort=sort, order=order) == expected


def test_a_row_shows_masked_details_beside_what_is_held_now(api: httpx.Client) -> None:
    first = api.get("/v1/people", params={"sort": "points", "count": "true"}).json()
    row = {name: value for name, value in first["items"][0].items() if name != "id"}
    assert row == {
        "external_id": "a2",
        "name": "王**",
        "phone": "138****0002",
        "email": "a****@example.com",
        "joined_at": "2026-01-04T00:00:00Z",
        "source": "api",
        "status": "active",
        "store": "SH-001",
        "locale": "",
        "level": "gold",
        "level_label": {"en": "Gold", "zh": "金卡"},
        "keep_until": "2027-02-04T00:00:00Z",
        "points": 400,
        "available": {"points": 400, "growth": 400},
        "orders": 1,
        "spend": 40_000,
        "first_order_at": "2026-02-03T10:00:00Z",
        "last_order_at": "2026-02-03T10:00:00Z",
        "held_out": False,
    }
    assert (first["count"], first["unit"], first["currency"]) == ({"number": 4, "capped": False}, "points", "GBP")
    last = first["items"][3]
    assert (last["external_id"], last["level"], last["points"], last["held_out"]) == ("a4", None, 0, None)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"level": "gold"}, ["a2"]),
        ({"level": "silver"}, ["a3"]),
        ({"level": "member"}, ["a1", "a4"]),
        ({"store": "SH-001"}, ["a1", "a2"]),
        ({"store": "SH-001", "level": "gold"}, ["a2"]),
        ({"has_orders": "true"}, ["a1", "a2", "a3"]),
        ({"has_orders": "false"}, ["a4"]),
        ({"held_out": "true"}, []),
        ({"held_out": "false"}, ["a1", "a2", "a3", "a4"]),
        ({"joined_from": "2026-01-03T00:00:00Z", "joined_before": "2026-01-05T00:00:00Z"}, ["a2", "a3"]),
        ({"status": "closed"}, []),
    ],
)
def test_filters_narrow_the_list_and_its_count(api: httpx.Client, asked: dict[str, str], expected: list[str]) -> None:
    page = api.get("/v1/people", params={**asked, "count": "true"}).json()
    assert (who(page), page["count"]) == (expected, {"number": len(expected), "capped": False})
    by_points = api.get("/v1/people", params={**asked, "sort": "points"}).json()
    assert sorted(who(by_points)) == sorted(expected)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"phone": "138 1234 0001"}, ["a1"]),
        ({"email": "A2@example.com"}, ["a2"]),
        ({"number": "a3"}, ["a3"]),
        ({"number": "nobody"}, []),
        ({"name": "李伟"}, ["a1"]),
        ({"name": "smith"}, ["a3"]),
        ({"last_four": "0001"}, ["a1", "a4"]),
        ({"last_four": "0001", "has_orders": True}, ["a1"]),
        ({"last_four": "0001", "name": "李娜"}, ["a4"]),
        ({"text": "138-1234-0002"}, ["a2"]),
        ({"text": "0001"}, ["a1", "a4"]),
        ({"text": "a4"}, ["a4"]),
        ({"text": "a1@example.com"}, ["a1"]),
        ({"text": "王芳"}, ["a2"]),
        ({"text": "没有这个人"}, []),
        ({"text": "0001", "store": "SH-001"}, ["a1"]),
    ],
)
def test_somebody_is_found_by_what_is_known_of_them(api: httpx.Client, asked: dict[str, Any], expected: list[str]) -> None:
    page = api.post("/v1/people/search", json=asked, params={"count": "true"}).json()
    assert (who(page), page["count"]["number"]) == (expected, len(expected))
    assert who(api.post("/v1/people/search", json=asked, params={"sort": "last_order"}).json()) == expected


def test_a_member_is_found_by_our_id_and_wrong_wishes_are_refused(api: httpx.Client) -> None:
    first = api.get("/v1/people", params={"limit": 1}).json()
    assert who(api.post("/v1/people/search", json={"text": first["items"][0]["id"]}).json()) == ["a1"]
    level = served.refused(api.get("/v1/people", params={"level": "diamond"}), 422, "input.invalid")
    assert level["faults"] == [{"field": "level", "value": "diamond", "expected": "one of member, silver, gold"}]
    served.refused(api.get("/v1/people", params={"cursor": first["next"], "sort": "points"}), 422, "input.invalid")
    served.refused(api.post("/v1/people/search", json={"phone": "12"}), 422, "input.invalid")
    reader = {served.PERMISSIONS: "members.read"}
    assert api.get("/v1/people", headers=reader).status_code == 200


def test_one_member_is_seen_at_a_glance(api: httpx.Client) -> None:
    said = {"purpose": "marketing", "channel": "sms", "granted": True, "source": "till", "policy_version": "1"}
    api.post("/v1/members/external:a3/consents", json=said)
    card = api.get("/v1/people/external:a3").json()
    end = "2027-02-03T00:00:00Z"
    silver, gold = {"en": "Silver", "zh": "银卡"}, {"en": "Gold", "zh": "金卡"}
    assert card["level"] == {
        "level": "silver",
        "label": silver,
        "since": "2026-02-02T10:00:00Z",
        "keep_until": end,
        "unit": "growth",
        "balance": 125,
        "carried_then": 0,
        "missing_to_keep": 100,
        "next_level": "gold",
        "next_label": gold,
        "next_from": 300,
        "missing_to_next": 175,
    }
    assert card["wallets"][0] == {
        "unit": "points",
        "label": {"en": "points", "zh": "积分"},
        "available": 125,
        "pending": 0,
        "held": 0,
        "debt": 0,
        "lots": [{"at": end, "amount": 125}],
        "releasing": [],
        "next_expiry": {"at": end, "amount": 125},
    }
    assert [(one["purpose"], one["granted"]) for one in card["consents"]] == [("marketing", True)]
    assert (card["person"]["name"], card["person"]["spend"], card["programme"], card["duplicates"]) == ("A**** S****", 12_500, 1, 0)


def test_a_member_without_a_fact_is_seen_too(api: httpx.Client) -> None:
    card = api.get("/v1/people/external:a4").json()
    assert (card["level"]["level"], card["person"]["held_out"], card["person"]["points"]) == ("member", False, 0)
    assert api.get("/v1/members/external:a4/balances").json()["items"][0]["available"] == 0
    served.refused(api.get("/v1/people/external:nobody"), 404, "not_found")


def history(api: httpx.Client) -> None:
    """What happens to a3 after its order."""
    lines = [{"line": 1, "amount": 2_500}]
    refund = {"number": "R1", "refunded_at": "2026-02-20T10:00:00Z", "currency": "GBP", "lines": lines}
    assert api.post("/v1/orders/shop:N2/refunds", json=refund).status_code == 201
    said = {"purpose": "marketing", "channel": "sms", "granted": False, "source": "till", "policy_version": "1"}
    assert api.post("/v1/members/external:a3/consents", json=said | {"at": "2026-02-25T10:00:00Z"}).status_code == 201
    assert api.post("/v1/members/external:a3/notes", json={"text": "喜欢晚上接电话"}).status_code == 201
    body = {"points": 5, "reason": "迟到的包裹"}
    assert api.post("/v1/members/external:a3/adjustments", json=body, headers={"idempotency-key": "k"}).status_code == 201


def test_what_happened_is_one_stream_newest_first(api: httpx.Client) -> None:
    history(api)
    path = "/v1/people/external:a3/timeline"
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get(path, params={"limit": 2, **cursor}).json()
        items += page["items"]
        assert page["withheld"] == []
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [(one["kind"], one["at"][:10]) for one in items] == [
        ("points", "2026-03-01"),
        ("note", "2026-03-01"),
        ("consent", "2026-02-25"),
        ("refund", "2026-02-20"),
        ("points", "2026-02-20"),
        ("order", "2026-02-02"),
        ("tier", "2026-02-02"),
        ("points", "2026-02-02"),
    ]
    assert items[0]["points"]["lines"][0]["text"] == {"en": "Earned 5 points (迟到的包裹)", "zh": "获得 5 积分 (迟到的包裹)"}
    assert items[1]["note"]["text"] == "喜欢晚上接电话"
    assert (items[2]["consent"]["granted"], items[3]["refund"]["total"], items[3]["refund"]["order"]) == (
        False,
        2_500,
        items[5]["order"]["id"],
    )
    assert [(line["unit"], line["kind"], line["amount"]) for line in items[4]["points"]["lines"]] == [
        ("points", "reverse", 25),
        ("growth", "reverse", 25),
    ]
    assert (items[5]["order"]["number"], items[5]["order"]["total"], items[5]["order"]["refunded"]) == ("N2", 12_500, 2_500)
    assert items[6]["tier"]["lines"][0]["text"]["en"] == "Up from Member to Silver: 125 reached"
    assert [name for name in ("order", "refund", "tier", "consent", "note", "exposure") if items[0][name] is not None] == []


def test_a_timeline_is_filtered_and_withholds_what_may_not_be_seen(api: httpx.Client) -> None:
    history(api)
    path = "/v1/people/external:a3/timeline"
    some = api.get(path, params={"kind": ["order", "note"]}).json()
    assert [one["kind"] for one in some["items"]] == ["note", "order"]
    few = {served.PERMISSIONS: "members.read"}
    seen = api.get(path, headers=few).json()
    assert ([one["kind"] for one in seen["items"]], seen["withheld"]) == (
        ["points", "note", "consent", "points", "tier", "points"],
        ["order", "refund", "exposure"],
    )
    refused = served.refused(api.get(path, params={"kind": "order"}, headers=few), 403, "auth.forbidden")
    assert refused["data"] == {"permission": "orders.read"}


def test_a_ledger_is_downloaded_for_a_spreadsheet(api: httpx.Client) -> None:
    history(api)
    path = "/v1/people/external:a3/ledger"
    sheet = api.get(path, params={"format": "csv", "unit": "points"}, headers={"accept-language": "zh"})
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert rows[0][:7] == ["生效时间", "记录时间", "类型", "流水类别", "数量", "原因", "有效期至"]
    assert [(row[2], row[3], row[4], row[5]) for row in rows[1:]] == [
        ("积分", "grant", "5", "获得 5 积分 (迟到的包裹)"),
        ("积分", "reverse", "-25", "退款冲回 25 积分"),
        ("积分", "grant", "125", "获得 125 积分 (基础 +125)"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(api.get(path, params={"format": "xlsx"}).content))
    cells = list(book["Ledger"].values)
    assert (len(cells), cells[1][4], cells[1][5]) == (7, 5, "Earned 5 points (迟到的包裹)")
    served.refused(api.get(path, headers={served.PERMISSIONS: "members.read"}), 403, "auth.forbidden")


def test_lists_are_sorted_by_what_was_held_at_the_last_refresh_and_show_what_is_held_now(api: httpx.Client, house: Database) -> None:
    refresher = refresh_lists.Refresher()
    assert [refresher.tick(house) for _ in range(2)] == [0, 0]
    api.post("/v1/orders", json=served.order("N9", 90_000, member="a1"))
    page = api.get("/v1/people", params={"sort": "points"}).json()
    assert [(one["external_id"], one["points"]) for one in page["items"]] == [("a2", 400), ("a3", 125), ("a1", 950), ("a4", 0)]
    assert refresher.tick(house) == 0  # Not yet.
    assert refresh_lists.Refresher().tick(house) == 1
    assert who(api.get("/v1/people", params={"sort": "points"}).json()) == ["a1", "a2", "a3", "a4"]
