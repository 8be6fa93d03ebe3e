"""Without a mouse: a member signs in, opens the card and its code, changes the name and a consent, and signs out."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web import member_pages
from tests.web.conftest import Window
from tools.ui_browser import Look

PHONE = Look(language="en", width=390)


@pytest.fixture(scope="module")
def base(server: str) -> Iterator[str]:
    """A server of the member pages' own."""
    with member_pages.serving(server) as address:
        yield address


@pytest.fixture(scope="module")
def cookies(base: str) -> dict[str, str]:
    """The session of a member who is signed in elsewhere, too."""
    member_pages.sign_in(base, member_pages.RUOLIN_BY_MAIL)
    return member_pages.sign_in(base, member_pages.RUOLIN)


@pytest.fixture
def look() -> Look:
    """A phone."""
    return PHONE


def tab_to(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Press Tab until the focus is on it."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # Playwright lists the roles, we name one
    wanted.wait_for()
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def test_a_member_signs_in_by_keys_alone_and_comes_back_to_where_they_were(stranger: Window, base: str) -> None:
    page = stranger.page
    page.goto("/my/tiers")
    page.wait_for_url("**/my/sign-in")
    page.get_by_label("Phone number or e-mail address").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Phone number or e-mail address")).to_be_focused()
    page.keyboard.type("07700 not a number")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is neither a phone number nor an e-mail address.")
    page.keyboard.press("Control+a")
    page.keyboard.type(member_pages.LIN)
    page.keyboard.press("Enter")
    code = page.get_by_label("Code of 6 digits")
    expect(code).to_be_focused()
    expect(page.get_by_role("button", name=re.compile(r"New code in \d+ s"))).to_be_disabled()
    right = member_pages.code_for(base, member_pages.LIN)
    page.keyboard.type("000000" if right != "000000" else "111111")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("code", re.IGNORECASE))
    expect(code).to_have_value("")
    code.focus()
    page.keyboard.type(right)  # the sixth digit signs in
    expect(page.get_by_role("heading", name="Level", level=1)).to_be_visible()


def test_card_and_code_by_keys_alone(window: Window) -> None:
    page = window.page
    page.goto("/my/")
    expect(page.get_by_role("region", name="Card")).to_contain_text("Gold")
    tab_to(page, "Show my member code", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code of the member code")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Member code: (\d ){17}\d$"))).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Card")).to_be_visible()


def test_a_sheet_keeps_the_focus_closes_by_esc_and_gives_it_back(window: Window) -> None:
    page = window.page
    page.goto("/my/me")
    tab_to(page, "Change")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Change my name")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("button", name="Change")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "Name", "textbox")
    page.keyboard.press("Control+a")
    page.keyboard.type("Ouyang Ruolin")
    page.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    expect(page.get_by_text("Ouyang Ruolin")).to_be_visible()


def test_a_consent_is_given_and_taken_back_with_its_day(window: Window) -> None:
    page = window.page
    page.goto("/my/me/consents")
    switch = page.get_by_role("switch", name=re.compile("Text message")).first
    expect(switch).to_have_attribute("aria-checked", "false")
    tab_to(page, re.compile("Text message"), "switch")
    page.keyboard.press("Space")
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(switch).to_contain_text(re.compile(r"Turned on \d+ \w+ \d{4}"))
    page.reload()
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.press("Space")
    expect(switch).to_contain_text(re.compile(r"Turned off on \d+ \w+ \d{4}"))


def test_the_language_belongs_to_the_account(window: Window) -> None:
    page = window.page
    page.goto("/my/me")
    page.get_by_role("button", name="简体中文").press("Enter")
    expect(page.get_by_role("heading", name="我的", level=1)).to_be_visible()
    page.evaluate("localStorage.setItem('regulars.language', 'en')")
    page.reload()
    expect(page.get_by_role("heading", name="我的", level=1)).to_be_visible()
    page.get_by_role("button", name="English").press("Enter")
    expect(page.get_by_role("heading", name="Me", level=1)).to_be_visible()


def test_two_answers_that_disagree_about_the_language_do_not_send_the_pages_to_and_fro(window: Window) -> None:
    page = window.page

    def contrary(route: Route) -> None:
        card = route.fetch().json()
        asked = route.request.headers["accept-language"]
        route.fulfill(json=card | {"language": "en" if asked.startswith("zh") else "zh"})

    page.route("**/m/v1/me", contrary)
    with page.expect_response(lambda answer: answer.url.endswith("/me") and answer.request.headers["accept-language"] == "zh"):
        page.goto("/my/me")
    # Asked in English it says Chinese, asked in Chinese English: what was said last holds, and whoever sits there may go on.
    expect(page.get_by_role("heading", name="Me", level=1)).to_be_visible()
    page.unroute("**/m/v1/me")
    page.get_by_role("button", name="English").press("Enter")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")


def test_what_is_lost_is_said_before_closing_and_the_data_can_be_taken_along(window: Window) -> None:
    page = window.page
    page.goto("/my/me/data")
    expect(page.get_by_text("Your level Gold and what it brings")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"^Send the code to .*\*.*05$"))).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download my data").press("Enter")
    assert downloading.value.suggested_filename == "my-member-data.json"


def test_another_device_is_signed_out(window: Window) -> None:
    page = window.page
    page.goto("/my/me/devices")
    devices = page.locator("main li.row")
    expect(devices).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Sign out: ")).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(devices).to_have_count(1)
    expect(devices).to_contain_text("This device")
