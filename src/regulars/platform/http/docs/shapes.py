"""JSON Schema for people: a short name of each type, a table of each object's fields, an example of each shape."""

from collections.abc import Mapping
from html import escape
from typing import Any

from regulars.platform.http.docs import words
from regulars.platform.http.language import Language

_EXAMPLES: Mapping[str, object] = {
    "date-time": "2026-03-01T12:00:00Z",
    "date": "2026-03-01",
    "uuid": "0196f2d4-7c1a-7a34-9d0c-5b1f6f1f2a10",
    "email": "li.na@example.com",
}
_LIMITS = (("minimum", "≥ {}"), ("exclusiveMinimum", "> {}"), ("maximum", "≤ {}"), ("exclusiveMaximum", "< {}"))
_DEEPEST = 6
_INT8 = {-(1 << 63), (1 << 63) - 1}

Schema = Mapping[str, Any]


def name(schema: Schema, speak: Language) -> str:
    """The type in a few words, as HTML; a shape with a name links to its table."""
    if "$ref" in schema:
        short = escape(str(schema["$ref"]).rpartition("/")[2])
        return f'<a href="#shape-{short}">{short}</a>'
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return f" {words.say('or', speak)} ".join(name(one, speak) for one in several)
    if "enum" in schema or "const" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "array":
        return f"{words.say('list_of', speak)} {name(schema.get('items', {}), speak)}"
    if kind is None:
        return words.say("anything", speak)
    joined = " | ".join(kind) if isinstance(kind, list) else str(schema.get("format") or kind)
    return escape(joined) + _limits(schema)


def _limits(schema: Schema) -> str:
    """The bounds worth telling: not those of 64 bits."""
    found = [text.format(schema[key]) for key, text in _LIMITS if key in schema and schema[key] not in _INT8]
    if schema.get("type") == "string" and "maxLength" in schema:
        found.append(f"{schema.get('minLength', 0)}–{schema['maxLength']}")
    return escape(" (" + ", ".join(found) + ")") if found else ""


def table(schema: Schema, speak: Language) -> str:
    """The fields of an object, one a row."""
    needed = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><th scope=row><code>{escape(field)}</code>{_mark(field in needed, speak)}</th>"
        f"<td>{name(inner, speak)}{_default(inner, speak)}</td><td>{text(inner.get('description'))}</td></tr>"
        for field, inner in schema.get("properties", {}).items()
    )
    heads = "".join(f"<th scope=col>{words.say(key, speak)}</th>" for key in ("name", "type", "meaning"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else f"<p>{name(schema, speak)}</p>"


def _mark(required: object, speak: Language) -> str:
    return f" <small>{words.say('required', speak)}</small>" if required else ""


def _default(schema: Schema, speak: Language) -> str:
    given = schema.get("default")
    return "" if given in (None, [], {}) else f" <small>{words.say('default_is', speak)} <code>{escape(str(given))}</code></small>"


def text(given: object) -> str:
    """A description as HTML paragraphs; words in backticks as code."""
    parts = escape(str(given or "")).split("`")
    marked = "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
    return "</p><p>".join(marked.strip().split("\n\n"))


def example(schema: Schema, shapes: Mapping[str, Schema], depth: int = 0) -> object:
    """A value of the shape: its own example where it has one, else made up from its type."""
    if "$ref" in schema:
        inner = shapes.get(str(schema["$ref"]).rpartition("/")[2], {})
        return example(inner, shapes, depth + 1) if depth < _DEEPEST else {}
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("example", "const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return example(several[0], shapes, depth)
    return _made_up(schema, shapes, depth)


def _made_up(schema: Schema, shapes: Mapping[str, Schema], depth: int) -> object:
    kind = schema.get("type")
    if kind == "object":
        return {field: example(inner, shapes, depth + 1) for field, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), shapes, depth + 1)] if depth < _DEEPEST else []
    plain: Mapping[object, object] = {"integer": max(1, schema.get("minimum", 1)), "number": 1.5, "boolean": True, "string": "text"}
    return _EXAMPLES.get(str(schema.get("format"))) or plain.get(kind)
