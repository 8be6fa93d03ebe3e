"""Benefits over HTTP: what a member has, uses and their undoing, the report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.domains.loyalty import service
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import shop
from tests.support import served

M0 = "/v1/members/external:m0"


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP).version)
    with served.client(db, keyring, tmp_path) as client:
        client.post("/v1/orders", json=served.order("1", 12_500))
        yield client


def use(api: httpx.Client, key: str, benefit: str = "delivery", **body: Any) -> httpx.Response:
    return api.post(f"{M0}/benefits/{benefit}/uses", json=body, headers={"idempotency-key": key})


def state(api: httpx.Client) -> dict[str, tuple[bool, int | None, int, int | None]]:
    items = api.get(f"{M0}/benefits").json()["items"]
    return {one["id"]: (one["eligible"], one["granted"], one["used"], one["left"]) for one in items}


def report(api: httpx.Client, first: str, last: str) -> httpx.Response:
    return api.get("/v1/benefits/report", params={"from": first, "to": last})


def test_a_benefit_is_used_within_its_quota_and_given_back_once(api: httpx.Client, db: Database) -> None:
    assert state(api) == {"delivery": (True, 2, 0, 2), "lounge": (False, None, 0, None)}
    first, again = (use(api, "a", order="shop:1") for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["cost"]) == (201, 200, 600)
    assert again.json() == {**first.json(), "duplicate": True}
    assert use(api, "b", cost=450).json()["cost"] == 450
    refused = served.refused(use(api, "c"), 422, "benefits.quota_used")
    assert refused["data"]["next_day"] == "2026-04-01"
    assert state(api)["delivery"] == (True, 2, 2, 0)
    for duplicate in (False, True):
        answer = api.post(f"{M0}/benefit-uses/{first.json()['id']}/reverse", json={"reason": "Never sent"}).json()
        assert (answer["reversed"], answer["duplicate"]) == (1, duplicate)
    assert state(api)["delivery"] == (True, 2, 1, 1)
    uses = api.get(f"{M0}/benefit-uses").json()["items"]
    assert sorted((one["cost"], one["state"], one["level"]) for one in uses) == [(450, "used", "silver"), (600, "reversed", "silver")]
    served.clean(db)


def test_who_may_not_have_a_benefit_is_told_why(api: httpx.Client, db: Database) -> None:
    refused = use(api, "a", "lounge", cost=1)
    assert (refused.status_code, refused.json()["code"]) == (403, "audience.other_tier")
    served.refused(use(api, "b", "none"), 404, "benefits.unknown")
    served.refused(api.post(f"{M0}/benefit-uses/use_01jf3q7t5v8x9y0z1a2b3c4d5e/reverse", json={}), 404, "benefits.use_unknown")
    lounge = api.get(f"{M0}/benefits").json()["items"][1]
    assert lounge["why_not"]["code"] == refused.json()["code"]
    served.clean(db)


def test_the_report_says_what_each_benefit_came_to(api: httpx.Client) -> None:
    use(api, "a")
    use(api, "b", cost=450)
    found = report(api, "2026-02-15", "2026-03-31").json()
    month = {"first_day": "2026-03-01", "used": 2, "cost": 1_050, "members": 1}
    assert found["currency"] == "GBP"
    assert [(one["id"], one["granted"], one["period"], one["used"], one["cost"], one["months"]) for one in found["items"]] == [
        ("delivery", 2, "month", 2, 1_050, [month]),
        ("lounge", None, None, 0, 0, []),
    ]
    assert report(api, "2026-03-02", "2026-03-31").json()["items"][0]["used"] == 0
    for first, last in (("2026-03-02", "2026-03-01"), ("2020-01-01", "2026-03-01"), ("1900-01-01", "1900-01-02")):
        served.refused(report(api, first, last), 422, "input.invalid")
