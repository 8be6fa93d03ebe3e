"""Granted, used, cost and effect of benefits, against SQL written by hand and against one case counted on fingers."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from openpyxl import load_workbook

from regulars.domains.experiments import service as experiments
from regulars.domains.insights.model.benefits import BenefitRow
from regulars.domains.insights.service import benefits
from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import BenefitReversed, BenefitUsed, Fact
from regulars.domains.members.model import MemberRef
from regulars.platform import batching
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.science import proportions
from tests.domains.loyalty import programmes
from tests.domains.loyalty.conftest import done
from tests.support import factories, served
from tests.support.factories import NOON

Plain = psycopg.Connection[tuple[Any, ...]]
BENEFITS = """
benefits:
  - {id: gift, label: {en: Gift, zh: 礼品}, kind: custom, tiers: [silver, gold], quota: {times: 2, per: year}, unit_cost: 250,
     incentive: true}
  - {id: tea, label: {en: Tea, zh: 茶}, kind: custom, unit_cost: 40}
"""
MANY, DAYS = 40, 60
FIRST, LAST = date(2025, 8, 10), date(2026, 2, 28)
START = NOON - timedelta(days=200)


def lived(db: Database) -> list[MemberRef]:
    """Half of the members are held out; most are silver, some of whom use things, order again sooner or later, or give it all back."""
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.changed(more_rules=BENEFITS)).version)
        experiments.change_hold_out(ctx, experiments.hold_out(ctx).version, share_bp=5_000)
        refs = factories.enrol(ctx, MANY, joined_at=NOON - timedelta(days=365))
        sides = experiments.assign(ctx, [ref.member_id for ref in refs])
    facts: list[Fact] = []
    for n, ref in enumerate(refs):
        first, again = START + timedelta(days=n % 5), START + timedelta(days=n % 5, hours=n * 67 % 3_000)
        facts.append(factories.paid(ref, f"{n}-a", [factories.line(1, 12_000 if n % 7 else 500)], at=first))
        if n % 3 == 0:
            facts.append(used(ref, n, "tea", first + timedelta(days=1)))
        if n % 4 == 0 and n % 7 and not sides[ref.member_id]:
            facts.append(used(ref, n + 1_000, "gift", first + timedelta(days=2)))
        facts.append(factories.paid(ref, f"{n}-b", [factories.line(1, 700)], at=again))
    done(batching.run(db, service.handle, facts))
    # One use that did not happen, and one from before the window.
    odd = [used(refs[1], 2_001, "tea", START), used(refs[2], 2_002, "tea", NOON - timedelta(days=300))]
    done(batching.run(db, service.handle, odd))
    done(batching.run(db, service.handle, [BenefitReversed(member_id=refs[1].member_id, at=NOON, ref=UUID(int=2_002), reason="x")]))
    return refs


def used(ref: MemberRef, number: int, benefit: str, at: Any) -> BenefitUsed:
    return BenefitUsed(member_id=ref.member_id, at=at, ref=UUID(int=number + 1), benefit=benefit)


def rows(db: Database) -> dict[str, BenefitRow]:
    with db.reading() as ctx:
        return {row.benefit: row for row in benefits.effects(ctx, FIRST, LAST, days=DAYS).items}


BY_LOT = """
SELECT held_out, count(*), sum(CASE WHEN again > 0 THEN 1 ELSE 0 END) FROM (
  SELECT s.held_out,
         (SELECT count(*) FROM orders o WHERE o.member_id = s.member_id
             AND timezone('Europe/London', o.paid_at)::date - timezone('Europe/London', t.since)::date BETWEEN 1 AND 60) AS again
    FROM standings s, tier_standings t
   WHERE t.member_id = s.member_id AND t.ladder = 'main' AND t.level IN ('silver', 'gold')
     AND timezone('Europe/London', t.since)::date <= (SELECT max(timezone('Europe/London', paid_at)::date) FROM orders) - 60) c
 GROUP BY held_out"""
ELIGIBLE = """
SELECT count(*) FROM standings JOIN tier_standings USING (member_id) WHERE ladder = 'main' AND level <> 'member' AND NOT held_out"""
BY_USE = """
SELECT first IS NOT NULL, count(*), sum(CASE WHEN again > 0 THEN 1 ELSE 0 END) FROM (
  SELECT first, (SELECT count(*) FROM orders o WHERE o.member_id = m.member_id
                    AND timezone('Europe/London', o.paid_at)::date - began BETWEEN 1 AND 60) AS again
    FROM (SELECT s.member_id, u.first,
                 coalesce(u.first, greatest(timezone('Europe/London', s.joined_at)::date, date '2025-08-10')) AS began
            FROM standings s LEFT JOIN (
                 SELECT member_id, min(timezone('Europe/London', at)::date) AS first FROM benefit_uses
                  WHERE benefit = 'tea' AND state = 'used' AND at >= '2025-08-10' GROUP BY member_id) u USING (member_id)
           WHERE u.first IS NOT NULL OR NOT EXISTS (
                 SELECT 1 FROM benefit_uses b WHERE b.member_id = s.member_id AND benefit = 'tea' AND state <> 'reversed')) m
   WHERE began <= (SELECT max(timezone('Europe/London', paid_at)::date) FROM orders) - 60) c
 GROUP BY 1"""


def test_an_incentive_is_measured_against_the_control_group_as_sql_by_hand_counts(db: Database, connection: Plain) -> None:
    lived(db)
    gift = rows(db)["gift"]
    by_hand = {row[0]: (row[2], row[1]) for row in connection.execute(BY_LOT).fetchall()}
    effect = gift.effect
    assert (effect.basis, effect.causal, effect.small) == ("trial", True, True)
    assert {False: (effect.having.n, effect.having.denominator), True: (effect.lacking.n, effect.lacking.denominator)} == by_hand
    apart = proportions.newcombe(by_hand[False], by_hand[True])
    assert apart is not None
    assert effect.difference_bp == round(apart.estimate * 10_000)
    ((uses, cost),) = connection.execute("SELECT sum(quantity), sum(cost) FROM benefit_uses WHERE benefit = 'gift'").fetchall()
    ((eligible,),) = connection.execute(ELIGIBLE).fetchall()
    assert (gift.used, gift.cost, gift.users) == (uses, cost, uses)
    assert (gift.eligible, gift.granted, gift.period) == (eligible, 2 * eligible, "year")


def test_what_nobody_is_held_out_from_compares_users_and_says_that_it_is_not_causal(db: Database, connection: Plain) -> None:
    lived(db)
    tea = rows(db)["tea"]
    by_hand = {row[0]: (row[2], row[1]) for row in connection.execute(BY_USE).fetchall()}
    effect = tea.effect
    assert (effect.basis, effect.causal) == ("users", False)
    assert {True: (effect.having.n, effect.having.denominator), False: (effect.lacking.n, effect.lacking.denominator)} == by_hand
    # 0, 3 … 39, and not the use that was taken back, nor the one before the window, whose member is on neither side.
    assert (tea.used, tea.cost, tea.users, tea.eligible, tea.granted) == (14, 14 * 40, 14, MANY, None)
    assert effect.having.denominator + effect.lacking.denominator == MANY - 1


def test_a_case_on_fingers(db: Database) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.changed(more_rules=BENEFITS)).version)
        experiments.change_hold_out(ctx, experiments.hold_out(ctx).version, on=False)
        one, two, three = factories.enrol(ctx, 3, joined_at=NOON - timedelta(days=365))
    facts: list[Fact] = [
        factories.paid(ref, f"{n}", [factories.line(1, 1_000)], at=START + timedelta(days=day))
        for n, (ref, day) in enumerate([(one, 0), (two, 0), (three, 0), (one, 60), (two, 61), (three, 150)])
    ]
    teas: list[Fact] = [used(ref, n, "tea", START) for n, ref in enumerate((one, two))]
    done(batching.run(db, service.handle, facts[:3] + teas + facts[3:]))
    effect = rows(db)["tea"].effect
    assert (effect.having.n, effect.having.denominator, effect.having.rate_bp) == (1, 2, 5_000)
    assert (effect.lacking.denominator, rows(db)["gift"].effect.basis) == (1, "users")


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    lived(db)
    with served.client(db, keyring, tmp_path) as client:
        yield client


def test_the_report_over_http_says_what_each_number_is(api: httpx.Client) -> None:
    told = api.get("/v1/reports/benefits", params={"from": "2025-06-01", "to": "2026-02-28", "days": 60}).json()
    rows_ = [(row["benefit"], row["label"]["zh"], row["effect"]["causal"]) for row in told["items"]]
    assert rows_ == [("gift", "礼品", True), ("tea", "茶", False)]
    assert sorted(told["definitions"]) == ["cost", "effect", "granted", "trial", "used", "users"]
    assert "NOT causal" in told["definitions"]["users"]["en"]
    assert "非因果" in told["definitions"]["users"]["zh"]
    served.refused(api.get("/v1/reports/benefits", params={"from": "2026-02-01", "to": "2026-01-31"}), 422, "input.invalid")
    assert api.get("/v1/reports/benefits", headers={served.PERMISSIONS: "members.read"}).status_code == 403


def test_the_report_is_a_table_in_the_language_of_whoever_asks(api: httpx.Client) -> None:
    window = {"from": "2025-08-10", "to": "2026-02-28", "days": "60"}
    items = api.get("/v1/reports/benefits", params=window).json()["items"]
    file = api.get("/v1/reports/benefits", params={**window, "format": "csv"}, headers={"accept-language": "zh-CN"})
    assert file.headers["content-disposition"] == 'attachment; filename="regulars-benefits.csv"'
    assert file.content.startswith(b"\xef\xbb\xbf")
    heading, gift, tea = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert heading[:6] == ["权益", "编号", "可享有会员", "每周期发放", "周期", "使用次数"]
    effect = items[0]["effect"]
    sides = [effect[side][name] for side in ("having", "lacking") for name in ("n", "denominator", "rate_bp", "low_bp", "high_bp")]
    counts = [items[0][name] for name in ("used", "users", "cost")]
    apart = [effect[name] for name in ("difference_bp", "low_bp", "high_bp", "small")]
    assert gift == [
        str(one) for one in ["礼品", "gift", items[0]["eligible"], items[0]["granted"], "每年", *counts, "对照组", True, *sides, *apart]
    ]
    assert (len(heading), tea[:5], tea[8:10]) == (len(gift), ["茶", "tea", str(MANY), "", ""], ["使用者对比，非因果", "False"])
    book = load_workbook(io.BytesIO(api.get("/v1/reports/benefits", params={**window, "format": "xlsx"}).content))
    assert (book.sheetnames, book["items"]["A2"].value, book["definitions"]["A1"].value) == (["items", "definitions"], "Gift", "granted")
