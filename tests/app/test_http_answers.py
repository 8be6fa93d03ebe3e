"""How answers and refusals look, what stays inside, health and metrics."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.kernel import problem
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import sample_client, serving
from tests.support.sample_client import READER, WRITER, recorded, refused


@pytest.fixture
def client(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    app = sample_client.make(db, keyring, tmp_path)
    with serving.served(app) as client:
        yield client


def test_a_refusal_of_the_batch_reaches_its_own_caller_with_its_data(client: httpx.Client) -> None:
    answer = refused(client.post("/v1/sample/things", json={"number": "refused"}, headers=WRITER), 422)
    assert (answer["code"], answer["title"], answer["data"]) == ("sample.refused", "Limit reached", {"available": 1, "asked": 2})


def test_a_refusal_speaks_the_callers_language(client: httpx.Client) -> None:
    chinese, english = ("zh", "只剩 1，要求 2。"), ("en", "Only 1 are left, 2 were asked for.")
    for accepted, expected in {
        "zh": chinese,
        "zh-CN,zh;q=0.9,en;q=0.8": chinese,
        "en-GB,en;q=0.9,zh;q=0.5": english,
        "fr, zh-TW;q=0.3": chinese,
        "fr": english,
        ";;q=x,,zh;q=abc": english,
        "zh;q=0": english,
    }.items():
        answer = client.post("/v1/sample/things", json={"number": "refused"}, headers=WRITER | {"accept-language": accepted})
        assert (answer.headers["content-language"], answer.json()["detail"]) == expected


def test_faults_speak_chinese_too(client: httpx.Client) -> None:
    answer = client.post("/v1/sample/things", json={"lines": [{"no": 1, "amount": -1}]}, headers=WRITER | {"accept-language": "zh"})
    document = refused(answer, 422)
    assert document["title"] == "输入有误"
    assert document["faults"] == [
        {"field": "number", "value": "", "expected": "必填"},
        {"field": "lines[0].amount", "value": "-1", "expected": "不小于 0"},
    ]
    assert document["detail"] == "输入有误：number — 必填; lines[0].amount: '-1' — 不小于 0"


def test_an_unknown_address_and_a_wrong_method_are_problems_too(client: httpx.Client) -> None:
    assert refused(client.get("/v1/nowhere"), 404)["code"] == "http.not_found"
    assert refused(client.get("/v1/sample/things/"), 404)["code"] == "http.not_found"
    answer = client.put("/v1/sample/things")
    assert refused(answer, 405)["data"] == {"method": "PUT", "allowed": "GET, POST"}
    assert answer.headers["allow"] == "GET, POST"


def test_an_unexpected_error_tells_its_request_id_and_nothing_else(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/v1/sample/broken")
    document = refused(answer, 500)
    assert (document["code"], document["faults"], document["data"]) == ("http.failed", [], {})
    assert "li.na" not in answer.text


def test_a_database_that_is_away_is_worth_another_try_and_its_errors_stay_inside(client: httpx.Client) -> None:
    answer = client.get("/v1/sample/database/away")
    assert refused(answer, 503)["code"] == "database.unavailable"
    assert answer.headers["retry-after"] == "1"
    failed = client.get("/v1/sample/database/fault")
    assert refused(failed, 500)["code"] == "http.failed"
    assert "li.na" not in failed.text


def test_a_request_id_is_taken_from_the_caller_if_it_is_harmless(client: httpx.Client) -> None:
    assert client.get("/health/live", headers={"x-request-id": "till-7.Ab_9"}).headers["x-request-id"] == "till-7.Ab_9"
    for strange in ("a b", "x" * 65, '"<script>', ""):
        made = client.get("/health/live", headers={"x-request-id": strange}).headers["x-request-id"]
        assert (len(made), made[14]) == (36, "7")


def test_answers_are_not_kept_or_guessed_at_by_browsers(client: httpx.Client) -> None:
    headers = client.get("/v1/sample/me", headers=READER).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


# Health and metrics


def test_live_and_ready_answer_without_signing_in(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "checks": {"database": "ok"}, "warnings": {"outbox": "ok"}})


def test_a_failed_check_makes_it_not_ready(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    app = sample_client.make(db, keyring, tmp_path, checks={"schema": lambda _: "at revision 1; expected 2"})
    with serving.served(app) as client:
        answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not_ready",
        "checks": {"database": "ok", "schema": "at revision 1; expected 2"},
        "warnings": {"outbox": "ok"},
    }


def test_metrics_name_routes_and_never_addresses(client: httpx.Client) -> None:
    client.get("/v1/sample/things/li.na@example.com", headers=READER)
    client.get("/v1/li.na@example.com")
    client.request("PURGE", "/v1/sample/me")
    text = client.get("/metrics").text
    assert "li.na" not in text
    assert 'regulars_http_request_seconds_count{method="GET",route="/v1/sample/things/{number}",status="200"} 1.0' in text
    assert 'regulars_http_request_seconds_count{method="GET",route="(none)",status="404"} 1.0' in text
    assert 'regulars_http_request_seconds_count{method="(other)",route="/v1/sample/me",status="405"} 1.0' in text
    assert 'regulars_outbox_events{state="waiting"} 0.0' in text
    assert "regulars_db_connections" in text


def test_what_was_submitted_is_committed_before_the_application_ends(
    db: Database, keyring: Keyring, tmp_path: Path, connection: "psycopg.Connection[Any]"
) -> None:
    app = sample_client.make(db, keyring, tmp_path)
    with serving.served(app) as client:
        client.post("/v1/sample/things", json={"number": "1"}, headers=WRITER)
    assert recorded(connection) == ["1"]
    with pytest.raises(RuntimeError, match="can only be started once"):
        app.state.batcher.start()


def test_every_problem_declared_has_a_status_and_both_languages() -> None:
    for code, kind in problem.declared().items():
        assert len({"", kind.en, kind.zh}) == 3, code
