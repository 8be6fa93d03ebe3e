"""Members as the console lists them and shows one: who they are, masked, beside what they hold; and a member's ledger as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime
from starlette.requests import Request

from regulars.domains.loyalty import service
from regulars.domains.loyalty.api import downloads
from regulars.domains.loyalty.api import people_schemas as schemas
from regulars.domains.loyalty.api.downloads import Download, Form
from regulars.domains.loyalty.api.schemas import MemberKey
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model.people import Criteria, Person, Position, Sort
from regulars.domains.loyalty.rules import mine
from regulars.domains.loyalty.service import listing, timeline
from regulars.domains.loyalty.service.reading import JournalRow
from regulars.domains.members import service as members
from regulars.domains.members.model import Status
from regulars.domains.points.model import NEVER
from regulars.kernel import problem
from regulars.kernel.text import Text
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.files import writing
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/v1/people", tags=["people"])

Reader = Annotated[Actor, auth.needs("members.read")]
LedgerReader = Annotated[Actor, auth.needs("points.read")]
Page = Annotated[paging.Page, paging.page("people", str, int, str, UUID)]
SortBy = Annotated[schemas.SortName, Query(description="Members who have nothing of it come last.")]
Direction = Annotated[schemas.Order, Query()]
Counting = Annotated[bool, Query(description="Count them, too: exactly up to 10,000.")]

_HEADINGS = (
    Text("effective at", "生效时间"),
    Text("recorded at", "记录时间"),
    Text("unit", "类型"),
    Text("entry", "流水类别"),
    Text("amount", "数量"),
    Text("why", "原因"),
    Text("expires at", "有效期至"),
    Text("fact", "事实"),
    Text("fact id", "事实编号"),
    Text("programme version", "计划版本"),
    Text("by", "操作者"),
)


@router.get("", response_model=schemas.PeopleOut, openapi_extra=routing.said(en="List members with what they hold", zh="会员列表"))
def list_people(  # noqa: PLR0913 - each filter is a parameter of the address
    request: Request,
    page: Page,
    *,
    actor: Reader,
    sort: SortBy = "joined",
    order: Direction = "desc",
    count: Counting = False,
    level: Annotated[Word | None, Query(description="A level of the programme's ladder.")] = None,
    store: Annotated[Word | None, Query(description="The home store.")] = None,
    status: Annotated[schemas.Status | None, Query(description="Left out: all but the erased.")] = None,
    held_out: Annotated[bool | None, Query(description="In the control group, or not.")] = None,
    joined_from: Annotated[AwareDatetime | None, Query()] = None,
    joined_before: Annotated[AwareDatetime | None, Query()] = None,
    has_orders: Annotated[bool | None, Query(description="Ever ordered, or not.")] = None,
) -> Json:
    """Members with level, points, orders and spend as of now. By phone, e-mail address, number or name: `POST /v1/people/search`."""
    wanted = Criteria(
        level=level,
        store=store,
        status=Status(status) if status else None,
        held_out=held_out,
        joined_from=joined_from,
        joined_before=joined_before,
        has_orders=has_orders,
    )
    return _listed(request, actor, wanted, page=page, sort=Sort(sort), ascending=order == "asc", count=count)


@router.post("/search", response_model=schemas.PeopleOut, openapi_extra=routing.said(en="Find members with what they hold", zh="查找会员"))
def search(
    request: Request,
    body: schemas.SearchIn,
    *,
    page: Page,
    actor: Reader,
    sort: SortBy = "joined",
    order: Direction = "desc",
    count: Counting = False,
) -> Json:
    """Find members by their details and filters. Exact for numbers, phones and addresses; a name by the whole of it or by one word."""
    said = body.model_dump(exclude={"status"})
    wanted = Criteria(**said, status=Status(body.status) if body.status else None)
    return _listed(request, actor, wanted, page=page, sort=Sort(sort), ascending=order == "asc", count=count)


def _listed(request: Request, actor: Actor, wanted: Criteria, *, page: paging.Page, sort: Sort, ascending: bool, count: bool) -> Json:
    way = f"{sort.value}:{'asc' if ascending else 'desc'}"
    after = _after(page, way)
    with _db(request).reading(actor) as ctx:
        keyring = _keyring(request)
        rows = listing.list_people(ctx, wanted, keyring=keyring, sort=sort, ascending=ascending, after=after, limit=page.fetch)
        counted = listing.count_people(ctx, wanted, keyring=keyring) if count else None
        programme = listing.in_force(ctx)
    unit = listing.spent_unit(programme)

    def show(row: Person) -> dict[str, Any]:
        return schemas.person(row, programme, unit)

    answer = page.answer(rows, lambda row: (way, *row.position), show=show)
    told = {"number": counted.number, "capped": counted.capped} if counted else None
    return Json({**answer, "count": told, "unit": unit, "currency": programme.currency if programme else ""})


def _after(page: paging.Page, way: str) -> Position | None:
    """Where the page before ended. Raises ``input.invalid`` for the cursor of another order."""
    if page.after is None:
        return None
    before, *position = page.after
    if before != way:
        raise problem.invalid("cursor", before, f"the cursor of a page sorted by {way}")
    return (position[0], position[1], position[2])


@router.get("/{member}", response_model=schemas.CardOut, openapi_extra=routing.said(en="See a member at a glance", zh="会员详情"))
def read(request: Request, member: MemberKey, *, actor: Reader) -> Json:
    """One member: card, level with what keeps it, every balance with its lots, consents in force, hold-out. Personal fields masked."""
    # A transaction that may write: who has never been looked at is drawn into or out of the control group now.
    with _db(request).transaction(actor) as ctx:
        member_id = members.get_ref(ctx, member).member_id
        profile = members.get_profile(ctx, member_id, keyring=_keyring(request))
        programme = listing.in_force(ctx)
        standing = service.standing(ctx, member_id) if programme else None
        consents = members.current(ctx, [member_id]).get(member_id, {})
        duplicates = len(members.duplicates(ctx, [member_id]))
    answer = {
        "person": schemas.person(
            Person(profile=profile, standing=standing, position=(0, "", member_id)), programme, listing.spent_unit(programme)
        ),
        "birthday": schemas.birthday(profile),
        "version": profile.member.version,
        "level": schemas.level(programme, standing) if programme and standing else None,
        "wallets": [schemas.wallet(unit, standing) for unit in programme.shown_units] if programme and standing else [],
        "consents": [{name: getattr(record, name) for name in schemas.SaidOut.model_fields} for _, record in sorted(consents.items())],
        "duplicates": duplicates,
        "currency": programme.currency if programme else "",
        "programme": programme.version if programme else None,
    }
    return Json(answer)


@router.get(
    "/{member}/ledger",
    status_code=200,
    response_class=Download,
    responses=downloads.described("Every entry of the member's ledger, newest first, with its reason."),
    openapi_extra=routing.said(en="Download a member's ledger", zh="下载会员流水"),
)
def ledger(
    request: Request,
    member: MemberKey,
    *,
    actor: LedgerReader,
    form: Annotated[Form, Query(alias="format")] = "csv",
    unit: Annotated[Word | None, Query(description="Only this unit (or ladder).")] = None,
) -> Download:
    """The ledger as CSV (UTF-8 with its mark) or XLSX, in the language asked for. Times are UTC. No personal field is in it."""
    language = downloads.language(request)
    with _db(request).reading(actor) as ctx:
        member_id = members.get_ref(ctx, member).member_id
        programme = listing.in_force(ctx)

        def write(out: BinaryIO) -> None:
            rows = _ledger(timeline.whole_journal(ctx, member_id, unit=unit), programme, language)
            if form == "csv":
                writing.write_csv(out, rows)
            else:
                writing.write_xlsx(out, {Text("Ledger", "流水").in_(language): rows})

        return Download(write, name=f"{listing.wire(member_id)}-ledger", form=form)


def _ledger(rows: Iterator[JournalRow], programme: Programme | None, language: str) -> Iterator[tuple[writing.Cell, ...]]:
    yield tuple(heading.in_(language) for heading in _HEADINGS)
    labels = {unit.id: unit.label.in_(language) for unit in programme.units.values()} if programme else {}
    for row in rows:
        entry = row.entry
        expires: datetime | None = None if entry.expires_at == NEVER else entry.expires_at
        yield (
            row.effective_at,
            row.recorded_at,
            labels.get(entry.unit, entry.unit),
            entry.kind,
            # With its sign, and nothing where only a state changed: the column adds up to what the member has.
            mine.change(entry),
            row.text["zh" if language.startswith("zh") else "en"],
            expires,
            row.fact,
            str(row.fact_ref),
            row.programme,
            row.actor,
        )


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found


def _keyring(request: Request) -> Keyring:
    found: Keyring = request.app.state.keyring
    return found
