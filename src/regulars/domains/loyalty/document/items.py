"""What an outline is made of: one item for each thing that members can feel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from regulars.domains.loyalty.document import parts
from regulars.kernel.text import Text

Part = Literal["programme", "unit", "ladder", "level", "rule", "coupon", "benefit", "reward"]
ROUNDED = {
    None: ("", ""),
    "day": (", to the end of that day", "，至当日结束"),
    "month": (", to the end of that month", "，至当月末"),
    "quarter": (", to the end of that quarter", "，至当季末"),
    "year": (", to the end of that year", "，至当年末"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in the document: ``path`` names its place and stays the same from version to version; ``content`` is its JSON."""

    path: str
    part: Part
    title: Text
    sentence: Text
    content: dict[str, Any]


def content(part: parts.Part, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The part as JSON, without the fields that are items of their own."""
    return part.model_dump(by_alias=True, mode="json", exclude=set(without))


def together(said: Iterable[Text]) -> Text:
    """Sentences, one after the other."""
    sentences = list(said)
    return Text(" ".join(text.en for text in sentences), "".join(text.zh for text in sentences))
