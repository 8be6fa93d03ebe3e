"""What all answers from the lake share: what they rest on, shares with intervals, the arms side by side, the window before."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from regulars.domains.insights.model import answers, derived, metrics
from regulars.domains.insights.model.answers import About, ArmsRow, Definition, Filters, Saying, Share
from regulars.domains.insights.store import lake
from regulars.kernel import periods, problem
from regulars.kernel.text import Text
from regulars.science import proportions

Compare = Literal["previous", "year"]
Counts = tuple[int, int]
"""(counted, of them with the event)."""

_SMALL = Text(
    en="Fewer than {small} members on one side of a comparison: its difference says little yet.",
    zh="对比的一方不足 {small} 名会员，差异暂无参考意义。",
)
_NO_ORDERS = Text(en="The lake holds no orders.", zh="数据湖中没有订单。")
_NO_CHANNEL = Text(
    en="Nobody joins through a channel: activation and new members heed the other filters only.",
    zh="入会没有渠道：激活率与新增会员只按其他条件筛选。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One state of the lake and what is asked of it."""

    view: lake.View
    filters: Filters

    @property
    def last_day(self) -> int:
        """The last day of data; before all days when there is none, so that nobody is counted."""
        return self.view.last_day if self.view.last_day is not None else -(1 << 20)

    @property
    def zone(self) -> periods.Zone:
        return periods.zone(self.view.about["zone"])


def question(folder: Path, filters: Filters) -> Question:
    """The lake in ``folder`` as it is now, asked with ``filters``. Raises ``lake.missing`` and ``input.invalid``."""
    if filters.from_day is not None and filters.to_day is not None and filters.to_day < filters.from_day:
        raise problem.invalid("to", filters.to_day.isoformat(), f"{filters.from_day.isoformat()} or later: the window ends after it begins")
    return Question(view=lake.at(folder).view(), filters=filters)


def before(asked: Question, compare: Compare | None) -> Question | None:
    """The same question about the window just before, as long, or the one a year earlier. Raises ``input.invalid`` without a window."""
    if compare is None:
        return None
    begin, end = asked.filters.from_day, asked.filters.to_day
    if begin is None or end is None:
        raise problem.invalid("compare", compare, "a window to compare: give from and to as well")
    length = (end - begin).days + 1
    try:
        if compare == "previous":
            window = begin - timedelta(days=length), begin - timedelta(days=1)
        else:
            window = periods.add_months(begin, -12), periods.add_months(end, -12)
    except (OverflowError, ValueError):
        raise problem.invalid("compare", compare, "a window late enough to have one before it") from None
    return replace(asked, filters=replace(asked.filters, from_day=window[0], to_day=window[1]))


def about(asked: Question, names: Iterable[str], arms: Sequence[ArmsRow] = ()) -> About:
    """What the answer rests on, with the definitions of the metrics ``names``."""
    view = asked.view
    notes = [_NO_ORDERS] if view.last_day is None else []
    if asked.filters.channels and {"activation", "members_joined"} & set(names):
        notes.append(_NO_CHANNEL)
    said = [Saying(en=note.en, zh=note.zh) for note in notes]
    if any(arm.small for arm in arms):
        said.append(Saying(en=_SMALL.en.format(small=metrics.SMALL), zh=_SMALL.zh.format(small=metrics.SMALL)))
    return About(
        zone=view.about["zone"],
        currency=view.about["currency"],
        watermark=view.as_of,
        epoch=str(view.epoch),
        first_day=None if view.first_day is None else derived.day_of(view.first_day),
        last_day=None if view.last_day is None else derived.day_of(view.last_day),
        filters=asked.filters,
        definitions=tuple(_definition(metrics.METRICS[name]) for name in names),
        notes=tuple(said),
    )


def _definition(metric: metrics.Metric) -> Definition:
    def said(text: Text) -> Saying:
        return Saying(en=text.en, zh=text.zh)

    of = said(metric.of) if metric.of is not None else None
    return Definition(name=metric.name, unit=metric.unit, version=metric.version, label=said(metric.label), text=said(metric.text), of=of)


def share(n: int, denominator: int) -> Share:
    """``n`` of ``denominator`` in basis points, rounded down, within an interval that is rounded outwards."""
    interval = proportions.wilson(n, denominator)
    if interval is None:
        return Share(n=n, denominator=denominator, rate_bp=None, low_bp=None, high_bp=None)
    return Share(
        n=n,
        denominator=denominator,
        rate_bp=n * 10_000 // denominator,
        low_bp=math.floor(interval.low * 10_000),
        high_bp=math.ceil(interval.high * 10_000),
    )


def arms(metric: str, days: int, counts: Mapping[bool, Counts]) -> ArmsRow:
    """The held out (``True``) beside the rest (``False``)."""
    held, rest = counts.get(True, (0, 0)), counts.get(False, (0, 0))
    found = proportions.newcombe((rest[1], rest[0]), (held[1], held[0]))
    return ArmsRow(
        metric=metric,
        days=days,
        rest_n=rest[1],
        rest_denominator=rest[0],
        rest_bp=share(rest[1], rest[0]).rate_bp,
        held_out_n=held[1],
        held_out_denominator=held[0],
        held_out_bp=share(held[1], held[0]).rate_bp,
        difference_bp=None if found is None else round(found.estimate * 10_000),
        low_bp=None if found is None else math.floor(found.low * 10_000),
        high_bp=None if found is None else math.ceil(found.high * 10_000),
        small=min(rest[0], held[0]) < metrics.SMALL,
    )


def summed(counts: Iterable[Counts]) -> Counts:
    """Both counts added up."""
    every = list(counts)
    return sum(one for one, _ in every), sum(two for _, two in every)


def window(asked: Question | None) -> tuple[date | None, date | None]:
    """The days asked about."""
    return (None, None) if asked is None else (asked.filters.from_day, asked.filters.to_day)


def period_day(number: int, by: answers.Period) -> date:
    """The first day of a period as the derived tables number it."""
    return derived.month_of(number) if by == "month" else derived.day_of(number)
