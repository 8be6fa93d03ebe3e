"""Two walks through the whole house, each on real pages and a shop of its own: a rule from its first thought to the member who reads it,
and a coupon from the claim centre through a cart, an order and its refund.
"""

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from regulars.app import serve, wiring
from regulars.app import settings as app_settings
from regulars.domains.loyalty import service as loyalty
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment
from regulars.domains.operators import service as operators
from regulars.domains.operators.model import OPERATOR
from regulars.kernel import ids
from regulars.platform import clock, jobs
from regulars.platform import db as database
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.settings import Settings
from tests.support import postgres, serving
from tests.web import member_pages
from tests.web.conftest import Window
from tests.web.test_keyboard_programme import reach, write
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

PATIENCE_MS = 90_000
PHONE = Look(language="en", width=390)
ANN = "+447700900201"
PROGRAMME = """
format: 1
name: {en: Corner shop, zh: 街角小店}
currency: GBP
time_zone: Europe/London
units:
  points:
    label: {en: points, zh: 积分}
    expiry: {rolling: {months: 12}}
    redeem: {points: 100, worth: 100}
  growth:
    label: {en: growth value, zh: 成长值}
    expiry: {rolling: {days: 365}}
    on_refund: waive
ladder:
  unit: growth
  keep: {months: 12}
  levels:
    - {id: member, from: 0, label: {en: Member, zh: 普通会员}}
    - {id: gold, from: 1000, label: {en: Gold, zh: 金卡}}
earning:
  - {id: base, label: {en: One point per pound, zh: 每镑一分}, unit: points, per_amount: {every: 100, give: 1, by: line, exclude: [discount]}}
  - {id: growth, label: {en: Growth, zh: 成长}, unit: growth, per_amount: {every: 100, give: 1}}
coupon_lanes:
  - {id: shop}
coupons:
  - id: five
    label: {en: Five off, zh: 满 40 减 5}
    spend_off: {steps: [{from: 4000, less: 500}]}
    validity: {days: 30}
    lane: shop
    claim: {limit: {times: 1, per: lifetime}}
    stock: 3
"""
SCOPES = ("orders.write", "quotes.write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A served shop with one member and few orders: its address, its till with a store's key, and a pool on its database."""

    base: str
    till: httpx.Client
    db: Database


@pytest.fixture
def shop(server: str, template: str, tmp_path: Path) -> Iterator[Shop]:
    """A shop that a worker serves, too."""
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(contextlib.contextmanager(postgres.clone)(server, template))
        settings = app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", database_url=url, port=0)
        settings = settings.model_copy(update={"dev_inbox": "on"})
        db = database.connect(url, clock_=clock.SystemClock())
        stack.callback(db.close)
        key = _open(db, settings)
        app = stack.enter_context(serve.application(settings))
        till = stack.enter_context(serving.served(app))
        till.headers["authorization"] = f"Bearer {key}"
        stack.enter_context(_working(db))
        for number, days in enumerate((40, 30, 20)):
            _order(till, f"old-{number}", at=datetime.now(UTC) - timedelta(days=days), lines=[{"product": "tea", "amount": 10_000}])
        yield Shop(base=str(till.base_url).rstrip("/"), till=till, db=db)


def _open(db: Database, settings: Settings) -> str:
    """The programme is in force, the administrator can sign in, Ann has joined; given is the till's key."""
    keyring = Keyring.load(settings.key_dir)
    with db.transaction() as ctx:
        first = operators.first_run(ctx)
        loyalty.publish(ctx, loyalty.add_draft(ctx, PROGRAMME).version)
        joined_at = ctx.now - timedelta(days=60)
        members.enrol(ctx, [Enrolment(external_id="ann", joined_at=joined_at, name="Ann", phone=ANN, region="GB")], keyring=keyring)
    assert first is not None
    admin = Actor(kind="operator", id=ids.encode(OPERATOR, first.operator.operator_id), permissions=frozenset({"*"}))
    operators.change_password(db, admin, current=first.password, new=ui_serve.PASSWORD)
    with db.transaction(admin) as ctx:
        return operators.create_key(ctx, name="Till", scopes=SCOPES).text


@contextlib.contextmanager
def _working(db: Database) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=jobs.serve, args=(db, wiring.JOBS, stop), kwargs={"poll": 0.1, "beat": 0.2})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def ann(browser: Browser, shop: Shop) -> Iterator[Page]:
    """The member's telephone, signed in."""
    one = Window(browser, shop.base, PHONE, member_pages.sign_in(shop.base, ANN))
    yield one.page
    one.close()


@pytest.fixture
def operator(browser: Browser, shop: Shop) -> Iterator[Page]:
    """The operator's screen, signed in."""
    one = Window(browser, shop.base, Look(language="en"), None)
    ui_browser.sign_in(one.page, "admin", ui_serve.PASSWORD)
    yield one.page
    one.close()


def _order(till: httpx.Client, number: str, *, at: datetime, lines: list[dict[str, Any]]) -> dict[str, Any]:
    body = {"source": "shop", "number": number, "member": {"external_id": "ann"}, "paid_at": at.isoformat(), "currency": "GBP"}
    return _done(till.post("/v1/orders", json=body | {"lines": lines}), 201)


def _done(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _sums(page: Page, name: str) -> list[str]:
    """A row of what a simulation came to: before, after and the difference."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True)).first.locator("td").all_inner_texts()


def _points(page: Page) -> str:
    page.goto("/my/points")
    return page.locator(".balance-amount").inner_text()


def test_a_rule_goes_from_the_document_over_trial_and_simulation_to_the_member(operator: Page, ann: Page, shop: Shop) -> None:
    ann.goto("/my/points")
    ann.get_by_text("How to earn").click()
    expect(ann.get_by_text("One point per pound", exact=True)).to_be_visible()
    operator.goto("/console/programme?tab=document")
    expect(operator.get_by_text("The document is valid", exact=True)).to_be_visible()
    write(operator, old="One point per pound, zh: 每镑一分", new="Three points per pound, zh: 每镑三分")
    write(operator, old="unit: points, per_amount: {every: 100, give: 1", new="unit: points, per_amount: {every: 100, give: 3")
    expect(operator.locator("aside .loyalty-after")).to_contain_text("3 points")
    operator.get_by_role("link", name="Try an order with this").click()
    operator.get_by_label("Product").fill("tea")
    operator.get_by_label("Amount (GBP)").fill("10")
    operator.keyboard.press("Enter")
    expect(operator.locator(".loyalty-traces > li").filter(has_text="Three points per pound")).to_contain_text("30 points")
    expect(operator.locator(".loyalty-earned")).to_contain_text("+30")
    operator.go_back()
    expect(operator.get_by_text("Unsaved changes to version 1", exact=False)).to_be_visible()
    operator.get_by_label("What is it about?").fill("three a pound")
    operator.keyboard.press("Enter")
    expect(operator.get_by_text("Saved as version 2, a draft.", exact=False)).to_be_visible()
    operator.get_by_role("tab", name="Simulate").click()
    operator.get_by_role("button", name="Simulate", exact=True).click()
    expect(operator.get_by_role("heading", name="Points and cost")).to_be_visible(timeout=PATIENCE_MS)
    assert _sums(operator, "points, granted") == ["300", "900", "+600"]
    operator.get_by_role("tab", name="Document").click()
    reach(operator, operator.get_by_role("button", name="Publish…"))
    operator.keyboard.press("Enter")
    operator.get_by_role("dialog").get_by_role("button", name="Publish now").click()
    expect(operator.get_by_text("Version 2 is in force.", exact=False).first).to_be_visible()
    earned = _order(shop.till, "new", at=datetime.now(UTC), lines=[{"product": "tea", "amount": 1_000}])
    assert earned["granted"] == {"points": 30, "growth": 10}
    assert _points(ann) == "330"
    ann.get_by_text("How to earn").click()
    expect(ann.get_by_text("Three points per pound", exact=True)).to_be_visible()
    expect(ann.get_by_text("Three points per pound +30")).to_be_visible()


def test_a_coupon_goes_from_the_claim_centre_through_a_cart_an_order_and_its_refund(ann: Page, shop: Shop) -> None:
    till = shop.till
    assert _points(ann) == "300"
    ann.goto("/my/coupons/claim")
    ann.get_by_role("button", name="Claim Five off").click()
    expect(ann.get_by_role("status").filter(has_text="Five off is yours.")).to_be_visible()
    ann.get_by_role("link", name="My coupons").click()
    good = ann.get_by_text(re.compile("^Good through")).inner_text()
    ann.get_by_role("button", name="Use Five off").click()
    coupon = ann.get_by_role("dialog").locator(".coupon-digits").inner_text().split()[-1]
    lines = [{"line": 1, "product": "pot", "amount": 3_000}, {"line": 2, "product": "tea", "amount": 2_000}]
    cart = {"member": {"external_id": "ann"}, "currency": "GBP", "lines": lines, "coupons": [coupon]}
    quote = _done(till.post("/v1/quotes", json=cart), 200)
    assert (quote["to_pay"], quote["granted"]["points"], quote["coupons"]["refused"]) == (4_500, 45, [])
    (used,) = quote["coupons"]["used"]
    assert (used["id"], used["lines"]) == (coupon, {"1": 300, "2": 200})
    hold = _done(till.post("/v1/holds", json={"token": quote["token"]}), 201)
    ann.goto("/my/coupons")
    expect(ann.get_by_text("Cannot be used now: it is set aside for another cart.")).to_be_visible()
    order = {"source": "shop", "number": "cart", "paid_at": datetime.now(UTC).isoformat(), "currency": "GBP"}
    paid = [line | {"discount": used["lines"][str(line["line"])]} for line in lines]
    done = _done(till.post(f"/v1/holds/{hold['id']}/confirm", json=order | {"lines": paid}), 201)
    assert ([one["state"] for one in done["coupons"]], done["granted"]["points"]) == (["used"], 45)
    _used(ann, "345")
    # One line back takes back what that line earned; the coupon stays used as long as something of the order stays bought.
    _refund(till, "first", line=2, amount=1_800, taken=18)
    _used(ann, "327")
    _refund(till, "rest", line=1, amount=2_700, taken=27)
    assert _points(ann) == "300"
    expect(ann.get_by_text("27 points taken back for a refund")).to_be_visible()
    ann.goto("/my/coupons?tab=used")
    expect(ann.get_by_text("None used yet")).to_be_visible()
    ann.goto("/my/coupons")
    expect(ann.get_by_role("heading", name="Five off")).to_be_visible()
    expect(ann.get_by_text(good, exact=True)).to_be_visible()
    ann.goto("/my/card")
    expect(ann.get_by_role("link", name="Coupons 1", exact=True)).to_be_visible()
    with shop.db.reading() as ctx:
        assert list(loyalty.verify(ctx)) == []


def _used(page: Page, points: str) -> None:
    """The member sees that the coupon is used up, and has so many points."""
    page.goto("/my/coupons?tab=used")
    expect(page.get_by_text(re.compile("^Used on .*: 5.00 GBP off$"))).to_be_visible()
    assert _points(page) == points


def _refund(till: httpx.Client, number: str, *, line: int, amount: int, taken: int) -> None:
    back = {"number": number, "refunded_at": datetime.now(UTC).isoformat(), "currency": "GBP", "lines": [{"line": line, "amount": amount}]}
    answer = _done(till.post("/v1/orders/shop:cart/refunds", json=back), 201)
    assert answer["reversed"]["points"] == taken
