"""The main numbers on one page, each beside its value in the window compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from regulars.domains.insights.model.answers import FigureRow, Filters, Overview
from regulars.domains.insights.model.metrics import ACTIVATION_DAYS, WINDOWS
from regulars.domains.insights.service import answering, retention, returning, selling
from regulars.domains.insights.service.answering import Compare, Counts, Question
from regulars.domains.insights.store import selling as store

_NAMES = (
    "repurchase",
    "activation",
    "active_members",
    "members",
    "members_joined",
    "orders",
    "revenue",
    "average_order",
    "refunded",
    "refunds_made",
    "refunds_unmatched",
    "points_issued",
    "points_spent",
    "points_expired",
    "points_reversed",
    "points_outstanding",
)


def overview(folder: Path, filters: Filters, *, compare: Compare | None = None) -> Overview:
    """The main numbers of the window. Raises ``lake.missing``, ``input.invalid``."""
    asked = answering.question(folder, filters)
    earlier = answering.before(asked, compare)
    return asked.view.once(("overview", filters, compare), lambda: _overview(asked, earlier))


def _overview(asked: Question, earlier: Question | None) -> Overview:
    returned = returning.counts(asked, WINDOWS)
    activated = retention.activation(asked, (ACTIVATION_DAYS,))[ACTIVATION_DAYS]
    arms = [answering.arms("repurchase", days, {arm: one[days] for arm, one in returned.items()}) for days in WINDOWS]
    arms.append(answering.arms("activation", ACTIVATION_DAYS, activated))
    figures = list(_figures(asked, returned, activated))
    if earlier is not None:
        then = returning.counts(earlier, WINDOWS), retention.activation(earlier, (ACTIVATION_DAYS,))[ACTIVATION_DAYS]
        figures = _compared(figures, _figures(earlier, *then))
    begin, end = answering.window(earlier)
    return Overview(
        about=answering.about(asked, _NAMES, arms), compared_from=begin, compared_to=end, figures=tuple(figures), arms=tuple(arms)
    )


def _compared(figures: Iterable[FigureRow], earlier: Iterable[FigureRow]) -> list[FigureRow]:
    """The figures with the value each had then. What is of now, not of a window, had none."""
    then = {_name(figure): figure.value for figure in earlier}
    return [figure if figure.metric == "members" else replace(figure, before=then.get(_name(figure))) for figure in figures]


def _name(figure: FigureRow) -> tuple[object, ...]:
    return figure.metric, figure.days, figure.unit, figure.part


def _figures(asked: Question, returned: Mapping[bool, Mapping[int, Counts]], activated: Mapping[bool, Counts]) -> Iterable[FigureRow]:
    for days in WINDOWS:
        yield _share("repurchase", days, answering.summed(found[days] for found in returned.values()))
    yield _share("activation", ACTIVATION_DAYS, answering.summed(activated.values()))
    yield from _members(asked)
    yield from _money(asked)
    yield from _points(asked)


def _share(metric: str, days: int, counts: Counts) -> FigureRow:
    share = answering.share(counts[1], counts[0])
    return _figure(metric, share.rate_bp, days=days, n=share.n, denominator=share.denominator, low_bp=share.low_bp, high_bp=share.high_bp)


def _figure(
    metric: str,
    value: int | None,
    *,
    days: int | None = None,
    unit: str | None = None,
    part: str | None = None,
    n: int | None = None,
    denominator: int | None = None,
    low_bp: int | None = None,
    high_bp: int | None = None,
) -> FigureRow:
    return FigureRow(
        metric=metric,
        days=days,
        unit=unit,
        part=part,
        value=value,
        n=n,
        denominator=denominator,
        low_bp=low_bp,
        high_bp=high_bp,
        before=None,
    )


def _members(asked: Question) -> Iterable[FigureRow]:
    yield _figure("active_members", asked.view.rows(store.active, asked.filters, None)[0][1])
    yield _figure("members", sum(row[2] for row in asked.view.rows(store.standing, asked.filters)))
    yield _figure("members_joined", asked.view.rows(store.joining, asked.filters)[0][0])


def _money(asked: Question) -> Iterable[FigureRow]:
    sold = selling.whole(asked)
    parts = ("new", "returning", "anonymous")
    for metric in ("orders", "revenue"):
        yield _figure(metric, getattr(sold, metric, 0))
        for part in parts:
            yield _figure(metric, getattr(sold, f"{metric}_{part}", 0), part=part)
    average = sold.average_order if sold is not None else None
    yield _figure("average_order", average, n=sold.revenue if sold else 0, denominator=sold.orders if sold else 0)
    for metric in ("refunded", "refunds_made", "refunds_unmatched"):
        yield _figure(metric, getattr(sold, metric, 0))


def _points(asked: Question) -> Iterable[FigureRow]:
    ever = selling.by_unit((unit, kind, amount) for unit, _, kind, amount in asked.view.rows(store.movements, asked.filters))
    # A window without a beginning holds what there ever was: the journal is not read a second time.
    moved = ever if asked.filters.from_day is None else selling.by_unit(asked.view.rows(store.moved, asked.filters))
    for unit in sorted(ever):
        window = moved.get(unit) or selling.effects({})
        for name in ("issued", "spent", "expired", "reversed"):
            yield _figure(f"points_{name}", window[name], unit=unit)
        sums = ever[unit]
        left = sums["issued"] + sums["received"] - sums["spent"] - sums["expired"] - sums["reversed"] - sums["sent"]
        yield _figure("points_outstanding", left, unit=unit)
