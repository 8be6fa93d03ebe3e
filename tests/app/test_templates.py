"""The templates run as they are: the demo's orders go through both, to the point, and the books agree."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from regulars.app import demo
from regulars.domains.insights import service as insights
from regulars.domains.loyalty import document
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.cli import programme as commands
from regulars.domains.loyalty.service import templating
from regulars.kernel.problem import Problem
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import served


@pytest.mark.parametrize("name", templating.NAMES)
def test_a_template_is_valid_is_written_as_it_was_read_and_says_all_it_does(name: str) -> None:
    text = templating.get_template(name).text
    made = document.read(text)
    built = document.build(made, 1)
    assert document.read(document.write(made)) == made
    assert {"registration", "birthday", "review"} <= set(built.on_act)
    assert all((built.coupons, built.rewards, built.benefits))
    assert {item.part for item in document.outline(made)} >= {"ladder"}


def test_the_command_lists_templates_and_prints_one_in_another_currency() -> None:
    listed = CliRunner().invoke(commands.app, ["templates"])
    assert listed.output.splitlines() == ["ecommerce\tOnline shop · 电商会员", "restaurant\tRestaurant · 餐饮会员"]
    asked = ["new", "--template", "restaurant", "--currency", "GBP", "--time-zone", "Europe/London"]
    made = document.read(CliRunner().invoke(commands.app, asked).output)
    assert (made.currency, made.time_zone) == ("GBP", "Europe/London")
    plain = document.read(CliRunner().invoke(commands.app, ["new", "--template", "restaurant"]).output)
    assert (plain.currency, plain.time_zone) == ("CNY", "Asia/Shanghai")
    assert made.model_copy(update={"currency": "CNY", "time_zone": "Asia/Shanghai"}) == plain


def test_a_template_that_is_not_there_or_money_that_is_none_is_refused() -> None:
    with pytest.raises(Problem, match="one of ecommerce, restaurant"):
        templating.get_template("hotel")
    with pytest.raises(Problem, match=r"programme\.invalid"):
        templating.get_template("restaurant", currency="XXQ")


def test_the_api_gives_the_documents(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    with served.client(db, keyring, tmp_path) as api:
        items = api.get("/v1/programme/templates").json()["items"]
        assert [(one["template"], one["label"]["zh"]) for one in items] == [("ecommerce", "电商会员"), ("restaurant", "餐饮会员")]
        assert api.post("/v1/programme/check", json={"document": items[0]["document"]}).json() == {"valid": True}
    served.clean(db)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "levels", "units"),
    [
        (
            "ecommerce",
            {"member": 583, "silver": 549, "gold": 273, "black": 43},
            {"growth": (2_978_600, 117_310, 109_824, 2_751_466), "points": (4_246_760, 123_568, 154_915, 3_968_277)},
        ),
        pytest.param(
            "restaurant",
            {"guest": 1_219, "regular": 206, "friend": 23},
            {"points": (3_830_504, 9_703, 144_655, 3_676_146), "stamps": (6_052, 2_663, 111, 3_278)},
            marks=pytest.mark.prove,
        ),
    ],
)
def test_the_demos_orders_run_through_a_template(
    db: Database, keyring: Keyring, name: str, levels: dict[str, int], units: dict[str, tuple[int, int, int, int]]
) -> None:
    text = templating.get_template(name, currency="GBP", time_zone="Europe/London").text
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, text).version)
    demo.ensure(db, keyring=keyring, say=lambda _: None)
    with db.reading() as ctx:
        report = insights.report(ctx)
        assert list(loyalty.verify(ctx)) == []
    assert (report.members, report.orders, report.anonymous_orders) == (1_470, 7_397, 960)
    assert dict(report.tiers) == levels
    assert {one.unit: (one.issued, one.expired, one.reversed, one.outstanding) for one in report.units} == units
