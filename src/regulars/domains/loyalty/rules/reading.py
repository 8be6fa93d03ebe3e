"""What conditions read of an order, an act, the member and the moment, as they are before the fact."""

from collections.abc import Callable
from datetime import datetime

from regulars.domains.loyalty.model import ActDone, Programme, Standing, Values
from regulars.domains.orders.model import Line, Order
from regulars.kernel import periods

_LADDER = "member.tier."


def order_values(programme: Programme, standing: Standing, order: Order) -> Values:
    """The attributes that the programme's conditions read. Lines are filled in one by one."""
    values = _moment_values(programme, standing, order.paid_at)
    for name, read in ORDER_ATTRIBUTES.items():
        if name in programme.reads:
            values[name] = read(order)
    return values


def act_values(programme: Programme, standing: Standing, act: ActDone) -> Values:
    """The attributes that conditions of the act's rules read."""
    values = _moment_values(programme, standing, act.at)
    values["act.value"], values["act.about"] = act.value, act.about
    return values


def member_values(programme: Programme, standing: Standing, at: datetime) -> Values:
    """Everything conditions may read of a member at a moment, whether a rule of the programme does or not."""
    values: Values = {name: read(programme, standing, at) for name, read in MOMENT_ATTRIBUTES.items()}
    return values | {f"{_LADDER}{ladder}": tier.level for ladder, tier in standing.tiers.items()}


def _moment_values(programme: Programme, standing: Standing, at: datetime) -> Values:
    reads = programme.reads
    values: Values = {}
    if not reads:
        return values
    for name, read in MOMENT_ATTRIBUTES.items():
        if name in reads:
            values[name] = read(programme, standing, at)
    if len(standing.tiers) > 1:
        values.update((f"{_LADDER}{ladder}", tier.level) for ladder, tier in standing.tiers.items())
    return values


def read_line(values: Values, line: Line) -> None:
    """Put what conditions read of one line into ``values``, in place of what they held of the line before."""
    values["line.product"] = line.product
    values["line.category"] = line.category
    values["line.amount"] = line.amount - line.discount
    values["line.quantity"] = line.quantity


Moment = Callable[[Programme, Standing, datetime], object]

ORDER_ATTRIBUTES: dict[str, Callable[[Order], object]] = {
    "order.total": lambda o: o.total,
    "order.source": lambda o: o.source,
    "order.store": lambda o: o.store,
    "order.channel": lambda o: o.channel,
    "order.lines": lambda o: len(o.lines),
}
"""How each attribute of an order is read; its type and labels are in ``loyalty.attributes``."""
MOMENT_ATTRIBUTES: dict[str, Moment] = {
    "member.tier": lambda _p, s, _at: s.tier.level,
    "member.orders": lambda _p, s, _at: s.orders,
    "member.spend": lambda _p, s, _at: s.spend,
    "member.first_order": lambda _p, s, _at: s.orders == 0,
    "member.days_since_joined": lambda p, s, at: (periods.local_date(at, p.zone) - periods.local_date(s.joined_at, p.zone)).days,
    "time.weekday": lambda p, _s, at: periods.local_weekday(at, p.zone) + 1,
    "time.hour": lambda p, _s, at: periods.local_minute_of_day(at, p.zone) // 60,
    "time.date": lambda p, _s, at: periods.local_date(at, p.zone),
    "time.month": lambda p, _s, at: periods.local_date(at, p.zone).month,
    "time.day_of_month": lambda p, _s, at: periods.local_date(at, p.zone).day,
}
"""How what is known of the member and of the moment is read."""
