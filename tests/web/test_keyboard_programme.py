"""Without a mouse: a document is changed, saved as a draft and published, after what changes was shown; and an order is tried."""

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Window

_OLD, _NEW = "50 points for the second order", "60 points for the second order"


def reach(page: Page, wanted: Locator, *, most: int = 60) -> None:
    """The focus is on ``wanted``, by Tab alone."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def write(page: Page, *, old: str, new: str) -> None:
    """The document with ``new`` in the place of ``old``, typed into the editor."""
    editor = page.get_by_label("Programme document (YAML)")
    editor.focus()
    at = editor.evaluate("(area, old) => area.value.indexOf(old)", old)
    editor.evaluate("(area, [from, to]) => area.setSelectionRange(from, to)", [at, at + len(old)])
    page.keyboard.insert_text(new)


def test_a_draft_is_written_saved_and_published_by_keys(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.locator("main h1").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Programme", level=1)).to_be_visible()
    page.get_by_role("tab", name="In words").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The document is valid", exact=True)).to_be_visible()
    write(page, old=_OLD, new=_NEW)
    write(page, old="fixed: 50", new="fixed: 60")
    expect(page.locator("aside .loyalty-after")).to_contain_text("60 points an order")
    page.get_by_label("Programme document (YAML)").focus()
    reach(page, page.get_by_label("What is it about?"))
    page.keyboard.type("ten more")
    page.keyboard.press("Enter")
    expect(page.get_by_text("a draft. Nothing has changed for members yet.")).to_be_visible()
    reach(page, page.get_by_role("button", name="Publish…"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".loyalty-before")).to_contain_text("50 points an order")
    expect(dialog.locator(".loyalty-after")).to_contain_text("60 points an order")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Publish…")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Publish now"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("is in force.", exact=False).last).to_be_visible()
    expect(page.locator(".page-lead")).to_contain_text("version 2")


def test_leaving_with_unsaved_changes_is_asked_about(window: Window) -> None:
    page = window.page
    page.goto("/console/programme?tab=document")
    expect(page.get_by_text("The document is valid", exact=True)).to_be_visible()
    write(page, old="format: 1", new="format: 1 # kept")
    expect(page.get_by_text("Unsaved changes to version", exact=False)).to_be_visible()
    link = page.get_by_role("navigation", name="Navigation").get_by_role("link", name="Members")
    link.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Leave without saving?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="Programme", level=1)).to_be_visible()
    link.press("Enter")
    page.get_by_role("button", name="Discard and leave").press("Enter")
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()


def test_a_fault_leads_to_its_line(window: Window) -> None:
    page = window.page
    page.goto("/console/programme?tab=document")
    expect(page.get_by_text("The document is valid", exact=True)).to_be_visible()
    write(page, old="unit: growth\n  keep", new="unit: nothing\n  keep")
    fault = page.get_by_role("button", name="ladder.unit")
    fault.press("Enter")
    editor = page.get_by_label("Programme document (YAML)")
    expect(editor).to_be_focused()
    selected = editor.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert selected == "  unit: nothing"
    page.get_by_role("button", name="Discard changes").press("Enter")
    expect(page.get_by_text("The document is valid", exact=True)).to_be_visible()


def test_an_order_is_tried_by_keys_and_stands_in_the_address(window: Window) -> None:
    page = window.page
    page.goto("/console/try-order")
    product = page.get_by_label("Product")
    product.focus()
    page.keyboard.type("85048")
    page.keyboard.press("Tab")
    page.keyboard.type("christmas")
    reach(page, page.get_by_label("Amount (GBP)"))
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    traces = page.locator(".loyalty-traces > li")
    expect(traces.filter(has_text="Double points on Christmas lines")).to_contain_text("10 points")
    expect(traces.filter(has_text="Gold and Platinum")).to_contain_text("Not met")
    expect(page.locator(".loyalty-earned")).to_contain_text("+10")
    page.reload()
    expect(traces.filter(has_text="Double points on Christmas lines")).to_contain_text("10 points")
    expect(page.get_by_label("Product")).to_have_value("85048")
