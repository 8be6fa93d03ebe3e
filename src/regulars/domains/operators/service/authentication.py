"""Who is calling: from an API key or a session cookie to an ``Actor``, cheaply enough for every request of the hot path."""

import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import KeyState, Policy, problems
from regulars.domains.operators.service import keys, people, rights, sessions, tokens
from regulars.domains.operators.store import keys as key_store
from regulars.domains.operators.store import sessions as session_store
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database

COOKIE = "regulars_session"
CSRF_HEADER = "x-csrf-token"
TRUST_FOR = timedelta(seconds=5)
RENEWED_AFTER = 0.8
"""The part of an answer's time after which one caller asks again while the others still believe it: a busy key's sixty-four
requests would all ask when it ends, each with a thread and a connection of its own."""
_READ_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY_NOTED_EVERY = timedelta(minutes=10)
_SESSION_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, repr=False)
class _Presented:
    """What a request shows: a key's text or a session's token."""

    text: str
    is_key: bool


@dataclass(slots=True)
class _Answer:
    """What was found for a credential, from when until when it is believed, and whether somebody is asking again already."""

    actor: Actor | None
    asked_at: datetime
    until: datetime
    renewing: bool = False

    def to_renew(self, now: datetime) -> bool:
        """Whether the caller is the one who asks again. Called on the event loop only, so that no two are."""
        if self.renewing or now < self.asked_at + RENEWED_AFTER * (self.until - self.asked_at):
            return False
        self.renewing = True
        return True


class Authenticator:
    """Checks credentials against the database and believes each answer, in this process, for at most five seconds.

    A revoked key, an ended session, a disabled person or a changed grant is therefore felt everywhere within five seconds, and a busy
    key costs one query per process and five seconds. Answers are kept by the SHA-256 of the credential; refusals are kept apart, so
    that a flood of made-up keys cannot push the good ones out. Threads may share one.
    """

    def __init__(self, db: Database, *, policy: Policy = model.POLICY, trust_for: timedelta = TRUST_FOR, capacity: int = 10_000) -> None:
        self._db = db
        self._policy = policy
        self._trust_for = trust_for
        self._capacity = capacity
        self._accepted: dict[bytes, _Answer] = {}
        self._refused: dict[bytes, _Answer] = {}
        self._lock = threading.Lock()

    def __call__(self, headers: Mapping[str, str], cookies: Mapping[str, str], *, method: str = "POST") -> Actor:
        """The actor behind the request. A session that changes something (any method but GET, HEAD, OPTIONS) must show its CSRF value.

        Raises ``operators.unknown_caller``, ``operators.csrf``.
        """
        presented = _presented(headers, cookies)
        answer = self._believed(presented, self._db.clock.now())
        actor = self._ask(presented) if answer is None or answer.renewing else _accepted(answer)
        _check_csrf(presented, headers, method)
        return actor

    def remembered(self, headers: Mapping[str, str], cookies: Mapping[str, str], *, method: str = "POST") -> Actor | None:
        """The same without ever touching the database, for an event loop, which must not block: None means ask again in a thread."""
        presented, now = _presented(headers, cookies), self._db.clock.now()
        answer = self._believed(presented, now)
        if answer is None:
            return None
        actor = _accepted(answer)
        if answer.to_renew(now):
            return None
        _check_csrf(presented, headers, method)
        return actor

    def _believed(self, presented: _Presented, now: datetime) -> _Answer | None:
        digest = tokens.digest(presented.text)
        answer = self._accepted.get(digest) or self._refused.get(digest)
        # A clock that was set back must not make an answer last longer.
        return answer if answer is not None and answer.asked_at <= now < answer.until else None

    def _ask(self, presented: _Presented) -> Actor:
        with self._db.reading() as ctx:
            actor, ends_at, note = _look_up(ctx, presented, self._policy)
        if note:
            with self._db.transaction() as noting:
                _note_use(noting, presented)
        until = ctx.now + self._trust_for
        answer = _Answer(actor, ctx.now, min(until, ends_at) if ends_at else until)
        digest = tokens.digest(presented.text)
        with self._lock:
            kept, other = (self._accepted, self._refused) if actor else (self._refused, self._accepted)
            other.pop(digest, None)
            kept.pop(digest, None)
            while len(kept) >= self._capacity:
                del kept[next(iter(kept))]
            kept[digest] = answer
        if actor is None:
            raise problems.UNKNOWN_CALLER()
        return actor


def authenticate(db: Database, headers: Mapping[str, str], cookies: Mapping[str, str], *, method: str = "POST") -> Actor:
    """The actor behind one request, asked of the database. A server keeps an :class:`Authenticator` instead."""
    return Authenticator(db)(headers, cookies, method=method)


def _accepted(answer: _Answer) -> Actor:
    if answer.actor is None:
        raise problems.UNKNOWN_CALLER()
    return answer.actor


def _presented(headers: Mapping[str, str], cookies: Mapping[str, str]) -> _Presented:
    """The key if an Authorization header is there, else the session; so a key is never mistaken for the browser's user."""
    given = headers.get("authorization")
    if given is not None:
        scheme, _, rest = given.strip().partition(" ")
        text = rest.strip()
        if scheme.lower() == "bearer" and text.startswith(model.KEY_TEXT + "_"):
            return _Presented(text, is_key=True)
        raise problems.UNKNOWN_CALLER()
    token = cookies.get(COOKIE)
    if not token:
        raise problems.UNKNOWN_CALLER()
    return _Presented(token, is_key=False)


def _check_csrf(presented: _Presented, headers: Mapping[str, str], method: str) -> None:
    if presented.is_key or method.upper() in _READ_ONLY:
        return
    shown = headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(shown.encode(), tokens.csrf_of(presented.text).encode()):
        raise problems.CSRF()


_Found = tuple[Actor | None, datetime | None, bool]


def _look_up(ctx: Ctx, presented: _Presented, policy: Policy) -> _Found:
    """The actor, when the credential ends, and whether its use should be noted."""
    return _look_up_key(ctx, presented.text) if presented.is_key else _look_up_session(ctx, presented.text, policy)


def _look_up_key(ctx: Ctx, text: str) -> _Found:
    parsed = tokens.parse_key(text)
    found = key_store.read(ctx.tx, [parsed[0]]) if parsed else {}
    if parsed is None or parsed[0] not in found:
        return None, None, False
    key, secret_hash = found[parsed[0]]
    if not hmac.compare_digest(tokens.digest(parsed[1]), secret_hash) or key.state_at(ctx.now) is not KeyState.active:
        return None, None, False
    actor = Actor(kind="api_key", id=keys.wire(key.key_id), permissions=rights.of_key(key))
    return actor, key.expires_at, key.last_used_at is None or ctx.now - key.last_used_at >= _KEY_NOTED_EVERY


def _look_up_session(ctx: Ctx, token: str, policy: Policy) -> _Found:
    session = session_store.read(ctx.tx, [tokens.digest(token)]).get(tokens.digest(token))
    if session is None or rules.session_ended(session, now=ctx.now, policy=policy):
        return None, None, False
    held = sessions.permissions_of(ctx, session.operator)
    actor = Actor(kind="operator", id=people.wire(session.operator.operator_id), permissions=held)
    ends_at = min(session.expires_at, session.seen_at + policy.session_idle)
    return actor, ends_at, ctx.now - session.seen_at >= _SESSION_NOTED_EVERY


def _note_use(ctx: Ctx, presented: _Presented) -> None:
    """Write down that the credential was used: at most once in ten minutes for a key, once a minute for a session."""
    parsed = tokens.parse_key(presented.text) if presented.is_key else None
    if parsed:
        key_store.touch(ctx.tx, [parsed[0]], ctx.now)
    else:
        session_store.touch(ctx.tx, [tokens.digest(presented.text)], ctx.now)
