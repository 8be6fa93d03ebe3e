"""The ladder edited without a mouse: the document follows, who moves is previewed, the version published, everybody re-assessed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web import working
from tests.web.conftest import Window
from tests.web.test_accessibility import ALWAYS, serious
from tests.web.test_keyboard_programme import reach
from tests.web.working import Shop
from tools import ui_browser
from tools.ui_browser import Look

PATIENCE_MS = 90_000
FAR = 200
BENEFIT = """benefits:
  - {id: tea, label: {en: Tea, zh: 茶}, kind: custom, tiers: [silver, gold], quota: {times: 1, per: day}, unit_cost: 400}
"""


@pytest.fixture(scope="module")
def shop(server: str, browser: Browser) -> Iterator[Shop]:
    with working.opened(server, browser) as opened:
        yield opened


@pytest.fixture
def window(browser: Browser, shop: Shop, look: Look) -> Iterator[Window]:
    one = Window(browser, shop.base, look, shop.cookies)
    yield one
    one.close()


def press(page: Page, wanted: Locator) -> None:
    """Reached by Tab and pressed."""
    reach(page, wanted, most=FAR)
    page.keyboard.press("Enter")


def typed(page: Page, wanted: Locator, text: str) -> None:
    """Reached by Tab, and what stood there replaced."""
    reach(page, wanted, most=FAR)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def level(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def saved_and_published(page: Page) -> None:
    note = page.get_by_label("What is it about?")
    note.fill("a steeper table")
    note.press("Enter")
    expect(page.get_by_text("a draft. Nothing has changed for members yet.")).to_be_visible()
    page.get_by_role("button", name="Publish…").press("Enter")
    page.get_by_role("button", name="Publish now").press("Enter")


def test_a_threshold_is_changed_previewed_published_and_applied_by_keys(window: Window) -> None:
    page = window.page
    page.goto("/console/programme")
    page.get_by_role("tab", name="Tiers").focus()
    page.keyboard.press("Enter")
    begins = level(page, "Silver").get_by_label("From")
    typed(page, begins, "1600")
    expect(level(page, "Gold").get_by_role("alert")).to_contain_text("more than 1600, where silver begins")
    expect(page.get_by_role("button", name="Preview who moves")).to_be_disabled()
    typed(page, begins, "700")
    expect(page.get_by_text("The document is valid")).to_be_visible()
    press(page, page.get_by_role("button", name="Preview who moves"))
    down = page.get_by_role("button", name=re.compile(r"members go down from Silver to Member$"))
    expect(down).to_be_visible(timeout=PATIENCE_MS)
    moving = re.match(r"[\d,]+", down.get_attribute("aria-label") or "")
    assert moving
    press(page, down)
    behind = page.get_by_role("region", name="From Silver to Member")
    expect(behind.get_by_role("link").first).to_have_attribute("href", re.compile(r"/members/mbr_"))
    expect(behind).to_contain_text(f"20 of {moving[0]} members")
    again = page.get_by_role("button", name="Re-assess now")
    expect(again).to_be_disabled()
    saved_and_published(page)
    expect(again).to_be_enabled()
    again.press("Enter")
    typed(page, page.get_by_label("Why? (for the audit log)"), "the table is steeper")
    press(page, page.get_by_role("dialog").get_by_role("button", name="Re-assess"))
    runs = page.get_by_role("region", name="Re-assessment", exact=True)
    expect(runs.get_by_text(re.compile(r"members moved\."))).to_be_visible(timeout=PATIENCE_MS)
    expect(runs.get_by_role("listitem").filter(has_text="Silver → Member")).to_contain_text(moving[0])
    page.reload()
    expect(runs.get_by_text("the table is steeper")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Members were re-assessed since")).to_be_visible()
    expect(again).to_be_disabled()
    page.get_by_role("tab", name="Document").press("Enter")
    document = page.get_by_label("Programme document (YAML)").input_value()
    assert document.startswith("# The demo's programme")
    assert "- {id: silver, from: 700, label: {en: Silver, zh: 银卡}}" in document


def test_a_new_level_wants_its_names_and_a_benefit_its_levels(window: Window) -> None:
    page = window.page
    page.goto("/console/programme?tab=tiers")
    level(page, "Gold").wait_for()
    page.evaluate(
        """async (benefit) => {
             const version = await (await fetch("/v1/programme")).json();
             sessionStorage.setItem(
               "regulars.programme.draft", JSON.stringify({ text: version.document + benefit, base: version.version }));
           }""",
        BENEFIT,
    )
    page.reload()
    page.get_by_role("button", name="Add a level above Gold").press("Enter")
    fresh = level(page, "New level")
    expect(fresh.get_by_role("alert")).to_have_count(2)
    expect(page.get_by_role("button", name="Save as a draft")).to_be_disabled()
    fresh.get_by_label("Name in Chinese").fill("黑金卡")
    # The group is called by its English name as soon as it has one.
    fresh.get_by_label("Name in English").fill("Black")
    expect(page.get_by_text("The document is valid")).to_be_visible()
    page.get_by_role("checkbox", name="Gold has Tea").press("Space")
    page.get_by_role("checkbox", name="Black has Tea").press("Space")
    page.get_by_role("tab", name="Document").press("Enter")
    document = page.get_by_label("Programme document (YAML)").input_value()
    assert "- {id: level-1, from: 3250, label: {en: Black, zh: 黑金卡}}" in document
    assert "tiers: [silver, level-1], quota:" in document


@pytest.mark.parametrize("look", [pytest.param(look, id=look.name) for look in ALWAYS], indirect=True)
def test_the_editor_and_its_preview_have_no_serious_fault_and_fit(window: Window, look: Look) -> None:
    page = window.page
    page.goto("/console/programme?tab=tiers")
    page.get_by_role("button", name="Preview who moves" if look.language == "en" else "预览谁会变动").click()
    cell = page.locator(".tiers-moves td button").first
    cell.wait_for(timeout=PATIENCE_MS)
    cell.click()
    page.locator(".tiers-members").wait_for()
    ui_browser.settle(page)
    assert serious(window) == []
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert fits
