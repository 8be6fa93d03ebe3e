"""The member pages' own server for tests: the demo with members who can sign in, and the development inbox open."""

import contextlib
import json
import socket
import threading
import urllib.request
from collections.abc import Iterator

import uvicorn
from playwright.sync_api import Page

from regulars.app import demo, demo_members, serve
from regulars.domains.loyalty.service import mine
from regulars.platform import clock
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from regulars.platform.settings import Settings
from tests.web import member_goods
from tools import ui_serve

GRACE = "+447700900101"
"""Telephone of the demo's most faithful member; see ``regulars.app.demo_members`` for the others."""
LIN, SAMUEL, CHEN, PRIYA = "+447700900102", "+447700900103", "+447700900104", "+447700900105"
RUOLIN, RUOLIN_BY_MAIL = "+8613812341005", "regular5@example.com"
"""One of those whom ``tools/ui_serve.py`` names: on Gold, on the way to Platinum."""
SCREENS = (
    "card",
    "points",
    "points?unit=growth",
    "points?unit=value",
    "tiers",
    "orders",
    "coupons",
    "coupons?tab=used",
    "coupons?tab=ended",
    "coupons/claim",
    "mall",
    "mall/orders",
    "mall/orders/:first",
    "code",
    "check-in",
    "me",
    "me/consents",
    "me/devices",
    "me/data",
)


@contextlib.contextmanager
def serving(server: str, *, port: int = 0) -> Iterator[str]:
    """The address of a demo server on ``server``'s PostgreSQL whose sign-in codes can be read at ``/v1/dev/inbox``.

    Its programme has goods besides points; the most faithful member has some of each, PRIYA one coupon that can be given away.
    """
    where = ui_serve.place(server)
    ui_serve.ensure(where)
    with ui_serve.settings(where, port=port) as given:
        settings = given.model_copy(update={"dev_inbox": "on"})
        _furnish(settings)
        with serve.application(settings) as app, socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen()
            running = uvicorn.Server(uvicorn.Config(app, loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False))
            thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, name="member-test-server")
            thread.start()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                running.should_exit = True
                thread.join()


def _furnish(settings: Settings) -> None:
    if settings.database_url is None:
        raise RuntimeError("a demo server has a database of its own")
    db = database.connect(settings.database_url.get_secret_value(), clock_=clock.SystemClock(), pool_size=1)
    try:
        keyring = Keyring.load(settings.key_dir)
        demo_members.ensure(db, keyring=keyring)
        member_goods.publish(db)
        with db.reading() as ctx:
            faithful, *_, priya = (member for member, _ in mine.most_orders(ctx, demo.SOURCE, 5))
        member_goods.give(db, faithful)
        member_goods.give_one(db, priya)
    finally:
        db.close()


def go(page: Page, screen: str) -> None:
    """To a member page; ``:first`` is the first link in the list before it."""
    if ":first" in screen:
        page.goto(f"/my/{screen.partition('/:first')[0]}")
        page.locator("main li a").first.click()
    else:
        page.goto(f"/my/{screen}")
    page.locator("main h1").wait_for()


def code_for(base: str, contact: str) -> str:
    """The newest code that went to ``contact``."""
    with urllib.request.urlopen(f"{base}/v1/dev/inbox") as answer:  # noqa: S310 - our own server
        return str(next(one["code"] for one in json.load(answer)["items"] if one["contact"] == contact))


def sign_in(base: str, contact: str = GRACE) -> dict[str, str]:
    """Cookies of a new session of the member with this telephone number."""
    _post(base, "sign-in", {"contact": contact})
    token = _post(base, "session", {"contact": contact, "code": code_for(base, contact), "carry": "token"})["token"]
    return {"regulars_member": str(token)}


def _post(base: str, path: str, body: dict[str, str]) -> dict[str, object]:
    headers = {"content-type": "application/json", "x-member-app": "1"}
    asked = urllib.request.Request(f"{base}/m/v1/{path}", json.dumps(body).encode(), headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own server
        found: dict[str, object] = json.load(answer)
    return found
