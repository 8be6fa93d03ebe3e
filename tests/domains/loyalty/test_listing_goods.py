"""Lists over all members: the ledger and its file, its totals, coupons and what became of them, a code looked up, redemptions, names."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.service import ledgers
from regulars.domains.loyalty.service.ledgers import Criteria
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import shop
from tests.domains.loyalty.test_api_coupons import batch
from tests.support import served

M0, M1 = "/v1/members/external:m0", "/v1/members/external:m1"
Json = dict[str, Any]


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path, clock: MovableClock) -> Iterator[httpx.Client]:
    """Two members: one ordered, redeemed and got points by hand a day later, the other ordered on that day."""
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP).version)
    with served.client(db, keyring, tmp_path) as client:
        client.post("/v1/orders", json=served.order("1", 12_500))
        post(client, f"{M0}/redemptions", "r", points=20, reason="tea")
        clock.move(timedelta(days=1))
        post(client, f"{M0}/adjustments", "a", points=5, reason="Late PARCEL")
        client.post("/v1/orders", json=served.order("2", 500, member="m1", at="2026-03-02T12:00:00Z"))
        yield client


def post(api: httpx.Client, path: str, key: str, **body: Any) -> Json:
    answer = api.post(path, json=body, headers={"idempotency-key": key})
    assert answer.status_code < 300, answer.text
    found: Json = answer.json()
    return found


def entries(api: httpx.Client, **query: Any) -> list[tuple[str, str, int]]:
    """What the ledger lists, all its pages of two."""
    names = {api.get(f"/v1/members/external:{one}").json()["id"]: one for one in ("m0", "m1")}
    found: list[tuple[str, str, int]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get("/v1/ledger", params={**query, "limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [(names[one["member"]], one["kind"], one["change"]) for one in page["items"]]
        cursor = page["next"]
    return found


def test_the_ledger_of_all_members_is_read_newest_first_and_filtered(api: httpx.Client) -> None:
    points = [("m1", "grant", 5), ("m0", "grant", 5), ("m0", "spend", -20), ("m0", "grant", 125)]
    assert entries(api, unit="points") == points
    assert entries(api, unit="points", member="external:m0") == points[1:]
    assert entries(api, unit="points", kind=["spend", "expire"]) == [("m0", "spend", -20)]
    assert entries(api, unit="points", **{"from": "2026-03-02"}) == points[:2]
    assert entries(api, unit="points", to="2026-03-01") == points[2:]
    assert entries(api, reason="parcel") == [("m0", "grant", 5)]
    # The name of an earning rule, in either language, finds what it gave.
    assert entries(api, reason="基础", member="external:m1") == [("m1", "grant", 5)]
    assert entries(api, reason="100%_") == []
    assert len(entries(api)) == len(api.get("/v1/ledger").json()["items"]) == 7
    served.refused(api.get("/v1/ledger", params={"from": "2026-03-02", "to": "2026-03-01"}), 422, "input.invalid")
    served.refused(api.get("/v1/ledger", params={"member": "external:nobody"}), 404, "not_found")
    served.refused(api.get("/v1/ledger", headers={served.PERMISSIONS: "members.read"}), 403, "auth.forbidden")


def test_entries_far_apart_are_found_in_longer_and_longer_stretches(
    api: httpx.Client, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = entries(api)
    with db.transaction() as ctx:
        # As after a dump that was restored in another cluster: numbers of long ago, and one that is still to come.
        ctx.tx.exec_driver_sql("UPDATE journal SET recorded_in = CASE kind WHEN 'spend' THEN recorded_in + 1000000 ELSE 3 END")
    assert sorted(entries(api)) == sorted(whole)
    assert entries(api)[0] == ("m0", "spend", -20)


def test_the_ledger_is_a_file_whose_amounts_add_up(api: httpx.Client, db: Database) -> None:
    sheet = api.get("/v1/ledger/file", params={"unit": "points"}, headers={"accept-language": "zh"})
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert rows[0][:7] == ["记录时间", "生效时间", "会员", "类型", "流水类别", "数量", "原因"]
    assert [(row[3], row[4], row[5]) for row in rows[1:]] == [
        ("积分", "grant", "5"),
        ("积分", "grant", "5"),
        ("积分", "spend", "-20"),
        ("积分", "grant", "125"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(api.get("/v1/ledger/file", params={"format": "xlsx", "unit": "points"}).content))
    assert sum(row[5] for row in list(book["Ledger"].values)[1:]) == 115
    taken = [row for row in api.get("/v1/audit").json()["items"] if row["action"] == "ledger.downloaded"]
    assert [row["after"] for row in taken] == [{"unit": "points"}] * 2
    with db.transaction() as ctx:
        assert len(list(ledgers.whole(ctx, Criteria(), most=8))) == 7
        with pytest.raises(Problem, match="More than 6 entries match"):
            ledgers.whole(ctx, Criteria(), most=6)


def test_totals_are_what_balances_come_to(api: httpx.Client) -> None:
    post(api, f"{M0}/loads", "l", unit="purse", amount=5_000, bonus=500)
    found = api.get("/v1/ledger/totals").json()
    assert found["currency"] == "GBP"
    told = {one["unit"]: (one["issued"], one["spent"], one["available"], one["outstanding"], one["money"]) for one in found["items"]}
    assert told["points"] == (135, 20, 115, 115, False)
    assert told["purse"] == (5_500, 0, 5_500, 5_500, True)


def test_redemptions_are_listed_with_what_was_cancelled(api: httpx.Client, db: Database) -> None:
    second = post(api, f"{M0}/redemptions", "s", points=30)
    post(api, f"{M0}/redemptions/{second['id']}/cancel", "x")
    page = api.get(f"{M0}/redemptions", params={"limit": 1}).json()
    rest = api.get(f"{M0}/redemptions", params={"limit": 1, "cursor": page["next"]}).json()
    (cancelled,), (spent,) = page["items"], rest["items"]
    assert (cancelled["id"], cancelled["points"], cancelled["cancelled_at"]) == (second["id"], 30, "2026-03-02T12:00:00Z")
    assert (spent["points"], spent["reason"], spent["cancelled_at"], rest["next"]) == (20, "tea", None, None)
    served.clean(db)


def test_what_became_of_coupons_is_counted_and_leads_to_who_holds_them(api: httpx.Client, db: Database) -> None:
    _, codes = batch(api, db)
    gift = post(api, f"{M0}/coupons", "a", definition="welcome")["id"]
    post(api, f"{M1}/coupons", "b", definition="welcome")
    post(api, f"{M0}/coupons/{gift}/transfer", "c", to={"external_id": "m1"})
    leaf = post(api, f"{M0}/coupons", "d", code=codes[0])["id"]
    post(api, "/v1/coupons:redeem", "e", coupon=codes[0], amount=900)
    found = {one["definition"]: one for one in api.get("/v1/coupons/counts").json()["items"]}
    assert found["welcome"] == {
        "definition": "welcome",
        "issued": 2,
        "states": {"issued": 2, "reserved": 0, "used": 0, "void": 0, "lapsed": 0, "passed_on": 1},
        "codes": 0,
        "taken": 0,
        "stock": 2,
        "stock_left": 0,
        "budget": None,
        "budget_left": None,
    }
    assert (found["leaflet"]["codes"], found["leaflet"]["taken"], found["leaflet"]["states"]["used"]) == (3, 1, 1)
    used = api.get("/v1/coupons", params={"definition": "leaflet", "state": "used"}).json()["items"]
    assert [(one["id"], one["member"]) for one in used] == [(leaf, api.get(M0).json()["id"])]
    assert len(api.get("/v1/coupons").json()["items"]) == 4
    served.refused(api.get("/v1/coupons", headers={served.PERMISSIONS: "rewards.read"}), 403, "auth.forbidden")


def looked(api: httpx.Client, **body: Any) -> tuple[Any, ...]:
    """What a look-up says: the kind, why not, the discount, the state of the code."""
    one = api.post("/v1/coupons:look-up", json=body).json()
    return one["definition"], one["why_not"] and one["why_not"]["code"], one["discount"], one["code_state"]


def test_a_code_is_looked_up_without_changing_anything(api: httpx.Client, db: Database, clock: MovableClock) -> None:
    name, codes = batch(api, db)
    assert looked(api, coupon=codes[0]) == ("leaflet", "code.free", None, "free")
    assert looked(api, coupon="tea-week") == ("tea", "code.generic", None, None)
    post(api, f"{M0}/coupons", "a", code="TEAWEEK")
    assert looked(api, coupon="TEAWEEK", member={"external_id": "m0"}, amount=2_500) == ("tea", None, 300, None)
    assert looked(api, coupon="TEAWEEK", member={"external_id": "m0"}, amount=100) == ("tea", "coupons.not_usable", None, None)
    post(api, f"{M0}/coupons", "b", code=codes[0])
    one = api.post("/v1/coupons:look-up", json={"coupon": codes[0], "amount": 900}).json()
    assert (one["member"], one["coupon"]["state"], one["discount"], one["batch"]) == (api.get(M0).json()["id"], "issued", 200, name)
    # Asked three times over, it is still there.
    assert post(api, "/v1/coupons:redeem", "c", coupon=codes[0], amount=900)["discount"] == 200
    assert looked(api, coupon=codes[0]) == ("leaflet", "coupon.used", None, "taken")
    api.post(f"/v1/coupon-batches/{name}/void")
    assert looked(api, coupon=codes[1]) == ("leaflet", "code.void", None, "void")
    clock.move(timedelta(days=40))
    assert looked(api, coupon="TEAWEEK", member={"external_id": "m0"})[1] == "coupon.lapsed"
    served.refused(api.post("/v1/coupons:look-up", json={"coupon": "TEAWEAK"}), 404, "coupons.code_unknown")
    served.refused(
        api.post("/v1/coupons:look-up", json={"coupon": "x", "card": "y", "member": {"external_id": "m0"}}), 422, "input.invalid"
    )
    served.refused(
        api.post("/v1/coupons:look-up", json={"coupon": "x"}, headers={served.PERMISSIONS: "coupons.read"}), 403, "auth.forbidden"
    )
    served.clean(db)


def test_rewards_are_counted_by_the_state_of_their_orders(api: httpx.Client) -> None:
    order = post(api, f"{M0}/reward-orders", "a", reward="cup", address_ref="home")["id"]
    post(api, f"{M0}/reward-orders", "b", reward="voucher", quantity=2)
    post(api, f"/v1/reward-orders/{order}/cancel", "c")
    told = [tuple(one.values()) for one in api.get("/v1/rewards/counts").json()["items"]]
    assert told == [("cup", "cancelled", 1, 1, 50), ("voucher", "completed", 1, 2, 20)]


def test_members_are_called_by_their_masked_name_or_by_the_callers_id(api: httpx.Client) -> None:
    named = post(api, "/v1/members", "n", external_id="m7", name="李伟")["id"]
    other = api.get(M0).json()["id"]
    answer = api.get("/v1/member-names", params={"member": [named, other, "mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"]}).json()
    assert {one["id"]: one["name"] for one in answer["items"]} == {named: "李**", other: "m0"}
    served.refused(
        api.get("/v1/member-names", params={"member": named}, headers={served.PERMISSIONS: "points.read"}), 403, "auth.forbidden"
    )
