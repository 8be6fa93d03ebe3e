"""An endpoint is added in a browser: its secret is shown once, then it is found in the list with its log."""

import json

from playwright.sync_api import Route, expect

from tests.web.conftest import Window

ONE = {
    "id": "whe_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "url": "https://shop.example.com/hooks",
    "description": "Web shop",
    "events": ["points.*"],
    "enabled": True,
    "stopped": None,
    "failing_since": "2026-03-01T12:00:00Z",
    "waiting": 1,
    "failed": 2,
    "secrets": [{"created_at": "2026-03-01T12:00:00Z", "expires_at": None}],
    "created_by": "opr_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "created_at": "2026-03-01T12:00:00Z",
}
MESSAGE = "msg_01jf3q7t5v8x9y0z1a2b3c4d5e"
DELIVERY = {
    "message": MESSAGE,
    "type": "points.changed",
    "at": "2026-03-01T12:00:00Z",
    "state": "failed",
    "attempts": 2,
    "next_at": None,
    "created_at": "2026-03-01T12:00:00Z",
    "ended_at": "2026-03-01T12:00:05Z",
    "last_status": 500,
    "last_error": None,
}
ATTEMPTS = [
    {"no": 2, "at": "2026-03-01T12:00:05Z", "duration_ms": 31, "status": 500, "error": None, "response": "out of order"},
    {"no": 1, "at": "2026-03-01T12:00:00Z", "duration_ms": 5003, "status": None, "error": "timeout", "response": ""},
]


def _answer(route: Route) -> None:
    """The routes of one endpoint, as the server would answer them."""
    address = route.request.url.partition("?")[0]
    if address.endswith(f"/deliveries/{MESSAGE}"):
        route.fulfill(json={"delivery": DELIVERY, "body": json.dumps({"type": "points.changed"}), "attempts": ATTEMPTS})
    elif address.endswith("/deliveries"):
        route.fulfill(json={"items": [DELIVERY], "next": None})
    elif route.request.method == "POST":
        route.fulfill(status=201, json={"endpoint": ONE, "secret": "whsec_c2l4dGVlbiBwbHVzIGVpZ2h0IG9jdGV0cw=="})
    elif address.endswith("/endpoints"):
        route.fulfill(json={"items": [ONE], "next": None})
    else:
        route.fulfill(json=ONE)


def test_an_endpoint_is_added_and_its_log_is_read(window: Window) -> None:
    page = window.page
    page.route("**/v1/webhooks/endpoints**", _answer)
    page.route("**/v1/webhooks/endpoints/**", _answer)
    page.goto("/console/webhooks")
    page.get_by_role("button", name="Add an endpoint").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill("https://shop.example.com/hooks")
    dialog.get_by_role("button", name="Add an endpoint").click()
    expect(page.get_by_label("Signing secret")).to_have_value("whsec_c2l4dGVlbiBwbHVzIGVpZ2h0IG9jdGV0cw==")
    page.get_by_role("button", name="I have kept it").click()
    page.get_by_role("link", name="https://shop.example.com/hooks").click()
    expect(page.get_by_role("heading", name="Web shop", level=1)).to_be_visible()
    page.get_by_role("link", name="points.changed").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("out of order")
    expect(drawer).to_contain_text("Timed out")
    expect(drawer.get_by_role("button", name="Send again")).to_be_enabled()


def test_the_catalogue_shows_every_type_with_its_example(window: Window) -> None:
    window.page.goto("/console/webhooks/types")
    expect(window.page.get_by_role("heading", name="tiers.changed")).to_be_visible()
    expect(window.page.get_by_text('"to": "gold"')).to_be_visible()
