"""The worked example on the page about coupons runs as it stands there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "coupons.md"


def test_the_worked_example_of_the_page_holds() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec(compile(block, PAGE.name, "exec"), {})  # noqa: S102 - the page's own example
