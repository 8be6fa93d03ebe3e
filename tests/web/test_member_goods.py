"""Without a mouse: coupons are claimed, shown and given away, rewards ordered and taken back, a gift card put on the stored value."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web import member_pages
from tests.web.conftest import Window
from tests.web.test_member_keyboard import tab_to
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

zxingcpp = pytest.importorskip("zxingcpp", reason="pip install zxing-cpp")
PHONE = Look(language="en", width=390)


@pytest.fixture(scope="module")
def base(server: str) -> Iterator[str]:
    """A server of the member pages' own."""
    with member_pages.serving(server) as address:
        yield address


@pytest.fixture(scope="module")
def cookies(base: str) -> dict[str, str]:
    """The session of a member who has coupons, orders of the mall and stored value."""
    return member_pages.sign_in(base)


@pytest.fixture
def look() -> Look:
    """A phone."""
    return PHONE


@pytest.fixture(scope="module")
def others(base: str) -> dict[str, dict[str, str]]:
    """Sessions of three more: asking for a code once more for each test would be refused."""
    return {phone: member_pages.sign_in(base, phone) for phone in (member_pages.SAMUEL, member_pages.LIN, member_pages.PRIYA)}


@pytest.fixture
def samuel(browser: Browser, base: str, others: dict[str, dict[str, str]]) -> Iterator[Page]:
    """The pages of somebody who has nothing but points."""
    one = Window(browser, base, PHONE, others[member_pages.SAMUEL])
    yield one.page
    one.close()


@pytest.fixture
def priya(browser: Browser, base: str, others: dict[str, dict[str, str]]) -> Iterator[Page]:
    """The pages of somebody who has one coupon."""
    one = Window(browser, base, PHONE, others[member_pages.PRIYA])
    yield one.page
    one.close()


@pytest.fixture
def lin(browser: Browser, base: str, others: dict[str, dict[str, str]]) -> Iterator[Page]:
    """The pages of a friend."""
    one = Window(browser, base, PHONE, others[member_pages.LIN])
    yield one.page
    one.close()


def row(page: Page, name: str) -> Locator:
    """The coupon or reward of this name in a list."""
    return page.locator("main li").filter(has=page.get_by_role("heading", name=name, exact=True))


def points(page: Page) -> int:
    """What the mall says that there is to spend."""
    page.goto("/my/mall")
    return int(page.locator(".purse-amount").inner_text().replace(",", ""))


def test_the_card_counts_what_there_is_and_leads_there(window: Window) -> None:
    page = window.page
    page.goto("/my/card")
    expect(page.get_by_role("link", name="Coupons 4", exact=True)).to_have_attribute("href", "/my/coupons")
    expect(page.get_by_role("link", name="2 coupons end after", exact=False)).to_be_visible()
    tab_to(page, "stored value £20.50", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="stored value available")).to_be_visible()
    expect(page.locator(".balance-amount")).to_have_text("£20.50")
    expect(page.get_by_text("+£20.50")).to_be_visible()


def test_what_became_of_coupons_and_why_one_waits_is_said(window: Window) -> None:
    page = window.page
    page.goto("/my/coupons")
    expect(row(page, "Tea week")).to_contain_text("Cannot be used now: it starts on")
    tab_to(page, "Used")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tab=used$"))
    expect(row(page, "Five off for you")).to_contain_text("5.00 GBP off")
    page.get_by_role("button", name="Ended").press("Enter")
    expect(page.get_by_text("None has expired or was given away")).to_be_visible()


def test_benefits_say_what_is_left_and_which_are_still_locked(window: Window) -> None:
    page = window.page
    page.goto("/my/tiers")
    mine = page.locator(".perks > li")
    expect(mine.nth(0)).to_contain_text("Free delivery3 left")
    expect(page.get_by_role("progressbar", name="Free delivery")).to_have_attribute("aria-valuetext", "1 of 4 used")
    expect(mine.nth(1)).to_contain_text("As often as you like")
    expect(page.locator(".level").nth(0)).not_to_contain_text("Free delivery")
    expect(page.locator(".level").nth(1)).to_contain_text("Yours: Free delivery · 4 a month")


def test_a_coupon_is_claimed_by_keys_and_what_costs_points_is_confirmed(samuel: Page) -> None:
    page, before = samuel, points(samuel)
    page.goto("/my/coupons/claim")
    expect(row(page, "Five off for you")).to_contain_text("10 left")
    tab_to(page, "Claim Five off for you")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Five off for you is yours.")).to_be_visible()
    expect(row(page, "Five off for you")).to_contain_text("9 left")
    expect(row(page, "Five off for you")).to_contain_text("Not for you right now: used up: 1 of 1 in all.")
    expect(row(page, "Only for the thousandth")).to_contain_text("it is for members where")
    asking = page.get_by_role("button", name="Claim for 40 points A fifth off Christmas")
    asking.press("Enter")
    sheet = page.get_by_role("dialog", name="A fifth off Christmas")
    expect(sheet).to_contain_text("This costs 40 points.")
    page.keyboard.press("Escape")
    expect(asking).to_be_focused()
    page.keyboard.press("Enter")
    sheet.get_by_role("button", name="Claim for 40 points").press("Enter")
    expect(page.get_by_role("status").filter(has_text="A fifth off Christmas is yours.")).to_be_visible()
    page.get_by_label("Coupon code").fill("tea-week")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Tea week is yours.")).to_be_visible()
    page.get_by_label("Coupon code").fill("NOSUCHCODE")
    expect(page.get_by_role("button", name="Claim by code")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is no coupon with this code.")
    assert points(page) == before - 40


def test_a_coupon_is_scanned_as_it_is_read_and_given_to_a_friend(priya: Page, lin: Page) -> None:
    lin.goto("/my/coupons")
    expect(lin.get_by_text("No coupons to use")).to_be_visible()
    lin.get_by_role("button", name="Get one from a friend").press("Enter")
    number = lin.get_by_role("dialog").locator(".coupon-digits").inner_text()
    priya.goto("/my/coupons")
    priya.get_by_role("button", name="Use Five off for you").press("Enter")
    sheet = priya.get_by_role("dialog", name="Five off for you")
    sheet.get_by_role("img", name="QR code of the coupon").scroll_into_view_if_needed()
    (seen,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(priya.screenshot())))
    expect(sheet.locator(".coupon-digits")).to_have_text(f"At the counter: {seen.text}")
    expect(sheet.get_by_role("listitem").first).to_have_text("The whole range, in every store")
    sheet.get_by_text("Give it to a friend").press("Enter")
    sheet.get_by_label("Your friend's member number").fill("mbr_0000000000000000000000000x")
    sheet.get_by_role("button", name="Give it away").press("Enter")
    expect(sheet.get_by_role("alert")).to_be_visible()
    sheet.get_by_label("Your friend's member number").fill(number.upper())
    sheet.get_by_role("button", name="Give it away").press("Enter")
    expect(sheet).to_have_count(0)
    expect(row(priya, "Five off for you")).to_have_count(0)
    priya.get_by_role("button", name="Ended").press("Enter")
    expect(row(priya, "Five off for you")).to_contain_text("Given away on")
    lin.reload()
    expect(row(lin, "Five off for you")).to_contain_text("5.00 GBP off from 20.00 GBP")


def test_a_reward_is_ordered_by_keys_followed_and_taken_back(samuel: Page) -> None:
    page, before = samuel, points(samuel)
    expect(row(page, "A palace")).to_contain_text(f"{9_000_000 - before:,} points more and it is yours.")
    expect(row(page, "A palace").get_by_role("button")).to_have_count(0)
    tab_to(page, "Redeem Members' cup")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Members' cup")
    sheet.get_by_role("button", name="One more").press("Enter")
    facts = sheet.locator(".facts dd")
    expect(facts).to_have_text(["100 points + £2", f"{before:,}", f"{before - 100:,}", "£2"])
    expect(sheet.get_by_role("button", name="Redeem for")).to_be_disabled()
    sheet.get_by_label("Which of your addresses").fill("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Members' cup × 2")).to_be_visible()
    expect(page.locator(".steps li")).to_contain_text(["Ordered"])
    expect(page.get_by_text("£2.00 are paid when you receive it.")).to_be_visible()
    assert points(page) == before - 100
    page.get_by_role("link", name="My rewards").press("Enter")
    page.get_by_role("link", name=re.compile("Members' cup × 2")).press("Enter")
    page.get_by_role("button", name="Cancel this order").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Cancel the order").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Cancelled. 100 points are back with their old expiry.")).to_be_visible()
    expect(page.locator(".steps li")).to_contain_text(["Ordered", "Cancelled"])
    assert points(page) == before


def test_what_was_sent_tells_its_parcel_and_cannot_be_taken_back(window: Window) -> None:
    page = window.page
    page.goto("/my/mall/orders")
    page.locator("main li a").filter(has_text="Sent").press("Enter")
    expect(page.get_by_text("Royal Mail RM123456785GB")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel this order")).to_have_count(0)


def test_a_gift_card_is_put_on_the_stored_value_once(browser: Browser, base: str, samuel: Page) -> None:
    within = ui_browser.context(browser, base, Look())
    counter = within.new_page()
    ui_browser.sign_in(counter, "admin", ui_serve.PASSWORD)
    made = """async () => {
        const session = await (await fetch('/v1/session')).json();
        const body = { batch: 'test', unit: 'value', amount: 1000, count: 1, expires_at: '2099-01-01T00:00:00Z' };
        const answer = await fetch('/v1/gift-cards', { method: 'POST', body: JSON.stringify(body),
            headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token } });
        return (await answer.json()).codes[0];
    }"""
    code = counter.evaluate(made)
    within.close()
    page = samuel
    page.goto("/my/points?unit=value")
    page.get_by_text("Redeem a gift card").press("Enter")
    for said in ("£10.00 were added.", "was redeemed on"):
        page.get_by_label("Code of the gift card").fill(code)
        expect(page.get_by_role("button", name="Add it to stored value")).to_be_enabled()
        page.keyboard.press("Enter")
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.locator(".balance-amount")).to_have_text("£10.00")
