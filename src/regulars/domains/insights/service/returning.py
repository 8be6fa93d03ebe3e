"""Coming back: repurchase, conversion from purchase to purchase, the days between."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from regulars.domains.insights.model import derived
from regulars.domains.insights.model.answers import (
    By,
    ConversionAnswer,
    ConversionRow,
    CurveRow,
    Filters,
    IntervalRow,
    IntervalsAnswer,
    RepurchaseAnswer,
    RepurchaseRow,
)
from regulars.domains.insights.model.metrics import WINDOWS
from regulars.domains.insights.service import answering
from regulars.domains.insights.service.answering import Compare, Counts, Question
from regulars.domains.insights.store import returning
from regulars.science import quantiles, survival

PURCHASES = 12
"""Steps of the conversion that are shown."""
CURVE_DAYS = 365
_RANKED = frozenset({"store", "channel", "product"})
_ByArm = Mapping[bool, Sequence[int]]
"""By arm and then for each window in turn: members counted, of them returned."""


def repurchase(
    folder: Path, filters: Filters, *, by: By | None = None, top: int = 12, compare: Compare | None = None, windows: Sequence[int] = WINDOWS
) -> RepurchaseAnswer:
    """Repurchase within each of ``windows`` days: in all, by arm, in the window compared with, and in groups.

    Stores, channels and products are the ``top`` largest by members, the others together. Raises ``lake.missing``, ``input.invalid``.
    """
    asked = answering.question(folder, filters)
    earlier = answering.before(asked, compare)
    days = tuple(windows)
    return asked.view.once(("repurchase", filters, by, top, compare, days), lambda: _repurchase(asked, earlier, days, by=by, top=top))


def _repurchase(asked: Question, earlier: Question | None, windows: Sequence[int], *, by: By | None, top: int) -> RepurchaseAnswer:
    groups = _counts(asked, windows, by)
    everybody = _merged(groups)
    by_arm = [
        answering.arms("repurchase", days, {arm: _pair(sums, place) for arm, sums in everybody.items()})
        for place, days in enumerate(windows)
    ]
    begin, end = answering.window(earlier)
    return RepurchaseAnswer(
        about=answering.about(asked, ["repurchase"], by_arm),
        by=by,
        total=_rows(None, everybody.values(), windows),
        groups=tuple(_grouped(groups, windows, by=by, top=top)) if by is not None else (),
        compared_from=begin,
        compared_to=end,
        before=_rows(None, _merged(_counts(earlier, windows, None)).values(), windows) if earlier is not None else (),
        arms=tuple(by_arm),
    )


def counts(asked: Question, windows: Sequence[int]) -> Mapping[bool, Mapping[int, Counts]]:
    """By arm and window: (members counted, of them returned)."""
    everybody = _merged(_counts(asked, windows, None))
    return {arm: {days: _pair(sums, place) for place, days in enumerate(windows)} for arm, sums in everybody.items()}


def _counts(asked: Question, windows: Sequence[int], by: By | None) -> Mapping[str | None, _ByArm]:
    """By group and arm what the store counted; one query gives the groups and, added up, everybody."""
    found: dict[str | None, dict[bool, Sequence[int]]] = defaultdict(dict)
    for row in asked.view.rows(returning.repurchase, asked.filters, windows, asked.last_day, by):
        found[row[0]][row[1]] = row[2:]
    return found


def _merged(groups: Mapping[str | None, _ByArm]) -> _ByArm:
    found = {arm: _added([group[arm] for group in groups.values() if arm in group]) for arm in (False, True)}
    return {arm: sums for arm, sums in found.items() if sums}


def _added(every: Sequence[Sequence[int]]) -> Sequence[int]:
    """Column by column; nothing of nothing. There may be thousands of groups, so this is left to built-in functions."""
    return [sum(column) for column in zip(*every, strict=True)]


def _pair(sums: Sequence[int], place: int) -> Counts:
    return (sums[2 * place], sums[2 * place + 1]) if sums else (0, 0)


def _rows(key: str | None, every: Iterable[Sequence[int]], windows: Sequence[int], *, rest: bool = False) -> tuple[RepurchaseRow, ...]:
    sums = _added(list(every))
    made = []
    for place, days in enumerate(windows):
        counted, returned = _pair(sums, place)
        share = answering.share(returned, counted)
        made.append(
            RepurchaseRow(
                key=key,
                rest=rest,
                days=days,
                n=share.n,
                denominator=share.denominator,
                rate_bp=share.rate_bp,
                low_bp=share.low_bp,
                high_bp=share.high_bp,
            )
        )
    return tuple(made)


def _grouped(found: Mapping[str | None, _ByArm], windows: Sequence[int], *, by: By | None, top: int) -> Iterable[RepurchaseRow]:
    if by in _RANKED:
        sizes = {key: sum(sums[0] for sums in parts.values()) for key, parts in found.items()}
        keys = sorted(found, key=lambda key: (-sizes[key], key or ""))
        shown, others = keys[:top], keys[top:]
    else:
        shown, others = sorted(found, key=lambda key: (key is None, key or "")), []
    for key in shown:
        yield from _rows(month_key(key) if by == "month" else key, found[key].values(), windows)
    if others:
        yield from _rows(None, [sums for key in others for sums in found[key].values()], windows, rest=True)


def month_key(number: str | None) -> str | None:
    """``2026-03`` for a month's number."""
    return None if number is None else f"{derived.month_of(int(number)):%Y-%m}"


def intervals(folder: Path, filters: Filters, *, width: int = 7, most: int = 364) -> IntervalsAnswer:
    """Days between purchases in bars of ``width`` days up to ``most``, the last open. Raises ``lake.missing``, ``input.invalid``."""
    asked = answering.question(folder, filters)
    return asked.view.once(("intervals", filters, width, most), lambda: _intervals(asked, width, most))


def _intervals(asked: Question, width: int, most: int) -> IntervalsAnswer:
    rows = asked.view.rows(returning.intervals, asked.filters)
    days = np.array([row[0] for row in rows], dtype=np.int64)
    found = np.array([row[1] for row in rows], dtype=np.int64)
    bars = (
        [
            IntervalRow(from_days=low, to_days=min(low + width - 1, most), n=_between(days, found, low, low + width - 1, most))
            for low in range(1, most + 1, width)
        ]
        if rows
        else []
    )
    beyond = int(found[days > most].sum()) if rows else 0
    return IntervalsAnswer(
        about=answering.about(asked, ["interval"]),
        n=int(found.sum()),
        median=quantiles.counted(days, found, quantiles.MEDIAN),
        p75=quantiles.counted(days, found, quantiles.P75),
        histogram=(*bars, *([IntervalRow(from_days=most + 1, to_days=None, n=beyond)] if rows else [])),
    )


def _between(
    days: "np.ndarray[tuple[int], np.dtype[np.int64]]", found: "np.ndarray[tuple[int], np.dtype[np.int64]]", low: int, high: int, most: int
) -> int:
    return int(found[(days >= low) & (days <= min(high, most))].sum())


def conversion(folder: Path, filters: Filters, *, purchase: int = 1, windows: Sequence[int] = WINDOWS) -> ConversionAnswer:
    """From each purchase to the next, and how fast after the ``purchase``-th. Raises ``lake.missing``, ``input.invalid``."""
    asked = answering.question(folder, filters)
    days = tuple(windows)
    return asked.view.once(("conversion", filters, purchase, days), lambda: _conversion(asked, purchase, days))


def _conversion(asked: Question, purchase: int, windows: Sequence[int]) -> ConversionAnswer:
    most = max(PURCHASES, purchase)
    rows = asked.view.rows(returning.conversion, asked.filters, windows, asked.last_day, most)
    steps: dict[int, list[tuple[bool, int, dict[int, Counts]]]] = defaultdict(list)
    for row in rows:
        steps[row[0]].append((row[1], row[2], {days: _pair(row[3:], place) for place, days in enumerate(windows)}))
    here = steps.get(purchase, [])
    by_arm = [answering.arms("conversion", days, {arm: found[days] for arm, _, found in here}) for days in windows]
    return ConversionAnswer(
        about=answering.about(asked, ["conversion", "conversion_curve"], by_arm),
        purchase=purchase,
        steps=tuple(row for number in sorted(steps) for row in _steps(number, steps[number], windows)),
        curve=tuple(_curve(asked, purchase)),
        arms=tuple(by_arm),
    )


def _steps(number: int, parts: Sequence[tuple[bool, int, dict[int, Counts]]], windows: Sequence[int]) -> Iterable[ConversionRow]:
    for days in windows:
        counted, went_on = answering.summed(found[days] for _, _, found in parts)
        share = answering.share(went_on, counted)
        yield ConversionRow(
            purchase=number,
            reached=sum(reached for _, reached, _ in parts),
            days=days,
            n=share.n,
            denominator=share.denominator,
            rate_bp=share.rate_bp,
            low_bp=share.low_bp,
            high_bp=share.high_bp,
        )


def _curve(asked: Question, purchase: int) -> Iterable[CurveRow]:
    rows = sorted(asked.view.rows(returning.waiting, asked.filters, purchase, asked.last_day))
    if not rows:
        return
    days, events, censored = (np.array([row[place] for row in rows], dtype=np.int64) for place in range(3))
    curve = survival.kaplan_meier(days, events, censored)
    for place in np.flatnonzero(days <= CURVE_DAYS):
        yield CurveRow(
            day=int(days[place]),
            reached_bp=round(float(curve.reached[place]) * 10_000),
            low_bp=round(float(curve.low[place]) * 10_000),
            high_bp=round(float(curve.high[place]) * 10_000),
            at_risk=int(curve.at_risk[place]),
        )
