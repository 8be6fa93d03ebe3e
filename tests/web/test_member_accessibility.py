"""axe on every member page, in both languages and modes, narrow and wide: nothing serious or wider than the screen, targets of 44 px."""

from collections.abc import Iterator

import pytest

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
