"""A draft simulated in a real browser by a real worker: progress, result, the member behind an example, and the check-up of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.web import working
from tests.web.conftest import Window
from tests.web.working import Shop
from tools.ui_browser import Look

PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def shop(server: str, browser: Browser) -> Iterator[Shop]:
    """The demo brand with a worker that runs jobs."""
    with working.opened(server, browser) as opened:
        yield opened


@pytest.fixture
def window(browser: Browser, shop: Shop) -> Iterator[Window]:
    one = Window(browser, shop.base, Look(language="en"), shop.cookies)
    yield one
    one.close()


def test_a_simulation_is_started_watched_read_and_found_again(window: Window) -> None:
    page = window.page
    page.goto("/console/programme?tab=simulate")
    page.get_by_role("button", name="Simulate", exact=True).click()
    expect(page).to_have_url(re.compile("simulation=sim_"))
    expect(page.get_by_role("heading", name="Points and cost")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Nobody moves to another level.")).to_be_visible()
    expect(page.get_by_text("Members buy the same at the same time under both")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Units by rule")).to_be_visible()
    page.get_by_role("tab", name="Check-up").click()
    expect(page.get_by_text("By its newest simulation")).to_be_visible()
    expect(page.get_by_role("heading", name="Sustainability")).to_be_visible()
    expect(page.get_by_text("Borders and their source").first).to_be_visible()
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert fits
