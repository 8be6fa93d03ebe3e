"""Codes of digital rewards over HTTP: uploaded sealed, handed out once each, back when unseen, shown to their member and to staff."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.service import handing
from regulars.domains.loyalty.tasks import reward_codes
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import reassessing, shop
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
    told = ("state", "wanted", "added", "known", "withdrawn")
    assert [tuple(one[name] for name in told) for one in uploads] == [("ready", 2, 1, 1, 0), ("ready", 2, 2, 0, 0)]
    assert api.get(f"{POOL}/{uploads[0]['id']}", headers=STAFF).json() == uploads[0]
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


def void(api: httpx.Client, batch: str, pool: str = POOL) -> httpx.Response:
    return api.post(f"{pool}/{batch}/void", json={"reason": "wrong cinema"}, headers=STAFF)


def test_an_upload_is_withdrawn_as_far_as_nobody_has_it(api: httpx.Client, mine: Headers, connection: Plain, db: Database) -> None:
    first = upload(api, "\n".join(FILM)).json()["id"]
    one, two = (order(api, mine, key).json()["id"] for key in "ab")
    api.post(f"/m/v1/me/reward-orders/{two}/codes", headers=mine)
    upload(api, "OTHER-0001")
    for _ in range(2):
        gone = void(api, first).json()
        assert (gone["state"], gone["added"], gone["withdrawn"], counts(api)) == ("void", 3, 1, (1, 1, 1))
    # What an order gives back is gone as well, and what was seen stays with its order.
    assert api.post(f"/m/v1/me/reward-orders/{one}/cancel", headers=mine).json()["returned"] == 10
    assert (counts(api), left(api, mine)) == ((1, 0, 1), 1)
    assert api.post(f"/m/v1/me/reward-orders/{two}/codes", headers=mine).json()["codes"] == [FILM[1]]
    last = order(api, mine, "c").json()["id"]
    assert api.post(f"/m/v1/me/reward-orders/{last}/codes", headers=mine).json()["codes"] == ["OTHER-0001"]
    noted = connection.execute("SELECT entity, after, reason FROM audit WHERE action = 'reward_codes.withdrawn'").fetchall()
    assert noted == [("reward_codes/cinema", {"batch": first, "withdrawn": 1, "not_added": 0}, "wrong cinema")]
    again = upload(api, FILM[2]).json()
    assert (again["added"], counts(api)) == (1, (1, 0, 2))
    served.clean(db)


def test_what_cannot_be_withdrawn_is_refused(api: httpx.Client) -> None:
    batch = upload(api, FILM[0]).json()["id"]
    refused(void(api, batch, POOL.replace("cinema", "theatre")), 404, "not_found")
    refused(api.get(f"{POOL}/rcb_00000000000000000000000000", headers=STAFF), 404, "not_found")
    refused(api.post(f"{POOL}/{batch}/void", json={"reason": ""}, headers=STAFF), 422, "input.invalid")
    reader = {served.PERMISSIONS: "rewards.read"}
    refused(api.post(f"{POOL}/{batch}/void", json={"reason": "x"}, headers=reader), 403, "auth.forbidden")
    assert counts(api) == (1, 0, 0)


def test_more_than_a_request_can_wait_for_comes_in_in_the_background(api: httpx.Client, connection: Plain) -> None:
    made = upload(api, "\n".join(f"BULK-{place:06}" for place in range(100_001)))
    batch = made.json()
    assert (made.status_code, batch["state"], batch["wanted"], batch["added"], counts(api)) == (202, "adding", 100_001, 0, (0, 0, 0))
    job = api.get("/v1/jobs", headers=STAFF).json()["items"][0]
    assert (job["kind"], job["label"]["zh"], job["state"]) == ("reward_codes", "上传兑换码", "queued")
    (kept,) = connection.execute("SELECT string_agg(sealed, '') FROM reward_code_parts").fetchone() or (b"",)
    assert b"BULK" not in kept
    gone = void(api, batch["id"]).json()
    assert (gone["state"], gone["added"], gone["withdrawn"]) == ("void", 0, 0)
    assert connection.execute("SELECT count(*) FROM reward_code_parts").fetchall() == [(0,)]
    told = connection.execute("SELECT after FROM audit WHERE action LIKE 'reward_codes.%' ORDER BY audit_id").fetchall()
    assert told == [({"codes": 100_001},), ({"batch": batch["id"], "withdrawn": 0, "not_added": 100_001},)]


def test_the_job_goes_on_where_it_was_and_ends_where_the_upload_is_withdrawn(api: httpx.Client, db: Database, keyring: Keyring) -> None:
    upload(api, "c2")
    api.headers.update(STAFF)
    with db.transaction() as ctx:
        batch = reward_codes.start(ctx, "cinema", ["c1", "c2", "c3", "c4", "c5", "c1"], keyring=keyring, at_once=4, size=2)
        other = reward_codes.start(ctx, "cinema", ["d1", "d2", "d3"], keyring=keyring, at_once=2, size=1)
    for one in (batch, other):
        with db.transaction() as ctx:
            # As a worker did that was killed after its first part.
            handing.take_in(ctx, one.batch_id, keyring=keyring)
    assert counts(api) == (3, 0, 0)
    assert void(api, handing.wire(other.batch_id)).json()["withdrawn"] == 1
    with reassessing.worker(db, {reward_codes.JOB: partial(reward_codes.work, keyring=lambda: keyring)}):
        reassessing.until(api, "/v1/jobs", lambda seen: all(one["state"] == "done" for one in seen["items"]))
    done = api.get(f"{POOL}/{handing.wire(batch.batch_id)}", headers=STAFF).json()
    assert (done["state"], done["wanted"], done["added"], done["known"], counts(api)) == ("ready", 5, 4, 1, (5, 0, 0))
    whole = next(one for one in api.get("/v1/jobs", headers=STAFF).json()["items"] if one["total"] == 5)
    assert (whole["done"], whole["ok"], whole["skipped"]) == (5, 4, 1)


def test_codes_of_another_member_are_unknown(api: httpx.Client, mine: Headers, db: Database, keyring: Keyring) -> None:
    upload(api, "\n".join(FILM))
    one = order(api, mine, "a").json()["id"]
    member_pages.enrolled(db, keyring, external_id="m1", phone="+447700900002")
    theirs = member_pages.signed_in(api, "+447700900002")
    refused(api.post(f"/m/v1/me/reward-orders/{one}/codes", headers=theirs), 404, "rewards.order_unknown")
    assert counts(api) == (2, 1, 0)
