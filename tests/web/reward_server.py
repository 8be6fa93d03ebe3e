"""A server of the demo whose mall hands out codes, whose benefits were used long enough ago to tell of, and where one checks in."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import psycopg
from playwright.sync_api import Browser

from regulars.app import demo, demo_members, serve
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import BenefitUsed, Fact, RewardOrdered
from regulars.domains.loyalty.service import handing, mine
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.rewards.model import PREFIX as REWARD_ORDER
from regulars.kernel import ids
from regulars.platform import batching, clock, newid
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import serving
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

CODES = [f"FILM-000{n}-AAA{n}" for n in range(1, 10)]
ORDERED = 6
"""Codes that orders have: of these the first, of the others none."""
_USERS = 60
_MORE = """
  - id: check-in
    label: {en: "Check-in: 2 points a day, 40 a month at most", zh: 签到每天 2 积分，每月最多 40}
    on: check_in
    unit: points
    fixed: 2
    cap: {per: month, amount: 40}
rewards:
  - {id: ticket, label: {en: Cinema ticket, zh: 电影票}, kind: digital, unit: points, points: 10, codes: cinema}
  - {id: music, label: {en: Month of music, zh: 音乐月卡}, kind: digital, unit: points, points: 20, codes: music}
  - {id: seat, label: {en: Theatre seat, zh: 剧院座位}, kind: digital, unit: points, points: 30, codes: theatre}
benefits:
  - {id: delivery, label: {en: Free delivery, zh: 免运费}, kind: free_delivery, tiers: [silver, gold, platinum],
     quota: {times: 2, per: month}, unit_cost: 600, incentive: true}
  - {id: tasting, label: {en: Tea tasting, zh: 品茶会}, kind: event_access, unit_cost: 1500}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where it is, its administrator's session, and the orders of a ticket by the member with the most orders, each with the code of its
    place; what members sign in with comes to the development inbox.
    """

    base: str
    cookies: dict[str, str]
    orders: list[str]


@contextlib.contextmanager
def opened(server: str, browser: Browser) -> Iterator[Shop]:
    """The shop is open."""
    where = ui_serve.place(server)
    ui_serve.ensure(where)
    with ui_serve.settings(where, port=0) as given:
        settings = given.model_copy(update={"dev_inbox": "on"})
        url = settings.database_url.get_secret_value() if settings.database_url else ""
        db = database.connect(url, clock_=clock.SystemClock(), pool_size=1)
        try:
            orders = _furnish(db, Keyring.load(settings.key_dir))
        finally:
            db.close()
        with psycopg.connect(url) as raw:
            # Nobody could use benefits before the version that has them: written as it would stand after months.
            raw.execute("UPDATE benefit_uses SET at = at - interval '120 days'")
        with serve.application(settings) as app, serving.served(app) as api:
            base = str(api.base_url).rstrip("/")
            within = ui_browser.context(browser, base, Look())
            ui_browser.sign_in(within.new_page(), "admin", ui_serve.PASSWORD)
            cookies = {cookie["name"]: cookie["value"] for cookie in within.cookies()}
            within.close()
            yield Shop(base=base, cookies=cookies, orders=orders)


def _furnish(db: Database, keyring: Keyring) -> list[str]:
    demo_members.ensure(db, keyring=keyring)
    plain = (resources.files("regulars.demo") / "programme.yaml").read_text("utf-8")
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, plain.rstrip() + _MORE).version)
        handing.upload(ctx, "cinema", CODES, keyring=keyring)
        found = [member for member, _ in mine.most_orders(ctx, demo.SOURCE, _USERS)]
        now = ctx.now
    ordered = [newid.uuid7() for _ in range(ORDERED)]
    for ref in ordered:
        # One at a time, so that each has the code of its place.
        _take(db, RewardOrdered(member_id=found[0], at=now, ref=ref, reward="ticket", quantity=1, by=ids.encode(MEMBER, found[0])))
    used = [
        BenefitUsed(member_id=member, at=now, ref=newid.uuid7(), benefit=benefit)
        for place, member in enumerate(found)
        for benefit in (("tasting", "delivery") if place % 3 == 0 else ("tasting",))
    ]
    # Who is held out from the delivery, or stood lower then, has not used it.
    batching.run(db, loyalty.handle, used)
    return [ids.encode(REWARD_ORDER, ref) for ref in ordered]


def _take(db: Database, *facts: Fact) -> None:
    for answer in batching.run(db, loyalty.handle, list(facts)):
        if isinstance(answer, Exception):
            raise answer
