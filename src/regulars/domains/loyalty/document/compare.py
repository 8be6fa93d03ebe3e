"""What differs between two documents, in words: item by item of their outlines."""

from dataclasses import dataclass
from typing import Literal

from regulars.domains.loyalty.document import earning, schema
from regulars.domains.loyalty.document.items import Item
from regulars.domains.loyalty.document.outline import outline
from regulars.kernel.text import Text

ORDER_OF_RULES = Text("Order of the rules", "规则顺序")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. ``before`` is ``None`` for what is new, ``after`` for what is gone."""

    path: str
    title: Text
    kind: Literal["added", "removed", "changed", "moved"]
    before: Text | None
    after: Text | None


def changes(before: schema.Document, after: schema.Document) -> list[Change]:
    """The differences in the order of ``after``, what is gone last; empty when both mean the same."""
    old, new = {item.path: item for item in outline(before)}, {item.path: item for item in outline(after)}
    found = [change for path, item in new.items() if (change := _change(old.get(path), item))]
    found += [
        Change(path=path, title=item.title, kind="removed", before=item.sentence, after=None)
        for path, item in old.items()
        if path not in new
    ]
    return found + _moved(before, after)


def _change(old: Item | None, new: Item) -> Change | None:
    if old is None:
        return Change(path=new.path, title=new.title, kind="added", before=None, after=new.sentence)
    if old.content == new.content:
        return None
    before, after = _whole(old, new), _whole(new, old)
    if before == after:
        # What no sentence mentions, such as the lane of a rule that has it for itself, is told as it is written.
        before, after = _with(before, _unlike(old.content, new.content)), _with(after, _unlike(new.content, old.content))
    return Change(path=new.path, title=new.title, kind="changed", before=before, after=after)


def _unlike(content: object, other: object, path: str = "") -> list[str]:
    """The places of ``content`` that the other lacks or has otherwise, each with its value."""
    if isinstance(content, dict) and isinstance(other, dict):
        return [said for key, value in content.items() for said in _unlike(value, other.get(key), f"{path}.{key}".lstrip("."))]
    return [] if content == other else [f"{path}: {content}"]


def _with(said: Text, places: list[str]) -> Text:
    more = f" ({'; '.join(places)})" if places else ""
    return Text(said.en + more, said.zh + more)


def _whole(item: Item, other: Item) -> Text:
    """The sentence, after the title when that differs as well: a renamed level has to show."""
    if item.title == other.title:
        return item.sentence
    return Text(f"{item.title.en}: {item.sentence.en}", f"{item.title.zh}：{item.sentence.zh}")


def _moved(before: schema.Document, after: schema.Document) -> list[Change]:
    """Rules that both have, in another order: caps and lanes are filled in the order of the document."""
    both = {rule.id for rule in before.earning} & {rule.id for rule in after.earning}
    old = [rule for rule in before.earning if rule.id in both]
    new = [rule for rule in after.earning if rule.id in both]
    if [rule.id for rule in old] == [rule.id for rule in new]:
        return []
    return [Change(path="earning", title=ORDER_OF_RULES, kind="moved", before=_row(old), after=_row(new))]


def _row(rules: list[earning.Rule]) -> Text:
    return Text(" → ".join(rule.label.en for rule in rules), " → ".join(rule.label.zh for rule in rules))
