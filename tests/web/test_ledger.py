"""The ledger of all members in a browser: filtered, explained, taken away as a file; what is owed and when it lapses; unusual answers."""

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.answers import refusing
from tests.web.conftest import Window
from tests.web.goods_server import Shop
from tests.web.test_accessibility import LOOKS, serious
from tools import ui_browser

NARROW_ENOUGH = "document.documentElement.scrollWidth <= window.innerWidth"


def asked(page: Page, path: str) -> Any:
    """What the API answers to whoever is signed in here."""
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path)


@LOOKS
def test_neither_tab_has_a_serious_fault(goods_window: Window) -> None:
    page = goods_window.page
    for address in ("ledger?unit=points", "ledger?tab=liability", "ledger?tab=liability&unit=purse"):
        page.goto(f"/console/{address}")
        page.locator("main h1").wait_for()
        ui_browser.settle(page)
        assert (address, serious(goods_window)) == (address, [])
        assert page.evaluate(NARROW_ENOUGH)


def test_entries_have_a_sign_a_reason_and_a_member(goods_window: Window, goods: Shop) -> None:
    page = goods_window.page
    page.goto(f"/console/ledger?kind=spend&unit=points&member={goods.member}&reason=two")
    row = page.locator("main tbody tr.ant-table-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Redeemed")
    expect(row).to_contain_text("-100")
    row.get_by_role("button", name="Redeemed 100 points (Tea for two)").press("Enter")
    expect(page.get_by_role("tooltip")).to_contain_text("redeem")
    page.keyboard.press("Escape")
    assert (row.get_by_role("link").get_attribute("href") or "").endswith(f"/members/{goods.member}?tab=ledger")
    page.goto("/console/ledger?kind=grant&unit=purse")
    expect(page.get_by_text("+£50.00")).to_be_visible()
    expect(page.get_by_text("+£5.00")).to_be_visible()


def test_filters_stand_in_the_address_and_in_the_file(goods_window: Window, goods: Shop, tmp_path: Path) -> None:
    page = goods_window.page
    page.goto(f"/console/ledger?member={goods.member}&kind=spend")
    page.locator("main tbody tr.ant-table-row").first.wait_for()
    spent = asked(page, f"/v1/ledger?member={goods.member}&kind=spend&limit=200")["items"]
    expect(page.locator("main tbody tr.ant-table-row")).to_have_count(len(spent))
    page.get_by_role("button", name="Export").press("Enter")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV (opens in Excel)").click()
    downloading.value.save_as(tmp_path / "ledger.csv")
    lines = list(csv.reader((tmp_path / "ledger.csv").read_text("utf-8-sig").splitlines()))
    assert [int(line[5]) for line in lines[1:]] == [one["change"] for one in spent]
    assert all(one["change"] < 0 for one in spent)
    page.goto("/console/ledger?member=nobody-of-this-id")
    expect(page.get_by_text("No row matches Member: nobody-of-this-id.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_url("**/console/ledger")
    page.locator("main tbody tr.ant-table-row").first.wait_for()
    page.get_by_role("button", name="Next page").click()
    page.wait_for_url("**/console/ledger?page=*")
    expect(page.locator("main tbody tr.ant-table-row")).to_have_count(50)


def test_what_is_owed_is_what_balances_come_to(goods_window: Window) -> None:
    page = goods_window.page
    page.goto("/console/ledger?tab=liability")
    page.locator(".ledger-main").wait_for()
    units = {one["unit"]: one for one in asked(page, "/v1/ledger/totals")["items"]}
    points, purse = units["points"], units["purse"]
    expect(page.locator(".ledger-main")).to_contain_text(f"{points['outstanding']:,}")
    expect(page.locator(".ledger-main")).to_contain_text(f"Worth £{points['outstanding'] // 100:,}.00")
    page.get_by_role("figure", name="Liability by month of expiry").get_by_role("button", name="Show as table").click()
    due = [one for one in asked(page, "/v1/insights/points")["due"] if one["unit"] == "points"]
    cells = page.get_by_role("region", name="Liability by month of expiry").locator("tbody tr")
    expect(cells.first).to_contain_text(f"{due[0]['amount']:,}")
    page.get_by_text("What these numbers count").click()
    expect(page.get_by_text("Points granted in the window.")).to_be_visible()
    page.get_by_text("stored value", exact=True).click()
    expect(page.locator(".ledger-main")).to_contain_text(f"£{purse['outstanding'] / 100:,.2f}")
    page.wait_for_url("**unit=purse")


@pytest.mark.parametrize(
    ("address", "pattern", "status"),
    [
        ("ledger", "**/v1/ledger?*", 500),
        ("ledger?tab=liability", "**/v1/ledger/totals", 403),
        ("ledger?tab=liability", "**/v1/insights/points", 500),
    ],
)
def test_a_tab_says_that_it_was_refused_is_away_or_takes_long(window: Window, address: str, pattern: str, status: int) -> None:
    page = window.page
    refuse = refusing(status, "http.failed", "It did not work.")
    page.route(pattern, refuse)
    page.goto(f"/console/{address}")
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
    expect(page.get_by_role("heading", name="Ledger & liability", level=1)).to_be_visible()


def test_a_ledger_without_entries_says_what_will_be_there(window: Window) -> None:
    window.page.route("**/v1/ledger?*", lambda route: route.fulfill(json={"items": [], "next": None}))
    window.page.goto("/console/ledger")
    expect(window.page.get_by_text("Nothing was recorded yet.")).to_be_visible()


def test_the_ledger_is_proved_from_the_screen(goods_window: Window) -> None:
    page = goods_window.page
    page.goto("/console/ledger?tab=liability")
    proof = page.get_by_role("region", name="Proof")
    proof.get_by_role("button", name="Verify now").press("Enter")
    expect(proof).to_contain_text("Everything agrees", timeout=120_000)
    done = asked(page, "/v1/ledger/verification")["done"]
    assert (done["total"], done["disagreements"]) == (done["decisions"], 0)
    expect(proof).to_contain_text(f"{done['decisions']:,}")
    proof.get_by_role("link", name=f"Job {done['job']}").press("Enter")
    page.wait_for_url(f"**/console/jobs/{done['job']}")
    expect(page.locator("main h1")).to_contain_text("Proof of the ledger")
