"""Without a mouse: a file chosen, a column given another meaning, the import started, cancelled and gone on with."""

from playwright.sync_api import expect

from tests.support import uploading
from tests.web.conftest import Window


def test_a_file_is_imported_cancelled_and_gone_on_with_by_keys_alone(window: Window) -> None:
    page = window.page
    page.on("filechooser", lambda _: None)  # choosers are caught from now on; begun only right before a key, it would sometimes be late
    page.goto("/console/imports")
    page.locator("main tbody a").first.wait_for()
    page.get_by_role("button", name="New import").press("Enter")
    field = page.locator("input[type=file]")
    expect(page.get_by_role("region", name="File")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    # The system's own dialogue is no part of the page: what a person chooses there is put in.
    for key, content in (("Space", b""), ("Enter", uploading.table(uploading.rows(20)))):
        with page.expect_file_chooser() as opened:
            page.keyboard.press(key)
        opened.value.set_files({"name": "by-keys.csv", "mimeType": "text/csv", "buffer": content})
        if not content:
            expect(page.get_by_role("alert")).to_contain_text("by-keys.csv is empty")
            expect(field).to_be_focused()
    expect(page.get_by_role("region", name="Columns and settings")).to_be_focused()

    meaning = page.get_by_role("combobox", name="Meaning of 商品编码")
    meaning.focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("tr", has_text="商品编码").locator(".ant-select")).not_to_have_text("product")
    page.get_by_role("button", name="Next").press("Enter")
    expect(page.get_by_role("region", name="Confirm")).to_be_focused()
    page.get_by_role("button", name="Start the import").press("Enter")

    page.wait_for_url("**/console/imports/imp_*")
    page.get_by_role("button", name="Cancel", exact=True).press("Enter")
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.get_by_text("Waiting").first).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_imports_and_jobs_are_reached_by_their_letters_and_rows_by_j(window: Window) -> None:
    page = window.page
    page.goto("/console/members")
    page.locator("main h1").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Imports", level=1)).to_be_visible()
    page.locator("main tbody a").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/imports/imp_*")
    page.get_by_role("region", name="Details").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
