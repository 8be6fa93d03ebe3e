"""What may come in: models that accept exactly what they declare.

A model derived from :class:`Strict` refuses unknown fields and wrong types (``"1"`` is not ``1``), and every plain ``str``,
``int``, ``datetime`` and ``date`` in it gets bounds, so that no value reaches PostgreSQL that it can't hold: text of at most
``TEXT_MAX`` characters without NUL, whole numbers of 64 bits, times with a zone in 1970–2100 (handed on in UTC), dates in
1900–2100. A field's own ``Field(max_length=…, ge=…, le=…)`` is kept.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, cast

import orjson
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, SchemaValidator, core_schema

from regulars.platform.http import faults

TEXT_MAX = 500
INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1
TIME_MIN, TIME_MAX = datetime(1970, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
DATE_MIN, DATE_MAX = date(1900, 1, 1), date(2100, 12, 31)

Key = Annotated[str, Field(min_length=1, max_length=200)]
"""A caller's own id: order number, external id, code."""
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["GBP"])]
"""An ISO 4217 code; whether it is known is the service's question."""
Minor = Annotated[int, Field(ge=0, le=10**15)]
"""An amount in minor units that can't be negative; a thousand million millions is a mistake, not an amount."""
Count = Annotated[int, Field(ge=0, le=(1 << 31) - 1)]
Int8 = Annotated[int, Field(ge=INT_MIN, le=INT_MAX)]
"""For path and query parameters, which no model guards: a whole number of 64 bits."""
Word = Annotated[str, Field(min_length=1, max_length=TEXT_MAX, pattern=faults.NO_NUL)]
"""For path and query parameters: text with the bounds a model would give it."""


def _within(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema below ``schema``, itself included, except those of models, which bound their own."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for key, value in schema.items():
            if key not in ("metadata", "default", "serialization", "expected"):
                yield from () if _is_model(value) else _within(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from () if _is_model(value) else _within(value)


def _is_model(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "model"


def _bound(schema: dict[str, Any]) -> None:
    kind = schema["type"]
    if kind == "str":
        schema.setdefault("max_length", TEXT_MAX)
        schema.setdefault("pattern", faults.NO_NUL)
    elif kind == "int":
        if "gt" not in schema:
            schema.setdefault("ge", INT_MIN)
        if "lt" not in schema:
            schema.setdefault("le", INT_MAX)
    elif kind == "datetime":
        schema["tz_constraint"] = "aware"
        _between(schema, TIME_MIN, TIME_MAX)
    elif kind == "date":
        _between(schema, DATE_MIN, DATE_MAX)


def _between(schema: dict[str, Any], earliest: date, latest: date) -> None:
    """Bound a time or date, and take only its ISO form: pydantic would also read digits, even as text, as seconds since 1970.

    A function in a schema makes pydantic forget that its input was JSON, where text is the strict form of a time. So the function
    reads text itself, with a validator of the same bounds.
    """
    schema.setdefault("ge", earliest)
    schema.setdefault("le", latest)
    inner = cast("CoreSchema", dict(schema))
    read = _time_reader if schema["type"] == "datetime" else _date_reader
    schema.clear()
    schema.update(core_schema.no_info_wrap_validator_function(read(SchemaValidator(inner)), inner))


def _time_reader(bounded: SchemaValidator) -> core_schema.NoInfoWrapValidatorFunction:
    def read(value: object, _inner: core_schema.ValidatorFunctionWrapHandler) -> object:
        found: datetime
        if isinstance(value, str) and "-" in value[1:]:
            found = bounded.validate_strings(value, strict=True)  # type: ignore[arg-type]  # its stub forgets plain text
        elif isinstance(value, datetime):
            found = bounded.validate_python(value)
        else:
            raise PydanticKnownError("datetime_type")
        return found.astimezone(UTC)

    return read


def _date_reader(bounded: SchemaValidator) -> core_schema.NoInfoWrapValidatorFunction:
    def read(value: object, _inner: core_schema.ValidatorFunctionWrapHandler) -> object:
        if isinstance(value, str) and "-" in value[1:]:
            return bounded.validate_strings(value, strict=True)  # type: ignore[arg-type]  # its stub forgets plain text
        if isinstance(value, date):
            return bounded.validate_python(value, strict=True)
        raise PydanticKnownError("date_type")

    return read


class Strict(BaseModel):
    """The base of every request body. Immutable; unknown fields, wrong types and values out of all reason are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema with bounds on every plain text, number and time. Models inside have been through here themselves."""
        made = handler(source)
        for schema in list(_within(handler.resolve_ref_schema(made))):
            _bound(schema)
        return made


def check_plain(raw: bytes) -> list[dict[str, Any]]:
    """What no typed field would notice in a JSON document: NUL characters anywhere, and NaN or Infinity. Errors as pydantic's.

    Both can only be spelt one way in JSON, so looking for the spelling costs nothing in a document that has none.
    """
    found: list[dict[str, Any]] = []
    if b"NaN" in raw or b"Infinity" in raw or b"\\u0000" in raw:
        try:
            document = orjson.loads(raw)
        except orjson.JSONDecodeError as wrong:
            error = f"{wrong.msg} at line {wrong.lineno} column {wrong.colno}"
            return [{"type": "json_invalid", "loc": ("body",), "msg": "", "input": "", "ctx": {"error": error}}]
        found.extend(_nul(document, ("body",)))
    return found


def _nul(value: object, loc: tuple[int | str, ...]) -> Iterator[dict[str, Any]]:
    if isinstance(value, str) and "\x00" in value:
        yield {"type": "nul", "loc": loc, "msg": "", "input": value.replace("\x00", "\\u0000")}
    elif isinstance(value, dict):
        for key, inner in value.items():
            place = (*loc, key.replace("\x00", "\\u0000"))
            yield from _nul(key, place)
            yield from _nul(inner, place)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _nul(inner, (*loc, index))
