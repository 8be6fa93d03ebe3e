"""A real browser for looking at pages and testing them: the installed Chromium, driven by Playwright."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

_SHELL = "/usr/bin/chromium-headless-shell"
CHROMIUM = os.environ.get("CHROME_PATH") or (_SHELL if Path(_SHELL).exists() else "/usr/bin/chromium")
"""The shell where there is one: it draws the same pages, without a second one for the bars around each, in half the time."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine can be reached. Refusing requests one by one would do it too, but takes the browser's cache away.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDE = 1440
_HEIGHTS = {WIDE: 900, 390: 844}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a page is looked at: language, mode and size of the window."""

    language: str = "zh-CN"
    mode: str = "light"
    width: int = WIDE

    @property
    def name(self) -> str:
        """For file names and test ids: ``zh-CN-light-1440``."""
        return f"{self.language}-{self.mode}-{self.width}"


EVERY_LOOK = tuple(
    Look(language=language, mode=mode, width=width) for language in ("zh-CN", "en") for mode in ("light", "dark") for width in (1440, 390)
)


@contextlib.contextmanager
def opened() -> Iterator[Browser]:
    """A browser, closed afterwards."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def context(browser: Browser, base: str, look: Look, *, cookies: Mapping[str, str] | None = None) -> BrowserContext:
    """A fresh window of this look."""
    made = browser.new_context(
        base_url=base,
        viewport=ViewportSize(width=look.width, height=_HEIGHTS[look.width]),
        locale=look.language,
        color_scheme="dark" if look.mode == "dark" else "light",
        reduced_motion="reduce",
        is_mobile=look.width < 600,
        has_touch=look.width < 600,
    )
    give(made, base, cookies or {})
    return made


def give(within: BrowserContext, base: str, cookies: Mapping[str, str]) -> None:
    """The window has these cookies for ``base``."""
    if cookies:
        within.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])


def sign_in(page: Page, login: str, password: str) -> None:
    """Through the sign-in page, as a person does it; afterwards the first screen is there."""
    page.goto("/console/")
    page.locator("input[autocomplete=username]").fill(login)
    page.locator("input[autocomplete=current-password]").fill(password)
    page.locator("button[type=submit]").click()
    page.locator(".frame main h1").wait_for()


def settle(page: Page) -> None:
    """Everything the page asked for has come, nothing is loading, fonts are there."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => !document.querySelector('[aria-busy=true], .ant-spin-spinning') && document.fonts.status === 'loaded'")
