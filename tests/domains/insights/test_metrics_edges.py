"""The corners of the metrics, each on a lake of a few rows whose numbers can be counted on fingers."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from regulars.domains.insights.model.answers import Bucket, CohortRow, Filters
from regulars.domains.insights.service import answering, drilling, overview, retention, returning, selling
from regulars.kernel.problem import Problem
from tests.domains.insights import lakes
from tests.domains.insights.lakes import Facts, day

ALL = Filters()

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(facts: Facts, *, zone: str = lakes.LONDON, serial: int = 1, slice_orders: int = 1_000) -> Path:
        return lakes.published(tmp_path / "lake", facts.rows, zone=zone, serial=serial, slice_orders=slice_orders)

    return made


def _within(lake: Path, days: int, filters: Filters = ALL) -> tuple[int, int, int | None]:
    row = next(row for row in returning.repurchase(lake, filters).total if row.days == days)
    return row.n, row.denominator, row.rate_bp


def test_an_empty_lake_answers_everything_without_a_number(make: Make) -> None:
    lake = make(Facts())
    found = overview.overview(lake, ALL)
    assert [note.en for note in found.about.notes] == [
        "The lake holds no orders.",
        "Fewer than 100 members on one side of a comparison: its difference says little yet.",
    ]
    assert (found.about.first_day, found.about.last_day) == (None, None)
    values = {(f.metric, f.days, f.part): f.value for f in found.figures}
    assert values["repurchase", 30, None] is None
    assert values["average_order", None, None] is None
    assert (values["members", None, None], values["orders", None, None], values["revenue", None, "new"]) == (0, 0, 0)
    assert returning.repurchase(lake, ALL, by="store").groups == ()
    intervals = returning.intervals(lake, ALL)
    assert (intervals.n, intervals.median, intervals.p75, intervals.histogram) == (0, None, None, ())
    conversion = returning.conversion(lake, ALL)
    assert (conversion.steps, conversion.curve) == ((), ())
    assert retention.cohorts(lake, ALL).cells == ()
    activity = retention.activity(lake, ALL)
    assert (activity.periods, [(row.denominator, row.rate_bp) for row in activity.activation]) == ((), [(0, None)] * 4)
    revenue = selling.revenue(lake, ALL)
    assert (revenue.total, revenue.periods) == (None, ())
    assert (selling.points(lake, ALL).months, selling.points(lake, ALL).due, selling.tiers(lake, ALL).levels) == ((), (), ())
    assert drilling.members(lake, Bucket(of="members")) == drilling.Found(total=0, member_ids=())


def test_one_member_with_one_order_is_counted_and_has_not_come_back(make: Make) -> None:
    facts = Facts()
    facts.order(facts.member(1), "2025-01-10T12:00Z")
    facts.order(None, "2025-03-01T12:00Z")
    lake = make(facts)
    assert _within(lake, 30) == (0, 1, 0)
    assert returning.intervals(lake, ALL).n == 0
    assert [(row.purchase, row.reached) for row in returning.conversion(lake, ALL).steps if row.days == 30] == [(1, 1)]
    assert [(row.day, row.reached_bp, row.at_risk) for row in returning.conversion(lake, ALL).curve] == [(50, 0, 1)]


def test_orders_of_anonymous_customers_alone_make_revenue_and_no_rate(make: Make) -> None:
    facts = Facts()
    for date in ("2025-01-10", "2025-02-10", "2025-06-10"):
        facts.order(None, f"{date}T12:00Z", 500)
    lake = make(facts)
    assert _within(lake, 30) == (0, 0, None)
    sold = selling.revenue(lake, ALL).total
    assert sold is not None
    assert (sold.orders_anonymous, sold.revenue_anonymous, sold.revenue, sold.average_order) == (3, 1_500, 1_500, 500)
    assert drilling.members(lake, Bucket(of="orders")).total == 0
    assert retention.activity(lake, ALL).periods == ()


def test_a_wholly_refunded_first_order_is_no_first_order(make: Make) -> None:
    facts = Facts()
    member = facts.member(1)
    facts.order(member, "2025-01-01T12:00Z", 1_000, refunded=1_000)
    facts.order(member, "2025-02-01T12:00Z", 1_000, refunded=999)
    facts.order(member, "2025-02-11T12:00Z", 1_000)
    facts.order(None, "2025-12-31T12:00Z")
    lake = make(facts)
    found = returning.repurchase(lake, ALL, by="month")
    assert [(row.key, row.n, row.denominator) for row in found.groups if row.days == 30] == [("2025-02", 1, 1)]
    assert returning.intervals(lake, ALL).median == 10
    sold = selling.revenue(lake, ALL).total
    assert sold is not None
    # Until the end of the first order day every order is a new customer's, the refunded one too.
    assert (sold.orders_new, sold.revenue_new, sold.orders_returning, sold.refunded) == (2, 2_000, 1, 1_999)


def test_freight_that_is_kept_does_not_keep_an_order(make: Make) -> None:
    facts = Facts()
    facts.order(facts.member(1), "2025-01-01T12:00Z", 1_200, freight=200, refunded=1_000)
    facts.order(facts.member(2), "2025-01-01T12:00Z", 1_200, freight=200, refunded=999)
    facts.order(facts.member(3), "2025-01-01T12:00Z", 0)
    facts.order(None, "2025-12-31T12:00Z")
    lake = make(facts)
    # The third one cost nothing: there is nothing to give back, so it was not given back.
    assert drilling.members(lake, Bucket(of="repurchase", days=30)).member_ids == (UUID(int=2), UUID(int=3))


def test_a_refund_without_an_order_gives_no_order_back(make: Make) -> None:
    facts = Facts()
    member = facts.member(1)
    facts.order(member, "2025-01-01T12:00Z", 1_000)
    facts.refund(member, "2025-01-02T12:00Z", 1_000)
    facts.order(None, "2025-12-31T12:00Z")
    lake = make(facts)
    assert _within(lake, 30) == (0, 1, 0)
    sold = selling.revenue(lake, ALL).total
    assert sold is not None
    assert (sold.refunded, sold.refunds_made, sold.refunds_unmatched) == (0, 0, 1_000)
    assert drilling.members(lake, Bucket(of="refunds_unmatched")).total == 1


def test_two_orders_of_one_local_day_are_one_purchase(make: Make) -> None:
    facts = Facts()
    member = facts.member(1)
    # 23:30 and 00:30 in London are one day in Shanghai; in London they are two.
    facts.order(member, "2025-01-10T23:30Z", store="late")
    facts.order(member, "2025-01-11T00:30Z", store="early")
    facts.order(None, "2025-12-31T12:00Z")
    lake = make(facts)
    assert _within(lake, 30) == (1, 1, 10_000)
    assert returning.intervals(lake, ALL).median == 1
    other = make(facts, zone=lakes.SHANGHAI, serial=2)
    assert _within(other, 30) == (0, 1, 0)
    assert [row.key for row in returning.repurchase(other, ALL, by="store").groups if row.days == 30] == ["late"]
    assert [(row.start, row.active, row.orders) for row in retention.activity(other, ALL, by="day").periods] == [(day("2025-01-11"), 1, 2)]


@pytest.mark.parametrize(
    ("first", "second", "gap"),
    [
        # The night of 30 March 2025 has 23 hours, that of 26 October 25: a day is a day all the same.
        ("2025-03-29T23:59Z", "2025-03-30T23:30Z", 2),
        ("2025-03-30T00:00Z", "2025-03-30T22:59Z", None),
        ("2025-10-25T23:00Z", "2025-10-26T23:59Z", None),
        ("2025-10-25T22:59Z", "2025-10-26T00:30Z", 1),
    ],
)
def test_days_on_which_the_clocks_change_are_whole_days(make: Make, first: str, second: str, gap: int | None) -> None:
    facts = Facts()
    member = facts.member(1)
    facts.order(member, first)
    facts.order(member, second)
    assert returning.intervals(make(facts), ALL).median == gap


def test_who_first_ordered_less_than_n_days_before_the_end_is_not_counted(make: Make) -> None:
    facts = Facts()
    for number, date in ((1, "2025-05-31"), (2, "2025-06-01"), (3, "2025-06-02")):
        facts.order(facts.member(number), f"{date}T12:00Z")
        facts.order(number, "2025-06-20T12:00Z")
    facts.order(None, "2025-07-01T12:00Z")
    lake = make(facts)
    # The last day is 1 July: exactly thirty days before it is 1 June, which is still counted.
    assert _within(lake, 30) == (2, 2, 10_000)
    assert _within(lake, 60) == (0, 0, None)
    assert drilling.members(lake, Bucket(of="repurchase", outcome="yes", days=30)).member_ids == (UUID(int=1), UUID(int=2))


def test_coming_back_on_the_last_day_of_the_window_counts_and_on_the_next_does_not(make: Make) -> None:
    facts = Facts()
    for number, again in ((1, "2025-01-31"), (2, "2025-02-01")):
        facts.order(facts.member(number), "2025-01-01T12:00Z")
        facts.order(number, f"{again}T12:00Z")
    facts.order(None, "2025-12-31T12:00Z")
    lake = make(facts)
    assert _within(lake, 30) == (1, 2, 5_000)
    assert _within(lake, 60) == (2, 2, 10_000)
    assert drilling.members(lake, Bucket(of="repurchase", outcome="no", days=30)).member_ids == (UUID(int=2),)


def test_two_subjects_of_one_member_are_one_member(make: Make) -> None:
    facts = Facts()
    facts.order(facts.member(1), "2025-01-01T12:00Z")
    facts.order(facts.member(2), "2025-01-20T12:00Z")
    facts.order(None, "2025-12-31T12:00Z")
    # A merge edits the map and nothing else.
    facts.rows["subject_members"][1]["member_id"] = UUID(int=1)
    assert _within(make(facts), 30) == (1, 1, 10_000)


def test_the_held_out_stand_beside_the_rest_with_the_difference_and_its_interval(make: Make) -> None:
    facts = Facts()
    for number in range(1, 211):
        held_out = number > 100
        facts.order(facts.member(number, held_out=held_out), "2025-01-01T12:00Z")
        if number <= 40 or (held_out and number <= 122):
            facts.order(number, "2025-01-10T12:00Z")
    facts.order(None, "2025-12-31T12:00Z")
    lake = make(facts)
    arm = returning.repurchase(lake, ALL).arms[0]
    assert (arm.rest_n, arm.rest_denominator, arm.rest_bp) == (40, 100, 4_000)
    assert (arm.held_out_n, arm.held_out_denominator, arm.held_out_bp) == (22, 110, 2_000)
    assert (arm.difference_bp, arm.low_bp, arm.high_bp, arm.small) == (2_000, 762, 3_171, False)
    assert _within(lake, 30, Filters(arm="held_out")) == (22, 110, 2_000)
    assert _within(lake, 30, Filters(arm="rest")) == (40, 100, 4_000)


def test_filters_are_about_the_first_order_for_rates_and_about_each_order_for_sales(make: Make) -> None:
    facts = Facts()
    member = facts.member(1, tier="gold")
    facts.order(member, "2025-01-01T12:00Z", 700, store="north", channel="web")
    facts.order(member, "2025-01-05T12:00Z", 300, store="south", channel="app")
    facts.order(None, "2025-12-31T12:00Z", 50, store="south")
    lake = make(facts)
    assert _within(lake, 30, Filters(stores=("north",))) == (1, 1, 10_000)
    assert _within(lake, 30, Filters(stores=("south",))) == (0, 0, None)
    assert _within(lake, 30, Filters(channels=("web",), tiers=("gold",))) == (1, 1, 10_000)
    assert _within(lake, 30, Filters(tiers=("silver",))) == (0, 0, None)
    south = selling.revenue(lake, Filters(stores=("south",))).total
    assert south is not None
    assert (south.revenue, south.revenue_returning, south.revenue_anonymous) == (350, 300, 50)
    assert returning.intervals(lake, Filters(stores=("north",))).n == 0
    assert returning.intervals(lake, Filters(stores=("south",), channels=("app",))).median == 4
    assert [(c.after, c.fixed) for c in retention.cohorts(lake, Filters(stores=("south",))).cells] == []


def test_retention_counts_a_month_once_and_rolling_looks_ahead(make: Make) -> None:
    facts = Facts()
    for number, dates in ((1, ["01-10", "01-20", "03-05", "03-06"]), (2, ["01-31"])):
        facts.member(number)
        for date in dates:
            facts.order(number, f"2025-{date}T12:00Z", 100)
    facts.order(None, "2025-04-29T12:00Z")
    cells = retention.cohorts(make(facts), ALL).cells

    def cell(after: int, fixed: int, rolling: int, revenue: int, *, complete: bool) -> CohortRow:
        return CohortRow(
            month=day("2025-01-01"),
            after=after,
            denominator=2,
            fixed=fixed,
            fixed_bp=fixed * 5_000,
            rolling=rolling,
            rolling_bp=rolling * 5_000,
            revenue=revenue,
            complete=complete,
        )

    assert cells == (
        cell(0, 2, 2, 300, complete=True),
        cell(1, 0, 1, 0, complete=True),
        cell(2, 1, 1, 200, complete=True),
        cell(3, 0, 0, 0, complete=False),
    )


def test_activation_counts_from_the_day_of_joining(make: Make) -> None:
    facts = Facts()
    for number, first in ((1, "2025-01-01"), (2, "2025-01-08"), (3, "2025-01-09"), (4, None), (5, "2024-12-24")):
        facts.member(number, "2025-01-01T20:00Z", held_out=number == 4)
        if first:
            facts.order(number, f"{first}T12:00Z")
    facts.order(None, "2025-02-01T12:00Z")
    lake = make(facts)
    rows = {row.days: (row.n, row.denominator) for row in retention.activity(lake, ALL).activation}
    assert rows == {0: (2, 5), 7: (3, 5), 30: (4, 5), 90: (0, 0)}
    assert drilling.members(lake, Bucket(of="activation", outcome="no", days=7)).member_ids == (UUID(int=3), UUID(int=4))


def test_points_are_outstanding_until_they_are_spent_lapse_or_are_taken_back(make: Make) -> None:
    facts = Facts()
    member = facts.member(1)
    lapses = "2026-02-01T00:00Z"
    facts.entry(member, "grant", 100, "2025-01-10T12:00Z", lapses)
    facts.entry(member, "spend", 30, "2025-02-10T12:00Z", lapses)
    facts.entry(member, "restore", 10, "2025-02-11T12:00Z", lapses)
    facts.entry(member, "hold", 20, "2025-02-12T12:00Z", lapses)
    facts.entry(member, "grant", 5, "2025-04-01T12:00Z")
    facts.entry(member, "owe", 7, "2025-04-02T12:00Z")
    facts.order(member, "2025-04-30T12:00Z")
    lake = make(facts)
    found = selling.points(lake, ALL)
    assert [(row.month, row.issued, row.spent, row.reversed, row.outstanding) for row in found.months] == [
        (day("2025-01-01"), 100, 0, 0, 100),
        (day("2025-02-01"), 0, 20, 0, 80),
        (day("2025-03-01"), 0, 0, 0, 80),
        (day("2025-04-01"), 5, 0, 7, 78),
    ]
    # Valid until the first instant of February: January is the last month of them. Held points are in no lot.
    assert [(row.month, row.amount) for row in found.due] == [(day("2026-01-01"), 60), (None, 5)]
    february = selling.points(lake, Filters(from_day=day("2025-02-01"), to_day=day("2025-02-28")))
    assert [(row.month, row.spent, row.outstanding) for row in february.months] == [(day("2025-02-01"), 20, 80)]
    for of, month, count in (("points_due", "2026-01-01", 1), ("points_due", "2026-02-01", 0), ("points_spent", "2025-02-01", 1)):
        assert drilling.members(lake, Bucket(of=of, unit="points", month=day(month))).total == count


def test_a_window_is_compared_with_the_one_before_and_with_the_year_before(make: Make) -> None:
    facts = Facts()
    for number, date in ((1, "2024-02-29"), (2, "2025-01-31"), (3, "2025-02-28"), (4, "2025-03-01")):
        facts.order(facts.member(number), f"{date}T12:00Z", number * 100)
    lake = make(facts)
    window = Filters(from_day=day("2025-02-01"), to_day=day("2025-02-28"))
    found = selling.revenue(lake, window, compare="previous")
    assert found.before is not None
    assert (found.compared_from, found.compared_to, found.before.revenue) == (day("2025-01-04"), day("2025-01-31"), 200)
    year = selling.revenue(lake, window, compare="year")
    assert year.before is not None
    assert (year.compared_from, year.compared_to, year.before.revenue) == (day("2024-02-01"), day("2024-02-28"), 0)


@pytest.mark.parametrize(
    ("filters", "compare", "field"),
    [
        (Filters(from_day=day("2025-02-02"), to_day=day("2025-02-01")), None, "to"),
        (Filters(from_day=day("2025-02-02")), "previous", "compare"),
        (Filters(), "year", "compare"),
    ],
)
def test_a_window_that_cannot_be_is_refused(make: Make, filters: Filters, compare: answering.Compare | None, field: str) -> None:
    with pytest.raises(Problem) as refused:
        overview.overview(make(Facts()), filters, compare=compare)
    assert (refused.value.code, refused.value.faults[0].field) == ("input.invalid", field)


@pytest.mark.parametrize(
    ("bucket", "field"),
    [
        (Bucket(of="nothing"), "of"),
        (Bucket(of="activation"), "days"),
        (Bucket(of="repurchase", outcome="yes"), "days"),
        (Bucket(of="points_due"), "unit"),
        (Bucket(of="orders", period="month"), "start"),
        (Bucket(of="repurchase", days=30, by="month", key="2025-01"), "month"),
    ],
)
def test_a_bucket_that_names_too_little_is_refused(make: Make, bucket: Bucket, field: str) -> None:
    with pytest.raises(Problem) as refused:
        drilling.members(make(Facts()), bucket)
    assert (refused.value.code, refused.value.faults[0].field) == ("input.invalid", field)


def test_a_lake_that_was_published_again_is_read_anew(make: Make) -> None:
    facts = Facts()
    facts.order(facts.member(1), "2025-01-01T12:00Z")
    lake = make(facts)
    first = selling.tiers(lake, ALL)
    assert selling.tiers(lake, ALL) is first
    facts.member(2)
    assert make(facts, serial=2) == lake
    assert [row.members for row in selling.tiers(lake, ALL).levels] == [2]


def test_without_a_lake_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        selling.tiers(tmp_path / "nowhere", ALL)
    assert refused.value.code == "lake.missing"


def test_a_large_lake_is_derived_in_slices_that_add_up_to_the_same(make: Make) -> None:
    facts = Facts()
    for number in range(1, 21):
        facts.member(number, tier="gold" if number % 3 else None)
        for month in range(1, 1 + number % 5):
            facts.order(number, f"2025-{month:02}-{number:02}T12:00Z", number)
    facts.order(None, "2025-12-31T12:00Z")
    whole = overview.overview(make(facts), ALL)
    sliced = make(facts, serial=2, slice_orders=7)
    assert overview.overview(sliced, ALL) == whole
    assert len(list((sliced / "derived-2").glob("derived_orders-*.parquet"))) == 6
