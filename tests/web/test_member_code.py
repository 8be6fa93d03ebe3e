"""The member code is what a scanner reads: with a connection the server's, without one made on the device, and the counter takes both."""

import io
import json
import re
import urllib.request
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.web import member_pages
from tests.web.conftest import Window
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

zxingcpp = pytest.importorskip("zxingcpp", reason="pip install zxing-cpp")


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
    """A phone that is dark: the code stays dark on light."""
    return Look(language="en", mode="dark", width=390)


@pytest.fixture(scope="module")
def counter(browser: Browser, base: str) -> Iterator[Page]:
    """The console of somebody at the counter."""
    within = ui_browser.context(browser, base, Look())
    page = within.new_page()
    ui_browser.sign_in(page, "admin", ui_serve.PASSWORD)
    yield page
    within.close()


def scanned(page: Page) -> str:
    """What a scanner sees on the display."""
    page.get_by_role("img", name="QR code of the member code").wait_for()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert [one.format.name for one in found] == ["QRCode"]
    return str(found[0].text)


def identified(counter: Page, code: str) -> tuple[int, dict[str, object]]:
    """What the counter is told about a code."""
    asked = """async code => {
        const session = await (await fetch('/v1/session')).json();
        const answer = await fetch('/v1/members:identify', { method: 'POST', body: JSON.stringify({ code }),
            headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token } });
        return [answer.status, await answer.json()];
    }"""
    status, body = counter.evaluate(asked, code)
    return int(status), body


def me(base: str, cookies: dict[str, str]) -> str:
    """The id of whose session it is."""
    asked = urllib.request.Request(f"{base}/m/v1/me", headers={"cookie": f"regulars_member={cookies['regulars_member']}"})  # noqa: S310 - our own server
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own server
        return str(json.load(answer)["id"])


def test_the_code_on_the_display_is_scanned_and_taken_once(window: Window, counter: Page, base: str, cookies: dict[str, str]) -> None:
    window.page.goto("/my/code")
    text = scanned(window.page)
    assert text.startswith("RM1.")
    status, found = identified(counter, text)
    assert (status, found["id"]) == (200, me(base, cookies))
    assert identified(counter, text)[0] != 200
    aloud = window.page.locator(".code-digits .only-read")
    before = aloud.inner_text()
    window.page.get_by_role("button", name="New code").press("Enter")
    expect(aloud).not_to_have_text(before)
    assert scanned(window.page) != text


def test_without_a_connection_the_device_makes_the_code(browser: Browser, base: str, counter: Page) -> None:
    cookies = member_pages.sign_in(base, member_pages.CHEN)
    within = ui_browser.context(browser, base, Look(language="en", width=390), cookies=cookies)
    page = within.new_page()
    page.goto("/my/card")
    page.evaluate(
        "navigator.serviceWorker.ready.then(() => new Promise(kept => navigator.serviceWorker.addEventListener('message', kept)))"
    )
    page.goto("/my/code")
    assert scanned(page).startswith("RM1.")
    within.set_offline(True)
    page.goto("/my/card")
    expect(page.get_by_text("No connection. Your member code works all the same.")).to_be_visible()
    page.get_by_role("link", name="Show code").click()
    expect(page.get_by_text("Made on this device, without a connection")).to_be_visible()
    digits = scanned(page)
    assert re.fullmatch(r"\d{18}", digits)
    expect(page.get_by_text("Member code: " + " ".join(digits))).to_have_count(1)
    status, found = identified(counter, digits)
    assert (status, found["id"]) == (200, me(base, cookies))
    within.close()


def test_without_a_connection_and_without_a_secret_it_says_so(window: Window) -> None:
    window.page.route("**/m/v1/me/card-code", lambda route: route.abort("connectionrefused"))
    window.page.goto("/my/code")
    expect(window.page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    expect(window.page.get_by_role("button", name="Try again")).to_be_visible()


def test_signing_out_takes_the_secret_from_the_device(browser: Browser, base: str) -> None:
    within = ui_browser.context(browser, base, Look(language="en", width=390), cookies=member_pages.sign_in(base, member_pages.PRIYA))
    page = within.new_page()
    page.goto("/my/code")
    scanned(page)
    assert page.evaluate("localStorage.getItem('regulars.code')") is not None
    page.goto("/my/me")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/my/sign-in")
    assert page.evaluate("localStorage.getItem('regulars.code')") is None
    within.close()
