"""What member pages show when the server answers otherwise than usual: nothing, long texts, refusals, late, not at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web import member_pages
from tests.web.answers import refusing, rows
from tests.web.conftest import Window
from tools.ui_browser import Look

pytestmark = pytest.mark.prove  # three seconds a state: `make test` has to end within twelve minutes

READS = {
    "card": "**/m/v1/me",
    "points": "**/m/v1/me/points",
    "tiers": "**/m/v1/me/tiers",
    "orders": "**/m/v1/me/orders?*",
    "coupons": "**/m/v1/me/coupons?*",
    "coupons/claim": "**/m/v1/me/coupons/claimable",
    "mall": "**/m/v1/me/rewards",
    "mall/orders": "**/m/v1/me/reward-orders?*",
    "mall/orders/rwd_01jf3q7t5v8x9y0z1a2b3c4d5e": "**/m/v1/me/reward-orders/*",
    "me": "**/m/v1/me/profile",
    "me/consents": "**/m/v1/me/consents",
    "me/devices": "**/m/v1/me/devices",
    "me/data": "**/m/v1/me/close",
}
EACH = pytest.mark.parametrize(("screen", "pattern"), READS.items(), ids=READS)
LEDGER = "**/m/v1/me/points/ledger?*"


@pytest.fixture(scope="module")
def base(server: str) -> Iterator[str]:
    """A server of the member pages' own."""
    with member_pages.serving(server) as address:
        yield address


@pytest.fixture(scope="module")
def cookies(base: str) -> dict[str, str]:
    """The session of a member."""
    return member_pages.sign_in(base)


@pytest.fixture
def look() -> Look:
    """A phone."""
    return Look(language="en", width=390)


@EACH
@pytest.mark.parametrize("status", [403, 500])
def test_a_refusal_is_said_with_its_request_and_can_be_tried_again(window: Window, screen: str, pattern: str, status: int) -> None:
    window.page.route(pattern, refusing(status, "http.failed", "It did not work."))
    window.page.goto(f"/my/{screen}")
    expect(window.page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(window.page.get_by_text("Request req-7").first).to_be_visible()
    expect(window.page.get_by_role("heading", level=1)).to_be_visible()
    window.page.unroute(pattern)
    window.page.get_by_role("button", name="Try again").first.click()
    expect(window.page.get_by_text("It did not work.")).to_have_count(0)


@EACH
def test_a_server_that_is_away_is_said_in_plain_words(window: Window, screen: str, pattern: str) -> None:
    window.page.route(pattern, lambda route: route.abort("connectionrefused"))
    window.page.goto(f"/my/{screen}")
    expect(window.page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)


@EACH
def test_while_the_server_takes_long_the_page_keeps_its_shape_and_says_so(window: Window, screen: str, pattern: str) -> None:
    held: list[Route] = []
    window.page.route(pattern, lambda route: held.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    window.page.goto(f"/my/{screen}")
    expect(window.page.locator("main [aria-busy=true] .block").first).to_be_visible()
    expect(window.page.get_by_text("This takes longer than usual.").first).to_be_visible(timeout=8_000)
    expect(window.page.get_by_role("navigation", name="Main")).to_be_visible()
    held[0].continue_()
    expect(window.page.get_by_text("This takes longer than usual.")).to_have_count(0)


def test_who_never_bought_is_told_what_will_stand_there(window: Window) -> None:
    page = window.page
    page.route(LEDGER, rows())
    page.route(READS["orders"], rows())
    page.goto("/my/card")
    expect(page.get_by_text("Your first purchase will be the first line here.")).to_be_visible()
    page.goto("/my/points?unit=growth")
    expect(page.get_by_text("Nothing has happened to your growth value yet")).to_be_visible()
    page.goto("/my/orders")
    expect(page.get_by_text("No orders yet")).to_be_visible()
    expect(page.get_by_role("link", name="Show my member code")).to_be_visible()


@pytest.mark.parametrize(
    ("screen", "said"),
    [
        ("coupons", "No coupons to use"),
        ("coupons?tab=used", "None used yet"),
        ("coupons/claim", "Nothing to claim right now"),
        ("mall", "The mall is empty"),
        ("mall/orders", "Nothing ordered yet"),
    ],
)
def test_where_there_are_no_goods_it_is_said_what_would_stand_there(window: Window, screen: str, said: str) -> None:
    window.page.route(READS[screen.partition("?")[0]], rows())
    window.page.goto(f"/my/{screen}")
    expect(window.page.get_by_text(said)).to_be_visible()


def test_levels_stand_there_when_benefits_cannot_be_read(window: Window) -> None:
    window.page.route("**/m/v1/me/benefits", refusing(500, "http.failed", "It did not work."))
    window.page.goto("/my/tiers")
    expect(window.page.get_by_role("alert")).to_contain_text("It did not work.")
    expect(window.page.locator(".level")).to_have_count(4)


def test_long_words_and_large_numbers_stay_inside_goods(window: Window) -> None:
    page = window.page
    long = {"en": "WithoutASingleBlank" * 8, "zh": "长" * 80}

    def changed(route: Route) -> None:
        body: dict[str, Any] = route.fetch().json()
        for one in body["items"]:
            large = {"points": 987_654_321_012, "cash": 123_456_789} if "points" in one else {"left": 9_876_543_210}
            one.update({"label": long, **large})
        route.fulfill(json=body)

    for screen in ("coupons", "coupons/claim", "mall", "mall/orders"):
        page.route(READS[screen], changed)
        page.goto(f"/my/{screen}")
        expect(page.get_by_text("WithoutASingleBlank").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), screen


def test_long_names_and_large_numbers_stay_on_the_card(window: Window) -> None:
    page = window.page

    def long(route: Route) -> None:
        card: dict[str, Any] = route.fetch().json()
        card |= {"name": "欧阳" * 40, "programme": "AProgrammeWithoutASingleBlank" * 4}
        card["balances"][0] |= {"available": 987_654_321_012, "pending": 123_456_789, "debt": 5_000}
        route.fulfill(json=card)

    page.route(READS["card"], long)
    page.goto("/my/card")
    expect(page.get_by_text("5,000 points are owed after a refund")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_ledger_goes_on_by_itself_and_a_failure_there_keeps_what_was_shown(window: Window) -> None:
    page = window.page
    page.goto("/my/points")
    entries = page.locator(".month .row")
    expect(entries).to_have_count(30)
    page.route(LEDGER, refusing(500, "http.failed", "It did not work."))
    page.locator(".more").scroll_into_view_if_needed()
    expect(page.get_by_role("alert")).to_contain_text("It did not work.")
    expect(entries).to_have_count(30)
    page.unroute(LEDGER)
    page.get_by_role("button", name="Try again").click()
    expect(entries.nth(30)).to_be_attached()


def test_whoever_is_not_signed_in_any_more_is_led_to_the_sign_in_page(window: Window) -> None:
    window.page.route(READS["card"], refusing(401, "members.unknown_caller", "Not signed in."))
    window.page.goto("/my/orders")
    expect(window.page.get_by_role("heading", name="Welcome back")).to_be_visible()
