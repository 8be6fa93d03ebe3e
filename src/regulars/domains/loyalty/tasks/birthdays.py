"""Birthdays: on the day itself, each member's act "birthday" is told to the engine, once a calendar year whatever is changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import ActDone
from regulars.domains.loyalty.service import acting
from regulars.domains.members.service import birthdays as members
from regulars.kernel import periods
from regulars.kernel.ids import MemberId
from regulars.platform import batching
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

ACT, SOURCE = "birthday", "clock"
_LOOKS_BACK_DAYS = 2
"""A day or two without a worker takes nobody's birthday away."""


@dataclass(slots=True)
class Birthdays:
    """Tells the birthdays of a day when the day has begun in the programme's zone. One a worker; two beside each other, or one that was
    started again, tell the same acts twice, which changes nothing.
    """

    keyring: Callable[[], Keyring]
    _told: date | None = field(default=None)

    def tick(self, db: Database) -> int:
        """Tell the birthdays of today; returns how many there were, 0 when they were told before or nothing is given for them."""
        with db.reading() as ctx:
            programmes = service.programmes(ctx)
            if not programmes.versions or ACT not in (programme := programmes.at(ctx.now)).on_act:
                return 0
            today = periods.local_date(ctx.now, programme.zone)
            if today == self._told:
                return 0
            facts = _facts(ctx, self.keyring(), [today - timedelta(days=back) for back in range(_LOOKS_BACK_DAYS + 1)])
        batching.run(db, service.handle, list(facts.values()))
        self._told = today
        return len(facts)


def _facts(ctx: Ctx, keyring: Keyring, days: list[date]) -> dict[str, ActDone]:
    """The acts of everybody whose birthday is one of the days, by their number: one a member and calendar year."""
    found: dict[str, ActDone] = {}
    for day in days:
        for batch in members.born_on(ctx, keyring, day):
            for member_id in batch:
                made = _act(ctx, member_id, day)
                found.setdefault(made.number, made)
    return found


def _act(ctx: Ctx, member_id: MemberId, day: date) -> ActDone:
    number = f"{member_id}:{day.year}"
    return ActDone(member_id=member_id, at=ctx.now, ref=acting.act_id(SOURCE, number), act=ACT, source=SOURCE, number=number)
