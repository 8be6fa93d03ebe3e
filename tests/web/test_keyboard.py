"""Without a mouse: signing in, finding a screen, filtering, walking through rows, and every layer closed by Esc with the focus back."""

from playwright.sync_api import expect

from tests.web.conftest import Window
from tools import ui_browser, ui_serve


def test_signing_in_and_out_by_keys_alone(stranger: Window) -> None:
    page = stranger.page
    page.goto("/console/members")
    expect(page.get_by_label("Login")).to_be_focused()
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(ui_serve.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()
    page.get_by_role("button", name="Signed in as Administrator").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_said_and_announced(stranger: Window) -> None:
    page = stranger.page
    page.goto("/console/")
    page.get_by_label("Login").fill("nobody.here")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Request")


def test_the_palette_finds_a_screen_and_gives_the_focus_back(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.locator("main tbody a").first.wait_for()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("memb")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()


def test_the_palette_finds_a_member(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    own_id = page.locator(".members-name .num").first.inner_text().rpartition(" ")[2]
    page.keyboard.press("Control+k")
    page.keyboard.type(own_id)  # at once: nothing of it may be lost
    page.get_by_role("option", name=own_id).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/members/mbr_*")
    expect(page.locator(".facts").get_by_text(own_id, exact=True)).to_be_visible()


def test_rows_are_walked_by_j_and_k_and_opened_by_enter(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    links = page.locator("main tbody tr a")
    links.first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Timeline").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()


def test_slash_goes_to_the_box_of_the_list_and_filters_stand_in_the_address(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.locator("main tbody a").first.wait_for()
    page.keyboard.press("/")
    expect(page.get_by_label("Find a member")).to_be_focused()
    page.get_by_label("Store").fill("no-such-store")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No row matches Store: no-such-store.")).to_be_visible()
    assert page.url.endswith("?store=no-such-store")
    page.get_by_role("button", name="Clear filters").press("Enter")
    page.locator("main tbody a").first.wait_for()
    assert page.url.endswith("/console/members")


def test_the_help_lists_the_keys_of_the_screens(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.locator("main tbody a").first.wait_for()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Members")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_language_and_mode_stay_after_loading_again(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="会员列表", level=1)).to_be_visible()
    page.get_by_role("button", name="深色模式").click()
    page.reload()
    expect(page.get_by_role("heading", name="会员列表", level=1)).to_be_visible()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dataset.mode]") == ["zh-CN", "dark"]


def test_a_clerk_sees_only_what_a_clerk_may(stranger: Window) -> None:
    page = stranger.page
    ui_browser.sign_in(page, "lin.clerk", ui_serve.PASSWORD)
    permissions = page.evaluate("fetch('/v1/session').then(answer => answer.json()).then(session => session.permissions)")
    assert "audit.read" not in permissions
    expect(page.get_by_role("navigation", name="Navigation").get_by_role("link", name="Members")).to_be_visible()
