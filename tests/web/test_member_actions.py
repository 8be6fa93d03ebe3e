"""What is given to a member by hand, and taken back, by keys alone: coupons, rewards, benefits, a tier, stored value, longer life."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.answers import refusing
from tests.web.conftest import Window
from tests.web.goods_server import Shop
from tests.web.test_accessibility import LOOKS, serious
from tools import ui_browser


@pytest.fixture
def page(goods_window: Window, goods: Shop) -> Page:
    """The page of the member who has some of everything."""
    goods_window.page.goto(f"/console/members/{goods.member}?tab=goods")
    goods_window.page.locator(".members-part").nth(4).locator("tbody tr").first.wait_for()
    return goods_window.page


def act(page: Page, name: str) -> Locator:
    """The dialog of this action, from the menu."""
    page.get_by_role("button", name="More").press("Enter")
    page.get_by_role("menuitem", name=name).click()
    dialog = page.get_by_role("dialog", name=name)
    dialog.wait_for()
    return dialog


def choose(dialog: Locator, label: str, option: str) -> None:
    """Choose by typing nothing: the list opens once it is there, the option is clicked."""
    expect(dialog.locator(".ant-select-loading")).to_have_count(0)
    dialog.get_by_role("combobox", name=label).press("Enter")
    dialog.page.locator(".ant-select-item-option").filter(has_text=option).first.click()


def part(page: Page, title: str) -> Locator:
    """One part of what the member has."""
    return page.locator(".members-part").filter(has=page.get_by_role("heading", name=title, exact=True))


@LOOKS
def test_neither_the_tab_nor_a_dialog_has_a_serious_fault(goods_window: Window, page: Page) -> None:
    ui_browser.settle(page)
    assert serious(goods_window) == []
    for place in (0, 3, 4, 5):
        page.locator(".page-actions .ant-dropdown-trigger").press("Enter")
        page.get_by_role("menuitem").nth(place).click()
        page.get_by_role("dialog").wait_for()
        ui_browser.settle(page)
        assert (place, serious(goods_window)) == (place, [])
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_action_is_chosen_and_left_by_keys_alone(page: Page) -> None:
    page.get_by_role("button", name="More").press("Enter")
    expect(page.get_by_role("menuitem", name="Give a coupon")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Redeem a reward")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="More")).to_be_focused()


def test_a_coupon_is_given_and_withdrawn_for_a_reason(page: Page) -> None:
    coupons = part(page, "Coupons")
    mine = coupons.locator("tbody tr").filter(has_text="Five off")
    coupons.locator("tbody tr").first.wait_for()
    before = mine.count()
    dialog = act(page, "Give a coupon")
    dialog.get_by_role("button", name="Give").press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Choose a coupon")
    choose(dialog, "Coupon", "Five off")
    expect(dialog.get_by_text("5.00 GBP off; valid for 30 days")).to_be_visible()
    dialog.get_by_role("button", name="Give").press("Enter")
    expect(page.get_by_text("The coupon is the member's")).to_be_visible()
    expect(page.get_by_role("button", name="More")).to_be_focused()
    expect(mine).to_have_count(before + 1)
    mine.first.get_by_role("button", name="Withdraw: Five off").press("Enter")
    confirming = page.get_by_role("dialog", name="Withdraw: Five off")
    confirming.get_by_role("button", name="Withdraw").press("Enter")
    expect(confirming.get_by_role("alert")).to_have_text("A reason in words that the member may read")
    confirming.get_by_label("Reason").fill("Sent twice")
    confirming.get_by_role("button", name="Withdraw").press("Enter")
    expect(mine).to_have_count(before)
    coupons.get_by_text("All", exact=True).click()
    expect(coupons.locator("tbody tr").filter(has_text="Withdrawn").first).to_be_visible()


def test_a_coupon_is_passed_on_to_a_member_who_is_found(page: Page, goods: Shop) -> None:
    coupons = part(page, "Coupons")
    coupons.get_by_role("button", name="Pass on: Five off").first.press("Enter")
    dialog = page.get_by_role("dialog", name="Pass on: Five off")
    dialog.get_by_role("button", name="Pass on").press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Choose who receives it")
    people = page.evaluate("() => fetch('/v1/people?has_orders=true&limit=2').then(answer => answer.json())")["items"]
    other = next(one for one in people if one["id"] != goods.member)
    own = page.evaluate("id => fetch(`/v1/members/${id}`).then(answer => answer.json())", goods.member)
    for receiver in (own, other):
        dialog.get_by_role("combobox", name="Receiver").fill(receiver["id"])
        page.locator(".ant-select-item-option").filter(has_text=receiver["external_id"]).first.click()
        dialog.get_by_role("button", name="Pass on").press("Enter")
        if receiver is own:
            refusal = "Coupon Five off cannot be passed on: it is the member's own already."
            expect(dialog.get_by_role("alert")).to_contain_text(refusal)
    expect(page.get_by_text("The coupon was passed on")).to_be_visible()
    coupons.get_by_text("All", exact=True).click()
    expect(coupons.locator("tbody tr").filter(has_text="Passed on").first).to_contain_text("Five off")


def test_a_wrong_code_is_said_where_it_was_typed(page: Page) -> None:
    dialog = act(page, "Give a coupon")
    dialog.get_by_role("radio", name="By a code").press("Space")
    dialog.get_by_label("Code", exact=True).fill("NOSUCHCODE")
    dialog.get_by_role("button", name="Give").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("There is no coupon with this code.")


def test_a_reward_is_redeemed_and_an_order_that_was_not_sent_is_cancelled(page: Page) -> None:
    dialog = act(page, "Redeem a reward")
    choose(dialog, "Reward", "Leaflet voucher")
    before, after = (int(dialog.locator("tbody td").nth(place).inner_text().replace(",", "")) for place in (0, 1))
    assert before - after == 10
    dialog.get_by_role("button", name="Redeem").press("Enter")
    expect(page.get_by_text("The reward is ordered")).to_be_visible()
    rewards = part(page, "Rewards")
    expect(rewards.locator("tbody tr").filter(has_text="Leaflet voucher").first).to_contain_text("Completed")
    office = rewards.locator("tbody tr").filter(has_text="100 points + £2.00")
    office.get_by_role("button", name="Cancel: Porcelain cup").press("Enter")
    confirming = page.get_by_role("dialog", name="Cancel: Porcelain cup")
    expect(confirming).to_contain_text("100 points go back to the lots they came from")
    confirming.get_by_role("button", name="Cancel", exact=True).last.press("Enter")
    expect(office).to_contain_text("Cancelled")


def test_a_benefit_is_used_and_taken_back(page: Page) -> None:
    dialog = act(page, "Use a benefit")
    choose(dialog, "Benefit", "Tea tasting")
    dialog.get_by_role("button", name="Record the use").press("Enter")
    expect(page.get_by_text("The use is recorded")).to_be_visible()
    uses = part(page, "Uses of benefits").locator("tbody tr").filter(has_text="Tea tasting")
    expect(uses.first).to_contain_text("£15.00")
    uses.first.get_by_role("button", name="Take back: Tea tasting").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Take back").press("Enter")
    expect(uses.first).to_contain_text("Taken back")


def test_a_tier_is_given_by_hand_until_a_day_for_a_reason(page: Page) -> None:
    dialog = act(page, "Change the tier")
    dialog.get_by_role("button", name="Change").press("Enter")
    expect(dialog.get_by_role("alert").first).to_have_text("Choose a tier")
    choose(dialog, "Tier", "Silver")
    expect(dialog.get_by_text("What the member has carries Platinum")).to_be_visible()
    choose(dialog, "Tier", "Platinum")
    dialog.get_by_label("Last day").fill("2030-12-31")
    page.keyboard.press("Enter")
    dialog.get_by_label("Reason").fill("Friend of the house")
    dialog.get_by_role("button", name="Change").press("Enter")
    expect(page.get_by_text("The member is on Platinum")).to_be_visible()
    expect(page.locator(".members-keep")).to_contain_text("2030-12-31")


def test_stored_value_is_loaded_with_its_bonus(page: Page) -> None:
    purse = page.locator(".balance").filter(has_text="stored value").locator("strong")
    before = float(purse.inner_text().lstrip("£").replace(",", ""))
    dialog = act(page, "Load stored value")
    dialog.get_by_label("Paid in").fill("20")
    dialog.get_by_label("Given on top").fill("2.50")
    expect(dialog.locator("tbody")).to_contain_text(f"£{before + 22.5:,.2f}")
    dialog.get_by_role("button", name="Load").press("Enter")
    expect(page.get_by_text("£22.50 loaded")).to_be_visible()
    expect(purse).to_have_text(f"£{before + 22.5:,.2f}")


def test_what_would_lapse_lasts_longer(page: Page) -> None:
    dialog = act(page, "Extend expiry")
    choose(dialog, "Unit", "growth value")
    dialog.get_by_label("Last day").fill("2031-12-31")
    page.keyboard.press("Enter")
    reaching = dialog.get_by_text("would lapse before and last longer then.")
    amount = re.match(r"[\d,]+", reaching.inner_text())
    dialog.get_by_label("Reason").fill("The shop was closed")
    dialog.get_by_role("button", name="Extend").press("Enter")
    expect(page.get_by_text(f"{amount.group() if amount else ''} growth value last longer now")).to_be_visible()
    expect(page.locator(".balance").filter(has_text="growth value")).to_contain_text("expire 2032-01-01")


def test_a_redemption_is_cancelled_once(page: Page) -> None:
    row = part(page, "Redemptions").locator("tbody tr").filter(has_text="Tea for two")
    row.get_by_role("button", name="Cancel: 100 points").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Cancel", exact=True).last.press("Enter")
    expect(row).to_contain_text("Cancelled")
    expect(row.get_by_role("button")).to_have_count(0)


def test_one_part_that_is_refused_does_not_hide_the_others(goods_window: Window, page: Page) -> None:
    refuse = refusing(500, "http.failed", "It did not work.")
    page.route("**/v1/members/*/benefits", refuse)
    page.reload()
    expect(part(page, "Benefits").get_by_role("alert")).to_contain_text("It did not work.")
    expect(part(page, "Redemptions").locator("tbody tr").first).to_be_visible()
    page.unroute("**/v1/members/*/benefits", refuse)
    part(page, "Benefits").get_by_role("button", name="Try again").click()
    expect(part(page, "Benefits").locator("tbody tr")).to_have_count(2)


def test_a_member_without_goods_is_told_so_in_every_part(window: Window) -> None:
    page = window.page
    page.goto("/console/members?has_orders=true")
    page.locator("main tbody a").first.click()
    page.get_by_role("tab", name="Coupons & more").click()
    for text in (
        "No coupon that can be used.",
        "The programme has no benefits.",
        "Nothing was ordered",
        "No points were redeemed at once.",
    ):
        expect(page.get_by_text(text)).to_be_visible()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Extend expiry")).to_be_visible()
    # The programme has no stored value.
    expect(page.get_by_role("menuitem", name="Load stored value")).to_have_count(0)
