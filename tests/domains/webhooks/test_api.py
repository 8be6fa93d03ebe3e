"""The routes: an endpoint's whole life over HTTP, who may, and that nothing changed when denied."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import standardwebhooks

from regulars.domains.webhooks.rules.catalogue import TYPES
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.webhooks.receivers import Receiver
from tests.domains.webhooks.test_delivering import happened
from tests.support import served
from tests.support.served import refused

ENDPOINTS = "/v1/webhooks/endpoints"


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setenv("REGULARS_WEBHOOK_NETWORKS", "127.0.0.0/8")
    with served.client(db, keyring, tmp_path, permissions="webhooks.read webhooks.write") as client:
        yield client


def added(api: httpx.Client, url: str, *events: str) -> dict[str, Any]:
    answer = api.post(ENDPOINTS, json={"url": url, "description": "Web shop", "events": events or ["*"]})
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store"), answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_endpoint_is_added_tested_read_and_deleted(
    api: httpx.Client, clock: MovableClock, receiver: Receiver, send: Callable[[], int], connection: "psycopg.Connection[Any]"
) -> None:
    made = added(api, receiver.url, "points.*", "points.*")
    endpoint, one = made["endpoint"], f"{ENDPOINTS}/{made['endpoint']['id']}"
    assert (endpoint["events"], endpoint["enabled"], endpoint["created_by"]) == (["points.*"], True, served.CALLER)
    assert [secret["expires_at"] for secret in endpoint["secrets"]] == [None]
    assert "secret" not in api.get(one).json()
    test = api.post(f"{one}/test")
    assert (test.status_code, test.json()["type"], test.json()["state"]) == (202, "webhooks.test", "waiting")
    assert api.get(one).json()["waiting"] == 1
    assert send() == 1
    whole = api.get(f"{one}/deliveries/{test.json()['message']}").json()
    assert [(tried["no"], tried["status"], tried["response"]) for tried in whole["attempts"]] == [(1, 200, "ok")]
    assert whole["body"].encode() == receiver.received[0].body
    again = api.post(f"{one}/deliveries/{test.json()['message']}/replay").json()
    assert again["delivery"]["state"] == "waiting"
    assert send() == 1
    assert receiver.ids() == [test.json()["message"]] * 2
    rotated = api.post(f"{one}/secrets", json={"overlap_hours": 2}).json()
    assert rotated["secret"] != made["secret"]
    ends = [secret["expires_at"] for secret in rotated["endpoint"]["secrets"]]
    assert ends == [None, (clock.at + timedelta(hours=2)).isoformat().replace("+00:00", "Z")]
    assert api.patch(one, json={"description": "Till"}).json()["description"] == "Till"
    assert api.post(f"{one}/disable").json()["stopped"] == "operator"
    refused(api.post(f"{one}/test"), 409, "webhooks.stopped")
    assert api.post(f"{one}/enable").json()["enabled"] is True
    assert api.delete(one).status_code == 204
    refused(api.get(one), 404, "webhooks.no_endpoint")
    actions = [row[0] for row in connection.execute("SELECT action FROM audit ORDER BY audit_id").fetchall()]
    assert actions == [
        f"webhook_endpoint.{done}"
        for done in ("added", "tested", "replayed", "secret_rotated", "changed", "disabled", "enabled", "deleted")
    ]


def test_the_log_is_paged_filtered_and_sent_again(
    api: httpx.Client, db: Database, clock: MovableClock, receiver: Receiver, send: Callable[[], int]
) -> None:
    one = f"{ENDPOINTS}/{added(api, receiver.url)['endpoint']['id']}"
    receiver.status = 410
    happened(db, 5)
    send()
    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"{one}/deliveries", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        pages.append([row["message"] for row in page["items"]])
        cursor = page["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({message for page in pages for message in page}) == 5
    since, later = clock.at.isoformat(), (clock.at + timedelta(seconds=1)).isoformat()
    asked = [
        {"state": "failed"},
        {"state": "delivered"},
        {"type": "tiers.changed"},
        {"since": since},
        {"since": later},
        {"until": since},
    ]
    assert [len(api.get(f"{one}/deliveries", params=params).json()["items"]) for params in asked] == [4, 0, 0, 5, 0, 0]
    assert api.get(one).json()["stopped"] == "gone"
    api.post(f"{one}/enable")
    receiver.status = 200
    assert api.post(f"{one}/replay-failed", json={"since": since, "until": later}).json() == {"messages": 4}
    assert send() == 5
    assert api.get(one).json()["failed"] == 0


def test_the_catalogue_is_listed(api: httpx.Client) -> None:
    items = api.get("/v1/webhooks/types", headers={served.PERMISSIONS: "webhooks.read"}).json()["items"]
    assert [(one["type"], one["example"]["type"]) for one in items] == [(name, name) for name in TYPES]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "https://li:na@shop.example.com/", "events": ["*"]}, "webhooks.url_refused"),
        ({"url": "https://10.0.0.1/", "events": ["*"]}, "webhooks.url_refused"),
        ({"url": "https://[::ffff:169.254.169.254]/", "events": ["*"]}, "webhooks.url_refused"),
        ({"url": "https://2130706433.invalid/", "events": ["*"]}, "webhooks.url_refused"),
        ({"url": "https://127.0.0.1:22/", "events": ["*"]}, "webhooks.url_refused"),
        ({"url": "https://127.0.0.1/", "events": ["points"]}, "input.invalid"),
        ({"url": "https://127.0.0.1/", "events": []}, "input.invalid"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    api: httpx.Client, connection: "psycopg.Connection[Any]", body: dict[str, Any], code: str
) -> None:
    refused(api.post(ENDPOINTS, json=body), 422, code)
    assert connection.execute("SELECT count(*) FROM webhook_endpoints").fetchone() == (0,)


def test_whoever_may_not_changes_nothing(api: httpx.Client, receiver: Receiver, connection: "psycopg.Connection[Any]") -> None:
    made = added(api, receiver.url)
    one = f"{ENDPOINTS}/{made['endpoint']['id']}"
    before = served.counts(connection)
    message = "msg_01jf3q7t5v8x9y0z1a2b3c4d5e"
    writes: list[tuple[str, str, object]] = [
        ("POST", ENDPOINTS, {"url": receiver.url, "events": ["*"]}),
        ("PATCH", one, {"description": "Mine"}),
        ("DELETE", one, None),
        ("POST", f"{one}/enable", None),
        ("POST", f"{one}/disable", None),
        ("POST", f"{one}/secrets", {"overlap_hours": 0}),
        ("POST", f"{one}/test", None),
        ("POST", f"{one}/deliveries/{message}/replay", None),
        ("POST", f"{one}/replay-failed", {"since": served.NOW}),
    ]
    reads = [ENDPOINTS, one, f"{one}/deliveries", f"{one}/deliveries/{message}", "/v1/webhooks/types"]
    for method, address, body in writes:
        refused(api.request(method, address, json=body, headers={served.PERMISSIONS: "webhooks.read"}), 403, "auth.forbidden")
    for address in reads:
        refused(api.get(address, headers={served.PERMISSIONS: "webhooks.write members.read"}), 403, "auth.forbidden")
    assert served.counts(connection) == before
    assert api.get(one, headers={served.PERMISSIONS: "webhooks.read"}).json() == made["endpoint"]


def test_the_secret_of_the_answer_verifies(api: httpx.Client, clock: MovableClock, receiver: Receiver, send: Callable[[], int]) -> None:
    made = added(api, receiver.url)
    api.post(f"{ENDPOINTS}/{made['endpoint']['id']}/test")
    send()
    (one,) = receiver.received
    signed = standardwebhooks.Webhook(made["secret"]).sign(one.headers["webhook-id"], clock.at, one.body.decode())
    assert one.headers["webhook-signature"] == signed
