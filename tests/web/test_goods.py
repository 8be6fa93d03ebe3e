"""Coupons, codes, the counter, the mall and benefits in a browser: what there is, made, looked up, redeemed, sent; and unusual answers."""

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.answers import refusing, rows
from tests.web.conftest import Window
from tests.web.goods_server import Shop
from tests.web.test_accessibility import LOOKS, serious
from tools import ui_browser
from tools.ui_browser import Look

TABS = ("coupons", "held", "batches", "counter", "mall", "orders", "giftCards", "benefits")
PATIENCE_MS = 60_000
NARROW_ENOUGH = "document.documentElement.scrollWidth <= window.innerWidth"
HELD: dict[str, Any] = {
    "id": "cpn_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "definition": "welcome",
    "label": {"en": "word" * 60, "zh": "字" * 120},
    "state": "issued",
    "starts": "2026-03-01T12:00:00Z",
    "ends": None,
    "code": "C" * 60,
    "source": "gift",
    "transfers_left": 0,
    "member": "mbr_01jf3q7t5v8x9y0z1a2b3c4d5e",
}


def asked(page: Page, path: str) -> Any:
    """What the API answers to whoever is signed in here."""
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path)


def row(page: Page, text: str) -> Any:
    """The row of the list that has this text."""
    return page.locator("main tbody tr").filter(has_text=text)


@LOOKS
def test_no_tab_has_a_serious_fault(goods_window: Window) -> None:
    page = goods_window.page
    for tab in TABS:
        page.goto(f"/console/goods?tab={tab}")
        page.locator("main h1").wait_for()
        ui_browser.settle(page)
        assert (tab, serious(goods_window)) == (tab, [])
        assert page.evaluate(NARROW_ENOUGH)


def test_every_kind_of_coupon_is_said_in_words_and_counted(goods_window: Window) -> None:
    page = goods_window.page
    page.goto("/console/goods")
    five = row(page, "Five off")
    expect(five).to_contain_text("5.00 GBP off; valid for 30 days; 40 in all")
    expect(five).to_contain_text("lane shop")
    (count,) = [one for one in asked(page, "/v1/coupons/counts")["items"] if one["definition"] == "welcome"]
    expect(five).to_contain_text(f"{count['stock_left']} of 40")
    expect(five).to_contain_text("£200.00 of £200.00")
    five.get_by_role("link", name=str(count["issued"])).first.click()
    page.wait_for_url("**/console/goods?tab=held&definition=welcome")
    expect(page.locator("main tbody tr.ant-table-row")).to_have_count(count["issued"])
    expect(row(page, "Five off").first).to_contain_text("gift")


def test_codes_are_made_in_the_background_downloaded_and_withdrawn(goods_window: Window, tmp_path: Path) -> None:
    page = goods_window.page
    page.goto("/console/goods?tab=batches")
    page.get_by_role("button", name="Make codes").click()
    dialog = page.get_by_role("dialog", name="Make codes")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.get_by_text("Is needed")).to_be_visible()
    dialog.get_by_label("Batch").fill("Spring leaflet")
    dialog.get_by_label("How many").fill("2500")
    dialog.get_by_label("Begins with").fill("tea")
    dialog.get_by_role("button", name="Start").click()
    progress = page.get_by_role("region", name="Codes of “Spring leaflet”")
    expect(progress).to_contain_text("2,500 of 2,500", timeout=PATIENCE_MS)
    expect(progress).to_contain_text("Done")
    with page.expect_download() as downloading:
        page.locator(".goods-watched").get_by_role("link", name="Download codes").click()
    downloading.value.save_as(tmp_path / "codes.csv")
    lines = list(csv.reader((tmp_path / "codes.csv").read_text("utf-8-sig").splitlines()))
    assert (len(lines), lines[0], {line[1] for line in lines[1:]}) == (2501, ["code", "state"], {"free"})
    expect(row(page, "Spring leaflet")).to_contain_text("TEA + 12")
    page.goto("/console/goods?tab=counter")
    page.get_by_label("Code or coupon id").fill(lines[1][0])
    page.keyboard.press("Enter")
    found = page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("Free code")
    expect(found).to_contain_text("Nobody has taken this code yet")
    page.goto("/console/goods?tab=batches")
    row(page, "Spring leaflet").get_by_role("button", name="Withdraw").click()
    confirming = page.get_by_role("dialog", name="Withdraw the batch “Spring leaflet”?")
    expect(confirming.get_by_role("button", name="Withdraw")).to_be_disabled()
    confirming.get_by_label("Type Spring leaflet to confirm").fill("Spring leaflet")
    confirming.get_by_role("button", name="Withdraw").click()
    expect(row(page, "Spring leaflet")).to_contain_text("Withdrawn")


def test_a_clerk_looks_a_code_up_and_redeems_it_by_keys_alone(goods_window: Window, goods: Shop) -> None:
    page = goods_window.page
    page.goto("/console/goods?tab=counter")
    page.get_by_role("button", name="Look up").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("A code is needed")
    page.get_by_label("Code or coupon id").press_sequentially("tea-week")
    page.keyboard.press("Enter")
    found = page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("Everybody may hold one like it: say whose it is.")
    page.get_by_role("combobox", name="Member").press_sequentially(goods.member)
    page.locator(".ant-select-item-option").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_label("Bill").press_sequentially("10")
    page.keyboard.press("Enter")
    expect(found).to_contain_text("Cannot be used")
    page.get_by_label("Bill").fill("25")
    page.keyboard.press("Enter")
    expect(found).to_contain_text("£3.00 off, £22.00 to pay.")
    found.get_by_role("button", name="Redeem for this bill").press("Enter")
    expect(found).to_contain_text("It was used.")
    expect(page.get_by_role("button", name="Redeem for this bill")).to_have_count(0)
    page.get_by_label("Code or coupon id").fill("no-such-code")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tabpanel").get_by_role("alert")).to_contain_text("There is no coupon with this code.")


def test_the_mall_says_price_and_stock_and_an_order_is_sent(goods_window: Window) -> None:
    page = goods_window.page
    page.goto("/console/goods?tab=mall")
    (cup,) = [one for one in asked(page, "/v1/rewards")["items"] if one["id"] == "cup"]
    expect(row(page, "Porcelain cup")).to_contain_text("50 points + £1.00")
    expect(row(page, "Porcelain cup")).to_contain_text(f"{cup['left']} of 12")
    row(page, "Porcelain cup").get_by_role("link").first.click()
    page.wait_for_url("**/console/goods?tab=orders")
    home = row(page, "home")
    home.get_by_role("button", name="Porcelain cup").press("Enter")
    drawer = page.get_by_role("dialog", name="Porcelain cup")
    drawer.get_by_label("Carrier").fill("SF Express")
    drawer.get_by_label("Tracking").fill("SF123")
    drawer.get_by_role("button", name="Sent").press("Enter")
    expect(drawer.locator(".facts")).to_contain_text("SF Express SF123")
    expect(drawer.get_by_role("button", name="Arrived")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, "home")).to_have_count(0)
    page.get_by_text("Sent (1)", exact=True).click()
    expect(row(page, "home")).to_contain_text("SF Express SF123")


def test_gift_cards_are_made_shown_once_looked_up_and_withdrawn(goods_window: Window, tmp_path: Path) -> None:
    page = goods_window.page
    page.goto("/console/goods?tab=giftCards")
    page.get_by_role("button", name="Make gift cards").press("Enter")
    dialog = page.get_by_role("dialog", name="Make gift cards")
    dialog.get_by_label("Batch").fill("new-year")
    dialog.get_by_label("Amount").fill("1250")
    dialog.get_by_label("How many").fill("3")
    dialog.get_by_label("Last day").fill("2099-12-31")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("£3,750.00 in all.")
    dialog.get_by_role("button", name="Make", exact=True).press("Enter")
    once = page.get_by_role("dialog", name="3 gift cards of £1,250.00 are made")
    codes = once.get_by_label("Codes").input_value().split("\n")
    with page.expect_download() as downloading:
        once.get_by_role("button", name="Download codes").press("Enter")
    downloading.value.save_as(tmp_path / "cards.csv")
    lines = list(csv.reader((tmp_path / "cards.csv").read_text("utf-8-sig").splitlines()))
    assert lines == [["Code", "Amount", "Currency", "Valid to"], *([code, "1250.00", "GBP", "2099-12-31"] for code in codes)]
    once.get_by_role("button", name="I have stored them").press("Enter")
    expect(row(page, "new-year")).to_contain_text("£1,250.00")
    page.get_by_label("Code of a gift card").press_sequentially(codes[0])
    page.keyboard.press("Enter")
    found = page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("Not redeemed")
    found.get_by_role("button", name="Withdraw").press("Enter")
    confirming = page.get_by_role("dialog", name="Withdraw this gift card?")
    confirming.get_by_role("button", name="Withdraw").press("Enter")
    expect(confirming.get_by_role("alert")).to_contain_text("A reason is needed")
    confirming.get_by_label("Reason").fill("Lost by the printer")
    confirming.get_by_role("button", name="Withdraw").press("Enter")
    expect(found).to_contain_text("Withdrawn")
    row(page, "new-year").get_by_role("button", name="new-year", exact=True).press("Enter")
    page.get_by_text("Withdrawn", exact=True).first.click()
    cards = page.locator("main tbody tr.ant-table-row")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text(f"…{codes[0][-4:]}")


def test_benefits_are_reported_with_their_quota_and_cost(goods_window: Window) -> None:
    page = goods_window.page
    page.goto("/console/goods?tab=benefits")
    ui_browser.settle(page)
    delivery = row(page, "Free delivery")
    expect(delivery).to_contain_text("2 times a month")
    expect(delivery).to_contain_text("£6.00")
    page.get_by_role("figure", name="Used by month").get_by_role("button", name="Show as table").click()
    expect(page.get_by_role("region", name="Used by month").get_by_role("row", name="Free delivery")).to_have_count(1)


def test_without_goods_every_tab_says_what_will_be_there(window: Window) -> None:
    page = window.page
    for tab, text in (
        ("coupons", "The programme has no coupons yet."),
        ("held", "No coupon was given out yet."),
        ("batches", "No codes were made yet."),
        ("mall", "The programme has no rewards yet."),
        ("orders", "Nothing to be sent"),
        ("benefits", "The programme has no benefits yet."),
    ):
        page.goto(f"/console/goods?tab={tab}")
        expect(page.get_by_text(text)).to_be_visible()
    page.goto("/console/goods?tab=held&state=used")
    expect(page.get_by_text("No row matches State: Used.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("No coupon was given out yet.")).to_be_visible()


@pytest.mark.parametrize(
    ("tab", "pattern", "status"),
    [
        ("coupons", "**/v1/coupons/definitions", 500),
        ("held", "**/v1/coupons?*", 403),
        ("batches", "**/v1/coupon-batches?*", 500),
        ("mall", "**/v1/rewards", 403),
        ("orders", "**/v1/reward-orders?*", 500),
        ("giftCards", "**/v1/gift-cards", 500),
        ("benefits", "**/v1/benefits/report?*", 403),
    ],
)
def test_a_tab_says_that_it_was_refused_is_away_or_takes_long(window: Window, tab: str, pattern: str, status: int) -> None:
    page = window.page
    refuse = refusing(status, "http.failed", "It did not work.")
    page.route(pattern, refuse)
    page.goto(f"/console/goods?tab={tab}")
    expect(page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(page.get_by_text("Request req-7")).to_be_visible()
    page.unroute(pattern, refuse)
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("It did not work.")).to_have_count(0)
    page.route(pattern, lambda route: route.abort("connectionrefused"))
    page.reload()
    expect(page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)
    page.unroute(pattern)
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    page.reload()
    expect(page.locator("main [aria-busy=true]").first).to_be_visible()
    expect(page.get_by_role("heading", name="Coupons & mall", level=1)).to_be_visible()


@pytest.mark.parametrize("look", [Look(language="en", width=390)], indirect=True)
def test_long_texts_do_not_break_the_page(window: Window) -> None:
    window.page.route("**/v1/coupons?*", rows(HELD))
    window.page.goto("/console/goods?tab=held")
    expect(window.page.get_by_text("does not lapse")).to_be_visible()
    assert window.page.evaluate(NARROW_ENOUGH)
