"""Every metric of the whole retail file, imported and exported as in production, equals plain SQL over the raw file."""

from collections.abc import Iterator
from typing import Any

import pytest

from regulars.domains.insights.model.answers import Bucket, Filters
from regulars.domains.insights.model.metrics import WINDOWS
from regulars.domains.insights.service import drilling, overview, retention, returning, selling
from regulars.platform.lake import reading
from tests.domains.insights import lakes, retail
from tests.domains.insights.by_hand import Hand
from tests.domains.insights.retail import Both, Exported
from tests.domains.loyalty.test_import_retail import CLASSES, FILE, ROWS
from tests.support import postgres

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FILE.exists(), reason="the retail file is not part of the repository")]

ALL = Filters()


@pytest.fixture(scope="module")
def exported(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """The whole file in PostgreSQL and from there in a lake."""
    for url in postgres.clone(server, template):
        yield retail.exported(url, tmp_path_factory.mktemp("retail"))


@pytest.fixture(scope="module", params=[lakes.LONDON, lakes.SHANGHAI])
def both(request: pytest.FixtureRequest, exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The lake with the days of one zone, and the file by hand with the same."""
    folder = exported.lake
    if request.param != lakes.LONDON:
        with reading.opened(folder) as view:
            facts = {name: view.paths(name) for name in view.files() if not name.startswith("derived_")}
            folder = lakes.publish(tmp_path_factory.mktemp("elsewhere"), facts, zone=request.param)
    hand = Hand(FILE, request.param)
    exported.tell(hand)
    return Both(lake=folder, hand=hand, report=exported.report)


def test_every_row_of_the_file_is_in_exactly_one_class(exported: Exported) -> None:
    assert exported.classes == CLASSES
    assert sum(CLASSES.values()) == ROWS


def test_the_file_by_hand_is_sorted_out_as_the_import_does(both: Both) -> None:
    assert both.hand.classes == (7_584, 2_622)
    assert both.hand.rows("SELECT count(*), sum(total), sum(refunded) FROM orders") == [(22_100, 1_030_589_201, 26_288_554)]


def _repurchase(hand: Hand, days: int, group: str = "NULL", join: str = "") -> list[Any]:
    return hand.rows(
        f"""SELECT {group} AS key, count(*) FILTER (f.day <= b.last - {days}),
                   count(*) FILTER (f.day <= b.last - {days} AND s.day - f.day <= {days})
              FROM days f CROSS JOIN bounds b LEFT JOIN days s ON s.customer = f.customer AND s.n = 2 {join}
             WHERE f.n = 1 GROUP BY key"""
    )


def test_repurchase_within_each_window(both: Both) -> None:
    found = returning.repurchase(both.lake, ALL)
    assert [(row.days, row.denominator, row.n) for row in found.total] == [(days, *_repurchase(both.hand, days)[0][1:]) for days in WINDOWS]
    assert all(row.rate_bp == row.n * 10_000 // row.denominator for row in found.total)


def _of_the_first_order(column: str) -> str:
    return f"""LEFT JOIN (SELECT customer, day, arg_min({column}, (told, number)) AS {column} FROM kept GROUP BY ALL) p
                 ON p.customer = f.customer AND p.day = f.day"""


@pytest.mark.parametrize(
    ("by", "group", "join", "groups"),
    [
        ("month", "strftime(f.day, '%Y-%m')", "", 13),
        ("tier", "t.tier", "LEFT JOIN standing t ON t.customer = f.customer", 4),
        ("store", "p.store", _of_the_first_order("store"), 37),
        ("channel", "p.channel", _of_the_first_order("channel"), 3),
        ("product", "p.product", _of_the_first_order("product"), 907),
    ],
)
def test_repurchase_by_month_tier_store_channel_and_first_product(both: Both, by: Any, group: str, join: str, groups: int) -> None:
    found = returning.repurchase(both.lake, ALL, by=by, top=10_000)
    for days in WINDOWS:
        mine = {row.key: (row.denominator, row.n) for row in found.groups if row.days == days}
        assert mine == {key: (counted, returned) for key, counted, returned in _repurchase(both.hand, days, group, join)}
        assert len(mine) == groups


def test_the_held_out_beside_the_rest(both: Both) -> None:
    sides = "LEFT JOIN standing t ON t.customer = f.customer"
    for row in returning.repurchase(both.lake, ALL).arms:
        sides_of = {held: counts for held, *counts in _repurchase(both.hand, row.days, "t.held_out", sides)}
        assert [row.rest_denominator, row.rest_n] == sides_of[False]
        assert [row.held_out_denominator, row.held_out_n] == sides_of[True]
    for row in retention.activity(both.lake, ALL).arms:
        activated = both.hand.rows(
            f"""SELECT t.held_out, count(*), count(*) FILTER (d.day - c.joined <= {row.days}) FROM customers c CROSS JOIN bounds b
                  JOIN standing t USING (customer) LEFT JOIN days d ON d.customer = c.customer AND d.n = 1
                 WHERE c.joined <= b.last - {row.days} GROUP BY 1 ORDER BY 1"""
        )
        mine = [(False, row.rest_denominator, row.rest_n), (True, row.held_out_denominator, row.held_out_n)]
        assert mine == activated
    for arm, held in (("held_out", "t.held_out"), ("rest", "NOT t.held_out")):
        asked = Filters(arm=arm)  # type: ignore[arg-type]  # one of its words
        sold = selling.revenue(both.lake, asked).total
        assert sold is not None
        hand = both.hand.rows(f"SELECT count(*), sum(total), sum(refunded) FROM orders JOIN standing t USING (customer) WHERE {held}")
        assert [(sold.orders, sold.revenue, sold.refunded)] == hand
        intervals = returning.intervals(both.lake, asked)
        hand = both.hand.rows(
            f"""SELECT count(gap), quantile_disc(gap, 0.5), quantile_disc(gap, 0.75)
                  FROM days JOIN standing t USING (customer) WHERE {held}"""
        )
        assert [(intervals.n, intervals.median, intervals.p75)] == hand


def test_a_filter_by_store_and_channel(both: Both) -> None:
    asked = Filters(stores=("Germany", "France"), channels=("app",))
    here = "store IN ('Germany', 'France') AND channel = 'app'"
    places = """JOIN (SELECT customer, day, arg_min(store, (told, number)) AS store, arg_min(channel, (told, number)) AS channel
                        FROM kept GROUP BY ALL) p ON p.customer = {0}.customer AND p.day = {0}.day"""
    rates = [(row.days, row.denominator, row.n) for row in returning.repurchase(both.lake, asked).total]
    hand = _repurchase(both.hand, 30, "NULL", places.format("f") + f" AND {here}")
    assert rates[0] == (30, *hand[0][1:])
    sold = selling.revenue(both.lake, asked).total
    assert sold is not None
    assert [(sold.orders, sold.revenue, sold.refunded)] == both.hand.rows(
        f"SELECT count(*), sum(total), sum(refunded) FROM orders WHERE {here}"
    )
    intervals = returning.intervals(both.lake, asked)
    assert [(intervals.n, intervals.median, intervals.p75)] == both.hand.rows(
        f"""SELECT count(gap), quantile_disc(gap, 0.5), quantile_disc(gap, 0.75) FROM days d {places.format("d")} WHERE {here}"""
    )


def test_tier_spread_with_the_held_out(both: Both) -> None:
    hand = both.hand.rows("SELECT tier, count(*), count(*) FILTER (held_out) FROM standing GROUP BY 1")
    assert {(row.level, row.members, row.held_out) for row in selling.tiers(both.lake, ALL).levels} == set(hand)


def test_growth_issued_follows_from_the_orders_alone(both: Both) -> None:
    # The programme gives one growth a whole pound of each order, whoever the member is: no other rule of it touches this unit.
    hand = both.hand.rows(
        "SELECT date_trunc('month', day)::DATE, sum(total // 100)::BIGINT FROM orders WHERE customer IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    found = [(row.month, row.issued) for row in selling.points(both.lake, ALL).months if row.unit == "growth" and row.issued]
    assert found == hand


def test_points_issued_spent_expired_reversed_outstanding_and_due(both: Both) -> None:
    local = f"timezone('{both.hand.zone}', timezone('UTC', {{}}))"
    hand = both.hand.rows(
        f"""WITH moved AS (
              SELECT unit, date_trunc('month', {local.format('"at"')})::DATE AS month,
                     coalesce(sum(amount) FILTER (kind = 'grant'), 0) AS issued,
                     coalesce(sum(amount) FILTER (kind IN ('spend', 'confirm')), 0)
                       - coalesce(sum(amount) FILTER (kind = 'restore'), 0) AS spent,
                     coalesce(sum(amount) FILTER (kind = 'expire'), 0) AS expired,
                     coalesce(sum(amount) FILTER (kind IN ('reverse', 'deduct', 'owe')), 0) AS reversed
                FROM entries WHERE kind <> 'tier' GROUP BY ALL)
            SELECT *, sum(issued - spent - expired - reversed) OVER (PARTITION BY unit ORDER BY month) FROM moved ORDER BY unit, month"""
    )
    found = selling.points(both.lake, ALL)
    months = [(row.unit, row.month, row.issued, row.spent, row.expired, row.reversed, row.outstanding) for row in found.months]
    assert [row for row in months if any(row[2:6])] == hand
    due = both.hand.rows(
        f"""SELECT unit, date_trunc('month', {local.format("expires - INTERVAL 1 MICROSECOND")})::DATE AS month, sum(amount)
              FROM lots GROUP BY ALL ORDER BY 1, 2 NULLS LAST"""
    )
    assert [(row.unit, row.month, row.amount) for row in found.due] == due


def test_only_the_largest_groups_are_named_and_the_rest_is_added_up(both: Both) -> None:
    found = returning.repurchase(both.lake, ALL, by="product", top=5)
    assert [row.rest for row in found.groups if row.days == 30] == [False] * 5 + [True]
    for place, days in enumerate(WINDOWS):
        assert sum(row.denominator for row in found.groups if row.days == days) == found.total[place].denominator
        assert sum(row.n for row in found.groups if row.days == days) == found.total[place].n


def test_repurchase_of_a_window_of_first_orders_beside_the_one_before(both: Both) -> None:
    window = Filters(from_day=lakes.day("2010-04-01"), to_day=lakes.day("2010-06-30"))
    found = returning.repurchase(both.lake, window, compare="previous")
    assert (found.compared_from, found.compared_to) == (lakes.day("2009-12-31"), lakes.day("2010-03-31"))
    for rows, begin, end in ((found.total, "2010-04-01", "2010-06-30"), (found.before, "2009-12-31", "2010-03-31")):
        for row in rows:
            hand = both.hand.rows(
                f"""SELECT count(*), count(*) FILTER (next_gap <= {row.days}) FROM days, bounds b
                     WHERE n = 1 AND day BETWEEN DATE '{begin}' AND DATE '{end}' AND day <= b.last - {row.days}"""
            )
            assert [(row.denominator, row.n)] == hand


def test_conversion_from_each_purchase_to_the_next(both: Both) -> None:
    found = returning.conversion(both.lake, ALL)
    for days in WINDOWS:
        hand = both.hand.rows(
            f"""SELECT n, count(*), count(*) FILTER (day <= b.last - {days}),
                       count(*) FILTER (day <= b.last - {days} AND next_gap <= {days})
                  FROM days, bounds b WHERE n <= 12 GROUP BY n ORDER BY n"""
        )
        assert [(row.purchase, row.reached, row.denominator, row.n) for row in found.steps if row.days == days] == hand


def test_the_curve_after_the_first_purchase_is_the_product_of_the_daily_shares(both: Both) -> None:
    hand = both.hand.rows(
        """SELECT coalesce(next_gap, b.last - day) AS d, count(next_gap), count(*) - count(next_gap)
             FROM days, bounds b WHERE n = 1 GROUP BY d ORDER BY d"""
    )
    watched, left = sum(events + censored for _, events, censored in hand), 1.0
    wanted: list[tuple[int, int, int]] = []
    for day, events, censored in hand:
        left *= 1 - events / watched
        wanted.append((day, round((1 - left) * 10_000), watched))
        watched -= events + censored
    curve = returning.conversion(both.lake, ALL).curve
    assert [(row.day, row.reached_bp, row.at_risk) for row in curve] == [row for row in wanted if row[0] <= 365]


def test_days_between_purchases_with_median_and_p75(both: Both) -> None:
    found = returning.intervals(both.lake, ALL, width=1, most=500)
    assert [(found.n, found.median, found.p75)] == both.hand.rows(
        "SELECT count(gap), quantile_disc(gap, 0.5), quantile_disc(gap, 0.75) FROM days"
    )
    wanted: dict[int, int] = dict(both.hand.rows("SELECT gap, count(*) FROM days WHERE gap IS NOT NULL GROUP BY gap"))
    assert {row.from_days: row.n for row in found.histogram if row.n} == wanted


def test_retention_by_cohort_fixed_and_rolling_with_revenue(both: Both) -> None:
    found = retention.cohorts(both.lake, ALL)
    hand = both.hand.rows(
        """WITH months AS (SELECT date_trunc('month', first) AS cohort, count(DISTINCT customer) AS members FROM days GROUP BY cohort),
                cells AS (SELECT m.cohort, m.members, a.after, m.cohort + INTERVAL (a.after) MONTH AS month
                            FROM months m, range(13) a(after), bounds b WHERE m.cohort + INTERVAL (a.after) MONTH <= b.last),
                firsts AS (SELECT DISTINCT customer, date_trunc('month', first) AS cohort FROM days)
           SELECT c.cohort, c.after, c.members,
                  (SELECT count(DISTINCT d.customer) FROM days d WHERE date_trunc('month', d.first) = c.cohort
                      AND date_trunc('month', d.day) = c.month),
                  (SELECT count(DISTINCT d.customer) FROM days d WHERE date_trunc('month', d.first) = c.cohort AND d.day >= c.month),
                  (SELECT coalesce(sum(k.total - k.refunded), 0) FROM kept k JOIN firsts f USING (customer)
                    WHERE f.cohort = c.cohort AND date_trunc('month', k.day) = c.month),
                  last_day(c.month) <= (SELECT last FROM bounds)
             FROM cells c ORDER BY 1, 2"""
    )
    mine = [(c.month, c.after, c.denominator, c.fixed, c.rolling, c.revenue, c.complete) for c in found.cells]
    assert mine == [(row[0].date(), *row[1:]) for row in hand]


def test_activation_of_those_who_joined(both: Both) -> None:
    for row in retention.activity(both.lake, ALL).activation:
        assert [(row.denominator, row.n)] == both.hand.rows(
            f"""SELECT count(*), count(*) FILTER (d.day - c.joined <= {row.days}) FROM customers c CROSS JOIN bounds b
                  LEFT JOIN days d ON d.customer = c.customer AND d.n = 1 WHERE c.joined <= b.last - {row.days}"""
        )


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_active_members_and_their_orders_by_period(both: Both, by: Any) -> None:
    hand = both.hand.rows(f"SELECT date_trunc('{by}', day)::DATE, count(DISTINCT customer), count(*) FROM kept GROUP BY 1 ORDER BY 1")
    found = retention.activity(both.lake, ALL, by=by).periods
    assert [(row.start, row.active, row.orders) for row in found if row.orders] == hand
    # The other way to count, which a filter by store or a window that cuts a period needs, tells the same.
    stores = tuple(store for (store,) in both.hand.rows("SELECT DISTINCT store FROM orders"))
    cut = Filters(from_day=lakes.day("2009-11-03"), to_day=lakes.day("2010-12-31"), stores=stores)
    assert [(row.start, row.active, row.orders) for row in retention.activity(both.lake, cut, by=by).periods if row.orders] == hand


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_revenue_new_returning_and_anonymous_with_refunds(both: Both, by: Any) -> None:
    hand = both.hand.rows(
        f"""WITH firsts AS (SELECT customer, min(day) AS first FROM days GROUP BY customer),
                 kinds AS (SELECT o.*, CASE WHEN o.customer IS NULL THEN 'anonymous' WHEN f.first IS NULL OR o.day <= f.first THEN 'new'
                                       ELSE 'returning' END AS kind FROM orders o LEFT JOIN firsts f USING (customer)),
                 sold AS (SELECT date_trunc('{by}', day)::DATE AS start, count(*) AS orders, sum(total) AS total, sum(refunded) AS refunded,
                                 {
            ", ".join(
                f"count(*) FILTER (kind = '{k}') AS o_{k}, coalesce(sum(total) FILTER (kind = '{k}'), 0) AS r_{k}"
                for k in ("new", "returning", "anonymous")
            )
        } FROM kinds GROUP BY 1),
                 back AS (SELECT date_trunc('{by}', day)::DATE AS start, coalesce(sum(total) FILTER (order_number IS NOT NULL), 0) AS made,
                                 coalesce(sum(total) FILTER (order_number IS NULL), 0) AS unmatched FROM refunds GROUP BY 1)
            SELECT coalesce(s.start, b.start), coalesce(orders, 0), coalesce(o_new, 0), coalesce(o_returning, 0), coalesce(o_anonymous, 0),
                   coalesce(total, 0), coalesce(r_new, 0), coalesce(r_returning, 0), coalesce(r_anonymous, 0), coalesce(refunded, 0),
                   coalesce(made, 0), coalesce(unmatched, 0), round_even(total / orders, 0)
              FROM sold s FULL JOIN back b ON s.start = b.start ORDER BY 1"""
    )
    found = selling.revenue(both.lake, ALL, by=by)
    rows = [
        (
            row.start,
            row.orders,
            row.orders_new,
            row.orders_returning,
            row.orders_anonymous,
            row.revenue,
            row.revenue_new,
            row.revenue_returning,
            row.revenue_anonymous,
            row.refunded,
            row.refunds_made,
            row.refunds_unmatched,
            row.average_order,
        )
        for row in found.periods
        if row.orders or row.refunds_made or row.refunds_unmatched
    ]
    assert rows == hand


def test_the_overview_of_a_window(both: Both) -> None:
    window = Filters(from_day=lakes.day("2010-03-01"), to_day=lakes.day("2010-05-31"))
    found = {(f.metric, f.days, f.unit, f.part): f for f in overview.overview(both.lake, window, compare="previous").figures}
    for begin, end, which in (("2010-03-01", "2010-05-31", "value"), ("2009-11-29", "2010-02-28", "before")):
        within = f"day BETWEEN DATE '{begin}' AND DATE '{end}'"
        hand = both.hand.rows(f"SELECT count(*), sum(total), sum(refunded) FROM orders WHERE {within}")[0]
        mine = [getattr(found[name, None, None, None], which) for name in ("orders", "revenue", "refunded")]
        assert mine == list(hand)
        active = both.hand.rows(f"SELECT count(DISTINCT customer) FROM kept WHERE {within}")[0][0]
        assert getattr(found["active_members", None, None, None], which) == active
        joined = both.hand.rows(f"SELECT count(*) FROM customers WHERE {within.replace('day', 'joined')}")[0][0]
        assert getattr(found["members_joined", None, None, None], which) == joined


def test_the_members_behind_a_number_are_as_many_as_it_says(both: Both) -> None:
    for row in returning.repurchase(both.lake, ALL, by="month").groups[:10]:
        month = lakes.day(f"{row.key}-01")
        for outcome, count in (("counted", row.denominator), ("yes", row.n), ("no", row.denominator - row.n)):
            bucket = Bucket(of="repurchase", outcome=outcome, days=row.days, by="month", key=row.key, month=month)  # type: ignore[arg-type]  # its words
            assert drilling.members(both.lake, bucket).total == count
    for cell in retention.cohorts(both.lake, ALL).cells[::7]:
        for of, count in (("retention_fixed", cell.fixed), ("retention_rolling", cell.rolling)):
            assert drilling.members(both.lake, Bucket(of=of, month=cell.month, after=cell.after)).total == count
    for step in returning.conversion(both.lake, ALL).steps[::9]:
        bucket = Bucket(of="conversion", outcome="yes", days=step.days, purchase=step.purchase)
        assert drilling.members(both.lake, bucket).total == step.n
    for period in retention.activity(both.lake, ALL).periods:
        assert drilling.members(both.lake, Bucket(of="active_members", period="month", start=period.start)).total == period.active
    for level in selling.tiers(both.lake, ALL).levels:
        bucket = Bucket(of="tiers", by="tier", key=level.level, missing=level.level is None)
        assert drilling.members(both.lake, bucket).total == level.members


def test_the_lake_and_postgresql_agree(both: Both) -> None:
    if returning.repurchase(both.lake, ALL).about.zone != both.report.zone:
        pytest.skip("PostgreSQL reports in the programme's zone")
    report = both.report
    found = returning.repurchase(both.lake, ALL)
    assert [(row.days, row.denominator, row.n, row.rate_bp) for row in found.total] == [
        (row.days, row.members, row.returned, row.rate_bp) for row in report.repurchase
    ]
    assert (found.about.first_day, found.about.last_day, found.about.currency) == (report.first_day, report.last_day, report.currency)
    sold = selling.revenue(both.lake, ALL).total
    assert sold is not None
    assert (sold.orders, sold.orders_anonymous, sold.revenue, sold.refunded, sold.refunds_made, sold.refunds_unmatched) == (
        report.orders,
        report.anonymous_orders,
        report.revenue,
        report.refunded,
        report.refunded,
        report.unmatched_refunds,
    )
    levels = selling.tiers(both.lake, ALL).levels
    assert {row.level: row.members for row in levels if row.level is not None} == dict(report.tiers)
    assert sum(row.members for row in levels) == report.members
    figures = {(f.metric, f.unit): f.value for f in overview.overview(both.lake, ALL).figures if f.unit}
    for unit in report.units:
        for name in ("issued", "spent", "expired", "reversed", "outstanding"):
            assert figures[f"points_{name}", unit.unit] == getattr(unit, name)
        due = sum(row.amount for row in selling.points(both.lake, ALL).due if row.unit == unit.unit)
        months = [row for row in selling.points(both.lake, ALL).months if row.unit == unit.unit]
        assert months[-1].outstanding == unit.outstanding
        assert sum(row.issued for row in months) == unit.issued
        # What is in lots is what is outstanding and neither held nor owed.
        assert due >= unit.outstanding
