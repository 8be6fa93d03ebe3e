"""The worked examples on the engine's algorithm pages run as they stand there."""

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "docs" / "algorithms"


@pytest.mark.parametrize("page", ["earning.md", "refunds.md"])
def test_the_worked_example_of_the_page_holds(page: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (PAGES / page).read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], page, "exec"), {})  # noqa: S102 - the page's own example
