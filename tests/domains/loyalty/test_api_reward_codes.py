"""Codes of digital rewards over HTTP: uploaded sealed, handed out once each, back when unseen, shown to their member and to staff."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.domains.loyalty import service
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import shop
from tests.support import member_pages, served
from tests.support.served import refused

Headers = dict[str, str]
Plain = psycopg.Connection[tuple[Any, ...]]
STAFF = {served.PERMISSIONS: "*"}
TICKET = """  - {id: ticket, label: {en: Ticket, zh: 影票}, kind: digital, unit: points, points: 10, codes: cinema}
benefits:
"""
POOL = "/v1/reward-codes/cinema/batches"
FILM = ["FILM-0001-AAAA", "FILM-0002-BBBB", "short"]


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP.replace("benefits:\n", TICKET)).version)
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        client.post("/v1/orders", json=served.order("1", 12_500), headers=STAFF)
        yield client


@pytest.fixture
def mine(api: httpx.Client, db: Database, keyring: Keyring) -> Headers:
    member_pages.enrolled(db, keyring, name="王小芳", locale="zh-CN")
    return member_pages.signed_in(api)


def upload(api: httpx.Client, content: str, kind: str = "text/plain", pool: str = POOL) -> httpx.Response:
    return api.post(pool, content=content.encode(), headers=STAFF | {"content-type": kind})


def order(api: httpx.Client, mine: Headers, key: str, quantity: int = 1) -> httpx.Response:
    body = {"reward": "ticket", "quantity": quantity}
    return api.post("/m/v1/me/reward-orders", json=body, headers=mine | {"idempotency-key": key})


def counts(api: httpx.Client) -> tuple[int, int, int]:
    (pool,) = api.get("/v1/reward-codes", headers=STAFF).json()["items"]
    assert (pool["pool"], pool["rewards"]) == ("cinema", [{"en": "Ticket", "zh": "影票"}])
    return pool["free"], pool["given"], pool["seen"]


def left(api: httpx.Client, mine: Headers) -> int | None:
    found: int | None = next(one["left"] for one in api.get("/m/v1/me/rewards", headers=mine).json()["items"] if one["id"] == "ticket")
    return found


def test_codes_come_in_once_as_text_or_documents_and_are_readable_nowhere(api: httpx.Client, connection: Plain) -> None:
    assert counts(api) == (0, 0, 0)
    made = upload(api, "\ufeff" + "\r\n".join([*FILM[:2], "", FILM[0]]))
    assert (made.status_code, made.json()["added"], made.json()["known"]) == (201, 2, 0)
    again = upload(api, f'{{"code": "{FILM[1]}"}}\n\n{{"code": " {FILM[2]} "}}\n', "application/x-ndjson").json()
    assert (again["added"], again["known"], counts(api)) == (1, 1, (3, 0, 0))
    uploads = api.get(POOL, headers=STAFF).json()["items"]
    assert [(one["added"], one["known"]) for one in uploads] == [(1, 1), (2, 0)]
    kept = str(connection.execute("SELECT c::text, b::text FROM reward_codes c JOIN reward_code_batches b USING (batch_id)").fetchall())
    kept += str(connection.execute("SELECT after::text FROM audit").fetchall())
    assert [code for code in FILM if code in kept or code.encode().hex() in kept] == []


@pytest.mark.parametrize(
    ("content", "kind", "pool", "field"),
    [
        ("a\n" + "x" * 201, "text/plain", POOL, "line 2"),
        ("a\x01b", "text/plain", POOL, "line 1"),
        (" \n\n", "text/plain", POOL, "codes"),
        ('{"code": "a"}\n{"kode": "b"}', "application/x-ndjson", POOL, "line 2"),
        ('{"code": 5}', "application/x-ndjson", POOL, "line 1"),
        ("a", "text/plain", POOL.replace("cinema", "theatre"), "pool"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_nothing_comes_in(api: httpx.Client, content: str, kind: str, pool: str, field: str) -> None:
    problem = refused(upload(api, content, kind, pool), 422, "input.invalid")
    assert [fault["field"] for fault in problem["faults"]] == [field]
    assert counts(api) == (0, 0, 0)


def test_an_order_gets_its_codes_and_keeps_them_once_they_were_seen(api: httpx.Client, mine: Headers, db: Database) -> None:
    upload(api, "\n".join(FILM))
    assert left(api, mine) == 3
    made = order(api, mine, "a", 2).json()
    assert (made["state"], counts(api), left(api, mine)) == ("completed", (1, 2, 0), 1)
    refused(order(api, mine, "b", 2), 422, "rewards.codes_gone")
    path = f"/m/v1/me/reward-orders/{made['id']}"
    shown = api.get(path, headers=mine).json()
    assert (shown["codes"], shown["codes_seen"], shown["cancellable"]) == (2, False, True)
    staff = api.get(f"/v1/reward-orders/{made['id']}", headers=STAFF).json()
    assert (staff["codes"], staff["codes_seen_at"]) == (["••••AAAA", "••••BBBB"], None)
    for _ in range(2):
        assert api.post(f"{path}/codes", headers=mine).json()["codes"] == FILM[:2]
    shown = api.get(path, headers=mine).json()
    assert (shown["codes_seen"], shown["cancellable"], counts(api)) == (True, False, (1, 0, 2))
    refused(api.post(f"{path}/cancel", headers=mine), 409, "rewards.code_seen")
    served.clean(db)


def test_cancelled_unseen_a_code_goes_to_the_next_who_asks(api: httpx.Client, mine: Headers, db: Database) -> None:
    upload(api, FILM[0])
    first = order(api, mine, "a").json()["id"]
    path = f"/m/v1/me/reward-orders/{first}"
    for duplicate in (False, True):
        cancelled = api.post(f"{path}/cancel", headers=mine).json()
        assert (cancelled["state"], cancelled["returned"], cancelled["duplicate"]) == ("cancelled", 10, duplicate)
    assert counts(api) == (1, 0, 0)
    refused(api.post(f"{path}/codes", headers=mine), 404, "rewards.order_unknown")
    second = order(api, mine, "b").json()["id"]
    assert api.post(f"/m/v1/me/reward-orders/{second}/codes", headers=mine).json()["codes"] == [FILM[0]]
    served.clean(db)


def test_staff_see_a_code_with_a_reason_that_is_kept_and_it_counts_as_seen(api: httpx.Client, mine: Headers, connection: Plain) -> None:
    upload(api, "\n".join(FILM))
    one = order(api, mine, "a").json()["id"]
    path = f"/v1/reward-orders/{one}/codes/reveal"
    refused(api.post(path, json={"reason": ""}, headers=STAFF), 422, "input.invalid")
    refused(api.post(path, json={"reason": "lost"}, headers={served.PERMISSIONS: "rewards.read"}), 403, "auth.forbidden")
    assert counts(api) == (2, 1, 0)
    assert api.post(path, json={"reason": "app broken"}, headers=STAFF).json()["codes"] == [FILM[0]]
    noted = connection.execute("SELECT entity, reason FROM audit WHERE action = 'reward_codes.revealed'").fetchall()
    assert (noted, counts(api)) == ([(one, "app broken")], (2, 0, 1))
    refused(api.post(f"/v1/reward-orders/{one}/cancel", json={}, headers=STAFF), 409, "rewards.code_seen")


def test_codes_of_another_member_are_unknown(api: httpx.Client, mine: Headers, db: Database, keyring: Keyring) -> None:
    upload(api, "\n".join(FILM))
    one = order(api, mine, "a").json()["id"]
    member_pages.enrolled(db, keyring, external_id="m1", phone="+447700900002")
    theirs = member_pages.signed_in(api, "+447700900002")
    refused(api.post(f"/m/v1/me/reward-orders/{one}/codes", headers=theirs), 404, "rewards.order_unknown")
    assert counts(api) == (2, 1, 0)
