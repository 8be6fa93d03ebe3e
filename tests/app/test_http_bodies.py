"""What may be sent: bodies, keys and pages, and how each wrong one is named."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import sample_client, serving
from tests.support.sample_client import JSON, NDJSON, READER, WRITER, recorded, refused


@pytest.fixture
def client(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    app = sample_client.make(db, keyring, tmp_path, request_max_bytes=2048, batch_body_max_bytes=4096)
    with serving.served(app) as client:
        yield client


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
    ndjson = WRITER | NDJSON
    answer = client.post("/v1/sample/things:batch", content=b"abc\n" * 1024, headers=ndjson)
    assert (answer.status_code, answer.headers["content-type"]) == (200, NDJSON["content-type"])
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
