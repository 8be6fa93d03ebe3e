"""The overview and the repurchase analysis on the demo: every number is the API's, and leads to the members behind it."""

import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Window
from tools import ui_browser
from tools.ui_browser import Look

CHINESE = pytest.mark.parametrize("look", [Look(language="zh-CN")], ids=["zh-CN"], indirect=True)
BOM = b"\xef\xbb\xbf"


def asked(page: Page, path: str) -> dict[str, Any]:
    """What the API answers to whoever is signed in here."""
    found: dict[str, Any] = page.evaluate("path => fetch(path).then(answer => answer.json())", path)
    return found


def percent(basis_points: int) -> str:
    """As the screen writes a share."""
    return f"{(Decimal(basis_points) / 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def pounds(minor: int) -> str:
    """As the screen writes money of the demo."""
    return f"£{Decimal(minor) / 100:,.2f}"


def figure(answer: dict[str, Any], metric: str, **more: object) -> dict[str, Any]:
    """One figure of the overview."""
    wanted = {"metric": metric, "unit": None, "part": None, **more}
    found: dict[str, Any] = next(one for one in answer["figures"] if wanted.items() <= one.items())
    return found


def opened(window: Window, address: str) -> Page:
    """The screen with its numbers."""
    window.page.goto(f"/console/{address}")
    expect(window.page.locator(".insights-big")).to_be_visible()
    return window.page


def test_the_console_begins_with_the_overview(window: Window) -> None:
    window.page.goto("/console/")
    expect(window.page.get_by_role("heading", name="Overview", level=1)).to_be_visible()


def test_repurchase_and_its_hold_out_are_those_of_the_api(window: Window) -> None:
    page = opened(window, "overview")
    answer = asked(page, "/v1/insights/overview")
    tiles = page.locator(".insights-tile")
    arms = {one["days"]: one for one in answer["arms"] if one["metric"] == "repurchase"}
    for place, days in enumerate((30, 60, 90, 180, 365)):
        row = figure(answer, "repurchase", days=days)
        expect(tiles.nth(place)).to_contain_text(percent(row["value"]))
        expect(tiles.nth(place)).to_contain_text(f"{row['n']:,} of {row['denominator']:,} members")
        expect(tiles.nth(place)).to_contain_text(f"Hold-out {percent(arms[days]['held_out_bp'])}")
    expect(page.locator(".insights-big")).to_have_text(percent(figure(answer, "repurchase", days=90)["value"]))
    difference = (Decimal(arms[90]["difference_bp"]) / 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    said = f"{difference:+}" if difference else "0.0"
    expect(page.locator(".insights-words")).to_contain_text(f"{said} percentage points")
    expect(page.locator(".insights-few")).to_contain_text(f"Only {arms[90]['held_out_denominator']} members")


def test_the_figures_are_those_of_the_window_that_the_address_names(window: Window) -> None:
    page = opened(window, "overview?period=180")
    about = asked(page, "/v1/insights/overview")["about"]
    last = about["last_day"]
    first = page.evaluate("day => new Date(Date.parse(day) - 179 * 86400000).toISOString().slice(0, 10)", last)
    answer = asked(page, f"/v1/insights/overview?from={first}&to={last}&compare=previous")
    expected = {
        "active_members": f"{figure(answer, 'active_members')['value']:,}",
        "members_joined": f"{figure(answer, 'members_joined')['value']:,}",
        "average_order": pounds(figure(answer, "average_order")["value"]),
        "activation": percent(figure(answer, "activation")["value"]),
        "points_issued": f"{figure(answer, 'points_issued', unit='points')['value']:,}",
        "points_outstanding": f"{figure(answer, 'points_outstanding', unit='points')['value']:,}",
    }
    for metric, shown in expected.items():
        expect(page.locator(f"[data-metric={metric}] .insights-figure-value")).to_have_text(shown)
    revenue, anonymous = (figure(answer, "revenue", part=part)["value"] for part in (None, "anonymous"))
    values = page.locator("[data-metric=revenue] .insights-figure-value")
    expect(values.nth(0)).to_have_text(pounds(revenue))
    expect(values.nth(1)).to_have_text(percent(round((revenue - anonymous) * 10_000 / revenue)))
    expect(page.get_by_text(f"{first} to {last}.")).to_be_visible()


def test_a_number_opens_exactly_the_members_it_counts(window: Window) -> None:
    page = opened(window, "overview?within=30")
    row = figure(asked(page, "/v1/insights/overview"), "repurchase", days=30)
    page.locator(".insights-big a").click()
    page.wait_for_url("**/console/members?bucket=*")
    bucket = parse_qs(urlsplit(page.url).query)["bucket"][0]
    assert dict(parse_qsl(bucket)) == {"of": "repurchase", "days": "30", "outcome": "yes"}
    assert asked(page, f"/v1/insights/members?{bucket}")["total"] == row["n"]
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()


def test_every_link_of_both_screens_is_understood_by_the_api(window: Window) -> None:
    addresses = set()
    for screen in ("overview", "repurchase?by=tier", "repurchase?by=month", "repurchase?by=product"):
        page = opened(window, screen)
        page.wait_for_load_state("networkidle")
        charts = page.get_by_role("button", name="Show as table")
        while charts.count():
            charts.first.click()
        addresses |= set(page.evaluate("[...document.querySelectorAll('.insights-behind')].map(one => one.getAttribute('href'))"))
    buckets = [parse_qs(urlsplit(address).query)["bucket"][0] for address in addresses]
    assert len(buckets) > 200
    shape = {(dict(parse_qsl(one))["of"], *sorted(dict(parse_qsl(one)))): one for one in buckets}
    totals = {one: asked(window.page, f"/v1/insights/members?{one}&limit=1").get("total") for one in shape.values()}
    assert [one for one, total in totals.items() if not total] == []


def test_a_definition_stands_beside_its_number(window: Window) -> None:
    page = opened(window, "overview")
    button = page.get_by_role("button", name="What is counted: Active members")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tooltip")).to_contain_text("Different members with an order on a local day of the period")
    expect(page.get_by_role("tooltip")).to_contain_text("Europe/London")


def test_the_groups_are_those_of_the_api_and_stand_in_the_address(window: Window) -> None:
    page = opened(window, "repurchase?within=60")
    page.get_by_text("Tier", exact=True).last.click()
    page.wait_for_url("**by=tier*")
    rows = [one for one in asked(page, "/v1/insights/repurchase?by=tier")["groups"] if one["days"] == 60]
    table = page.locator(".insights-groups tbody tr")
    expect(table.first).to_contain_text("Platinum")
    expect(table).to_have_count(len(rows))
    shown = [one.locator("td").all_inner_texts() for one in table.all()]
    expected = [[percent(one["rate_bp"]), f"{one['n']:,}", f"{one['denominator']:,}"] for one in rows]
    assert sorted([share, n, of] for share, _, n, of in shown) == sorted(expected)


def test_median_cohorts_and_funnel_are_those_of_the_api(window: Window) -> None:
    page = opened(window, "repurchase")
    intervals = asked(page, "/v1/insights/intervals")
    words = f"Of {intervals['n']:,} intervals half are {intervals['median']} days or shorter, three quarters {intervals['p75']} or shorter."
    expect(page.get_by_text(words)).to_be_visible()
    cells = asked(page, "/v1/insights/cohorts")["cells"]
    cohorts = page.get_by_role("figure", name="Cohorts by month of the first order")
    cohorts.get_by_role("button", name="Show as table").click()
    first = [cell for cell in cells if cell["month"] == cells[0]["month"]]
    shown = cohorts.locator("tbody tr").first.locator("td").all_inner_texts()
    assert shown == [f"{first[0]['denominator']:,}", *(percent(cell["fixed_bp"]) for cell in first)]
    funnel = page.get_by_role("figure", name="From purchase to purchase")
    funnel.get_by_role("button", name="Show as table").click()
    step = next(one for one in asked(page, "/v1/insights/conversion")["steps"] if one["purchase"] == 2 and one["days"] == 90)
    texts = funnel.locator("tbody tr").nth(1).locator("td").all_inner_texts()
    assert texts[:4] == [f"{step['reached']:,}", f"{step['n']:,}", f"{step['denominator']:,}", percent(step["rate_bp"])]


def test_the_filters_narrow_everything_and_stay_when_the_page_is_loaded_again(window: Window) -> None:
    page = opened(window, "repurchase?arm=held_out")
    row = next(one for one in asked(page, "/v1/insights/repurchase?arm=held_out")["total"] if one["days"] == 90)
    expect(page.locator(".insights-big")).to_have_text(percent(row["rate_bp"]))
    page.reload()
    expect(page.locator(".insights-big")).to_have_text(percent(row["rate_bp"]))
    expect(page.locator(".insights-words")).to_have_count(0)


@CHINESE
def test_a_download_opens_in_a_spreadsheet_with_its_chinese_intact(window: Window, tmp_path: Path) -> None:
    page = opened(window, "repurchase?by=tier")
    ui_browser.settle(page)
    page.get_by_role("button", name="下载：谁在复购：按来源分组").click()
    item = page.get_by_role("menuitem", name="CSV")
    expect(item).to_be_visible()
    with page.expect_download() as coming:
        item.press("Enter")
    assert coming.value.suggested_filename == "regulars-repurchase-tier.csv"
    file = tmp_path / "groups.csv"
    coming.value.save_as(file)
    content = file.read_bytes()
    assert content.startswith(BOM)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    groups = asked(page, "/v1/insights/repurchase?by=tier")["groups"]
    assert rows[0][:5] == ["分组", "其余分组合计", "N 天内", "人数", "分母"]
    assert [row[3:5] for row in rows[1:]] == [[str(one["n"]), str(one["denominator"])] for one in groups]


@CHINESE
@pytest.mark.parametrize(("screen", "title"), [("overview", "经营看板"), ("repurchase", "复购分析")])
def test_both_screens_speak_chinese(window: Window, screen: str, title: str) -> None:
    page = opened(window, screen)
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    row = figure(asked(page, "/v1/insights/overview"), "repurchase", days=90)
    expect(page.get_by_text(f"{row['denominator']:,} 名会员中 {row['n']:,} 名").first).to_be_visible()
    assert page.evaluate("document.querySelector('main').innerText.match(/insights:|[a-z]+\\.[a-z]+\\.[a-z]+/g)") is None
