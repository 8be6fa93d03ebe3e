"""The edge as a caller sees it: who gets in, what may be sent, how refusals look. A sample slice, a real database, a real batcher."""

import itertools
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import APIRouter, FastAPI

from regulars.app import http
from regulars.app import settings as app_settings
from regulars.kernel import problem
from regulars.platform import batching
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import auth, responses, routing
from tests.support import sample_api, serving

WRITER = {"authorization": "Bearer writer"}
READER = {"authorization": "Bearer reader"}
JSON = {"content-type": "application/json"}


@pytest.fixture
def app(db: Database, keyring: Keyring, tmp_path: Path) -> FastAPI:
    settings = app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", request_max_bytes=2048, batch_body_max_bytes=4096)
    return http.create(
        settings=settings,
        db=db,
        keyring=keyring,
        batcher=batching.Batcher(db, sample_api.handle),
        authenticate=sample_api.authenticate,
        routers=[sample_api.router],
    )


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with serving.served(app) as client:
        yield client


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem of a refusal, after checking what all of them have in common."""
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert set(document) == {"type", "title", "status", "detail", "instance", "code", "request_id", "faults", "data"}
    assert document["status"] == status
    assert document["type"] == f"/docs#{document['code']}"
    assert document["request_id"] == answer.headers["x-request-id"]
    assert document["instance"] == f"/requests/{document['request_id']}"
    return document


def recorded(connection: "psycopg.Connection[Any]") -> list[str]:
    if connection.execute("SELECT to_regclass('sample') IS NULL").fetchone() == (True,):
        return []
    return [row[0] for row in connection.execute("SELECT number FROM sample ORDER BY number")]


# Who gets in


def test_a_caller_with_the_permission_gets_in_and_is_handed_to_the_route(
    client: httpx.Client, connection: "psycopg.Connection[Any]"
) -> None:
    answer = client.post("/v1/sample/things", json={"number": "7"}, headers=WRITER | {"idempotency-key": "till-1"})
    assert (answer.status_code, answer.json()) == (200, {"number": "7", "by": "writer", "key": "till-1"})
    assert recorded(connection) == ["7"]


BODIES = [
    b'{"number": "1"}',
    b'{"number": ',
    b'{"number": 1, "unknown": 2}',
    b"",
    b"x" * 3000,
    b'{"number": "\\u0000"}',
]


def test_without_the_permission_nothing_is_learnt_from_the_request_and_nothing_changes(
    client: httpx.Client, connection: "psycopg.Connection[Any]"
) -> None:
    for body, media, query in itertools.product(BODIES, ("application/json", "text/plain", None), ("", "?limit=x&cursor=%00")):
        headers = {"content-type": media} if media else {}
        stranger = refused(client.post(f"/v1/sample/things{query}", content=body, headers=headers), 401)
        assert (stranger["code"], stranger["faults"]) == ("sample.unknown_caller", [])
        reader = refused(client.post(f"/v1/sample/things{query}", content=body, headers=headers | READER), 403)
        assert (reader["code"], reader["data"], reader["faults"]) == ("auth.forbidden", {"permission": "sample.write"}, [])
    assert recorded(connection) == []


def test_a_refusal_for_want_of_sign_in_says_how_to(client: httpx.Client) -> None:
    assert client.get("/v1/sample/me").headers["www-authenticate"] == "Bearer"


def test_every_one_of_several_permissions_is_needed(client: httpx.Client) -> None:
    answer = refused(client.delete("/v1/sample/things/1", headers=READER), 403)
    assert answer["data"] == {"permission": "sample.write"}
    assert refused(client.delete("/v1/sample/things/1", headers=WRITER), 404)["data"] == {"what": "thing", "key": "1"}


def test_a_route_for_anyone_signed_in_takes_a_caller_without_permissions(client: httpx.Client) -> None:
    assert client.get("/v1/sample/me", headers={"authorization": "Bearer nobody"}).json()["by"] == "nobody"
    assert refused(client.get("/v1/sample/me"), 401)["code"] == "sample.unknown_caller"


def test_a_public_route_asks_nobody(client: httpx.Client) -> None:
    assert client.post("/v1/sample/session").json() == {"number": "", "by": "", "key": None}
    assert client.post("/v1/sample/session", json={"number": "4"}).json()["number"] == "4"


def test_another_website_cannot_use_a_session_for_changes(client: httpx.Client) -> None:
    cross = {"sec-fetch-site": "cross-site"}
    assert refused(client.post("/v1/sample/session", headers=cross), 403)["code"] == "http.cross_site"
    assert client.post("/v1/sample/session", headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert client.get("/health/live", headers=cross).status_code == 200
    assert client.post("/v1/sample/things", json={"number": "1"}, headers=WRITER | cross).status_code == 200


def test_a_route_that_does_not_say_who_may_call_it_does_not_come_into_being() -> None:
    router = routing.Router(prefix="/v1/open")
    with pytest.raises(TypeError, match=r"/v1/open/x must say who may call it"):

        @router.get("/x")
        def open_to_all() -> None: ...


def test_a_route_of_a_plain_router_is_refused_when_the_application_is_made(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    plain = APIRouter()

    @plain.get("/v1/plain")
    def route() -> None: ...

    with pytest.raises(TypeError, match="/v1/plain must be made by platform"):
        http.create(
            settings=app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys"),
            db=db,
            keyring=keyring,
            batcher=batching.Batcher(db, sample_api.handle),
            authenticate=sample_api.authenticate,
            routers=[plain],  # type: ignore[list-item]  # that it is refused is the test
        )


def test_a_router_gathers_others_as_they_are_and_changes_nothing_about_them() -> None:
    gathered = routing.Router()
    gathered.include_router(sample_api.router)
    assert gathered.routes == sample_api.router.routes
    for wrong in (routing.Router(prefix="/v2"), routing.Router(tags=["x"]), routing.Router(dependencies=[auth.public()])):
        with pytest.raises(TypeError, match="adds nothing to them"):
            wrong.include_router(sample_api.router)
    with pytest.raises(TypeError, match="adds nothing to them"):
        gathered.include_router(sample_api.router, prefix="/v2")


def test_a_route_takes_one_model_as_its_body() -> None:
    router = routing.Router()
    with pytest.raises(TypeError, match="one model as its body"):

        @router.post("/x", dependencies=[auth.public()])
        def two(one: sample_api.Thing, other: sample_api.Line) -> None: ...


# What may be sent


def test_every_wrong_place_of_a_body_is_named(client: httpx.Client, connection: "psycopg.Connection[Any]") -> None:
    sent = {
        "number": "",
        "kind": "loan",
        "at": "2026-03-01T12:00:00",
        "born": "2026-02-30",
        "password": 5,
        "lines": [{"no": 1, "amount": 1}, {"no": "2", "amount": -1}],
        "unknwon": True,
    }
    answer = refused(client.post("/v1/sample/things", json=sent, headers=WRITER), 422)
    assert answer["code"] == "input.invalid"
    assert answer["faults"] == [
        {"field": "number", "value": "", "expected": "at least 1 characters"},
        {"field": "kind", "value": "loan", "expected": "one of 'gift' or 'sale'"},
        {"field": "at", "value": "2026-03-01T12:00:00", "expected": "a time with its zone, like 2026-03-01T12:00:00Z"},
        {"field": "born", "value": "2026-02-30", "expected": "a date like 2026-03-01 (day value is outside expected range)"},
        {"field": "password", "value": "(hidden)", "expected": "text"},
        {"field": "lines[1].no", "value": "2", "expected": "a whole number"},
        {"field": "lines[1].amount", "value": "-1", "expected": "0 or more"},
        {"field": "unknwon", "value": "true", "expected": "no such field here; check its spelling or leave it out"},
    ]
    assert answer["detail"] == (
        "The input is not valid: number — at least 1 characters; kind: 'loan' — one of 'gift' or 'sale'; "
        "at: '2026-03-01T12:00:00' — a time with its zone, like 2026-03-01T12:00:00Z; +5"
    )
    assert recorded(connection) == []


BROKEN = {
    b"": "EOF while parsing a value at line 1 column 0",
    b'{"number": "1",\n  "kind": }': "expected value at line 2 column 11",
    b'{"number": "1"': "EOF while parsing an object at line 1 column 14",
    b'{"number": "\xff"}': "invalid unicode code point at line 1 column 13",
    b'{"number": "1", "more": {"a": NaN}}': "unexpected character, expected a JSON value at line 1 column 31",
    b'{"number": "1"} trailing': "trailing characters at line 1 column 17",
    b'{"number": "1", "more": ' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}": "recursion limit exceeded at line 1 column 1025",
}


def test_broken_json_is_refused_with_its_position(client: httpx.Client) -> None:
    found = {body: refused(client.post("/v1/sample/things", content=body, headers=WRITER | JSON), 422)["faults"] for body in BROKEN}
    assert found == {body: [{"field": "body", "value": "", "expected": f"JSON: {where}"}] for body, where in BROKEN.items()}


def test_a_document_that_is_no_object_is_refused(client: httpx.Client) -> None:
    answer = refused(client.post("/v1/sample/things", content=b"[1]", headers=WRITER | JSON), 422)
    assert answer["faults"] == [{"field": "body", "value": "[1]", "expected": "an object"}]


def test_a_nul_character_is_refused_wherever_it_hides(client: httpx.Client, connection: "psycopg.Connection[Any]") -> None:
    nul = {"expected": "text without the NUL character"}
    in_text = client.post("/v1/sample/things", content=b'{"number": "a\\u0000b"}', headers=WRITER | JSON)
    assert refused(in_text, 422)["faults"] == [{"field": "number", "value": "a\x00b", **nul}]
    in_free_part = client.post("/v1/sample/things", content=b'{"number": "1", "more": {"k": ["x\\u0000"]}}', headers=WRITER | JSON)
    assert refused(in_free_part, 422)["faults"] == [{"field": "more.k[0]", "value": "x\\u0000", **nul}]
    in_key = client.post("/v1/sample/things", content=b'{"number": "1", "more": {"k\\u0000": 1}}', headers=WRITER | JSON)
    assert refused(in_key, 422)["faults"][0]["expected"] == "text without the NUL character"
    in_path = client.get("/v1/sample/things/a%00b", headers=WRITER)
    assert refused(in_path, 422)["faults"] == [{"field": "path", "value": "/v1/sample/things/a\x00b", **nul}]
    in_query = client.get("/v1/sample/things?cursor=a%00b", headers=WRITER)
    assert refused(in_query, 422)["faults"] == [{"field": "cursor", "value": "", **nul}]
    escaped_backslash = client.post("/v1/sample/things", content=b'{"number": "\\\\u0000"}', headers=WRITER | JSON)
    assert (escaped_backslash.status_code, recorded(connection)) == (200, ["\\u0000"])


def test_a_number_the_database_cannot_hold_is_refused(client: httpx.Client) -> None:
    for value, shown in {
        str(1 << 63): str(1 << 63),
        str(-(1 << 63) - 1): str(-(1 << 63) - 1),
        "1e400": "null",
        "1.5": "1.5",
        "9" * 400: "9" * 120,
    }.items():
        body = f'{{"number": "1", "lines": [{{"no": 1, "amount": {value}}}]}}'
        answer = refused(client.post("/v1/sample/things", content=body.encode(), headers=WRITER | JSON), 422)
        assert [(fault["field"], fault["value"]) for fault in answer["faults"]] == [("lines[0].amount", shown)]


def test_a_body_of_another_kind_is_refused(client: httpx.Client) -> None:
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"):
        answer = refused(client.post("/v1/sample/things", content=b'{"number": "1"}', headers=WRITER | {"content-type": media}), 415)
        assert (answer["code"], answer["data"]) == ("http.media_type", {"accepted": "application/json", "given": media or "none"})


def test_every_spelling_of_json_is_taken(client: httpx.Client) -> None:
    for media in ("application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.shop+json"):
        answer = client.post("/v1/sample/things", content=b'{"number": "1"}', headers=WRITER | {"content-type": media})
        assert answer.status_code == 200


def thing_of(size: int) -> bytes:
    """A valid body of exactly ``size`` bytes."""
    return b'{"number": "1"' + b" " * (size - 15) + b"}"


def test_a_body_may_be_as_large_as_the_limit_and_not_a_byte_larger(client: httpx.Client) -> None:
    assert client.post("/v1/sample/things", content=thing_of(2048), headers=WRITER | JSON).status_code == 200
    answer = client.post("/v1/sample/things", content=thing_of(2049), headers=WRITER | JSON)
    assert (refused(answer, 413)["data"], answer.headers["connection"]) == ({"most": 2048}, "close")


def test_a_body_without_a_length_is_cut_off_at_the_limit(client: httpx.Client) -> None:
    def parts(size: int) -> Iterator[bytes]:
        whole = thing_of(size)
        yield from (whole[at : at + 100] for at in range(0, size, 100))

    assert client.post("/v1/sample/things", content=parts(2048), headers=WRITER | JSON).status_code == 200
    assert refused(client.post("/v1/sample/things", content=parts(2049), headers=WRITER | JSON), 413)["code"] == "http.too_large"


def test_a_route_that_reads_its_own_body_has_the_batch_limit_and_its_own_media_type(client: httpx.Client) -> None:
    ndjson = WRITER | {"content-type": responses.NDJSON}
    answer = client.post("/v1/sample/things:batch", content=b"abc\n" * 1024, headers=ndjson)
    assert (answer.status_code, answer.headers["content-type"]) == (200, responses.NDJSON)
    assert [json.loads(line)["bytes"] for line in answer.text.splitlines()] == [3] * 1024
    assert refused(client.post("/v1/sample/things:batch", content=b"abc\n" * 1025, headers=ndjson), 413)["data"] == {"most": 4096}

    def parts() -> Iterator[bytes]:
        yield from (b"abc\n" for _ in range(1025))

    assert refused(client.post("/v1/sample/things:batch", content=parts(), headers=ndjson), 413)["data"] == {"most": 4096}
    assert refused(client.post("/v1/sample/things:batch", content=b"abc\n", headers=WRITER | JSON), 415)["data"] == {
        "accepted": "application/x-ndjson",
        "given": "application/json",
    }


def test_a_route_can_read_the_bytes_as_they_came(client: httpx.Client) -> None:
    body = b'{ "number":"1" }'
    assert client.post("/v1/sample/raw", content=body, headers=WRITER | JSON).json() == {"raw": body.decode(), "same": True}


def test_an_idempotency_key_is_1_to_255_visible_ascii_characters(client: httpx.Client) -> None:
    for key in ("", "a b", "ü", "x" * 256):
        answer = client.post(
            "/v1/sample/things", json={"number": "1"}, headers=httpx.Headers({**WRITER, "idempotency-key": key}, encoding="latin-1")
        )
        assert [fault["field"] for fault in refused(answer, 422)["faults"]] == ["Idempotency-Key"]
    answer = client.post("/v1/sample/things", json={"number": "1"}, headers=WRITER | {"idempotency-key": "x" * 255})
    assert answer.json()["key"] == "x" * 255


# Pages


def test_pages_follow_each_other_without_gap_or_repeat(client: httpx.Client) -> None:
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/sample/things", params=params, headers=READER).json()
        seen.append([item["at"] for item in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [
        ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"],
        ["2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"],
        ["2026-03-05T00:00:00Z"],
    ]


def test_a_page_that_cannot_be_is_refused(client: httpx.Client) -> None:
    for query, field, expected in (
        ("limit=0", "limit", "1 or more"),
        ("limit=201", "limit", "200 or less"),
        ("limit=ten", "limit", "a whole number"),
        ("cursor=abc", "cursor", "`next` of the page before, unchanged"),
        ("cursor=" + "x" * 2001, "cursor", "at most 2000 characters"),
    ):
        faults = refused(client.get(f"/v1/sample/things?{query}", headers=READER), 422)["faults"]
        assert [(fault["field"], fault["expected"]) for fault in faults] == [(field, expected)]


def test_a_cursor_of_another_list_or_another_shape_is_refused(client: httpx.Client, keyring: Keyring) -> None:
    for forged in (keyring.sign("page:other", b'["2026-03-01T00:00:00Z","' + b"0" * 32 + b'"]'), keyring.sign("page:sample", b'["x"]')):
        answer = client.get("/v1/sample/things", params={"cursor": forged}, headers=READER)
        assert [fault["field"] for fault in refused(answer, 422)["faults"]] == ["cursor"]


# How refusals look


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
    app = http.create(
        settings=app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys"),
        db=db,
        keyring=keyring,
        batcher=batching.Batcher(db, sample_api.handle),
        authenticate=sample_api.authenticate,
        routers=[],
        checks={"schema": lambda _: "at revision 1; expected 2"},
    )
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
    app: FastAPI, db: Database, connection: "psycopg.Connection[Any]"
) -> None:
    with serving.served(app) as client:
        client.post("/v1/sample/things", json={"number": "1"}, headers=WRITER)
    assert recorded(connection) == ["1"]
    with pytest.raises(RuntimeError, match="can only be started once"):
        app.state.batcher.start()


def test_every_problem_declared_has_a_status_and_both_languages() -> None:
    for code, kind in problem.declared().items():
        assert len({"", kind.en, kind.zh}) == 3, code
