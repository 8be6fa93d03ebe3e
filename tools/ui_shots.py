"""``python tools/ui_shots.py members members/:first``: pictures of screens in both languages and modes, wide and narrow.

Needs a server of ``tools/ui_serve.py``. An address is one below /console; ``:first`` stands for the first link of the list before it; one
that begins with ``my/`` is a member page. ``sign-in`` is the console before signing in. Pictures go to ``--out`` (default /tmp/ui-shots).
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from tools import ui_browser, ui_serve
from tools.ui_browser import EVERY_LOOK, Look


def shoot(page: Page, address: str, file: Path) -> None:
    """The whole page at ``address``, as a picture in ``file``."""
    if address.endswith(":first"):
        page.goto(f"/console/{address.removesuffix('/:first')}")
        page.locator("main tbody a").first.click()
        page.wait_for_url(lambda url: not url.endswith(address.removesuffix("/:first")))
    else:
        page.goto(f"/{address}" if address.startswith("my/") else f"/console/{'' if address == 'sign-in' else address}")
    ui_browser.settle(page)
    page.screenshot(path=str(file), full_page=True)
    print(file, flush=True)


def main() -> int:
    """Take every picture asked for."""
    parser = argparse.ArgumentParser(description="Pictures of screens.")
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--base", default="http://127.0.0.1:8780")
    parser.add_argument("--out", type=Path, default=Path("/tmp/ui-shots"))  # noqa: S108 - pictures to look at and throw away
    parser.add_argument("--looks", default="", help="only looks whose name holds this, for example zh-CN-light")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with ui_browser.opened() as browser:
        for look in [one for one in EVERY_LOOK if asked.looks in one.name]:
            _every(browser, asked, look)
    return 0


def _every(browser: Browser, asked: argparse.Namespace, look: Look) -> None:
    within = ui_browser.context(browser, asked.base, look)
    page = within.new_page()
    page.on("pageerror", lambda error: print("page error:", error, file=sys.stderr))
    page.on("console", lambda said: print("console:", said.text, file=sys.stderr) if said.type == "error" else None)
    inside = [one for one in asked.addresses if one != "sign-in" and not one.startswith("my/")]
    for address in [one for one in asked.addresses if one not in inside]:
        shoot(page, address, asked.out / f"{address.replace('/', '_')}-{look.name}.png")
    if inside:
        ui_browser.sign_in(page, "admin", ui_serve.PASSWORD)
    for address in inside:
        name = address.replace("/", "_").replace(":", "").replace("?", "_")
        shoot(page, address, asked.out / f"{name}-{look.name}.png")
    within.close()


if __name__ == "__main__":
    sys.exit(main())
