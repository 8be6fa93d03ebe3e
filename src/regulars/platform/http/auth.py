"""Who may call a route, said once beside it and checked before anything of the request is read::

    async def record(order: OrderIn, actor: Annotated[Actor, auth.needs("orders.write")]) -> Json: ...
    def me(actor: Annotated[Actor, Depends(auth.caller)]) -> Json: ...           # anyone who is signed in
    def mine(actor: Annotated[Actor, Depends(auth.member)]) -> Json: ...         # a member, for itself
    @router.post("/v1/session", dependencies=[auth.public()])                    # nobody is asked

Members are another realm: ``app.state.authenticate_member`` says who they are, and neither realm's callers pass the other's marks.

:class:`routing.Route` finds these marks and asks before it touches the body, so that a caller without the permission learns
nothing from it, not even that its JSON is broken. A route without a mark does not come into being.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from starlette.requests import Request

from regulars.kernel import problem
from regulars.platform.context import Actor
from regulars.platform.http import problems

Authenticate = Callable[[Request], Actor | Awaitable[Actor]]
"""Says who calls, at once or as a coroutine, or raises a problem. Put on ``app.state.authenticate``; runs on the event loop: it must
not block."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ACTOR = "regulars.actor"
_MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of its caller: to be signed in or not, every one of ``permissions``, or to be a ``member``."""

    signed_in: bool
    permissions: tuple[str, ...] = ()
    member: bool = False


@dataclass(frozen=True, slots=True)
class _Needs:
    """The mark itself: a dependency that hands the route the actor which the route has already let in."""

    permission: str

    async def __call__(self, request: Request) -> Actor:
        return actor(request)


async def caller(request: Request) -> Actor:
    """The signed-in caller; as a route's only mark it lets in anyone who is signed in."""
    return actor(request)


async def member(request: Request) -> Actor:
    """The member whose own pages call; no operator, key or permission opens such a route."""
    return actor(request)


async def _nobody_asked() -> None:
    """The mark of a public route."""


@lru_cache(maxsize=512)
def _needs(permission: str) -> _Needs:
    return _Needs(permission)


def needs(permission: str) -> Any:
    """Only a caller who holds ``permission`` gets in; the route is handed the :class:`Actor`."""
    return Depends(_needs(permission))


def public() -> Any:
    """Nobody is asked who they are."""
    return Depends(_nobody_asked)


def actor(request: Request) -> Actor:
    """Who was let in. Raises ``KeyError`` on a public route, which has nobody."""
    found: Actor = request.scope[_ACTOR]
    return found


def gives_actor(call: object) -> bool:
    """Whether ``call`` is a mark that hands the route its caller."""
    return isinstance(call, _Needs) or call in (caller, member)


def is_mark(call: object) -> bool:
    """Whether ``call`` is one of this module's marks."""
    return gives_actor(call) or call is _nobody_asked


def access(dependant: Dependant) -> Access | None:
    """What the marks among a route's dependencies ask; ``None`` when there is none."""
    calls = list(_calls(dependant))
    if member in calls:
        return Access(signed_in=True, member=True)
    permissions = tuple(dict.fromkeys(call.permission for call in calls if isinstance(call, _Needs)))
    if permissions or caller in calls:
        return Access(signed_in=True, permissions=permissions)
    return Access(signed_in=False) if _nobody_asked in calls else None


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


async def let_in(request: Request, wanted: Access) -> None:
    """The caller is known and may call, and is remembered for the route. Raises a problem otherwise."""
    headers = request.headers
    if request.method not in _SAFE and headers.get("sec-fetch-site") == "cross-site" and "authorization" not in headers:
        raise problems.CROSS_SITE()
    if not wanted.signed_in:
        return
    realm = request.app.state
    found = (realm.authenticate_member if wanted.member else realm.authenticate)(request)
    known: Actor = found if isinstance(found, Actor) else await found
    if (known.kind == _MEMBER) is not wanted.member:
        raise problem.FORBIDDEN(permission=" ".join(wanted.permissions) or _MEMBER)
    for permission in wanted.permissions:
        if not known.can(permission):
            raise problem.FORBIDDEN(permission=permission)
    request.scope[_ACTOR] = known
