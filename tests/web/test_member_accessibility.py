"""axe on every member page, in both languages and modes, narrow and wide: nothing serious or wider than the screen, targets of 44 px."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.web import member_pages
from tests.web.conftest import Window
from tests.web.test_accessibility import LOOKS, serious
from tools import ui_browser
from tools.ui_browser import Look


@pytest.fixture(scope="module")
def base(server: str) -> Iterator[str]:
    """A server of the member pages' own."""
    with member_pages.serving(server) as address:
        yield address


@pytest.fixture(scope="module")
def cookies(base: str) -> dict[str, str]:
    """The session of a member with a long history."""
    return member_pages.sign_in(base)


@LOOKS
@pytest.mark.parametrize("screen", member_pages.SCREENS)
def test_no_member_page_has_a_serious_fault(window: Window, screen: str) -> None:
    member_pages.go(window.page, screen)
    ui_browser.settle(window.page)
    assert serious(window) == []
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("look", [Look(language="en", width=390)], ids=["en-390"], indirect=True)
@pytest.mark.parametrize("screen", member_pages.SCREENS)
def test_every_target_is_at_least_44_pixels_high(window: Window, screen: str) -> None:
    member_pages.go(window.page, screen)
    ui_browser.settle(window.page)
    small = window.page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], summary, input')]
            .filter(one => !one.matches('.skip') && one.getClientRects().length)
            .map(one => [one.textContent, Math.round(one.getBoundingClientRect().height)])
            .filter(([, height]) => height < 44)"""
    )
    assert small == []


@LOOKS
@pytest.mark.parametrize("sheet", ["coupons", "mall"])
def test_no_sheet_of_goods_has_a_serious_fault(window: Window, sheet: str) -> None:
    member_pages.go(window.page, sheet)
    window.page.locator("main li .button").first.click()
    window.page.get_by_role("dialog").wait_for()
    ui_browser.settle(window.page)
    assert serious(window) == []


@LOOKS
def test_a_further_ladder_has_its_own_progress_and_no_serious_fault(window: Window) -> None:
    def with_another(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        ladder = {name: found[name] for name in ("unit", "label", "amount", "tier", "progress", "levels")}
        route.fulfill(response=answer, json={**found, "others": [{**ladder, "id": "circle", "name": "Tea circle"}]})

    window.page.route("**/m/v1/me/tiers", with_another)
    member_pages.go(window.page, "tiers")
    other = window.page.locator(".other-ladder")
    expect(other.get_by_role("heading")).to_have_text("Tea circle")
    expect(other.locator("[aria-current=step]")).to_have_count(1)
    ui_browser.settle(window.page)
    assert serious(window) == []
    assert window.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
