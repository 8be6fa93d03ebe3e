"""The OpenAPI 3.1 document: what the framework derives from the routes, plus what only we know about them.

Added to every operation: who may call it (``x-permission`` and ``security``), every way it can refuse as the one problem schema,
and the media types of bodies that a route reads by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from regulars.kernel import problem
from regulars.platform.http import auth, body, problems
from regulars.platform.http.routing import Route

SESSION_COOKIE = "regulars_session"
MEMBER_COOKIE = "regulars_member"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}

_SECURITY = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer rk_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "An operator's session. Changes also need the header `X-CSRF-Token`.",
    },
}
_MEMBER_SECURITY = {
    "memberSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": MEMBER_COOKIE,
        "description": "A member's session. Changes also need the header `X-Member-App`.",
    },
    "memberToken": {"type": "http", "scheme": "bearer", "description": "A member's session without cookies: `Authorization: Bearer rm_…`."},
}
_FAULT = {
    "type": "object",
    "required": ["field", "value", "expected"],
    "additionalProperties": False,
    "properties": {
        "field": {"type": "string", "description": "Where, as a path.", "examples": ["lines[0].amount"]},
        "value": {"type": "string", "description": "What was sent, cut to 120 characters.", "examples": ["-1"]},
        "expected": {"type": "string", "description": "What would be accepted.", "examples": ["0 or more"]},
    },
}
_SCHEMA = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457). `detail` is in the language of `Accept-Language`: zh or en.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id", "faults", "data"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where this kind of problem is described."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "description": "Stable; what a program branches on."},
        "request_id": {"type": ["string", "null"], "description": "What support asks for; also in the header `X-Request-Id`."},
        "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "data": {"type": "object", "description": "The problem's own values.", "additionalProperties": True},
    },
}


def build(routes: Sequence[BaseRoute], *, title: str, version: str, description: str) -> dict[str, Any]:
    """The whole document for ``routes``."""
    made = get_openapi(title=title, version=version, openapi_version="3.1.0", description=description, routes=routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas |= {"Problem": {**_SCHEMA, "examples": [_example()]}, "Fault": _FAULT}
    made["components"] |= {"securitySchemes": _SECURITY | _MEMBER_SECURITY, "responses": _responses()}
    for route, operation in _operations(routes, made["paths"]):
        _describe(route, operation)
    return made


def _operations(routes: Sequence[BaseRoute], paths: Mapping[str, Any]) -> Iterator[tuple[Route, dict[str, Any]]]:
    for route in routes:
        if isinstance(route, Route) and route.include_in_schema:
            for method in route.methods or ():
                yield route, paths[route.path_format][method.lower()]


def _describe(route: Route, operation: dict[str, Any]) -> None:
    access = auth.access(route.dependant) or auth.Access(signed_in=True)
    asked = _MEMBER_SECURITY if access.member else _SECURITY
    operation["security"] = [{name: []} for name in asked] if access.signed_in else []
    if access.permissions:
        operation["x-permission"] = " ".join(access.permissions)
    mark = body.streamed(route.dependant)
    if mark is not None:
        given = operation.setdefault("requestBody", {"required": True, "content": {}})
        for media in mark.media:
            given["content"].setdefault(media, {"schema": {"type": "string"}})
    answers = operation["responses"]
    if mark is not None:
        for answer in answers.values():
            for content in answer.pop("content", {}).values():
                answer["content"] = {mark.answers: content}
    if _is_validation(answers.get("422")):
        del answers["422"]
    for status in _refusals(route, operation, access):
        answers.setdefault(status, {"$ref": f"#/components/responses/{status}"})


def _refusals(route: Route, operation: Mapping[str, Any], access: auth.Access) -> Iterator[str]:
    """The statuses this operation can refuse with; ``default`` covers those that any address can (405, 500 …)."""
    takes_body = "requestBody" in operation
    if access.signed_in:
        yield "401"
    if access.signed_in or route.methods != {"GET"}:
        yield "403"
    if "{" in route.path_format:
        yield "404"
    if route.methods != {"GET"}:
        yield "409"
    if takes_body:
        yield from ("413", "415")
    if takes_body or operation.get("parameters"):
        yield "422"
    yield from ("503", "default")


def _responses() -> dict[str, Any]:
    """The shared refusals, one a status."""
    said = {
        "401": "Not signed in, or the key or session is not valid any more.",
        "403": "The caller lacks the permission.",
        "404": "There is no such thing.",
        "409": "It contradicts what is already recorded.",
        "413": "The body is too large.",
        "415": "The body is of another kind.",
        "422": "The input is not valid, or a limit is reached. Nothing was done.",
        "503": "Try again in a moment; nothing was done, or sending the same again does it once.",
        "default": "Any other refusal.",
    }
    content = {problems.MEDIA_TYPE: {"schema": _PROBLEM}}
    return {status: {"description": text, "content": content} for status, text in said.items()}


def _is_validation(answer: Any) -> bool:
    """Whether it is the framework's own description of invalid input, in a shape we never send."""
    return isinstance(answer, dict) and "HTTPValidationError" in str(answer.get("content"))


def _example() -> dict[str, Any]:
    refusal = problem.invalid("lines[0].amount", -1, "0 or more")
    return problems.document(refusal, speak="en", request_id="0196f2d4-7c1a-7a34-9d0c-5b1f6f1f2a10")
