"""axe on the screens of one thing each, which the demo has none of, and that no screen of either front end was forgotten."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.web import member_pages
from tests.web.conftest import Window
from tests.web.test_accessibility import LOOKS, SCREENS, serious
from tests.web.test_states_imports import HIDDEN, IMPORT, RUN, WORK
from tests.web.test_states_operators import APPROVAL, APR, OPERATOR, OPR
from tests.web.test_webhooks import DELIVERY, ONE
from tools import ui_browser, ui_node

DETAILS: dict[str, dict[str, dict[str, Any]]] = {
    f"imports/{IMPORT}": {f"**/v1/imports/{IMPORT}": RUN},
    f"imports/{IMPORT}/quarantine": {
        f"**/v1/imports/{IMPORT}": RUN,
        f"**/v1/imports/{IMPORT}/quarantine?*": {"items": [HIDDEN], "next": None, "reasons": []},
    },
    "jobs/7": {"**/v1/jobs/7": WORK},
    f"webhooks/{ONE['id']}": {
        f"**/v1/webhooks/endpoints/{ONE['id']}": ONE,
        f"**/v1/webhooks/endpoints/{ONE['id']}/deliveries?*": {"items": [DELIVERY], "next": None},
    },
    f"operators/{OPR}": {f"**/v1/operators/{OPR}": OPERATOR},
    f"approvals/{APR}": {f"**/v1/approvals/{APR}": APPROVAL},
}
_PATH = re.compile(r"\bpath: \"([^\"]+)\"")
_PLACE = re.compile(r":\w+")


@LOOKS
@pytest.mark.parametrize("screen", DETAILS)
def test_no_screen_of_one_thing_has_a_serious_fault(window: Window, screen: str) -> None:
    for pattern, answer in DETAILS[screen].items():
        window.page.route(pattern, answering(answer))
    window.page.goto(f"/console/{screen}")
    window.page.locator("main .facts, main tbody").first.wait_for()
    ui_browser.settle(window.page)
    assert serious(window) == []


def answering(answer: dict[str, Any]) -> Callable[[Route], None]:
    """A server that always says this."""
    return lambda route: route.fulfill(json=answer)


@pytest.mark.parametrize(
    ("application", "looked_at"),
    [("console", {*SCREENS, *DETAILS, "members/one"}), ("member", {*member_pages.SCREENS, "sign-in"})],
)
def test_every_screen_is_looked_at(application: str, looked_at: set[str]) -> None:
    found = {
        path
        for file in (ui_node.WEB / application / "src" / "domains").glob("*/screens.tsx")
        for path in _PATH.findall(file.read_text("utf-8"))
    }
    addresses = {address.partition("?")[0] for address in looked_at}
    assert found - addresses - {path for path in found if one_of(path, addresses - found)} == set()
    assert len(found) > 8


def one_of(path: str, addresses: set[str]) -> bool:
    """Whether the path has a place for something and one of the addresses names something there."""
    return any(re.fullmatch(_PLACE.sub("[^/]+", path), address) for address in addresses if ":" in path)
