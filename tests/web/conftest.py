"""The built pages in a real browser, against the whole application with the demo brand. Skipped where either is missing."""

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
import uvicorn

from regulars.app import pages, serve

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Browser, BrowserContext

from tests.support import postgres
from tests.web import goods_server
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

_HERE = Path(__file__).parent
_OF_THE_RUN = contextlib.ExitStack()
_SERVER: list[str] = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers of a run share one PostgreSQL, so that the demo is imported once."""
    if not os.environ.get("TEST_DATABASE_URL"):
        if not _SERVER:
            _SERVER.append(_OF_THE_RUN.enter_context(postgres.embedded_server()))
            _OF_THE_RUN.callback(ui_serve.place(_SERVER[0]).forget)
        node.workerinput["server"] = _SERVER[0]


def pytest_unconfigure() -> None:
    """What the run started is stopped."""
    _OF_THE_RUN.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of this folder need the pages and a browser."""
    missing = next(
        (
            reason
            for there, reason in (
                ((pages.STATIC / "console" / "index.html").is_file(), "the pages are not built: python tools/build_ui.py"),
                (Path(ui_browser.CHROMIUM).exists(), "no Chromium: set CHROME_PATH"),
            )
            if not there
        ),
        None,
    )
    for item in items:
        if _HERE in Path(str(item.path)).parents:
            item.add_marker(pytest.mark.slow)
            # Skipped on a laptop without a browser; in CI a missing build is a mistake and has to be seen.
            if missing and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def base(server: str) -> Iterator[str]:
    """The address of the demo's server, one for the whole run."""
    where = ui_serve.place(server)
    ui_serve.ensure(where)
    with ui_serve.settings(where, port=0) as settings, serve.application(settings) as app, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        running = uvicorn.Server(uvicorn.Config(app, loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, name="web-test-server")
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; each test gets a window of its own."""
    with ui_browser.opened() as one:
        yield one


@pytest.fixture(scope="session")
def cookies(browser: Browser, base: str) -> dict[str, str]:
    """The session of the demo's administrator."""
    within = ui_browser.context(browser, base, Look())
    page = within.new_page()
    ui_browser.sign_in(page, "admin", ui_serve.PASSWORD)
    found = {cookie["name"]: cookie["value"] for cookie in within.cookies()}
    within.close()
    return found


@pytest.fixture(scope="session")
def goods(server: str, browser: Browser) -> Iterator[goods_server.Shop]:
    """The demo with coupons, a mall and benefits, one for the whole run."""
    with goods_server.serving_goods(server, browser) as shop:
        yield shop


class Window:
    """A page of its own, and what went wrong on it."""

    kept: ClassVar[dict[Look, tuple[str, BrowserContext]]] = {}
    """Of each look the last one, with its address. It has the scripts already: compiling them is most of opening a page."""

    def __init__(self, browser: Browser, base: str, look: Look, cookies: dict[str, str] | None) -> None:
        self.base, self.look = base, look
        self.context = self._empty() or ui_browser.context(browser, base, look)
        ui_browser.give(self.context, base, cookies or {})
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def close(self) -> None:
        """The window is gone, and nothing broke on it. Requests that a test still held or was about to answer are given up."""
        for page in self.context.pages:
            # Else the handler of a request under way fails with the window, and the next test is told.
            page.unroute_all(behavior="ignoreErrors")
            page.close()
        if self.look in self.kept:
            self.context.close()
        else:
            self.kept[self.look] = self.base, self.context
        assert self.errors == []

    def _empty(self) -> BrowserContext | None:
        """The kept one, without anything but scripts: no cookie, nothing stored, no service worker."""
        base, context = self.kept.pop(self.look, ("", None))
        if context is None:
            return None
        if base != self.base:
            context.close()
            return None
        context.clear_cookies()
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Storage.clearDataForOrigin", {"origin": base, "storageTypes": "all"})
        page.close()
        return context


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    """How the page is looked at; parametrized where it matters."""
    given: Look = getattr(request, "param", Look(language="en"))
    return given


@pytest.fixture
def window(browser: Browser, base: str, look: Look, cookies: dict[str, str]) -> Iterator[Window]:
    """A window of somebody who is signed in. No page may break without being noticed."""
    one = Window(browser, base, look, cookies)
    yield one
    one.close()


@pytest.fixture
def goods_window(browser: Browser, goods: goods_server.Shop, look: Look) -> Iterator[Window]:
    """A window of the administrator of the demo that has goods."""
    one = Window(browser, goods.base, look, goods.cookies)
    yield one
    one.close()


@pytest.fixture
def stranger(browser: Browser, base: str, look: Look) -> Iterator[Window]:
    """A window of nobody."""
    one = Window(browser, base, look, None)
    yield one
    one.close()
