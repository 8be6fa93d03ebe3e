"""What questions to the lake have in common over HTTP: filters in the query, and the answer as JSON, CSV or XLSX."""

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.insights.model.answers import Arm, Filters
from regulars.domains.insights.service import tabling
from regulars.platform.files import writing
from regulars.platform.http import auth, problems
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import DATE_MAX, DATE_MIN, Word

Format = Annotated[Literal["json", "csv", "xlsx"], Query(alias="format", description="CSV holds one `table`, XLSX all of them as sheets.")]
Table = Annotated[
    Annotated[str, Query(max_length=40, pattern="^[a-z_]+$", description="For CSV: which list of the answer; the first unless given.")]
    | None,
    Query(),
]
Day = Annotated[date, Query(ge=DATE_MIN, le=DATE_MAX)]
Compare = Annotated[
    Literal["previous", "year"] | None,
    Query(description="Also the window just before (`previous`) or a year earlier (`year`); needs `from` and `to`."),
]
_Codes = Annotated[list[Word], Query(max_length=100)]
_MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_FILES: Mapping[str, Any] = {media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in _MEDIA.values()}
FILES: dict[int | str, dict[str, Any]] = {200: {"content": _FILES, "description": "The answer, or a file of it."}}
"""For a route's ``responses`` whose answer can also come as a file."""


def filters(
    *,
    from_: Annotated[Day | None, Query(alias="from", description="First local day of the window.")] = None,
    to: Annotated[Day | None, Query(description="Last local day of the window.")] = None,
    store: Annotated[_Codes | None, Query(description="Only these stores.")] = None,
    channel: Annotated[_Codes | None, Query(description="Only these channels.")] = None,
    tier: Annotated[_Codes | None, Query(description="Only members who stand on these levels now.")] = None,
    arm: Annotated[Arm | None, Query(description="Only members who are held out, or only the rest.")] = None,
) -> Filters:
    """The filters of a question."""
    return Filters(from_day=from_, to_day=to, stores=tuple(store or ()), channels=tuple(channel or ()), tiers=tuple(tier or ()), arm=arm)


def standing(
    *,
    from_: Annotated[Day | None, Query(alias="from", description="First local day of the window.")] = None,
    to: Annotated[Day | None, Query(description="Last local day of the window.")] = None,
    tier: Annotated[_Codes | None, Query(description="Only members who stand on these levels now.")] = None,
    arm: Annotated[Arm | None, Query(description="Only members who are held out, or only the rest.")] = None,
) -> Filters:
    """The filters of a question about what belongs to no store and no channel."""
    return Filters(from_day=from_, to_day=to, tiers=tuple(tier or ()), arm=arm)


def now(
    *,
    store: Annotated[_Codes | None, Query(description="Only members who joined at these stores.")] = None,
    tier: Annotated[_Codes | None, Query(description="Only members who stand on these levels now.")] = None,
    arm: Annotated[Arm | None, Query(description="Only members who are held out, or only the rest.")] = None,
) -> Filters:
    """The filters of a question about how things are now."""
    return Filters(stores=tuple(store or ()), tiers=tuple(tier or ()), arm=arm)


Asked = Annotated[Filters, Depends(filters)]
Standing = Annotated[Filters, Depends(standing)]
Now = Annotated[Filters, Depends(now)]
Reader = auth.needs("reports.read")


def folder(request: Request) -> Path:
    """Where the lake is."""
    data: Path = request.app.state.settings.data_dir
    return data / "lake"


def answered(request: Request, answer: tabling.Answer, *, name: str, form: str, table: str | None) -> Response:
    """The answer in the form asked for. Raises ``input.invalid`` for a table it does not have."""
    if form == "json":
        return Json(answer)
    language = problems.speaks(request)
    out = io.BytesIO()
    if form == "csv":
        part, rows = tabling.table(answer, table, language)
        writing.write_csv(out, rows)
        return file(out, f"{name}-{part}", "csv")
    writing.write_xlsx(out, tabling.tables(answer, language))
    return file(out, name, "xlsx")


def file(out: io.BytesIO, name: str, form: Literal["csv", "xlsx"]) -> Response:
    """What was written, to be saved as ``name``."""
    headers = {"content-disposition": f'attachment; filename="regulars-{name}.{form}"'}
    return Response(out.getvalue(), media_type=_MEDIA[form], headers=headers)


def shown(example: Any) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: an example of the answer, and the files it can also come as."""
    return {200: {"content": {"application/json": {"example": example}, **_FILES}, "description": "The answer, or a file of it."}}
