"""Programme versions: draft, publish at a time, roll back. A published document never changes."""

import functools
from dataclasses import dataclass
from datetime import datetime

from regulars.domains.loyalty import document
from regulars.domains.loyalty.model import Programme, Programmes
from regulars.domains.loyalty.store import programmes as store
from regulars.domains.operators import service as operators
from regulars.kernel import problem
from regulars.kernel.problem import Kind
from regulars.platform.context import Ctx

NOT_A_DRAFT = problem.define(
    "programme.not_a_draft",
    Kind.conflict,
    en="Version {version} is {state}; only a draft can be published. Add a new draft instead.",
    zh="版本 {version} 当前为 {state}，只有草稿可以发布，请新建草稿。",
)
IN_THE_PAST = problem.define(
    "programme.in_the_past",
    Kind.invalid,
    en="A version cannot take effect at {at}, before now: history is never rewritten.",
    zh="版本不能从过去的时间 {at} 起生效：历史不会被改写。",
)
LOCKED = problem.define(
    "programme.locked",
    Kind.conflict,
    en="{what} cannot change from {was} to {given}: recorded balances are counted in it.",
    zh="{what} 不能从 {was} 改为 {given}：已有余额以其计量。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the programme: ``state`` is draft, published or discarded."""

    version: int
    state: str
    document: str
    note: str
    created_at: datetime
    created_by: str
    effective_from: datetime | None
    published_by: str | None


@functools.lru_cache(maxsize=256)
def _compiled(version: int, text: str) -> Programme:
    return document.build(document.read(text), version)


_known: dict[tuple[tuple[int, datetime, str], ...], Programmes] = {}
"""Programmes by the versions they are made of. One process may meet several databases, as tests do."""


def programmes(ctx: Ctx) -> Programmes:
    """Every published version, read and compiled once per process: a published document never changes."""
    rows = tuple(store.published(ctx.tx))
    found = _known.get(rows)
    if found is None:
        texts = store.documents(ctx.tx, [version for version, _, _ in rows])
        found = Programmes.of([(start, _compiled(version, texts[version])) for version, start, _ in rows])
        if len(_known) >= 64:
            _known.clear()
        _known[rows] = found
    return found


def add_draft(ctx: Ctx, text: str, *, note: str = "") -> Version:
    """A checked draft of the YAML ``text`` is stored. Raises ``programme.invalid`` or ``programme.locked``."""
    checked(ctx, text)
    number = store.add(ctx.tx, document=text, note=note, at=ctx.now, by=ctx.actor.id)
    operators.audit(ctx, action="programme.drafted", entity=f"programme/{number}", reason=note)
    return version(ctx, number)


def checked(ctx: Ctx, text: str) -> Programme:
    """The YAML ``text`` compiled, as it could be published next. Raises ``programme.invalid`` or ``programme.locked``."""
    draft = document.build(document.read(text), 0)
    _check_continuity(programmes(ctx), draft)
    return draft


def _check_continuity(published: Programmes, draft: Programme) -> None:
    if not published.versions:
        return
    last = published.versions[-1]
    for what, was, given in (
        ("currency", last.currency, draft.currency),
        ("time_zone", last.zone.key, draft.zone.key),
    ):
        if was != given:
            raise LOCKED(what=what, was=was, given=given)
    missing = [name for name in last.units if name not in draft.units]
    if missing:
        raise LOCKED(what="units", was=", ".join(last.units), given=", ".join(draft.units))


def publish(ctx: Ctx, number: int, *, at: datetime | None = None) -> Version:
    """The draft takes effect at ``at`` (now when left out). The first version of all also covers the history before it."""
    if at is not None and at < ctx.now:
        raise IN_THE_PAST(at=at.isoformat())
    known = version(ctx, number)
    if not store.publish(ctx.tx, number, effective_from=at or ctx.now, by=ctx.actor.id):
        raise NOT_A_DRAFT(version=number, state=known.state)
    published = version(ctx, number)
    operators.audit(
        ctx, action="programme.published", entity=f"programme/{number}", after={"effective_from": str(published.effective_from)}
    )
    return published


def roll_back(ctx: Ctx, number: int, *, at: datetime | None = None) -> Version:
    """What version ``number`` says takes effect again, as a new version. Raises ``not_found``."""
    old = version(ctx, number)
    again = add_draft(ctx, old.document, note=f"roll back to {number}")
    return publish(ctx, again.version, at=at)


def version(ctx: Ctx, number: int) -> Version:
    """One version. Raises ``not_found``."""
    row = store.find(ctx.tx, number)
    if row is None:
        raise problem.NOT_FOUND(what="programme version", key=number)
    return _version(row)


def list_versions(ctx: Ctx) -> list[Version]:
    """All versions, newest first."""
    return [_version(row) for row in store.listed(ctx.tx)]


def _version(row: tuple[object, ...]) -> Version:
    names = ("version", "state", "document", "note", "created_at", "created_by", "effective_from", "published_by")
    return Version(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]  # the store selects exactly these columns
