"""``regulars lake …``: what the commands print, and what `verify` says of the lake."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from regulars.app import wiring
from regulars.domains.insights.cli import lake
from regulars.domains.loyalty.cli import verify
from regulars.kernel.problem import Problem
from regulars.platform.db import Database
from regulars.platform.lake import manifests
from tests.domains.insights import brands

Call = Callable[..., Result]


@pytest.fixture
def call(db: Database, folder: Path) -> Call:
    """Run a command with its database and folder, as the root command gives them."""
    root = typer.Typer()

    @root.callback()
    def given(context: typer.Context) -> None:
        context.obj = db
        context.meta[lake.FOLDER] = folder
        context.meta[verify.ALSO] = (wiring.lake_differences(folder),)

    root.add_typer(lake.app, name="lake")
    root.add_typer(verify.app)
    return lambda *words: CliRunner(env={"COLUMNS": "200"}).invoke(root, list(words))


def test_export_status_and_compact_say_what_there_is(call: Call, db: Database, folder: Path) -> None:
    brands.order(db, brands.opened(db)[0], "1")
    assert "Published as number 1: " in call("lake", "export").output
    assert "已发布第 2 版：" in call("lake", "export", "--lang", "zh").output
    told = json.loads(call("lake", "status", "--json").output)
    assert {name: told["rows"][name] for name in ("orders", "order_lines", "members")} == {"orders": 1, "order_lines": 2, "members": 2}
    assert (told["serial"], told["about"]["zone"], told["held_by"]) == (2, "Europe/London", None)
    shown = call("lake", "status").output
    assert "Number 2, as of 2026-03-01 12:00:00 UTC, days of Europe/London" in shown
    assert "order_lines" in shown
    assert call("lake", "compact", "--lang", "zh").output == "没有需要合并的文件。\n"
    brands.order(db, None, "2")
    call("lake", "export", "--anew")
    assert manifests.get(folder).rows["orders"] == 2


def test_status_without_a_lake_says_how_to_make_one(call: Call) -> None:
    refused = call("lake", "status").exception
    assert isinstance(refused, Problem)
    assert (refused.code, "regulars lake export" in refused.text()) == ("lake.missing", True)


def test_verify_covers_the_lake_and_fails_when_it_differs(call: Call, db: Database, folder: Path) -> None:
    assert call("verify").exit_code == 0  # there is none yet
    brands.order(db, brands.opened(db)[0], "1")
    call("lake", "export")
    assert call("verify").exit_code == 0
    path = manifests.get(folder).tables["orders"][0].path
    (folder / path).unlink()
    result = call("verify")
    assert result.exit_code == 1
    assert f"lake: missing file: {path}: in the lake missing; expected 1 rows" in result.output
    assert "1 disagreements" in result.output
