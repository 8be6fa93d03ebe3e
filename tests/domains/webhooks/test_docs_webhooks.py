"""The worked example on the page about webhooks runs as it stands there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "webhooks.md"


def test_the_worked_example_of_the_page_holds() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], PAGE.name, "exec"), {})  # noqa: S102 - the page's own example
