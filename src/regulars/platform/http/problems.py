"""Refusals on the wire: RFC 9457 ``application/problem+json``, localised, with the request's id and nothing about our insides."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

import psycopg
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from regulars.kernel import problem
from regulars.kernel.problem import Fault, Kind, Problem, ProblemType
from regulars.platform import batching, log
from regulars.platform.http import faults, language, responses
from regulars.platform.http.language import Language

MEDIA_TYPE = "application/problem+json"

NO_ROUTE = problem.define(
    "http.not_found",
    Kind.not_found,
    en="There is nothing at this address. /docs lists what there is.",
    zh="此地址不存在。可用地址见 /docs。",
)
METHOD = problem.define(
    "http.method",
    Kind.invalid,
    en="This address does not take {method}; it takes {allowed}.",
    zh="此地址不支持 {method}，可用方法：{allowed}。",
)
TOO_LARGE = problem.define(
    "http.too_large",
    Kind.invalid,
    en="The request body is larger than the {most} bytes accepted here. Send it in parts.",
    zh="请求体超过此处允许的 {most} 字节，请分批发送。",
)
MEDIA = problem.define(
    "http.media_type",
    Kind.invalid,
    en="The body must be sent with Content-Type {accepted}, not {given}.",
    zh="请求体的 Content-Type 必须为 {accepted}，而不是 {given}。",
)
CROSS_SITE = problem.define(
    "http.cross_site",
    Kind.forbidden,
    en="Another website sent this with your session. Nothing was done.",
    zh="该请求由其他网站借用您的会话发出，未执行任何操作。",
)
FAILED = problem.define(
    "http.failed",
    Kind.unavailable,
    en="Something went wrong on our side. Tell support the request id.",
    zh="系统内部出错。请将请求编号告知客服。",
)

ExceptionHandler = Callable[[Request, Any], Coroutine[Any, Any, Response]]

# Where HTTP is finer than the house's kinds.
_STATUS = {NO_ROUTE.code: 404, METHOD.code: 405, TOO_LARGE.code: 413, MEDIA.code: 415, FAILED.code: 500}
_WAIT = "{retry_after}"
_LANGUAGES: Mapping[str, Language] = {"en": "en", "zh": "zh"}
_TITLES: Mapping[Kind, tuple[str, str]] = {
    Kind.invalid: ("Invalid input", "输入有误"),
    Kind.unauthenticated: ("Not signed in", "未登录"),
    Kind.forbidden: ("Not allowed", "无权操作"),
    Kind.not_found: ("Not found", "未找到"),
    Kind.conflict: ("Conflict", "冲突"),
    Kind.limit: ("Limit reached", "超出限制"),
    Kind.unavailable: ("Unavailable", "暂不可用"),
}

_TITLES_OF_CODES: Mapping[str, tuple[str, str]] = {
    METHOD.code: ("Method not allowed", "方法不支持"),
    TOO_LARGE.code: ("Body too large", "请求体过大"),
    MEDIA.code: ("Media type not supported", "内容类型不支持"),
    FAILED.code: ("Internal error", "内部错误"),
}


def status_of(kind: ProblemType) -> int:
    """The HTTP status a problem of this type goes out with. A limit that says in how many seconds it ends is a 429."""
    if kind.kind is Kind.limit and _WAIT in kind.en:
        return 429
    return _STATUS.get(kind.code) or problem.HTTP_STATUS[kind.kind]


def document(refusal: Problem, *, speak: Language, request_id: str | None) -> dict[str, Any]:
    """The problem as RFC 9457 has it, plus ``code`` for programs, ``faults`` by field, its ``data``, and the ``request_id``."""
    return {
        "type": f"/docs#{refusal.code}",
        "title": (_TITLES_OF_CODES.get(refusal.code) or _TITLES[refusal.kind])[speak == "zh"],
        "status": status_of(refusal.type),
        "detail": refusal.text(speak),
        "instance": f"/requests/{request_id}",
        "code": refusal.code,
        "request_id": request_id,
        "faults": [{"field": fault.field, "value": fault.value, "expected": fault.wanted(speak)} for fault in refusal.faults],
        "data": refusal.fields,
    }


def render(refusal: Problem, *, speak: Language, request_id: str | None, headers: Mapping[str, str] | None = None) -> Response:
    """The response a caller gets. A value that has no JSON form is shown as its text."""
    body = responses.encode(_sendable(document(refusal, speak=speak, request_id=request_id)))
    given = {"content-language": speak, **(headers or {})}
    code = status_of(refusal.type)
    if code == 401:
        given["www-authenticate"] = "Bearer"
    elif code == 413:
        # The rest of the body is still on its way; reading it to its end is what the limit is there to avoid.
        given["connection"] = "close"
    elif code == 429:
        given["retry-after"] = str(refusal.fields["retry_after"])
    elif code == 503:
        given["retry-after"] = "1"
    return Response(body, code, given, MEDIA_TYPE)


def invalid(found: Iterable[Fault]) -> Problem:
    """``input.invalid`` with one fault a wrong place; its sentence names the first three."""
    every = tuple(found)
    summary = "; ".join(f"{fault.field}{f': {fault.value!r}' if fault.value else ''} — {fault.expected}" for fault in every[:3])
    rest = len(every) - 3
    return problem.INVALID(summary=summary + (f"; +{rest}" if rest > 0 else ""), faults=every)


def handlers() -> dict[int | type[Exception], ExceptionHandler]:
    """What the application does with each kind of exception. All are coroutines: a plain function would cost a thread."""
    return {
        Problem: _on_problem,
        RequestValidationError: _on_invalid,
        HTTPException: _on_http,
        SQLAlchemyError: _on_database,
        psycopg.Error: _on_database,
    }


def speaks(request: Request) -> Language:
    """The language this request wants. A plain link, as to a file, sends no header of ours: ``lang`` in its address comes first."""
    return _LANGUAGES.get(request.query_params.get("lang", "")) or language.of(request.headers.get("accept-language"))


def _answer(request: Request, refusal: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return render(refusal, speak=speaks(request), request_id=log.request_id(), headers=headers)


async def _on_problem(request: Request, refusal: Problem) -> Response:
    return _answer(request, refusal)


async def _on_invalid(request: Request, wrong: RequestValidationError) -> Response:
    return _answer(request, invalid(faults.of(wrong.errors(), speaks(request))))


async def _on_http(request: Request, wrong: HTTPException) -> Response:
    """The framework's own refusals. Whatever is not known here is our mistake and said to be."""
    if wrong.status_code == 404:
        return _answer(request, NO_ROUTE())
    if wrong.status_code == 405:
        allowed = ", ".join(sorted(_methods(request)))
        return _answer(request, METHOD(method=request.method, allowed=allowed), {"allow": allowed})
    if wrong.status_code == 400:
        fault = Fault(field="body", value="", expected="a body that can be read as its Content-Type says")
        return _answer(request, invalid([fault]))
    raise wrong


async def _on_database(request: Request, wrong: Exception) -> Response:
    """A database that is away or busy is worth another try; any other database error is our mistake."""
    verdict = batching.verdict(wrong)
    if verdict is batching.Verdict.fault:
        raise wrong
    log.get(__name__).warning("database.unavailable", verdict=verdict, error=log.places(wrong))
    return _answer(request, batching.OUTAGE() if verdict is batching.Verdict.outage else problem.UNAVAILABLE())


def _methods(request: Request) -> set[str]:
    """Every method some route takes at this address; the framework itself names only the first route's."""
    path = request.scope["path"]
    found: set[str] = set()
    for route in request.app.routes:
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= getattr(route, "methods", None) or set()
    return found


def _sendable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _sendable(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_sendable(v) for v in value]
    if value is None or isinstance(value, str | bool | float) or (isinstance(value, int) and abs(value) < 1 << 63):
        return value
    return str(value)
