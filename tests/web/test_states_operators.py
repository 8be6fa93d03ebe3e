"""What the screens of operators, keys, approvals and the audit log show when the server answers otherwise than usual."""

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import Window

pytestmark = pytest.mark.prove  # three seconds a state: `make test` has to end within twelve minutes

OPR = "opr_01jf3q7t5v8x9y0z1a2b3c4d5e"
APR = "apr_01jf3q7t5v8x9y0z1a2b3c4d5e"
BLANKLESS = "a-text-without-a-single-blank-" * 12
OPERATOR: dict[str, Any] = {
    "id": OPR,
    "login": "li.na",
    "name": BLANKLESS,
    "state": "active",
    "must_change_password": False,
    "grants": [{"role": "clerk", "stores": [BLANKLESS]}],
    "created_at": "2026-03-01T12:00:00Z",
}
KEY: dict[str, Any] = {
    "id": "key_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "name": BLANKLESS,
    "scopes": ["orders.write"],
    "stores": [],
    "state": "active",
    "created_by": OPR,
    "created_at": "2026-03-01T12:00:00Z",
    "expires_at": None,
    "last_used_at": None,
    "revoked_at": None,
}
APPROVAL: dict[str, Any] = {
    "id": APR,
    "kind": "points.adjust",
    "payload": {"member": "mbr_01jf3q7t5v8x9y0z1a2b3c4d5e", "points": 5000},
    "asked_by": OPR,
    "asked_at": "2026-03-01T12:00:00Z",
    "reason": BLANKLESS,
    "state": "pending",
    "expires_at": "2026-03-08T12:00:00Z",
    "decided_by": None,
    "decided_at": None,
    "decision_reason": None,
    "result": None,
}
AUDIT: dict[str, Any] = {
    "id": "aud_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "at": "2026-03-01T12:00:00Z",
    "actor_kind": "operator",
    "actor": OPR,
    "action": "operator.disabled",
    "entity": OPR,
    "before": {"state": "active"},
    "after": {"state": "disabled", "note": BLANKLESS},
    "reason": "Left",
    "no": 12,
}
LISTS = [
    ("**/v1/operators?*", "operators", OPERATOR),
    ("**/v1/api-keys?*", "api-keys", KEY),
    ("**/v1/approvals?*", "approvals", APPROVAL),
    ("**/v1/audit?*", "audit", AUDIT),
]
ONES = [(f"**/v1/operators/{OPR}", f"operators/{OPR}", OPERATOR), (f"**/v1/approvals/{APR}", f"approvals/{APR}", APPROVAL)]
PLACES = [*LISTS, *ONES]


def page_of(*items: dict[str, Any]) -> Any:
    """A server whose list holds these."""
    return lambda route: route.fulfill(json={"items": list(items), "next": None})


def refusing(status: int) -> Any:
    """A server that refuses."""
    body = {"type": "/docs#http.failed", "title": "Refused", "status": status, "detail": "It did not work.", "instance": "/requests/req-7"}
    whole = json.dumps({**body, "code": "http.failed", "request_id": "req-7", "faults": [], "data": {}})
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=whole)


@pytest.mark.parametrize(("pattern", "address", "row"), LISTS)
def test_a_list_that_never_had_any_says_what_it_is_for(window: Window, pattern: str, address: str, row: dict[str, Any]) -> None:
    window.page.route(pattern, page_of())
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_text("Nothing here yet")).to_be_visible()
    window.page.unroute(pattern)
    window.page.route(pattern, page_of(row))
    window.page.get_by_role("button", name="Refresh").click()
    window.page.locator("main tbody tr.ant-table-row").first.wait_for()
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("pattern", "address", "one"), ONES)
def test_long_texts_do_not_break_a_page(window: Window, pattern: str, address: str, one: dict[str, Any]) -> None:
    window.page.route(pattern, lambda route: route.fulfill(json=one))
    window.page.goto(f"/console/{address}")
    window.page.locator(".facts").first.wait_for()
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize(("pattern", "address", "_one"), PLACES)
def test_a_refusal_is_said_with_its_request(window: Window, pattern: str, address: str, _one: dict[str, Any], status: int) -> None:
    window.page.route(pattern, refusing(status))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(window.page.get_by_text("Request req-7")).to_be_visible()
    expect(window.page.get_by_role("button", name="Try again").first).to_be_visible()


@pytest.mark.parametrize(("pattern", "address", "_one"), PLACES)
def test_a_server_that_is_away_is_said_in_plain_words(window: Window, pattern: str, address: str, _one: dict[str, Any]) -> None:
    window.page.route(pattern, lambda route: route.abort("connectionrefused"))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)


def test_while_the_server_takes_long_the_page_keeps_its_shape(window: Window) -> None:
    held: list[Route] = []
    window.page.route("**/v1/audit?*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    window.page.goto("/console/audit")
    expect(window.page.locator("main [aria-busy=true]")).to_be_visible()
    expect(window.page.get_by_role("button", name="Search", exact=True)).to_be_visible()
    page_of(AUDIT)(held[0])
    expect(window.page.get_by_role("cell", name="Operator disabled")).to_be_visible()


def test_a_filter_that_matches_nothing_is_named(window: Window) -> None:
    window.page.goto("/console/audit?action=role.deleted")
    expect(window.page.get_by_text("No row matches Deed: Role removed.")).to_be_visible()


def test_a_key_is_made_shown_once_and_revoked_by_its_name(window: Window) -> None:
    page = window.page
    page.goto("/console/api-keys")
    page.get_by_role("button", name="Make a key").first.click()
    page.get_by_label("Name").fill("Web shop")
    page.get_by_label("May").click()
    page.keyboard.type("orders.write")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").get_by_role("button", name="Make a key").click()
    text = page.get_by_label("Key", exact=True).input_value()
    assert text.startswith("rk_")
    page.get_by_role("button", name="I have stored it").click()
    assert text not in page.content()
    page.get_by_role("button", name="Revoke Web shop").click()
    revoke = page.get_by_role("dialog").get_by_role("button", name="Revoke")
    expect(revoke).to_be_disabled()
    page.get_by_label("Type Web shop to confirm").fill("Web shop")
    revoke.click()
    expect(page.get_by_role("cell", name="Revoked")).to_be_visible()


def test_an_operator_is_added_disabled_and_enabled(window: Window) -> None:
    page = window.page
    page.goto("/console/operators")
    page.get_by_role("button", name="Add an operator").first.click()
    page.get_by_label("Login").fill("zhao.min")
    page.get_by_label("Name").fill("赵敏")
    page.get_by_label("Store clerk", exact=True).check()
    page.get_by_role("dialog").get_by_role("button", name="Add an operator").click()
    assert len(page.get_by_label("First password").input_value()) >= 12
    page.get_by_role("button", name="I have stored it").click()
    page.get_by_role("link", name="zhao.min").click()
    page.get_by_role("button", name="Disable…").click()
    page.get_by_label("Reason").fill("Left the company")
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("button", name="Enable")).to_be_visible()
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("button", name="Disable…")).to_be_visible()
    page.get_by_role("link", name="What was done to them").click()
    first = page.locator("main tbody tr.ant-table-row").first
    expect(first).to_contain_text("Operator enabled")
    first.get_by_role("link").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Operator enabled")
