"""What an enrolment says once every value is checked and written in its one spelling."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar

from regulars.domains.members.model import Enrolment, Field
from regulars.domains.members.rules import birthday, identity
from regulars.kernel import problem
from regulars.kernel.problem import Problem

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_CLOCK_AHEAD = timedelta(days=1)

Personal = dict[Field, str]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Checked:
    """A usable enrolment: every value normalised, ``personal`` holding only the fields that were given."""

    external_id: str
    joined_at: datetime
    source: str
    locale: str
    store: str
    personal: Personal


class Findings:
    """Collects what is wrong, so that one refusal names every bad value and not only the first."""

    __slots__ = ("problems",)

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def tried(self, check_: Callable[[], Value], *, otherwise: Value) -> Value:
        """What ``check_`` returns, or ``otherwise`` when it refuses; the refusal is kept."""
        try:
            return check_()
        except Problem as refused:
            self.problems.append(refused)
            return otherwise

    @property
    def refusal(self) -> Problem | None:
        """One ``input.invalid`` for all that was found, or None."""
        if len(self.problems) < 2:
            return self.problems[0] if self.problems else None
        faults = tuple(fault for found in self.problems for fault in found.faults)
        summary = "; ".join(str(found.fields.get("summary", found.code)) for found in self.problems)
        return problem.INVALID(faults=faults, summary=summary)


def check(asked: Enrolment, now: datetime) -> Checked | Problem:
    """The enrolment in its one spelling, or one ``input.invalid`` that names everything wrong with it."""
    found = Findings()
    checked = Checked(
        external_id=found.tried(lambda: identity.external_id(asked.external_id), otherwise=""),
        joined_at=found.tried(lambda: now if asked.joined_at is None else joined(asked.joined_at, now), otherwise=now),
        source=found.tried(lambda: identity.code("source", asked.source), otherwise=""),
        locale=found.tried(lambda: identity.locale(asked.locale), otherwise=""),
        store=found.tried(lambda: identity.code("store", asked.store), otherwise=""),
        personal=personal(asked, found, today=now.date()),
    )
    return found.refusal or checked


def joined_up(first: Checked | None, again: Checked) -> Checked:
    """Two enrolments of one external id as one: the earliest time, and of everything else what was said first."""
    if first is None:
        return again
    return Checked(
        external_id=first.external_id,
        joined_at=min(first.joined_at, again.joined_at),
        source=first.source or again.source,
        locale=first.locale or again.locale,
        store=first.store or again.store,
        personal=again.personal | first.personal,
    )


def canonical(asked: Enrolment, checked: Checked) -> str:
    """The whole enrolment as one text, the same for the same content however it was written; the default time is no content."""
    joined_at = "" if asked.joined_at is None else checked.joined_at.astimezone(UTC).isoformat()
    fields = sorted((field.value, value) for field, value in checked.personal.items())
    external_id = checked.external_id if asked.external_id else ""
    return json.dumps([external_id, joined_at, checked.source, checked.locale, checked.store, fields], ensure_ascii=False)


def personal(asked: Enrolment, found: Findings, *, today: date) -> Personal:
    """The personal fields that were given, normalised; what is wrong goes to ``found``. An empty text counts as not given."""
    kept: Personal = {}
    for field in Field:
        text = getattr(asked, field.value)
        if text is not None and text.strip():
            kept[field] = found.tried(partial(normalised, field, text, region=asked.region, today=today), otherwise="")
    return kept


def normalised(field: Field, text: str, *, region: str, today: date) -> str:
    """The one spelling of a personal value. Raises ``input.invalid``."""
    match field:
        case Field.phone:
            return identity.phone(text, region)
        case Field.email:
            return identity.email(text)
        case Field.name:
            return identity.name(text)
        case Field.birthday:
            return str(birthday.parse(text, today=today))


def joined(at: datetime, now: datetime) -> datetime:
    """When somebody joined: aware, after 1900, at most a day ahead of us (clocks differ). Raises ``input.invalid``."""
    if at.tzinfo is None or not _EARLIEST <= at <= now + _CLOCK_AHEAD:
        raise problem.invalid("joined_at", at.isoformat(), "a time with its zone, after 1900 and not in the future")
    return at


def blinds(personal_: Personal) -> list[tuple[str, str]]:
    """Under which (kind, normalised text) a member with these fields is found."""
    out: list[tuple[str, str]] = []
    for field, value in personal_.items():
        match field:
            case Field.phone:
                out += [("phone", value), ("last4", identity.last_four(value))]
            case Field.email:
                out.append(("email", identity.email_key(value)))
            case Field.name:
                out += [("name", token) for token in sorted(identity.name_tokens(value))]
            case Field.birthday:
                out.append(("birthday", birthday.stored(value).day_key))
    return out
