"""What a member is told of its own standing, in words: what keeps the level, what reaches the next, what each level brings."""

from datetime import date, datetime, timedelta

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import naming
from regulars.domains.points.model import Entry
from regulars.domains.tiers.model import Basis, Level, Projection, State
from regulars.domains.tiers.rules import NO_REVIEW
from regulars.kernel import periods
from regulars.kernel.text import Text

_TIER = "member.tier"
_IN, _OUT = 1, -1
_WAYS = {
    "grant": _IN,
    "receive": _IN,
    "restore": _IN,
    "return": _IN,
    "unhold": _IN,
    "spend": _OUT,
    "hold": _OUT,
    "send": _OUT,
    "settle": _OUT,
    "expire": _OUT,
    "reverse": _OUT,
    "deduct": _OUT,
}
_NEXT = Text(en="{missing} more {unit} reaches {level}", zh="再得 {missing} {unit}升{level}")
_GRACE = Text(
    en="{missing} more {unit} by {day} keeps {level}: the grace period is running", zh="缓冲期至 {day}，再得 {missing} {unit}可保级{level}"
)
_INVITED = Text(en="Higher levels are by invitation", zh="更高等级仅限邀请")
_TOP = Text(en="You are on the highest level", zh="您已是最高等级")
_KEEPS = Text(en="{missing} more {unit} by {day} keeps {level}", zh="{day} 前再得 {missing} {unit}可保级{level}")
_KEPT = Text(en="What you have keeps {level} beyond {day}", zh="已满足保级条件，{day} 之后继续保留{level}")


def last_day(until: datetime, programme: Programme) -> date:
    """The last local day on which something that ends at ``until`` is still there."""
    return periods.local_date(until - timedelta(microseconds=1), programme.zone)


def aim(programme: Programme, found: Projection) -> Level | None:
    """The next level that can be reached by oneself; None where there is none or it takes an invitation."""
    ladder = programme.ladder_of(found.ladder)
    return None if found.next_level is None or ladder.basis is Basis.invitation else naming.level(ladder, found.next_level)


def next_words(programme: Programme, found: Projection, language: str) -> str:
    """How far the next level is."""
    ladder, above = programme.ladder_of(found.ladder), aim(programme, found)
    if above is None:
        highest = ladder.rank(found.level) == len(ladder.levels) - 1
        return (_TOP if highest else _INVITED).in_(language)
    return _NEXT.in_(language).format(
        missing=naming.amount(programme, found.unit, found.missing_to_next or 0),
        unit=naming.counted(programme, ladder).in_(language),
        level=above.label.in_(language),
    )


def keep_words(programme: Programme, found: Projection, language: str) -> str | None:
    """What keeps the level at its review; None for a level that has none."""
    if found.keep_until == NO_REVIEW:
        return None
    said = _KEPT if not found.missing_to_keep else _GRACE if found.state == State.grace else _KEEPS
    ladder = programme.ladder_of(found.ladder)
    return said.in_(language).format(
        missing=naming.amount(programme, found.unit, found.missing_to_keep),
        unit=naming.counted(programme, ladder).in_(language),
        level=naming.level(ladder, found.level).label.in_(language),
        day=last_day(found.keep_until, programme).isoformat(),
    )


def benefits(programme: Programme, level_id: str) -> list[Text]:
    """What this level brings, in the programme's own words: the earning rules that ask for the level and for nothing else."""
    return [rule.label for rule in programme.rules if rule.test is not None and rule.reads == {_TIER} and rule.test({_TIER: level_id})]


def change(entry: Entry) -> int:
    """By how much the entry moved what the member has, now or soon: 0 for what only changes its state."""
    return _WAYS.get(entry.kind, 0) * entry.amount


def main_unit(programme: Programme) -> str:
    """The unit a member calls its points: the first that can be redeemed, else the first of all."""
    return next((unit.id for unit in programme.shown_units if unit.redeem is not None and not unit.money), next(iter(programme.units)))
