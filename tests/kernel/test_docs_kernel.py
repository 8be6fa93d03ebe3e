"""The worked examples of the algorithm pages run as they stand."""

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs" / "algorithms"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "blocks"), [("periods.md", 5), ("conditions.md", 4)])
def test_the_examples_of_a_page_run_one_after_another(page: str, blocks: int) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    found = list(BLOCK.finditer(text))
    assert len(found) == blocks
    names: dict[str, object] = {"__name__": f"docs.{page}"}
    for match in found:
        # Blank lines in front, so that a failure shows the line of the page.
        line = text.count("\n", 0, match.start(1))
        exec(compile("\n" * line + match[1], str(PAGES / page), "exec"), names)  # noqa: S102 - our own documentation
