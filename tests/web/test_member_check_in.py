"""The member's check-in: once a day by keys alone, with what it earned; the second time earns nothing and says so."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web import member_pages, reward_server
from tests.web.answers import refusing
from tests.web.conftest import Window
from tests.web.reward_server import Shop
from tests.web.test_accessibility import LOOKS, serious
from tests.web.test_member_keyboard import tab_to
from tools import ui_browser
from tools.ui_browser import Look

PHONE = Look(language="en", width=390)
PAGE = "/my/check-in"


@pytest.fixture(scope="module")
def shop(server: str, browser: Browser) -> Iterator[Shop]:
    """A shop of this file's own."""
    with reward_server.opened(server, browser) as one:
        yield one


@pytest.fixture(scope="module")
def sessions(shop: Shop) -> dict[str, dict[str, str]]:
    """Sessions of members, each of whom checks in once."""
    return {phone: member_pages.sign_in(shop.base, phone) for phone in (member_pages.GRACE, member_pages.LIN, member_pages.SAMUEL)}


@pytest.fixture
def grace(browser: Browser, shop: Shop, sessions: dict[str, dict[str, str]]) -> Iterator[Window]:
    """An English telephone."""
    one = Window(browser, shop.base, PHONE, sessions[member_pages.GRACE])
    yield one
    one.close()


@pytest.fixture
def lin(browser: Browser, shop: Shop, sessions: dict[str, dict[str, str]]) -> Iterator[Window]:
    """A Chinese telephone at night."""
    one = Window(browser, shop.base, Look(language="zh-CN", mode="dark", width=390), sessions[member_pages.LIN])
    yield one
    one.close()


@pytest.fixture
def samuel(browser: Browser, shop: Shop, look: Look, sessions: dict[str, dict[str, str]]) -> Iterator[Window]:
    """Somebody who only looks."""
    one = Window(browser, shop.base, look, sessions[member_pages.SAMUEL])
    yield one
    one.close()


def mine(page: Page, path: str) -> dict[str, Any]:
    """What the API answers to the member."""
    found: dict[str, Any] = page.evaluate("path => fetch(`/m/v1/me${path}`).then(answer => answer.json())", path)
    return found


def points(page: Page) -> int:
    """What there is to spend."""
    return int(next(one["available"] for one in mine(page, "")["balances"] if one["unit"] == "points"))


@LOOKS
def test_the_page_has_no_serious_fault(samuel: Window) -> None:
    samuel.page.goto(PAGE)
    samuel.page.locator("main h1").wait_for()
    ui_browser.settle(samuel.page)
    assert serious(samuel) == []
    assert samuel.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_one_checks_in_once_a_day_by_keys_and_a_second_time_earns_nothing(grace: Window) -> None:
    page = grace.page
    page.goto(PAGE)
    before = points(page)
    expect(page.get_by_text("Check-in: 2 points a day, 40 a month at most")).to_be_visible()
    expect(page.locator(".check-in-streak")).to_have_text("0 days in a row")
    # The same page on another device, which does not know of the first.
    stale = grace.context.new_page()
    stale.goto(PAGE)
    again = stale.get_by_role("button", name="Check in today")
    again.wait_for()
    tab_to(page, "Check in today")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Checked in: 2 points earned")).to_be_visible()
    expect(page.locator(".check-in-streak")).to_have_text("1 day in a row")
    expect(page.locator("[aria-current=date]")).to_have_attribute("data-here", "true")
    expect(page.get_by_text("Here on one day this month")).to_be_visible()
    expect(page.get_by_role("button", name="Check in today")).to_have_count(0)
    assert points(page) == before + 2
    again.press("Enter")
    expect(stale.get_by_role("status").filter(has_text="You were here today. Come again tomorrow.")).to_be_visible()
    expect(stale.get_by_text("points earned")).to_have_count(0)
    expect(stale.get_by_role("alert")).to_have_count(0)
    assert points(page) == before + 2
    assert (mine(page, "/check-in")["done"], mine(page, "/check-in")["streak"]) == (True, 1)
    page.reload()
    expect(page.get_by_role("status").filter(has_text="You were here today. Come again tomorrow.")).to_be_visible()
    assert serious(grace) == []


def test_it_is_said_in_chinese_and_a_failure_can_be_tried_again(lin: Window) -> None:
    page = lin.page
    page.goto(PAGE)
    expect(page.get_by_text("签到每天 2 积分，每月最多 40")).to_be_visible()
    refuse = refusing(503, "http.busy", "请稍后再试。")
    page.route("**/m/v1/me/check-in", lambda route: refuse(route) if route.request.method == "POST" else route.continue_())
    button = page.get_by_role("button", name=re.compile("签到"))
    button.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("请稍后再试。")
    page.unroute("**/m/v1/me/check-in")
    button.press("Enter")
    expect(page.get_by_role("status").filter(has_text="2 积分")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert serious(lin) == []
