"""axe on every screen, in both languages and modes, wide and narrow: nothing serious."""

from pathlib import Path

import pytest

from tests.web.conftest import Window
from tools import ui_browser, ui_node
from tools.ui_browser import EVERY_LOOK, Look

AXE = Path(ui_node.WEB / "node_modules" / "axe-core" / "axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async tags => {
    // Naming every node that passed takes longer than finding the faults.
    const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"], preload: false });
    return found.violations;
}"""
SCREENS = (
    "overview",
    "repurchase",
    "repurchase?by=product&cells=count&retention=rolling",
    "members",
    "members/:first",
    "members/:first?tab=ledger",
    "members/:first?tab=orders",
    "members/:first?tab=consents",
    "members/:first?tab=ids",
    "members/:first?tab=notes",
    "members/:first?tab=goods",
    "programme",
    "programme?tab=document",
    "programme?tab=tiers",
    "programme?tab=versions",
    "programme?tab=compare",
    "try-order",
    "goods",
    "ledger",
    "ledger?tab=liability",
    "imports",
    "imports/new",
    "jobs",
    "operators",
    "operators?tab=roles",
    "api-keys",
    "webhooks",
    "webhooks/types",
    "audit",
    "approvals",
    "no-such-screen",
)

ALWAYS = (Look(language="zh-CN", mode="light", width=1440), Look(language="en", mode="dark", width=390))
"""Both languages, modes and widths on every screen; the other six of their combinations are for ``make prove``."""
LOOKS = pytest.mark.parametrize(
    "look",
    [pytest.param(look, id=look.name, marks=() if look in ALWAYS else pytest.mark.prove) for look in EVERY_LOOK],
    indirect=True,
)


def serious(window: Window) -> list[str]:
    """What axe calls serious or critical, with where it is."""
    window.page.evaluate(AXE.read_text("utf-8"))
    found = window.page.evaluate(RUN, TAGS)
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def go(window: Window, screen: str) -> None:
    """To a screen; ``:first`` is the first row of the list before it."""
    page = window.page
    if ":first" in screen:
        page.goto("/console/members")
        href = page.locator("main tbody a").first.get_attribute("href") or ""
        page.goto(href + screen.partition(":first")[2])
    else:
        page.goto(f"/console/{screen}")
    page.locator("main h1").wait_for()
    ui_browser.settle(page)


@LOOKS
@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_has_a_serious_fault(window: Window, screen: str) -> None:
    go(window, screen)
    assert serious(window) == []


@LOOKS
@pytest.mark.parametrize("address", ["/console/", "/my/sign-in"])
def test_the_sign_in_pages_have_no_serious_fault(stranger: Window, address: str) -> None:
    stranger.page.goto(address)
    stranger.page.locator("h1").wait_for()
    ui_browser.settle(stranger.page)
    assert serious(stranger) == []


@LOOKS
@pytest.mark.parametrize("layer", ["palette", "help", "columns"])
def test_no_layer_has_a_serious_fault(window: Window, layer: str) -> None:
    go(window, "members")
    if layer == "columns":
        window.page.locator(".table-toolbar button").last.click()
        window.page.locator(".table-settings").wait_for()
    else:
        window.page.keyboard.press("Control+k" if layer == "palette" else "?")
        window.page.get_by_role("dialog").wait_for()
    assert serious(window) == []
