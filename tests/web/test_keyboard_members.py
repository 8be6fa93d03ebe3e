"""Without a mouse: from the list to a member, through the tabs, points adjusted, a second person asked, details revealed."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import Window


def open_member(page: Page, filters: str = "?has_orders=true") -> None:
    """The first member of a list, by keys alone."""
    page.goto(f"/console/members{filters}")
    page.locator("main tbody a").first.wait_for()
    page.keyboard.press("j")
    expect(page.locator("main tbody a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Timeline").wait_for()


def points(page: Page) -> int:
    """What the member can spend, as the card says it."""
    return int(page.locator(".balance strong").first.inner_text().replace(",", ""))


def adjust(page: Page, amount: str, reason: str, *, take: bool = False) -> None:
    """Fill the dialog and send it, by keys alone."""
    page.get_by_role("button", name="Adjust points").press("Enter")
    expect(page.get_by_role("dialog", name="Adjust points by hand")).to_be_visible()
    if take:
        page.get_by_role("radio", name="Take away").press("Space")
    page.get_by_label("How many").press_sequentially(amount)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type(reason)


def test_from_the_list_to_a_member_whose_points_are_adjusted_by_keys_alone(window: Window) -> None:
    page = window.page
    open_member(page)
    before = points(page)
    adjust(page, "320", "Late parcel, goodwill")
    row = page.get_by_role("dialog").locator("tbody tr").first
    expect(row.locator("td").nth(0)).to_have_text(f"{before:,}")
    expect(row.locator("td").nth(1)).to_have_text(f"{before + 320:,}")
    page.get_by_role("dialog").get_by_role("button", name="Give").press("Enter")
    expect(page.get_by_text("+320 is done")).to_be_visible()
    expect(page.locator(".balance strong").first).to_have_text(f"{before + 320:,}")
    expect(page.get_by_text("Late parcel, goodwill").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_missing_is_said_before_anything_is_sent(window: Window) -> None:
    page = window.page
    open_member(page)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if "adjustments" in one.url else None)
    before = points(page)
    adjust(page, str(before + 1), "", take=True)
    page.get_by_role("dialog").get_by_role("button", name="Take away").press("Enter")
    expect(page.get_by_role("alert").first).to_have_text(f"There are only {before:,} to take")
    expect(page.get_by_role("alert").nth(1)).to_have_text("A reason in words that the member may read")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Adjust points")).to_be_focused()
    assert sent == []


def test_above_the_limit_a_second_person_is_asked_and_nothing_moves(window: Window) -> None:
    page = window.page
    open_member(page)
    before = points(page)
    adjust(page, "900000", "Opening balance of the old programme")
    page.get_by_role("dialog").get_by_role("button", name="Give").press("Enter")
    expect(page.get_by_text("+900,000 waits for a second person")).to_be_visible()
    expect(page.get_by_role("link", name="Open approvals")).to_have_attribute("href", re.compile(r"/console/approvals\?approval=apr_\w+"))
    page.reload()
    page.get_by_role("tab", name="Timeline").wait_for()
    assert points(page) == before


def test_one_steps_through_the_list_and_the_tab_stays(window: Window) -> None:
    page = window.page
    open_member(page)
    first = page.url
    page.get_by_role("tab", name="Timeline").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**?tab=ledger")
    # The way to the next member is there once the tab has drawn itself.
    expect(page.get_by_role("navigation", name="Members of the list")).to_contain_text("1 of")
    expect(page.get_by_role("tabpanel", name="Ledger")).to_be_visible()
    page.keyboard.press("Shift+J")
    page.wait_for_url(lambda url: url != f"{first}?tab=ledger" and url.endswith("?tab=ledger"))
    expect(page.get_by_role("navigation", name="Members of the list")).to_contain_text("2 of")
    page.keyboard.press("Shift+K")
    page.wait_for_url(f"{first}?tab=ledger")
    page.get_by_role("link", name="Members").last.press("Enter")
    page.wait_for_url("**/console/members?has_orders=true")


def test_what_is_typed_into_the_box_finds_somebody_and_stands_in_no_address(window: Window) -> None:
    page = window.page
    addresses: list[str] = []
    page.on("request", lambda one: addresses.append(one.url))
    page.goto("/console/members")
    page.locator("main tbody a").first.wait_for()
    page.keyboard.press("/")
    expect(page.get_by_label("Find a member")).to_be_focused()
    page.keyboard.type("+86 138 1234 1000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 member", exact=True)).to_be_visible()
    expect(page.locator("main tbody a")).to_have_count(1)
    page.locator("main tbody a").press("Enter")
    page.get_by_role("tab", name="Timeline").wait_for()
    page.go_back()
    expect(page.get_by_label("Find a member")).to_have_value("+86 138 1234 1000")
    page.get_by_label("Find a member").fill("nobody of this name")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No row matches “nobody of this name”.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").press("Enter")
    page.locator("main tbody a").first.wait_for()
    assert [one for one in addresses if "1381" in one or "1234" in one or "nobody" in one] == []


def test_details_are_revealed_for_a_reason_and_covered_again(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.get_by_label("Find a member").fill("13812341000")
    page.keyboard.press("Enter")
    expect(page.locator("main tbody a")).to_have_count(1)
    page.locator("main tbody a").press("Enter")
    page.get_by_role("button", name="Show in full").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Show in full").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("A reason is needed")
    page.get_by_label("Why do you need them?").fill("Parcel came back, calling the customer")
    page.keyboard.press("Tab")
    page.get_by_role("dialog").get_by_role("button", name="Show in full").press("Enter")
    expect(page.locator(".facts").first).to_contain_text("+8613812341000")
    page.get_by_role("button", name="Hide").press("Enter")
    expect(page.locator(".facts").first).not_to_contain_text("+8613812341000")


def test_a_consent_is_put_on_record_and_an_order_opened_and_closed_by_keys_alone(window: Window) -> None:
    page = window.page
    open_member(page)
    member = page.url
    page.goto(f"{member}?tab=consents")
    page.get_by_role("button", name="Record a change").press("Enter")
    page.get_by_role("radio", name="No", exact=True).press("Space")
    page.get_by_label("Where it was said").fill("till")
    page.get_by_label("Text that was shown").fill("2026-01")
    page.get_by_role("button", name="Put on record").press("Enter")
    expect(page.get_by_role("list", name="Consents")).to_contain_text("No to offers and news by text message")
    page.goto(f"{member}?tab=orders")
    order = page.get_by_role("tabpanel", name="Orders").locator("tbody a").first
    order.wait_for()
    page.keyboard.press("j")
    expect(order).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("What it earned")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
