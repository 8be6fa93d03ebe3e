"""What the overview and the analysis show when there is nothing, nothing matches, something fails, is late or is old."""

import pytest
from playwright.sync_api import Route, expect

from tests.web.answers import refusing
from tests.web.conftest import Window
from tools.ui_browser import Look

SCREENS = pytest.mark.parametrize("screen", ["overview", "repurchase"])
EVERY = "**/v1/insights/**"


@SCREENS
def test_before_the_first_order_it_says_what_to_do_first(window: Window, screen: str) -> None:
    window.page.route(EVERY, refusing(404, "lake.missing", "There is no lake yet."))
    window.page.goto(f"/console/{screen}")
    expect(window.page.get_by_text("No orders to count yet")).to_be_visible()
    expect(window.page.get_by_text("There is no lake yet.")).to_have_count(0)
    window.page.get_by_role("link", name="Import orders").click()
    window.page.wait_for_url("**/console/imports/new")


def test_filters_that_leave_nobody_are_named_and_can_be_cleared(window: Window) -> None:
    window.page.goto("/console/repurchase?from=1999-01-01&to=1999-01-31")
    expect(window.page.get_by_text("No row matches Days: 1999-01-01 to 1999-01-31.")).to_be_visible()
    window.page.get_by_role("button", name="Clear filters").click()
    expect(window.page.locator(".insights-big")).to_be_visible()
    assert window.page.url.endswith("/console/repurchase")


@SCREENS
@pytest.mark.parametrize("status", [403, 500])
def test_a_failure_is_said_with_its_request_and_can_be_tried_again(window: Window, screen: str, status: int) -> None:
    window.page.route(EVERY, refusing(status, "http.failed", "It did not work."))
    window.page.goto(f"/console/{screen}")
    expect(window.page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(window.page.get_by_text("Request req-7").first).to_be_visible()
    window.page.unroute(EVERY)
    window.page.get_by_role("button", name="Try again").first.click()
    expect(window.page.locator(".insights-big")).to_be_visible()


def test_one_part_that_fails_leaves_the_others(window: Window) -> None:
    window.page.route("**/v1/insights/points*", refusing(500, "http.failed", "Points are away."))
    window.page.goto("/console/overview")
    expect(window.page.get_by_text("Points are away.")).to_be_visible()
    expect(window.page.locator(".insights-big")).to_be_visible()
    expect(window.page.get_by_role("heading", name="Members by tier")).to_be_visible()


@SCREENS
def test_while_it_takes_long_the_page_keeps_its_shape(window: Window, screen: str) -> None:
    held: list[Route] = []
    late = True

    def hold(route: Route) -> None:
        if late:
            held.append(route)
        else:
            route.continue_()

    window.page.route(EVERY, hold)
    window.page.goto(f"/console/{screen}")
    expect(window.page.locator("main [aria-busy=true]").first).to_be_visible()
    expect(window.page.get_by_role("heading", level=1)).to_be_visible()
    late = False
    for route in held:
        route.continue_()
    expect(window.page.locator(".insights-big")).to_be_visible()


@SCREENS
def test_numbers_of_yesterday_are_marked_as_old(window: Window, screen: str) -> None:
    def aged(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        found["about"]["watermark"] = "2026-01-05T06:00:00Z"
        route.fulfill(response=answer, json=found)

    window.page.route(EVERY, aged)
    window.page.goto(f"/console/{screen}")
    expect(window.page.get_by_text("These numbers are from 2026-01-05 06:00")).to_be_visible()


@pytest.mark.parametrize(
    "look", [Look(language="en", width=390), Look(language="zh-CN", width=390)], ids=lambda one: one.name, indirect=True
)
@SCREENS
def test_a_telephone_shows_them_without_scrolling_sideways(window: Window, screen: str) -> None:
    window.page.goto(f"/console/{screen}")
    expect(window.page.locator(".insights-big")).to_be_visible()
    window.page.wait_for_load_state("networkidle")
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_clerk_is_told_which_permission_is_missing(window: Window) -> None:
    window.page.route(
        "**/v1/session",
        lambda route: route.fulfill(json={**route.fetch().json(), "permissions": ["members.read"]}),
    )
    window.page.goto("/console/overview")
    expect(window.page.get_by_text("This screen needs the permission reports.read.")).to_be_visible()
