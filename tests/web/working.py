"""The demo brand with a worker that runs jobs, on a database of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser

from regulars.app import serve, wiring
from regulars.platform import clock, jobs
from regulars.platform import db as database
from tests.support import serving
from tools import ui_browser, ui_serve
from tools.ui_browser import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where it is, and the session of its administrator."""

    base: str
    cookies: dict[str, str]


@contextmanager
def opened(server: str, browser: Browser) -> Iterator[Shop]:
    """The shop is open, and its jobs are taken."""
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
