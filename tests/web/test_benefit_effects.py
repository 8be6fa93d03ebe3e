"""What benefits did, on the console: every number is the API's, its sentence says what it means, and where it is not causal it says so."""

import csv
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.web import reward_server
from tests.web.answers import refusing
from tests.web.conftest import Window
from tests.web.reward_server import Shop
from tests.web.test_accessibility import LOOKS, serious
from tools import ui_browser
from tools.ui_browser import Look

TAB = "/console/goods?tab=benefits"
REPORT = "**/v1/reports/benefits?*"
SAYS = {
    ("trial", "more"): "Members with it come back more often. The lot decided who has it",
    ("trial", "less"): "Members with it come back less often. The lot decided who has it",
    ("trial", "unclear"): "The interval holds zero: that it brings members back, or keeps them away, is not shown.",
    ("users", "more"): "That need not be the benefit's doing: who uses benefits often buys more anyway.",
    ("users", "less"): "That need not be the benefit's doing: nobody was held out from it by lot.",
    ("users", "unclear"): "The interval holds zero: users do not demonstrably come back more or less often than others.",
}


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


def opened(window: Window, address: str = TAB) -> tuple[Page, dict[str, Any]]:
    """The screen, and what the API answered to it."""
    with window.page.expect_response(REPORT) as coming:
        window.page.goto(address)
    ui_browser.settle(window.page)
    return window.page, coming.value.json()


def card(page: Page, benefit: str) -> Locator:
    """What is said of one benefit."""
    return page.locator(f".goods-effect[data-benefit={benefit}]")


def tenths(basis_points: int, *, signed: bool = False) -> str:
    """Basis points in hundredths with one decimal, as the screen writes shares and differences."""
    value = (Decimal(basis_points) / 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{value:+}" if signed and value else f"{value or abs(value)}"


@LOOKS
def test_the_screen_has_no_serious_fault(desk: Window) -> None:
    page, _ = opened(desk)
    page.locator(".goods-meanings summary").click()
    assert serious(desk) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_number_is_that_of_the_api_and_its_meaning_is_said(desk: Window) -> None:
    page, answer = opened(desk)
    assert [(one["benefit"], one["effect"]["basis"]) for one in answer["items"]] == [("delivery", "trial"), ("tasting", "users")]
    for one in answer["items"]:
        effect, shown = one["effect"], card(page, one["benefit"])
        granted = "no limit" if one["granted"] is None else f"{one['granted']:,} a month"
        money = f"£{Decimal(one['cost']) / 100:,.2f}"
        expect(shown.locator("dd")).to_have_text([f"{one['eligible']:,}", granted, f"{one['used']:,}", f"{one['users']:,}", money])
        for side in ("having", "lacking"):
            share = effect[side]
            expect(shown).to_contain_text(f"{tenths(share['rate_bp'])}%")
            expect(shown).to_contain_text(f"{share['n']:,} of {share['denominator']:,}.")
        bounds = [tenths(effect[name], signed=True) for name in ("difference_bp", "low_bp", "high_bp")]
        expect(shown).to_contain_text("{} percentage points (95 %: {} to {}).".format(*bounds))
        way = "more" if effect["low_bp"] > 0 else "less" if effect["high_bp"] < 0 else "unclear"
        expect(shown).to_contain_text(SAYS[effect["basis"], way])
        expect(shown.locator(".tag")).to_have_text("Against the control group" if effect["causal"] else "Not causal")
        few = shown.get_by_text("on the smaller side: the difference says little yet.")
        expect(few).to_have_count(1 if effect["small"] else 0)
    expect(card(page, "tasting")).to_contain_text("make it an incentive in the programme and keep a control group.")
    page.locator(".goods-meanings summary").press("Enter")
    expect(page.locator(".goods-meanings")).to_contain_text(answer["definitions"]["trial"]["en"])


def test_the_intervals_are_drawn_and_can_be_read_as_a_table(desk: Window) -> None:
    page, answer = opened(desk)
    chart = page.get_by_role("figure", name="Ordered again within 60 days, with 95 % interval")
    expect(chart.locator("canvas")).to_be_visible()
    chart.get_by_role("button", name="Show as table").press("Enter")
    rows = chart.locator("tbody tr")
    for place, one in enumerate(answer["items"]):
        having, effect = one["effect"]["having"], one["effect"]
        cells = rows.nth(place).locator("td")
        expect(cells.nth(0)).to_have_text(f"{tenths(having['rate_bp'])}% ({having['n']:,} of {having['denominator']:,})")
        expect(cells.nth(1)).to_have_text(f"{tenths(having['low_bp'])}% – {tenths(having['high_bp'])}%")
        bounds = [tenths(effect[name], signed=True) for name in ("difference_bp", "low_bp", "high_bp")]
        expect(cells.nth(4)).to_have_text("{} ({} – {})".format(*bounds))


def test_another_time_to_come_back_is_chosen_by_keys_and_stays_in_the_address(desk: Window) -> None:
    page, _ = opened(desk)
    page.get_by_role("radiogroup", name="Ordered again within").get_by_role("radio", name="60 days").focus()
    with page.expect_response(REPORT) as coming:
        page.keyboard.press("ArrowRight")
    having = coming.value.json()["items"][1]["effect"]["having"]
    expect(card(page, "tasting")).to_contain_text(f"within 90 days: {having['n']:,} of {having['denominator']:,}.")
    assert page.url.endswith("tab=benefits&within=90")
    page.reload()
    expect(card(page, "tasting")).to_contain_text("within 90 days")


@pytest.mark.parametrize("look", [Look(language="zh-CN")], ids=["zh-CN"], indirect=True)
def test_it_speaks_chinese_and_comes_as_a_table_in_chinese(desk: Window, tmp_path: Path) -> None:
    page, answer = opened(desk)
    expect(page.get_by_role("heading", name="权益效果")).to_be_visible()
    expect(card(page, "tasting").locator(".tag")).to_have_text("非因果")
    page.get_by_role("button", name="导出").press("Enter")
    item = page.get_by_role("menuitem", name="CSV")
    expect(item).to_be_visible()
    with page.expect_download() as coming:
        item.press("Enter")
    assert coming.value.suggested_filename == "regulars-benefits.csv"
    coming.value.save_as(tmp_path / "benefits.csv")
    heading, *rows = csv.reader((tmp_path / "benefits.csv").read_text("utf-8-sig").splitlines())
    assert heading[:2] == ["权益", "编号"]
    assert [row[:3] for row in rows] == [[one["label"]["zh"], one["benefit"], str(one["eligible"])] for one in answer["items"]]


def test_days_of_which_nothing_can_be_told_yet_say_so(desk: Window) -> None:
    page, answer = opened(desk, f"{TAB}&from=2019-01-01&to=2019-01-31")
    assert [one["effect"]["difference_bp"] for one in answer["items"]] == [None, None]
    for one in answer["items"]:
        expect(card(page, one["benefit"])).to_contain_text("There is no difference to tell yet: one side counts nobody.")
    expect(page.get_by_role("figure", name="Ordered again")).to_have_count(0)
    expect(page.get_by_text("Nothing was used in these days.")).to_be_visible()


def test_refused_or_late_the_effect_leaves_the_rest_of_the_screen(desk: Window) -> None:
    page, refuse = desk.page, refusing(403, "auth.forbidden", "You may not.")
    page.route(REPORT, refuse)
    page.goto(TAB)
    effects = page.get_by_role("region", name="What benefits did")
    expect(effects.get_by_role("alert")).to_contain_text("You may not.")
    expect(page.get_by_role("region", name="Benefits", exact=True)).to_contain_text("Tea tasting")
    page.unroute(REPORT, refuse)
    effects.get_by_role("button", name="Try again").click()
    expect(card(page, "tasting")).to_be_visible()
    held: list[Route] = []
    page.route(REPORT, lambda route: held.append(route))  # noqa: PLW0108 - Playwright cannot mark a built-in
    page.reload()
    expect(effects.locator("[aria-busy=true]")).to_be_visible()


def test_who_may_not_read_reports_and_a_programme_without_benefits_are_asked_nothing(desk: Window, window: Window) -> None:
    asked: list[str] = []
    for page in (desk.page, window.page):
        page.on("request", lambda request: asked.append(request.url))
    desk.page.route(
        "**/v1/session",
        lambda route: route.fulfill(json={**route.fetch().json(), "permissions": ["benefits.read", "coupons.read", "programme.read"]}),
    )
    desk.page.goto(TAB)
    expect(desk.page.get_by_role("region", name="Benefits", exact=True)).to_contain_text("Tea tasting")
    window.page.goto(TAB)
    expect(window.page.get_by_text("The programme has no benefits yet.")).to_be_visible()
    for page in (desk.page, window.page):
        ui_browser.settle(page)
        expect(page.get_by_role("heading", name="What benefits did")).to_have_count(0)
    assert [url for url in asked if "/v1/reports/benefits" in url] == []
