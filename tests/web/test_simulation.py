"""A draft simulated in a real browser by a real worker: progress, result, the member behind an example, and the check-up of it."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from regulars.app import serve, wiring
from regulars.platform import clock, jobs
from regulars.platform import db as database
from tests.support import serving
from tests.web.conftest import Window
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

PATIENCE_MS = 90_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A server on a database of its own, and the session of its administrator."""

    base: str
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def shop(server: str, browser: Browser) -> Iterator[Shop]:
    """The demo brand with a worker that runs jobs."""
    where = ui_serve.place(server)
    ui_serve.ensure(where)
    with ui_serve.settings(where, port=0) as settings, serve.application(settings) as app, serving.served(app) as api:
        base = str(api.base_url).rstrip("/")
        within = ui_browser.context(browser, base, Look())
        ui_browser.sign_in(within.new_page(), "admin", ui_serve.PASSWORD)
        cookies = {cookie["name"]: cookie["value"] for cookie in within.cookies()}
        within.close()
        url = settings.database_url.get_secret_value() if settings.database_url else ""
        db = database.connect(url, clock_=clock.SystemClock())
        stop = threading.Event()
        thread = threading.Thread(target=jobs.serve, args=(db, wiring.JOBS, stop), kwargs={"poll": 0.1, "beat": 0.2})
        thread.start()
        try:
            yield Shop(base=base, cookies=cookies)
        finally:
            stop.set()
            thread.join()
            db.close()


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
