"""The members list and a member's page when the server answers unusually: nothing, one row, long texts, refusals, late, not at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import Window

ID = "mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"
LIST = "**/v1/people?*"
ONE = f"**/v1/people/{ID}"
TIMELINE = f"**/v1/people/{ID}/timeline?*"
PERSON: dict[str, Any] = {
    "id": ID,
    "external_id": "10042",
    "name": "李**",
    "phone": None,
    "email": None,
    "joined_at": "2026-03-01T12:00:00Z",
    "source": "till",
    "status": "active",
    "store": "",
    "locale": "",
    "level": None,
    "level_label": None,
    "keep_until": None,
    "points": 0,
    "available": {},
    "orders": 0,
    "spend": 0,
    "first_order_at": None,
    "last_order_at": None,
    "held_out": None,
}
CARD: dict[str, Any] = {
    "person": PERSON,
    "birthday": None,
    "version": 1,
    "level": None,
    "wallets": [],
    "consents": [],
    "duplicates": 0,
    "currency": "GBP",
    "programme": 1,
}
LONG = {**PERSON, "name": "欧阳" * 60, "source": "a-source-without-a-single-blank-" * 8, "store": "S" * 64, "external_id": "7" * 90}
TEXTS = {"en": "word" * 80, "zh": "字" * 200}
LONG_CARD = {
    **CARD,
    "person": LONG,
    "wallets": [
        {
            "unit": "points",
            "label": {"en": "points", "zh": "积分"},
            "available": 10**12,
            "pending": 10**11,
            "held": 10**11,
            "debt": 0,
            "lots": [{"at": f"2027-{month:02}-01T00:00:00Z", "amount": 10**11} for month in range(1, 13)],
            "releasing": [],
            "next_expiry": {"at": "2027-01-01T00:00:00Z", "amount": 10**11},
        }
    ],
    "level": {
        "level": "gold",
        "label": TEXTS,
        "since": "2026-01-01T00:00:00Z",
        "keep_until": "2027-01-01T00:00:00Z",
        "unit": "growth",
        "balance": 680,
        "carried_then": 680,
        "missing_to_keep": 320,
        "next_level": None,
        "next_label": None,
        "next_from": None,
        "missing_to_next": None,
    },
}
NARROW_ENOUGH = "document.documentElement.scrollWidth <= window.innerWidth"


def rows(*people: dict[str, Any]) -> Callable[[Route], None]:
    """A server whose list holds these members."""
    page = {"items": list(people), "next": None, "count": {"number": len(people), "capped": False}, "unit": "points", "currency": "GBP"}
    return lambda route: route.fulfill(json=page)


def refusing(status: int) -> Callable[[Route], None]:
    """A server that refuses."""
    body = {"type": "/docs#http.failed", "title": "Refused", "status": status, "detail": "It did not work.", "instance": "/requests/req-7"}
    whole = {**body, "code": "http.failed", "request_id": "req-7", "faults": [], "data": {}}
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(whole))


def test_a_list_that_never_had_any_says_how_members_come(window: Window) -> None:
    window.page.route(LIST, rows())
    window.page.goto("/console/members")
    expect(window.page.get_by_text("Nothing here yet")).to_be_visible()
    expect(window.page.get_by_text("Members appear here with their first order")).to_be_visible()
    expect(window.page.get_by_text("0 members")).to_be_visible()


def test_nothing_that_matches_names_the_filters(window: Window) -> None:
    window.page.route(LIST, rows())
    window.page.goto("/console/members?status=closed&has_orders=false")
    expect(window.page.get_by_text("No row matches Status: Closed, Orders: Never ordered.")).to_be_visible()
    window.page.unroute(LIST)
    window.page.get_by_role("button", name="Clear filters").click()
    window.page.locator("main tbody a").first.wait_for()


def test_a_count_beyond_the_limit_says_more_than(window: Window) -> None:
    whole = {"items": [PERSON], "next": None, "count": {"number": 10_000, "capped": True}, "unit": "points", "currency": "GBP"}
    window.page.route(LIST, lambda route: route.fulfill(json=whole))
    window.page.goto("/console/members")
    expect(window.page.get_by_text("more than 10,000 members")).to_be_visible()


def test_a_member_without_anything_says_so_in_every_part(window: Window) -> None:
    page = window.page
    page.route(ONE, lambda route: route.fulfill(json=CARD))
    page.route(TIMELINE, lambda route: route.fulfill(json={"items": [], "next": None, "withheld": []}))
    for path in ("journal", "notes"):
        page.route(f"**/v1/members/{ID}/{path}?*", lambda route: route.fulfill(json={"items": [], "next": None}))
        page.route(f"**/v1/members/{ID}/{path}", lambda route: route.fulfill(json={"items": [], "next": None}))
    page.route(f"**/v1/members/{ID}/consents", lambda route: route.fulfill(json={"current": [], "history": []}))
    page.goto(f"/console/members/{ID}")
    for text in ("No tier yet", "Nothing yet: no order", "No consents", "Nothing has happened yet."):
        expect(page.get_by_text(text)).to_be_visible()
    for tab, text in (
        ("Ledger", "No points were ever earned or spent."),
        ("Orders", "No orders are recorded for this member."),
        ("Consents", "Nothing was ever asked of this member"),
        ("Notes", "Nobody wrote anything about this member yet."),
        ("Ids", "Nobody else gave the same phone number"),
    ):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_text(text)).to_be_visible()


def test_one_row_and_long_texts_do_not_break_the_pages(window: Window) -> None:
    page = window.page
    page.route(LIST, rows(LONG))
    page.route(ONE, lambda route: route.fulfill(json=LONG_CARD))
    note = {"kind": "note", "at": "2026-03-01T12:00:00Z", "key": "note:1", "note": {"id": "n", "author": "a" * 80, "text": "w" * 900}}
    told = {**dict.fromkeys(("order", "refund", "tier", "points", "consent", "exposure")), **note}
    page.route(TIMELINE, lambda route: route.fulfill(json={"items": [told], "next": None, "withheld": ["exposure"]}))
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/console/members")
        page.locator("main tbody a").first.wait_for()
        assert page.evaluate(NARROW_ENOUGH)
        page.goto(f"/console/members/{ID}")
        expect(page.get_by_text("320 more by 2026-12-31 keeps")).to_be_visible()
        expect(page.get_by_text("Not shown to you: Incentive")).to_be_visible()
        page.get_by_text("That is everything.").wait_for()
        assert page.evaluate(NARROW_ENOUGH)


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize(("pattern", "address"), [(LIST, "members"), (ONE, f"members/{ID}"), (TIMELINE, f"members/{ID}")])
def test_a_refusal_is_said_with_its_request_and_can_be_tried_again(window: Window, pattern: str, address: str, status: int) -> None:
    page = window.page
    page.route(ONE, lambda route: route.fulfill(json=CARD))
    page.route(TIMELINE, lambda route: route.fulfill(json={"items": [], "next": None, "withheld": []}))
    refuse = refusing(status)
    page.route(pattern, refuse)
    page.goto(f"/console/{address}")
    expect(page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(page.get_by_text("Request req-7")).to_be_visible()
    page.unroute(pattern, refuse)
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("It did not work.")).to_have_count(0)


@pytest.mark.parametrize(("pattern", "address"), [(LIST, "members"), (ONE, f"members/{ID}")])
def test_a_server_that_is_away_is_said_in_plain_words(window: Window, pattern: str, address: str) -> None:
    window.page.route(pattern, lambda route: route.abort("connectionrefused"))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)


def test_while_the_server_takes_long_the_pages_keep_their_shape(window: Window) -> None:
    page = window.page
    held: list[Route] = []
    page.route(LIST, lambda route: held.append(route) if "count=true" not in route.request.url else rows(PERSON)(route))
    page.goto("/console/members")
    expect(page.locator("main [aria-busy=true]")).to_be_visible()
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()
    expect(page.get_by_label("Find a member")).to_be_visible()
    rows(PERSON)(held[0])
    expect(page.get_by_role("link", name="李**")).to_be_visible()
    waiting: list[Route] = []
    page.route(ONE, lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    page.goto(f"/console/members/{ID}")
    expect(page.locator("main [aria-busy=true]")).to_be_visible()
    expect(page.get_by_role("heading", name="Member", level=1)).to_be_visible()
    waiting[0].fulfill(json=CARD)
    expect(page.get_by_role("heading", name="李**", level=1)).to_be_visible()


def test_the_members_behind_a_number_are_listed_under_its_name(window: Window) -> None:
    page = window.page
    page.route("**/v1/insights/members?*", lambda route: route.fulfill(json={"items": [{"id": ID}], "next": None, "total": 1}))
    page.route(ONE, lambda route: route.fulfill(json=CARD))
    page.goto("/console/members?bucket=of%3Drepurchase%26outcome%3Dyes%26days%3D30")
    expect(page.get_by_text("From: Repurchase · did · within 30 days")).to_be_visible()
    expect(page.get_by_role("link", name="李**")).to_be_visible()
    page.get_by_role("button", name="Show everybody").click()
    page.wait_for_url("**/console/members")
    expect(page.get_by_label("Find a member")).to_be_visible()
