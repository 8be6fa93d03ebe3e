"""Whose birthday a day is, in the solar and in the lunar calendar; found through the blind index, without opening a field."""

from collections.abc import Iterator
from datetime import date, timedelta

import lunardate

from regulars.domains.members.model import Status
from regulars.domains.members.rules import birthday
from regulars.domains.members.rules.birthday import Birthday
from regulars.domains.members.store import search as store
from regulars.domains.members.store.search import Cursor, Filter
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

_KIND = "birthday"


def kept_on(day: date) -> list[str]:
    """The day keys of everybody whose birthday is kept on ``day``.

    29 February is kept on the 28th in common years, the 30th of a lunar month on the 29th when the month has no more days, and a
    birthday in a lunar month once, not again in the leap month that follows it.
    """
    solar = [Birthday(day.month, day.day)]
    if (day.month, day.day) == (2, 28) and birthday.falls_on(Birthday(2, 29), day.year) == day:
        solar.append(Birthday(2, 29))
    now, then = (lunardate.LunarDate.from_solar_date(d.year, d.month, d.day) for d in (day, day + timedelta(days=1)))
    lunar = [] if now.is_leap_month else [Birthday(now.month, now.day, lunar=True)]
    if lunar and now.day == 29 and then.day == 1:
        lunar.append(Birthday(now.month, 30, lunar=True))
    return [born.day_key for born in (*solar, *lunar)]


def born_on(ctx: Ctx, keyring: Keyring, day: date, *, batch: int = 500) -> Iterator[list[MemberId]]:
    """The active members whose birthday is kept on ``day``, at most ``batch`` at a time."""
    tokens = [token for key in kept_on(day) for token in keyring.blinds(_KIND, key)]
    after: Cursor | None = None
    while found := store.page(ctx.tx, Filter(tokens=[(_KIND, tokens)], statuses=(Status.active,)), after=after, limit=batch):
        yield [member.member_id for member in found]
        after = (found[-1].joined_at, found[-1].member_id)
