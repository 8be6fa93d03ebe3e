"""Structured logs: one JSON object a line, each with the request it belongs to, none with personal data.

Redaction is a step that no line gets around: a value under a personal or secret name is
replaced whatever it is, at any depth; whatever looks like an e-mail address, a phone number, a bearer token or one of our API
keys is replaced inside any text, the event's own included. Exceptions are logged as their types and places, without their
messages: a database error quotes the row it refused.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import orjson
import structlog
from sqlalchemy.exc import DBAPIError

from regulars.platform import clock

HIDDEN = "(hidden)"

_PERSONAL = frozenset(
    {
        "phone",
        "mobile",
        "tel",
        "telephone",
        "email",
        "mail",
        "name",
        "nickname",
        "surname",
        "birthday",
        "birthdate",
        "birth",
        "dob",
        "address",
        "street",
        "postcode",
        "zip",
        "gender",
        "idcard",
        "passport",
        "openid",
        "unionid",
        "ip",
        "authorization",
        "cookie",
        "password",
        "passwd",
        "secret",
        "token",
        "credential",
        "credentials",
        "key",
        "apikey",
        "signature",
        "otp",
        "pin",
        "dsn",
        "url",
    }
)
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_DEPTH = 8
# What the formatter puts beside a library's event and takes away again before it is written.
_META = frozenset({"_record", "_from_structlog"})
_PLAIN = (UUID, date, timedelta, Decimal, Path, int)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w.-])(?:\+\d[\d ()-]{6,18}\d|(?:0086|86)?1[3-9]\d{9})(?![\w-])")
_TOKEN = re.compile(r"(?i)(?:\bbearer\s+\S+|\brk_\w+|\bpostgres(?:ql)?(?:\+\w+)?://\S+)")

_REQUEST: ContextVar[str | None] = ContextVar("request_id", default=None)

Event = MutableMapping[str, Any]


class _Logger(structlog.stdlib.BoundLogger):
    """The standard logger's ``exception`` would add the traceback with its message behind our back."""

    def exception(self, event: str | None = None, *args: Any, **fields: Any) -> Any:
        return self.error(event, *args, **{"exc_info": True, **fields})


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """From here on this process logs JSON to ``stream`` (standard output): our own events and those of every library."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_stamp, structlog.stdlib.add_log_level, _request, _exception, structlog.stdlib.ExtraAdder(), redact],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LEVELS[level])


def get(logger: str) -> structlog.stdlib.BoundLogger:
    """The logger of one module: ``log.get(__name__).info("outbox.parked", event_id=…)``.

    Redaction is part of the logger, so that a process that never called :func:`configure` gives nothing away either.
    """
    made: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(logger),
        processors=[
            structlog.stdlib.filter_by_level,
            _stamp,
            structlog.stdlib.add_log_level,
            _request,
            _exception,
            redact,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=_Logger,
        cache_logger_on_first_use=True,
    )
    return made


@contextmanager
def request(request_id: str) -> Iterator[None]:
    """Everything logged inside the block, in threads started from it too, carries ``request_id``."""
    before = _REQUEST.set(request_id)
    try:
        yield
    finally:
        _REQUEST.reset(before)


def request_id() -> str | None:
    """The request being served, or ``None`` outside one."""
    return _REQUEST.get()


def personal(name: str) -> bool:
    """Whether a field of this name may hold personal data or a secret: ``phone``, ``homePhone``, ``member_name``, ``api-key`` …"""
    return any(word.lower() in _PERSONAL for word in _WORDS.findall(name)) or name.lower().replace("_", "") in _PERSONAL


def redact(_logger: object, _method: str, event: Event) -> Event:
    """The event without personal data or secrets, in keys and in texts, at any depth."""
    return {key: value if key in _META else HIDDEN if personal(key) else _clean(value, _DEPTH) for key, value in event.items()}


def _clean(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 1 << 63):
        return value
    if isinstance(value, str):
        return scrub(value)
    if depth == 0:
        return HIDDEN
    if isinstance(value, Mapping):
        return {scrub(str(k)): HIDDEN if personal(str(k)) else _clean(v, depth - 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(v, depth - 1) for v in value]
    # Models, rows, bytes, exceptions: their text may hold anything, so only their type is shown.
    return scrub(str(value)) if isinstance(value, _PLAIN) else f"<{type(value).__name__}>"


def scrub(text: str) -> str:
    """``text`` with every e-mail address, phone number, token and database address replaced."""
    return _PHONE.sub("(phone)", _EMAIL.sub("(email)", _TOKEN.sub("(secret)", text)))


def places(error: BaseException) -> dict[str, object]:
    """What may be logged of an exception: its type, where it came from, what a database says about its constraint, its cause."""
    found: dict[str, object] = {"type": _named(type(error)), "at": list(_frames(error.__traceback__))}
    if isinstance(error, DBAPIError) and error.orig is not None:
        diagnosis = getattr(error.orig, "diag", None)
        found["sqlstate"] = getattr(error.orig, "sqlstate", None)
        found["constraint"] = getattr(diagnosis, "constraint_name", None)
        found["table"] = getattr(diagnosis, "table_name", None)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        found["cause"] = {"type": _named(type(cause)), "at": list(_frames(cause.__traceback__))}
    return found


def _named(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next


def _stamp(_logger: object, _method: str, event: Event) -> Event:
    event["at"] = clock.SystemClock().now().isoformat(timespec="milliseconds")
    return event


def _request(_logger: object, _method: str, event: Event) -> Event:
    current = _REQUEST.get()
    if current is not None:
        event.setdefault("request_id", current)
    return event


def _exception(_logger: object, _method: str, event: Event) -> Event:
    info = event.pop("exc_info", None)
    record = event.get("_record")
    if record is not None and info is None:
        info = record.exc_info
    if record is not None:
        # The standard formatter would print the traceback with its message.
        record.exc_info, record.exc_text, record.stack_info = None, None, None
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info else None
    if error is not None:
        event["error"] = places(error)
    return event


def _render(_logger: object, _method: str, event: Event) -> str:
    return orjson.dumps(event).decode()
