"""Rules edited as sentences: the document changes where the sentence did, a fault stands at its rule, a try shows the change."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from regulars.domains.loyalty import attributes
from tests.web import working
from tests.web.conftest import Window
from tests.web.test_accessibility import LOOKS, serious
from tests.web.test_keyboard_programme import reach
from tests.web.working import Shop
from tools import ui_browser, ui_node
from tools.ui_browser import Look

KINDS = ui_node.WEB / "console/src/domains/loyalty/sentences/attributes.ts"
FAR = 200
GOODS = """# what is given
coupon_lanes:
  - {id: shop}
coupons:
  # for newcomers
  - id: welcome
    label: {en: Five off, zh: 五镑券}
    cash: {face: 500} # in pence
    lane: shop
    validity: {days: 30}
    stores: [london]
    claim: {limit: {times: 1, per: lifetime}}
  - {id: steps, label: {en: Steps, zh: 满减}, spend_off: {steps: [{from: 5000, less: 500}, {from: 9000, less: 1200}]}, lane: shop}
benefits:
  - {id: tea, label: {en: Tea, zh: 茶}, kind: custom, tiers: [silver, gold], quota: {times: 1, per: day}, unit_cost: 400}
  - {id: price, label: {en: A tenth, zh: 九折}, kind: exclusive_price, discount_bp: 1000}
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


def card(page: Page, name: str) -> Locator:
    """The rule of this name."""
    return page.locator(".sentences-item").filter(has=page.get_by_role("heading", name=name, exact=True))


def in_force(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("async () => (await fetch('/v1/programme')).json()")
    return found


def unsaved(page: Page) -> str:
    """The unsaved document of this tab."""
    kept: str = page.evaluate("JSON.parse(sessionStorage.getItem('regulars.programme.draft')).text")
    return kept


def begin(page: Page, *, part: str = "", change: tuple[str, str] = ("", ""), more: str = "") -> str:
    """The sentences of what is in force, changed as text before; the text itself."""
    page.goto("/console/programme?tab=rules")
    page.locator(".sentences-item").first.wait_for()
    now = in_force(page)
    text: str = now["document"].replace(*change) + more if change[0] else now["document"] + more
    if text != now["document"]:
        kept = json.dumps({"text": text, "base": now["version"]})
        page.evaluate("kept => sessionStorage.setItem('regulars.programme.draft', kept)", kept)
    page.goto(f"/console/programme?tab=rules{part and f'&part={part}'}")
    page.locator(".sentences-item").first.wait_for()
    return text


def test_conditions_can_ask_for_what_the_server_knows() -> None:
    known = dict(re.findall(r'^  "([a-z._]+)": "(\w+)",$', KINDS.read_text("utf-8"), re.MULTILINE))
    assert known == {one.name: one.type.value for one in (*attributes.ATTRIBUTES, *attributes.ACT_ATTRIBUTES)}


def test_a_number_changes_in_its_place_and_is_tried_published_and_felt(window: Window) -> None:
    page = window.page
    before = begin(page)
    rule = card(page, "1 point per pound")
    page.get_by_text("Try an order with these sentences").click()
    page.get_by_label("Product").fill("85048")
    page.get_by_label("Amount (GBP)").fill("10")
    page.get_by_role("button", name="Try it").click()
    earned = page.locator(".loyalty-earned")
    expect(earned).to_contain_text("+10")
    rule.get_by_label("How many", exact=True).fill("3")
    expect(rule.get_by_text("Does it still fit?")).to_be_visible()
    expect(page.get_by_text("The document is valid")).to_be_visible()
    expect(earned).to_contain_text("+30")
    base = (
        "- id: base\n    label: {en: 1 point per pound, zh: 每消费 1 英镑得 1 积分}\n    unit: points\n    per_amount: {every: 100, give: "
    )
    assert before.count(f"{base}1,") == 1
    assert unsaved(page) == before.replace(f"{base}1,", f"{base}3,")
    page.get_by_role("tab", name="Check-up").click()
    expect(page.get_by_role("region", name="Simplicity")).to_be_visible()
    page.get_by_role("tab", name="Rules").click()
    note = page.get_by_label("What is it about?")
    note.fill("three for one")
    note.press("Enter")
    expect(page.get_by_text("a draft. Nothing has changed for members yet.")).to_be_visible()
    page.get_by_role("button", name="Publish…").click()
    expect(page.get_by_role("dialog").locator(".loyalty-after")).to_contain_text("3 points for every")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".page-lead")).to_contain_text("version 2")
    page.goto("/console/try-order?version=2")
    page.get_by_label("Product").fill("85048")
    page.get_by_label("Amount (GBP)").fill("10")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".loyalty-traces > li").filter(has_text="1 point per pound")).to_contain_text("30 points")


def test_parts_are_added_and_taken_away_by_keys(window: Window) -> None:
    page = window.page
    before = begin(page)
    rule = card(page, "50 points for the second order")
    rule.get_by_role("button", name="Duplicate 50 points").focus()
    reach(page, rule.get_by_role("button", name="Limit for a member"), most=FAR)
    page.keyboard.press("Enter")
    expect(rule.get_by_label("At most", exact=True)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("70")
    page.keyboard.press("Tab")
    expect(rule.get_by_label("Period of the limit")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("The document is valid")).to_be_visible()
    limited = before.replace("    incentive: true\n", "    incentive: true\n    cap: {per: month, amount: 70}\n")
    assert unsaved(page) == limited
    reach(page, rule.get_by_role("button", name="And another condition"), most=FAR)
    page.keyboard.press("Enter")
    expect(rule.get_by_label("What is looked at").nth(1)).to_be_focused()
    page.keyboard.type("Category")
    reach(page, rule.get_by_label("Value", exact=True).nth(1), most=FAR)
    page.keyboard.type("christmas")
    one = '{field: member.orders, operator: "=", value: 1}'
    both = f'{one}, {{field: line.category, operator: "=", value: christmas}}'
    assert unsaved(page) == limited.replace(one, both)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(rule.get_by_role("button", name="And another condition")).to_be_focused()
    assert unsaved(page) == limited
    reach(page, rule.get_by_role("button", name="Take the limit out"), most=FAR)
    page.keyboard.press("Enter")
    expect(rule.get_by_role("button", name="Limit for a member")).to_be_focused()
    # It is what is in force again, to the letter: nothing is unsaved.
    expect(page.get_by_text("Unsaved changes to version")).to_have_count(0)


def test_rules_are_moved_duplicated_removed_and_brought_back_by_keys(window: Window) -> None:
    page = window.page
    begin(page)
    names = page.locator(".sentences-item h3")
    first, second = names.nth(0).inner_text(), names.nth(1).inner_text()
    down = page.get_by_role("button", name=f"Move {first} down")
    down.focus()
    page.keyboard.press("Enter")
    expect(names.nth(1)).to_have_text(first)
    expect(down).to_be_focused()
    page.get_by_role("button", name=f"Move {first} up").press("Enter")
    expect(names.nth(0)).to_have_text(first)
    expect(down).to_be_focused()
    expect(page.get_by_text(f"{first} now stands at place 1 of 6.")).to_be_visible()
    page.get_by_role("button", name=f"Duplicate {second}").press("Enter")
    expect(page.get_by_label("Name in Chinese")).to_be_focused()
    expect(page.get_by_label("Id in the document")).to_have_value("growth-2")
    page.get_by_label("Name in English").fill("More growth")
    page.get_by_label("Name in Chinese").fill("更多成长值")
    expect(page.get_by_text("The document is valid")).to_be_visible()
    page.get_by_role("button", name="Remove More growth").press("Enter")
    expect(names).to_have_count(6)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(names.nth(2)).to_have_text("More growth")
    kept = unsaved(page)
    assert kept.startswith("# The demo's programme")
    assert (
        "  - id: growth-2\n    label: {en: More growth, zh: 更多成长值}\n    unit: growth\n    per_amount: {every: 100, give: 1, " in kept
    )


def test_a_fault_stands_at_its_rule_and_leads_to_its_value(window: Window) -> None:
    page = window.page
    begin(page)
    rule = card(page, "Weekend: 10 points, 20 a month at most")
    many = rule.get_by_label("How many", exact=True)
    many.fill("ten")
    fault = rule.get_by_role("alert")
    expect(fault).to_contain_text("fixed")
    expect(many).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".sentences-item [role=alert]")).to_have_count(1)
    expect(page.get_by_role("button", name="Save as a draft")).to_be_disabled()
    fault.get_by_role("button", name="fixed").press("Enter")
    expect(many).to_be_focused()
    many.fill("1,200")
    expect(fault).to_have_count(0)
    expect(page.get_by_text("The document is valid")).to_be_visible()
    assert "    fixed: 1200\n" in unsaved(page)
    page.get_by_role("button", name="A multiplier").press("Enter")
    fresh = page.locator(".sentences-item").last
    expect(fresh.get_by_role("alert")).to_contain_text("label.en")


def test_what_has_no_sentence_is_shown_as_it_is_written_and_edited_as_text(window: Window) -> None:
    page = window.page
    begin(page, change=("    fixed: 50\n", "    fixed: 50\n    multiply: {factor_bp: 20000}\n"))
    rule = card(page, "50 points for the second order")
    expect(rule.locator("pre")).to_contain_text("factor_bp: 20000")
    expect(rule.get_by_role("alert")).to_contain_text("exactly one of per_amount, fixed, multiply")
    rule.get_by_role("link", name="Edit as text").press("Enter")
    editor = page.get_by_label("Programme document (YAML)")
    expect(editor).to_be_focused()
    assert editor.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == "  - id: second-order"
    assert editor.evaluate("area => area.scrollTop") > 0


def test_coupons_and_benefits_are_sentences_too(window: Window) -> None:
    page = window.page
    before = begin(page, part="coupons", more=GOODS)
    coupon = card(page, "Five off")
    expect(coupon.get_by_text("stores: [london]")).to_be_visible()
    coupon.get_by_label("Worth", exact=True).fill("7.50")
    coupon.get_by_label("Days", exact=True).fill("45")
    coupon.get_by_role("button", name="Spend at least").click()
    coupon.get_by_label("Spend at least", exact=True).fill("20")
    after = before.replace("face: 500", "face: 750").replace("{days: 30}", "{days: 45}")
    after = after.replace("per: lifetime}}\n", "per: lifetime}}\n    min_spend: 2000\n")
    assert unsaved(page) == after
    page.get_by_text("Benefits", exact=True).click()
    tea = card(page, "Tea")
    tea.get_by_label("Platinum", exact=True).check()
    tea.get_by_label("What a use costs", exact=True).fill("3")
    assert unsaved(page) == after.replace("tiers: [silver, gold]", "tiers: [silver, gold, platinum]").replace(
        "unit_cost: 400", "unit_cost: 300"
    )
    price = card(page, "A tenth")
    price.get_by_label("What it is", exact=True).select_option("free delivery")
    price.get_by_role("button", name="Freight at most").click()
    assert "kind: free_delivery, max_freight: 1000}" in unsaved(page)
    expect(page.get_by_text("The document is valid")).to_be_visible()


@LOOKS
def test_the_sentences_have_no_serious_fault_and_fit(window: Window, look: Look) -> None:
    page = window.page
    begin(page, change=("    fixed: 10\n", "    fixed: ten\n"), more=GOODS)
    parts = ("Earning", "Benefits", "Coupons") if look.language == "en" else ("获得规则", "权益", "优惠券")
    for part in parts:
        page.locator(".sentences .ant-segmented").get_by_text(part, exact=True).click()
        ui_browser.settle(page)
        assert serious(window) == []
        fits: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert fits
