"""A window that closes leaves nothing to whoever opens the next one."""

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.web.conftest import Window
from tools.ui_browser import Look


@pytest.mark.parametrize("answered", [True, False], ids=["under-way", "never-answered"])
def test_a_window_closes_although_an_answer_has_not_arrived(browser: Browser, base: str, cookies: dict[str, str], answered: bool) -> None:
    one = Window(browser, base, Look(language="en"), cookies)
    asked: list[str] = []

    def changed(route: Route) -> None:
        asked.append(route.request.url)
        if answered:
            route.fulfill(json=route.fetch().json())

    one.page.route("**/v1/insights/**", changed)
    one.page.goto("/console/overview", wait_until="commit")
    while not asked:
        one.page.wait_for_timeout(5)
    one.close()
    # What a handler of the closed window raised would be raised by the next call.
    another = Window(browser, base, Look(language="en"), cookies)
    another.page.goto("/console/overview")
    expect(another.page.locator(".insights-big")).to_be_visible()
    another.close()
