"""How units, ladders and levels of a programme are called, and how their amounts are written."""

from regulars.domains.loyalty.model import Programme
from regulars.domains.tiers.model import Basis, Ladder, Level
from regulars.kernel import money
from regulars.kernel.text import Text

_MONTHS = Text("months since joining", "入会月数")
_INVITATION = Text("invitation", "邀请")


def unit(programme: Programme, unit_id: str) -> Text:
    """The unit's name; its id when a newer document has dropped it."""
    known = programme.units.get(unit_id)
    return known.label if known else Text(unit_id, unit_id)


def counted(programme: Programme, ladder: Ladder) -> Text:
    """The name of what the ladder counts."""
    match ladder.basis:
        case Basis.unit:
            return unit(programme, ladder.unit)
        case Basis.tenure:
            return _MONTHS
        case Basis.invitation:
            return _INVITATION


def amount(programme: Programme, unit_id: str, units: int) -> str:
    """So many units, written out; minor units as money."""
    known = programme.units.get(unit_id)
    if known is not None and known.minor:
        return money.said(units, programme.currency)
    return f"{units:,}"


def level(ladder: Ladder, level_id: str) -> Level:
    """The level; the lowest when a newer document has dropped it."""
    return ladder.levels[ladder.rank(level_id)]
