"""What the programme screens show when the server answers otherwise than usual: nothing, long texts, refusals, late, not at all."""

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import Window

VERSIONS = "**/v1/programme/versions"
OUTLINE = "**/v1/programme/outline?*"
TRY = "**/v1/programme/try"
VERSION: dict[str, Any] = {
    "version": 7,
    "state": "draft",
    "document": "format: 1\n",
    "note": "",
    "created_at": "2026-03-01T12:00:00Z",
    "created_by": "system",
    "effective_from": None,
    "published_by": None,
}
LONG = {**VERSION, "note": "a-note-without-a-single-blank-" * 16, "created_by": "a-very-long-name-of-a-system-" * 4}
ORDER = json.dumps({"at": "2026-03-01T12:00", "lines": [{"key": 1, "product": "1", "category": "", "quantity": 1, "amount": 100}]})


def answering(body: object, status: int = 200) -> Any:
    """A server that answers this."""
    return lambda route: route.fulfill(status=status, json=body)


def refusing(status: int) -> Any:
    """A server that refuses."""
    body = {"type": "/docs#http.failed", "title": "Refused", "status": status, "detail": "It did not work.", "instance": "/requests/req-7"}
    whole = json.dumps({**body, "code": "http.failed", "request_id": "req-7", "faults": [], "data": {}})
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=whole)


def narrow_enough(window: Window) -> bool:
    """Whether nothing sticks out at the right."""
    fits: bool = window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return fits


@pytest.mark.parametrize("tab", ["words", "rules", "versions", "compare"])
def test_without_any_version_the_tabs_say_what_a_programme_is(window: Window, tab: str) -> None:
    window.page.route(VERSIONS, answering({"items": []}))
    window.page.goto(f"/console/programme?tab={tab}")
    expect(window.page.get_by_text("Nothing here yet")).to_be_visible()
    expect(window.page.get_by_text("No version is in force.")).to_be_visible()


def test_one_version_with_long_texts_does_not_break_the_page(window: Window) -> None:
    window.page.route(VERSIONS, answering({"items": [LONG]}))
    window.page.goto("/console/programme?tab=versions")
    expect(window.page.get_by_role("button", name="Publish…")).to_be_visible()
    assert narrow_enough(window)


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize(("pattern", "address"), [(VERSIONS, "programme"), (OUTLINE, "programme"), (TRY, f"try-order?order={ORDER}")])
def test_a_refusal_is_said_with_its_request_and_can_be_tried_again(window: Window, pattern: str, address: str, status: int) -> None:
    window.page.route(pattern, refusing(status))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(window.page.get_by_text("Request req-7")).to_be_visible()
    window.page.unroute(pattern)
    window.page.get_by_role("button", name="Try again").first.click()
    expect(window.page.get_by_text("It did not work.")).to_have_count(0)


@pytest.mark.parametrize(("pattern", "address"), [(VERSIONS, "programme"), (TRY, f"try-order?order={ORDER}")])
def test_a_server_that_is_away_is_said_in_plain_words(window: Window, pattern: str, address: str) -> None:
    window.page.route(pattern, lambda route: route.abort("connectionrefused"))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)


def test_while_the_server_takes_long_the_page_keeps_its_shape(window: Window) -> None:
    held: list[Route] = []
    window.page.route(OUTLINE, lambda route: held.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    window.page.goto("/console/programme")
    expect(window.page.locator("main [aria-busy=true]")).to_be_visible()
    expect(window.page.get_by_role("tab", name="Versions")).to_be_visible()
    held[0].continue_()
    expect(window.page.get_by_role("heading", name="How points are earned")).to_be_visible()


def test_a_trial_in_the_address_that_cannot_be_read_is_left_out(window: Window) -> None:
    window.page.goto("/console/try-order?order=nonsense")
    expect(window.page.get_by_text("No order tried yet")).to_be_visible()
