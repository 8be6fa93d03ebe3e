"""What a list and a detail page show when the server answers unusually: nothing, one row, long texts, refusals, late, not at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import Window

LIST = "**/v1/members?*"
ONE = "**/v1/members/mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"
MEMBER: dict[str, Any] = {
    "id": "mbr_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "external_id": "10042",
    "joined_at": "2026-03-01T12:00:00Z",
    "source": "till",
    "status": "active",
    "locale": "",
    "store": "",
    "version": 1,
    "phone": None,
    "email": None,
    "name": "李**",
    "birthday": None,
    "revealed": False,
}
LONG = {**MEMBER, "name": "欧阳" * 60, "source": "a-source-without-a-single-blank-" * 8}


def rows(*members: dict[str, Any]) -> Callable[[Route], None]:
    """A server whose list holds these members."""
    return lambda route: route.fulfill(json={"items": list(members), "next": None})


def refusing(status: int, code: str, detail: str) -> Callable[[Route], None]:
    """A server that refuses."""
    body = {"type": f"/docs#{code}", "title": "Refused", "status": status, "detail": detail, "instance": "/requests/req-7"}
    whole = {**body, "code": code, "request_id": "req-7", "faults": [], "data": {}}
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(whole))


def test_a_list_that_never_had_any_says_what_it_is_for(window: Window) -> None:
    window.page.route(LIST, rows())
    window.page.goto("/console/members")
    expect(window.page.get_by_text("Nothing here yet")).to_be_visible()


def test_one_row_and_long_texts_do_not_break_the_page(window: Window) -> None:
    window.page.route(LIST, rows(LONG))
    window.page.goto("/console/members")
    window.page.locator("main tbody a").first.wait_for()
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    window.page.route(ONE, lambda route: route.fulfill(json=LONG))
    window.page.goto(f"/console/members/{MEMBER['id']}")
    window.page.get_by_role("tab", name="Notes").wait_for()
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize(("pattern", "address"), [(LIST, "members"), (ONE, f"members/{MEMBER['id']}")])
def test_a_refusal_is_said_with_its_request_and_can_be_tried_again(window: Window, pattern: str, address: str, status: int) -> None:
    window.page.route(pattern, refusing(status, "http.failed", "It did not work."))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(window.page.get_by_text("Request req-7")).to_be_visible()
    window.page.unroute(pattern)
    window.page.route(ONE, lambda route: route.fulfill(json=MEMBER))
    window.page.get_by_role("button", name="Try again").first.click()
    expect(window.page.get_by_text("It did not work.")).to_have_count(0)


@pytest.mark.parametrize(("pattern", "address"), [(LIST, "members"), (ONE, f"members/{MEMBER['id']}")])
def test_a_server_that_is_away_is_said_in_plain_words(window: Window, pattern: str, address: str) -> None:
    window.page.route(pattern, lambda route: route.abort("connectionrefused"))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)


def test_while_the_server_takes_long_the_page_keeps_its_shape(window: Window) -> None:
    held: list[Route] = []
    window.page.route(LIST, lambda route: held.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    window.page.goto("/console/members")
    expect(window.page.locator("main [aria-busy=true]")).to_be_visible()
    expect(window.page.get_by_role("heading", name="Members", level=1)).to_be_visible()
    expect(window.page.get_by_role("button", name="Search", exact=True)).to_be_visible()
    rows(MEMBER)(held[0])
    expect(window.page.get_by_role("link", name="李**")).to_be_visible()
