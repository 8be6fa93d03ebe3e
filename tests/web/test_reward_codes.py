"""Codes of digital rewards in a browser: put in, counted, shown to staff with a reason, taken back unseen; and the member's own page."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web import member_pages, reward_server
from tests.web.answers import refusing
from tests.web.conftest import Window
from tests.web.reward_server import CODES, ORDERED, Shop
from tests.web.test_accessibility import LOOKS, serious
from tools import ui_browser
from tools.ui_browser import Look

NARROW_ENOUGH = "document.documentElement.scrollWidth <= window.innerWidth"
MALL = "/console/goods?tab=mall"
# Which order each test takes: none waits for another.
REVEALED, TAKEN_BACK, LATE, ENGLISH, CHINESE, LOOKED_AT = range(ORDERED)
POST = """async ([path, body]) => {
    const session = await (await fetch('/v1/session')).json();
    const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token } });
    return answer.status;
}"""


@pytest.fixture(scope="module")
def shop(server: str, browser: Browser) -> Iterator[Shop]:
    """A shop of this file's own."""
    with reward_server.opened(server, browser) as one:
        yield one


@pytest.fixture
def desk(browser: Browser, shop: Shop, look: Look) -> Iterator[Window]:
    """A window of its administrator."""
    one = Window(browser, shop.base, look, shop.cookies)
    yield one
    one.close()


@pytest.fixture(scope="module")
def member(shop: Shop) -> dict[str, str]:
    """The session of the member whose orders these are."""
    return member_pages.sign_in(shop.base)


@pytest.fixture
def phone(browser: Browser, shop: Shop, member: dict[str, str], look: Look) -> Iterator[Window]:
    """The member's own window."""
    one = Window(browser, shop.base, look, member)
    yield one
    one.close()


def order(shop: Shop, place: int) -> str:
    """The address of an order in the console."""
    return f"/console/goods?tab=orders&state=completed&order={shop.orders[place]}"


def pool(page: Page, name: str) -> Locator:
    """The row of a pool."""
    return page.get_by_role("region", name="Pools of codes").get_by_role("row").filter(has_text=name)


def counts(page: Page, name: str) -> list[int]:
    """Left, handed out and unseen, seen: as the API has them."""
    found: dict[str, Any] = page.evaluate("() => fetch('/v1/reward-codes').then(answer => answer.json())")
    return next([one["free"], one["given"], one["seen"]] for one in found["items"] if one["pool"] == name)


@LOOKS
def test_no_part_has_a_serious_fault(desk: Window, shop: Shop) -> None:
    page = desk.page
    for address in (MALL, f"{MALL}&pool=cinema", order(shop, LOOKED_AT)):
        page.goto(address)
        page.locator("main h1").wait_for()
        ui_browser.settle(page)
        if "pool=" in address:
            page.locator("textarea.goods-codes").fill("A-1\nB\u00a02\nA-1")
            page.get_by_role("alert").wait_for()
        assert (address, serious(desk)) == (address, [])
        assert page.evaluate(NARROW_ENOUGH)


def test_codes_are_pasted_by_keys_alone_checked_and_put_in_once(desk: Window) -> None:
    page = desk.page
    page.goto(MALL)
    expect(pool(page, "Month of music").get_by_role("cell").nth(0)).to_have_text("0")
    adding = pool(page, "Month of music").get_by_role("button", name="Add codes")
    adding.press("Enter")
    drawer = page.get_by_role("dialog", name="Codes for Month of music")
    expect(drawer).to_contain_text("No codes came in yet: the reward cannot be ordered.")
    drawer.get_by_role("button", name="Add codes").press("Enter")
    expect(drawer.get_by_role("alert")).to_have_text("Paste codes, or choose a file")
    drawer.get_by_label("Codes, one a line").press("M")
    page.keyboard.insert_text("USIC-1\nMUSIC\t2\n\nMUSIC-3\nMUSIC-1")
    expect(drawer.get_by_role("alert")).to_contain_text("One line cannot be a code.")
    expect(drawer.get_by_role("alert")).to_contain_text("Line 2: “MUSIC\ufffd2” has a character that cannot be printed, such as a tab.")
    drawer.get_by_role("button", name="Put in 2 codes").press("Enter")
    assert counts(page, "music") == [0, 0, 0]
    drawer.get_by_label("Codes, one a line").fill("MUSIC-1\nMUSIC-2\nMUSIC-3\nMUSIC-1")
    expect(drawer.get_by_text("3 codes found. One line repeats another and counts once.")).to_be_visible()
    drawer.get_by_role("button", name="Put in 3 codes").press("Enter")
    expect(drawer.get_by_role("status").filter(has_text="3 codes came in.")).to_be_visible()
    expect(drawer.get_by_label("Codes, one a line")).to_have_value("")
    drawer.get_by_label("Codes, one a line").fill("MUSIC-3\nMUSIC-4")
    drawer.get_by_role("button", name="Put in 2 codes").press("Enter")
    expect(drawer.get_by_role("status").filter(has_text="One code came in.")).to_contain_text("One was there already.")
    came = drawer.get_by_role("region", name="What came in").get_by_role("listitem")
    expect(came).to_have_text([re.compile("^One code came in.One was there already."), re.compile("^3 codes came in.")])
    page.keyboard.press("Escape")
    expect(adding).to_be_focused()
    expect(pool(page, "Month of music").get_by_role("cell").nth(0)).to_have_text("4")
    expect(page.locator("main tbody tr.ant-table-row").filter(has_text="Month of music")).to_contain_text("4")


def test_a_file_is_counted_before_it_is_sent_and_one_that_is_no_text_is_refused(desk: Window) -> None:
    page = desk.page
    page.goto(f"{MALL}&pool=cinema")
    drawer = page.get_by_role("dialog", name="Codes for Cinema ticket")
    choose = drawer.locator("input[type=file]")
    choose.set_input_files({"name": "gbk.txt", "mimeType": "text/plain", "buffer": "电影".encode("gbk")})
    expect(drawer.get_by_role("alert")).to_contain_text("gbk.txt cannot be read")
    documents = b'{"code": "FILE-1"}\n{"code": "FILE-2"}\n{"kode": "FILE-3"}\n'
    choose.set_input_files({"name": "codes.ndjson", "mimeType": "application/x-ndjson", "buffer": documents})
    expect(drawer.get_by_role("alert")).to_contain_text('Line 3: “{"kode": "FILE-3"}” is not a document like')
    drawer.get_by_role("button", name="Take another").click()
    choose.set_input_files({"name": "codes.ndjson", "mimeType": "application/x-ndjson", "buffer": documents[:38]})
    expect(drawer.get_by_text("codes.ndjson")).to_be_visible()
    expect(drawer.get_by_text("It begins with")).to_contain_text("FILE-1FILE-2")
    before = counts(page, "cinema")
    drawer.get_by_role("button", name="Put in 2 codes").click()
    expect(drawer.get_by_role("status").filter(has_text="2 codes came in.")).to_be_visible()
    assert counts(page, "cinema") == [before[0] + 2, *before[1:]]


def test_what_nobody_was_given_is_withdrawn_for_a_reason_even_while_it_comes_in(desk: Window) -> None:
    page = desk.page
    page.goto(f"{MALL}&pool=theatre")
    drawer = page.get_by_role("dialog", name="Codes for Theatre seat")
    came = drawer.get_by_role("region", name="What came in")
    drawer.get_by_label("Codes, one a line").fill("SEAT-1\nSEAT-2")
    drawer.get_by_role("button", name="Put in 2 codes").click()
    expect(came.get_by_role("listitem")).to_contain_text("2 codes came in.")
    assert counts(page, "theatre") == [2, 0, 0]
    came.get_by_role("button", name="Withdraw what came in on").press("Enter")
    asking = page.get_by_role("dialog", name="Withdraw what came in on")
    asking.get_by_role("button", name="Withdraw").press("Enter")
    expect(asking.get_by_role("alert")).to_contain_text("A reason is needed")
    asking.get_by_label("Reason").fill("Wrong theatre")
    asking.get_by_role("button", name="Withdraw").press("Enter")
    expect(came.get_by_role("listitem")).to_contain_text("Withdrawn, 2 codes unused")
    expect(drawer.locator(".facts")).to_contain_text("Withdrawn2")
    assert counts(page, "theatre") == [0, 0, 0]
    many = "\n".join(f"S{n}" for n in range(100_001)).encode()
    drawer.locator("input[type=file]").set_input_files({"name": "many.txt", "mimeType": "text/plain", "buffer": many})
    drawer.get_by_role("button", name="Put in 100,001 codes").click()
    # No worker takes the job here: it waits, and is stopped.
    progress = came.get_by_role("region", name="100,001 codes are coming in.")
    expect(progress).to_contain_text("of 100,001")
    progress.get_by_role("button", name="Cancel").click()
    asking.get_by_label("Reason").fill("Wrong file")
    asking.get_by_role("button", name="Withdraw").press("Enter")
    expect(came.get_by_role("listitem").first).to_contain_text("Withdrawn")
    expect(progress).to_have_count(0)


def test_a_code_is_shown_to_staff_for_a_reason_and_then_its_order_stays(desk: Window, shop: Shop) -> None:
    page = desk.page
    page.goto(order(shop, REVEALED))
    drawer = page.get_by_role("dialog", name="Cinema ticket")
    codes = drawer.get_by_role("region", name="Codes of this order")
    expect(codes.get_by_role("listitem")).to_have_text("••••AAA1")
    expect(codes).to_contain_text("Not seen by anybody yet: the order can be cancelled.")
    codes.get_by_role("button", name="Show in full").press("Enter")
    asking = page.get_by_role("dialog", name="Show the code of this order?")
    asking.get_by_role("button", name="Show in full").press("Enter")
    expect(asking.get_by_role("alert")).to_contain_text("A reason is needed")
    asking.get_by_label("Reason").fill("Cannot open the app")
    page.keyboard.press("Tab")
    asking.get_by_role("button", name="Show in full").press("Enter")
    expect(codes.get_by_role("listitem")).to_have_text(CODES[0])
    expect(drawer).to_contain_text("an order whose code was seen cannot be cancelled.")
    expect(drawer.get_by_role("button", name="Cancel the order")).to_have_count(0)
    codes.get_by_role("button", name="Cover").press("Enter")
    expect(codes.get_by_role("listitem")).to_have_text("••••AAA1")
    page.goto("/console/audit")
    expect(page.locator("main tbody tr").filter(has_text="reward_codes.revealed").first).to_contain_text("Cannot open the app")


def test_an_order_whose_code_nobody_saw_is_cancelled_and_the_code_is_back(desk: Window, shop: Shop) -> None:
    page = desk.page
    page.goto(order(shop, TAKEN_BACK))
    before = counts(page, "cinema")
    drawer = page.get_by_role("dialog", name="Cinema ticket")
    drawer.get_by_label("Note").fill("Asked by phone")
    page.keyboard.press("Enter")
    asking = page.get_by_role("dialog", name="Cancel this order?")
    expect(asking).to_contain_text("10 points go back to the lots they came from")
    expect(asking).to_contain_text("Its code goes to the next who orders.")
    asking.get_by_role("button", name="Cancel the order").press("Enter")
    expect(page.get_by_text("Cancelled: 10 points are back")).to_be_visible()
    expect(drawer.locator(".facts")).to_contain_text("Cancelled")
    expect(drawer.get_by_role("region", name="Codes of this order")).to_have_count(0)
    assert counts(page, "cinema") == [before[0] + 1, before[1] - 1, before[2]]


def test_a_code_that_was_seen_in_the_meantime_keeps_its_order_and_says_so(desk: Window, shop: Shop) -> None:
    page = desk.page
    page.goto(order(shop, LATE))
    drawer = page.get_by_role("dialog", name="Cinema ticket")
    drawer.get_by_role("button", name="Cancel the order").click()
    asking = page.get_by_role("dialog", name="Cancel this order?")
    assert page.evaluate(POST, [f"/v1/reward-orders/{shop.orders[LATE]}/codes/reveal", {"reason": "Faster"}]) == 200
    asking.get_by_role("button", name="Cancel the order").click()
    expect(asking.get_by_role("alert")).to_contain_text("The code of this order was shown on")
    asking.get_by_role("button", name="Cancel", exact=True).click()
    expect(drawer).to_contain_text("an order whose code was seen cannot be cancelled.")
    expect(drawer.locator(".facts")).to_contain_text("Completed")


def test_who_may_only_read_puts_nothing_in_and_reveals_nothing(desk: Window, shop: Shop) -> None:
    page = desk.page
    page.route(
        "**/v1/session",
        lambda route: route.fulfill(
            json={**route.fetch().json(), "permissions": ["rewards.read", "coupons.read", "members.read", "programme.read"]}
        ),
    )
    page.goto(MALL)
    pool(page, "Cinema ticket").get_by_role("button", name="What came in").click()
    drawer = page.get_by_role("dialog", name="Codes for Cinema ticket")
    expect(drawer.get_by_role("region", name="What came in").get_by_role("listitem").last).to_contain_text("9 codes came in.")
    expect(drawer.get_by_label("Codes, one a line")).to_have_count(0)
    page.goto(order(shop, LOOKED_AT))
    codes = page.get_by_role("region", name="Codes of this order")
    expect(codes.get_by_role("listitem")).to_have_text("••••AAA6")
    expect(codes.get_by_role("button")).to_have_count(0)


def test_refused_or_without_codes_the_mall_is_still_there(window: Window, desk: Window) -> None:
    window.page.goto(MALL)
    expect(window.page.get_by_text("No reward hands out codes.")).to_be_visible()
    page, refuse = desk.page, refusing(403, "auth.forbidden", "You may not.")
    page.route("**/v1/reward-codes", refuse)
    page.goto(MALL)
    expect(page.get_by_role("region", name="Codes to hand out").get_by_role("alert")).to_contain_text("You may not.")
    expect(page.locator("main tbody tr.ant-table-row").filter(has_text="Cinema ticket")).to_contain_text("10 points")
    page.unroute("**/v1/reward-codes", refuse)
    page.get_by_role("button", name="Try again").click()
    expect(pool(page, "Cinema ticket")).to_be_visible()


WORDS = {
    "en": (
        "Show the code",
        "Your code",
        "Once you have seen it, the order can no longer be cancelled.",
        "Copy the code",
        "Cancel this order",
    ),
    "zh-CN": ("查看兑换码", "我的兑换码（1 个）", "查看后，这笔兑换不能再取消。", "复制兑换码", "取消这笔兑换"),
}


@pytest.mark.parametrize(
    ("look", "place"),
    [(Look(language="en", width=390), ENGLISH), (Look(language="zh-CN", mode="dark", width=390), CHINESE)],
    ids=["en", "zh-CN"],
    indirect=["look"],
)
def test_a_member_sees_the_code_when_asked_for_and_copies_it(phone: Window, shop: Shop, place: int) -> None:
    page = phone.page
    show, title, warning, copy, cancel = WORDS[phone.look.language]
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=shop.base)
    page.goto(f"/my/mall/orders/{shop.orders[place]}")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(warning)).to_be_visible()
    expect(page.get_by_role("button", name=cancel)).to_be_visible()
    expect(page.get_by_text(CODES[place])).to_have_count(0)
    page.get_by_role("button", name=show).press("Enter")
    expect(page.get_by_text(CODES[place], exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=cancel)).to_have_count(0)
    page.get_by_role("button", name=copy).press("Enter")
    expect(page.get_by_role("status").filter(has_text=re.compile("Copied|已复制"))).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == CODES[place]
    assert serious(phone) == []
    assert page.evaluate(NARROW_ENOUGH)
    page.reload()
    expect(page.get_by_text(CODES[place])).to_have_count(0)
    page.get_by_role("button", name=show).press("Enter")
    expect(page.get_by_text(CODES[place], exact=True)).to_be_visible()
