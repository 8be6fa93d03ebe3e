"""The OpenAPI document and the page made from it."""

import html.parser
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.domains.operators import service as operators
from regulars.kernel import problem
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import openapi, problems
from tests.support import sample_client, serving


@pytest.fixture
def client(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with serving.served(sample_client.make(db, keyring, tmp_path)) as client:
        yield client


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_says_who_may_call_it(document: dict[str, Any]) -> None:
    signed_in: list[dict[str, list[str]]] = [{"apiKey": []}, {"session": []}]
    assert document["openapi"] == "3.1.0"
    assert {name: (operation.get("x-permission"), operation["security"]) for name, operation in operations(document)} == {
        "POST /v1/sample/things": ("sample.write", signed_in),
        "GET /v1/sample/things": ("sample.read", signed_in),
        "GET /v1/sample/things/{number}": ("sample.read", signed_in),
        "DELETE /v1/sample/things/{number}": ("sample.read sample.write", signed_in),
        "GET /v1/sample/me": (None, signed_in),
        "POST /v1/sample/session": (None, []),
        "POST /v1/sample/things:batch": ("sample.write", signed_in),
        "POST /v1/sample/raw": ("sample.write", signed_in),
        "GET /v1/sample/broken": (None, []),
        "GET /v1/sample/database/{what}": (None, []),
        "GET /health/live": (None, []),
        "GET /health/ready": (None, []),
        "GET /metrics": (None, []),
    }


def test_every_operation_documents_how_it_refuses_as_a_problem(document: dict[str, Any]) -> None:
    answers = {name: " ".join(sorted(operation["responses"])) for name, operation in operations(document)}
    assert answers["POST /v1/sample/things"] == "200 401 403 409 413 415 422 503 default"
    assert answers["GET /v1/sample/things/{number}"] == "200 401 403 404 422 503 default"
    assert answers["GET /v1/sample/me"] == "200 401 403 503 default"
    assert answers["GET /health/live"] == "200 503 default"
    for answer in document["components"]["responses"].values():
        assert answer["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert "HTTPValidationError" not in str(document)


def test_the_problem_schema_lists_exactly_what_a_problem_has(document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["Problem"]
    sent = problems.document(problem.invalid("a", 1, "b"), speak="en", request_id="r")
    assert sorted(schema["properties"]) == sorted(schema["required"]) == sorted(sent)
    assert schema["additionalProperties"] is False
    assert schema["examples"][0]["code"] == "input.invalid"


def test_bodies_keys_and_batches_are_documented(document: dict[str, Any]) -> None:
    things = document["paths"]["/v1/sample/things"]["post"]
    assert things["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Thing"}
    assert [(one["name"], one["in"], one["required"]) for one in things["parameters"]] == [("Idempotency-Key", "header", False)]
    assert (things["operationId"], things["summary"], things["x-zh"]) == (
        "sample_record",
        "Record a thing",
        {"summary": "记录一件东西", "description": "只记一次。"},
    )
    batch = document["paths"]["/v1/sample/things:batch"]["post"]
    assert list(batch["requestBody"]["content"]) == ["application/x-ndjson"]
    assert list(batch["responses"]["200"]["content"]) == ["application/x-ndjson"]


def test_the_session_cookie_is_the_one_operators_use(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["session"]["name"] == openapi.SESSION_COOKIE == operators.COOKIE


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(document))):
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


class Page(html.parser.HTMLParser):
    """What a page is made of: its language, anchors, links, and whatever it would load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        elif given.keys() & {"src", "href", "action", "data"} or tag in {"script", "iframe", "link", "img", "form"}:
            self.loads.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("asked", "language"), [("?lang=en", "en"), ("?lang=zh", "zh-CN"), ("", "en")])
def test_the_page_stands_alone_is_well_formed_and_every_link_leads_somewhere(client: httpx.Client, asked: str, language: str) -> None:
    answer = client.get(f"/docs{asked}")
    page = Page(answer.text)
    assert (answer.status_code, page.language, page.loads, page.open) == (200, language, [], [])
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "http://" not in answer.text.replace("http://127.0.0.1:8700", "")
    assert "https://" not in answer.text
    assert len(page.ids) == len(set(page.ids))
    assert {link for link in page.links if not link.startswith("#")} == {"/openapi.json", "?lang=en" if language == "zh-CN" else "?lang=zh"}
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_page_shows_every_operation_and_every_problem_in_both_languages(client: httpx.Client, document: dict[str, Any]) -> None:
    english, chinese = client.get("/docs?lang=en").text, client.get("/docs?lang=zh").text
    for text in (english, chinese):
        page = Page(text)
        assert {operation["operationId"] for _, operation in operations(document)} <= set(page.ids)
        assert set(problem.declared()) <= set(page.ids)
    assert "Record a thing" in english
    assert "记录一件东西" in chinese
    assert "只记一次。" in chinese
    assert "Record a thing" not in chinese
    assert "Only {available} are left, {asked} were asked for." in english
    assert "只剩 {available}，要求 {asked}。" in chinese


def test_the_page_speaks_the_browsers_language_unless_asked(client: httpx.Client) -> None:
    chinese = {"accept-language": "zh-CN"}
    assert client.get("/docs", headers=chinese).headers["content-language"] == "zh"
    assert client.get("/docs?lang=en", headers=chinese).headers["content-language"] == "en"
    assert client.get("/docs?lang=fr").status_code == 422


def test_documentation_can_be_switched_off(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    with serving.served(sample_client.make(db, keyring, tmp_path, docs=False)) as client:
        assert [client.get(path).status_code for path in ("/docs", "/openapi.json", "/health/live")] == [404, 404, 200]
