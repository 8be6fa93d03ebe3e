"""``regulars import …``: what is shown, what is written, what is refused."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from regulars.domains.loyalty.cli import imports
from regulars.domains.orders.intake import service as intake
from regulars.kernel.problem import Problem
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty.import_content import HEADER, row, written

Call = Callable[..., Result]
ROWS = [row("1", customer="m1"), row("C1", "2025-03-02", "m1", quantity=-1), row("2", "2025-02-30"), row("3", customer="")]


@pytest.fixture
def call(house: Database, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in an empty folder, with its database and keys, as the root command gives them."""
    root = typer.Typer()

    @root.callback()
    def given(context: typer.Context) -> None:
        context.obj = house
        context.meta[imports.KEYRING] = lambda: keyring

    root.add_typer(imports.app, name="import")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return lambda *words: CliRunner(env={"COLUMNS": "200"}).invoke(root, ["import", *map(str, words)])


def refusal(result: Result) -> Problem:
    assert isinstance(result.exception, Problem)
    return result.exception


def test_the_plan_is_shown_before_and_every_row_accounted_for_after(call: Call, tmp_path: Path) -> None:
    result = call("orders", written(tmp_path / "orders.csv", ROWS))
    assert result.exit_code == 0
    said = result.output
    assert said.index("order_number") < said.index("What became of the rows")
    for words in (
        "Invoice",
        "zone Europe/London",
        "dates ymd",
        "Every row of the file is in exactly one class: 4.",
        "time: no date and time",
    ):
        assert words in said
    with (tmp_path / "here" / "orders.csv.quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["file"], line["line"], line["field"], line["value"]) for line in lines] == [("orders.csv", "4", "time", "2025-02-30")]
    assert "2026-03-01 12:30" in lines[0]["expected"]


def test_everything_is_said_in_chinese_as_well(call: Call, tmp_path: Path) -> None:
    said = call("orders", written(tmp_path / "orders.csv", ROWS), "--lang", "zh").output
    for words in (
        "订单号",
        "时区 Europe/London",
        "各行处理结果",
        "文件的每一行都恰好归入一类：4 行。",
        "退款（已匹配原单）",
        "隔离的行及原因",
    ):
        assert words in said
    assert "quarantine.csv" in said
    assert "进度" in call("status", "--lang", "zh").output


def test_the_report_is_one_json_document_on_standard_output(call: Call, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", ROWS)
    report = json.loads(call("orders", file, "--json").stdout)
    assert (report["rows"], report["accounted"], report["state"]) == (4, True, "done")
    assert {name: count["rows"] for name, count in report["classes"].items()} == {
        "imported_member": 1,
        "imported_anonymous": 1,
        "refund_matched": 1,
        "refund_unmatched": 0,
        "quarantined": 1,
    }
    assert report["quarantined"] == {"time": 1}
    assert json.loads(call("status", "--json").stdout)[0] == report


def test_the_number_of_lanes_can_be_said(call: Call, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", [row(str(n), customer=f"m{n}") for n in range(1, 9)])
    assert json.loads(call("orders", file, "--lanes", "2", "--json").stdout)["classes"]["imported_member"] == {"rows": 8, "known": 0}
    assert call("orders", file, "--lanes", "0").exit_code == 2


def test_a_dry_run_records_nothing_and_writes_nothing(call: Call, tmp_path: Path) -> None:
    result = call("orders", written(tmp_path / "orders.csv", ROWS), "--dry-run")
    assert "What would become of the rows" in result.output
    assert list((tmp_path / "here").iterdir()) == []
    assert json.loads(call("status", "--json").stdout) == []


def test_columns_and_settings_can_be_said_and_saved(call: Call, house: Database, tmp_path: Path) -> None:
    header = ("Beleg", "Wann", "Kunde", "Artikel", "Menge", "Preis")
    rows = [("1", "31/12/2024 10:00", "k1", "Tasse", "1", "1.234,50")]
    said = [
        f"--map={name}={column}"
        for name, column in zip(("order_number", "time", "customer", "product", "quantity", "price"), header, strict=True)
    ]
    first = written(tmp_path / "one.csv", [[f'"{value}"' for value in line] for line in rows], header)
    result = call(
        "orders", first, *said, "--numbers", "1.234,56", "--zone", "Europe/Berlin", "--source", "kasse", "--save-mapping", "kasse"
    )
    assert result.exit_code == 0, result.exception
    with house.reading() as ctx:
        columns, profile = intake.saved_mapping(ctx, "kasse")
    assert set(columns.values()) == set(header)
    assert (profile.zone, profile.source, profile.numbers, profile.date_format) == ("Europe/Berlin", "kasse", "1.234,56", "dmy")
    again = json.loads(
        call(
            "orders", written(tmp_path / "two.csv", [[f'"{v}"' for v in line] for line in rows], header), "--mapping", "kasse", "--json"
        ).stdout
    )
    assert again["classes"]["imported_member"] == {"rows": 1, "known": 1}


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (["--map", "store=Countri"], "import.column_unknown", "Country"),
        (["--map", "shop=Country"], "import.field_unknown", "store"),
        (["--map", "store"], "input.invalid", "FIELD=COLUMN"),
        (["--mapping", "none"], "import.mapping_unknown", "none"),
        (["--zone", "Europe/Londn"], "input.invalid", "Europe/London"),
        (["--currency", "POUND"], "input.invalid", "ISO 4217"),
        (["--date-format", "dd.mm"], "input.invalid", "ymd"),
        (["--sheet", "x", "--encoding", "klingon"], "input.invalid", "gb18030"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(call: Call, tmp_path: Path, words: list[str], code: str, named: str) -> None:
    file = written(tmp_path / "orders.csv", [(*line, "UK") for line in ROWS], (*HEADER, "Country"))
    refused = refusal(call("orders", file, *words))
    assert refused.code == code
    assert named in str(refused)
    assert json.loads(call("status", "--json").stdout) == []


def test_dates_that_may_be_read_both_ways_are_asked_for(call: Call, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", [row("1", "03/04/2025")])
    assert refusal(call("orders", file)).code == "import.dates_ambiguous"
    assert call("orders", file, "--date-format", "dmy").exit_code == 0


def test_names_are_neither_shown_nor_written(call: Call, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", [(*row("1"), "Li Lei", "12")], (*HEADER, "customer_name", "phone"))
    result = call("orders", file)
    assert result.exit_code == 0, result.exception
    assert "Li Lei" not in result.output
    left = (tmp_path / "here" / "orders.csv.quarantine.csv").read_text(encoding="utf-8-sig")
    assert "(2 characters, hidden)" in left
    assert ",yes" in left


def test_a_quarantine_that_cannot_be_written_is_said_after_the_import_is_done(call: Call, tmp_path: Path) -> None:
    refused = refusal(call("orders", written(tmp_path / "orders.csv", ROWS), "--quarantine", tmp_path / "none" / "q.csv"))
    assert "the import itself is done" in str(refused)
    assert json.loads(call("status", "--json").stdout)[0]["state"] == "done"
