"""A server of the demo whose programme has coupons, a mall, benefits and stored value too, some of them given out, with a worker."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import Browser

from regulars.app import demo_members, serve, wiring
from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import BenefitUsed, CouponGiven, Fact, PointsRedeemed, RewardOrdered, ValueLoaded
from regulars.domains.loyalty.service import mine
from regulars.domains.members.model import PREFIX
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.platform import batching, clock, jobs, newid
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.settings import Settings
from tests.support import serving
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

_PURSE = """  purse:
    label: {en: stored value, zh: 储值}
    money: true
    redeem: {points: 1, worth: 1}
ladder:
"""
_GOODS = """
ladders:
  - id: circle
    label: {en: Tea circle, zh: 茶友圈}
    counts: invitation
    levels:
      - {id: outside, from: 0, label: {en: Outside, zh: 圈外}}
      - {id: inside, from: 0, label: {en: Inside, zh: 圈内}}
coupon_lanes:
  - {id: shop}
coupons:
  - {id: welcome, label: {en: Five off, zh: 五镑券}, cash: {face: 500}, lane: shop, validity: {days: 30}, stock: 40, transfers: 1,
     budget: {total: 20000}, claim: {limit: {times: 1, per: lifetime}}}
  - {id: tea, label: {en: Tea week, zh: 茶周券}, spend_off: {steps: [{from: 2000, less: 300}]}, lane: shop, validity: {days: 10},
     claim: {price: {unit: points, amount: 20}}, generic_code: TEAWEEK}
  - {id: leaflet, label: {en: Leaflet, zh: 传单券}, cash: {face: 200}, lane: shop, validity: {days: 60}}
rewards:
  - {id: cup, label: {en: Porcelain cup, zh: 瓷杯}, kind: goods, unit: points, points: 50, cash: 100, stock: 12,
     limit: {times: 9, per: year}}
  - {id: voucher, label: {en: Leaflet voucher, zh: 传单券礼品}, kind: coupon, unit: points, points: 10, coupon: {id: leaflet}}
benefits:
  - {id: delivery, label: {en: Free delivery, zh: 免运费}, kind: free_delivery, quota: {times: 2, per: month}, unit_cost: 600}
  - {id: tasting, label: {en: Tea tasting, zh: 品茶会}, kind: event_access, unit_cost: 1500}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A server on a database of its own, its administrator's session, and the member with the most orders."""

    base: str
    cookies: dict[str, str]
    member: str


@contextlib.contextmanager
def serving_goods(server: str, browser: Browser) -> Iterator[Shop]:
    """The server and its worker, until the end."""
    where = ui_serve.place(server)
    ui_serve.ensure(where)
    with ui_serve.settings(where, port=0) as settings:
        db = database.connect(_url(settings), clock_=clock.SystemClock())
        member = _furnish(db, Keyring.load(settings.key_dir))
        stop = threading.Event()
        worker = threading.Thread(target=jobs.serve, args=(db, wiring.JOBS, stop), kwargs={"poll": 0.1, "beat": 0.2})
        worker.start()
        try:
            with serve.application(settings) as app, serving.served(app) as api:
                base = str(api.base_url).rstrip("/")
                yield Shop(base=base, cookies=_signed_in(browser, base), member=ids.encode(PREFIX, member))
        finally:
            stop.set()
            worker.join()
            db.close()


def _url(settings: Settings) -> str:
    if settings.database_url is None:
        raise RuntimeError("a demo server has a database of its own")
    return settings.database_url.get_secret_value()


def _signed_in(browser: Browser, base: str) -> dict[str, str]:
    within = ui_browser.context(browser, base, Look())
    ui_browser.sign_in(within.new_page(), "admin", ui_serve.PASSWORD)
    cookies = {cookie["name"]: cookie["value"] for cookie in within.cookies()}
    within.close()
    return cookies


def _furnish(db: Database, keyring: Keyring) -> MemberId:
    """The programme with goods is in force, and the member with the most orders has some of everything."""
    demo_members.ensure(db, keyring=keyring)
    with db.transaction() as ctx:
        running = service.version(ctx, service.programmes(ctx).at(ctx.now).version).document
        service.publish(ctx, service.add_draft(ctx, running.replace("ladder:\n", _PURSE, 1) + _GOODS).version)
        member = MemberId(next(iter(mine.most_orders(ctx, "demo-shop", 1)))[0])
        at = ctx.now

    def new() -> UUID:
        return newid.uuid7()

    facts: list[Fact] = [
        CouponGiven(member_id=member, at=at, ref=new(), definition="welcome", source="gift"),
        CouponGiven(member_id=member, at=at, ref=new(), definition="leaflet", source="gift"),
        PointsRedeemed(member_id=member, at=at, ref=new(), unit="points", points=100, reason="Tea for two"),
        CouponGiven(member_id=member, at=at, ref=new(), definition="tea", source="claim", code="TEAWEEK"),
        RewardOrdered(member_id=member, at=at, ref=new(), reward="cup", quantity=1, by="system", address_ref="home"),
        RewardOrdered(member_id=member, at=at, ref=new(), reward="cup", quantity=2, by="system", address_ref="office"),
        BenefitUsed(member_id=member, at=at, ref=new(), benefit="delivery"),
        ValueLoaded(member_id=member, at=at, ref=new(), unit="purse", amount=5_000, bonus=500),
    ]
    for answer in batching.run(db, service.handle, facts):
        if isinstance(answer, Exception):
            raise answer
    return member
