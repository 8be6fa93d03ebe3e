"""The page: contents, every operation, every shape, every problem. Plain HTML that a keyboard and a screen reader can use."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import orjson

from regulars.kernel import problem
from regulars.kernel.problem import ProblemType
from regulars.platform.http import problems
from regulars.platform.http.docs import shapes, words
from regulars.platform.http.language import Language

SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_METHODS = ("get", "post", "put", "patch", "delete")
_STYLE = """
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--soft:color-mix(in srgb,currentColor 7%,transparent)}
*{box-sizing:border-box}
body{margin:0;font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header,main{max-width:72rem;margin:auto;padding:1rem 1.25rem}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}
h1{font-size:1.6rem;margin:0 auto 0 0}
h2{margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h4{margin:1.25rem 0 .5rem}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
:focus-visible{outline:3px solid #0a6cff;outline-offset:2px}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:0 1rem}
details[open]{padding-bottom:1rem}
summary{cursor:pointer;padding:.6rem 0;overflow-wrap:anywhere}
code,pre{font:.9em/1.5 ui-monospace,Menlo,Consolas,monospace}
pre{background:var(--soft);padding:.75rem;border-radius:.5rem;overflow:auto}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.925rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-top:1px solid var(--line)}
th,td{font-weight:normal;overflow-wrap:anywhere}
thead th{font-weight:600;border-top:0}
.method{display:inline-block;min-width:4.5rem;font-weight:700}
nav ul{columns:18rem;padding-left:1.2rem}
"""

Operation = Mapping[str, Any]


def render(document: Mapping[str, Any], speak: Language) -> str:
    """The whole page in one language; the other is a link away."""
    other = "en" if speak == "zh" else "zh"
    title = escape(document["info"]["title"])
    groups = _groups(document)
    named: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    body = "".join(_section(tag, operations, named, speak) for tag, operations in groups.items())
    return (
        f'<!doctype html><html lang="{"zh-CN" if speak == "zh" else "en"}"><head><meta charset=utf-8>'
        f'<meta name=viewport content="width=device-width,initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head><body>'
        f'<a class=skip href="#contents">{words.say("skip", speak)}</a><header><h1>{title} {escape(document["info"]["version"])}</h1>'
        f'<a href="/openapi.json">{words.say("machine", speak)}</a>'
        f'<a href="?lang={other}" lang="{other}" hreflang="{other}">{words.say("other", speak)}</a></header>'
        f"<main id=contents tabindex=-1><p>{shapes.text(document['info'].get('description'))}</p>{_contents(groups, speak)}{body}"
        f"{_shapes(named, speak)}{_problems(speak)}</main></body></html>"
    )


def _groups(document: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Operation]]]:
    """Operations by their first tag, in the order of the routes: (method, path, operation)."""
    groups: dict[str, list[tuple[str, str, Operation]]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                groups.setdefault((operation.get("tags") or ["…"])[0], []).append((method, path, operation))
    return groups


def _contents(groups: Mapping[str, Sequence[tuple[str, str, Operation]]], speak: Language) -> str:
    links = "".join(f'<li><a href="#tag-{escape(tag)}">{escape(tag)}</a> ({len(inside)})</li>' for tag, inside in groups.items())
    more = "".join(f'<li><a href="#{key}">{words.say(key, speak)}</a></li>' for key in ("shapes", "problems"))
    label = words.say("contents", speak)
    return f'<nav aria-label="{label}"><h2>{label}</h2><ul>{links}{more}</ul></nav>'


def _section(tag: str, operations: Sequence[tuple[str, str, Operation]], named: Mapping[str, Any], speak: Language) -> str:
    inner = "".join(_operation(*one, named=named, speak=speak) for one in operations)
    return f'<section><h2 id="tag-{escape(tag)}">{escape(tag)}</h2>{inner}</section>'


def _operation(method: str, path: str, operation: Operation, *, named: Mapping[str, Any], speak: Language) -> str:
    local: Mapping[str, str] = operation.get("x-zh", {}) if speak == "zh" else {}
    summary = local.get("summary") or operation.get("summary", "")
    description = local.get("description") or operation.get("description")
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><span class=method>{method.upper()}</span> <code>{escape(path)}</code>'
        f" — {escape(summary)}</summary><p>{shapes.text(description)}</p><p>{_who(operation, speak)}</p>"
        f"{_parameters(operation, speak)}{_body(operation, speak)}{_try(method, path, operation, named=named, speak=speak)}"
        f"{_answers(operation, speak)}</details>"
    )


def _who(operation: Operation, speak: Language) -> str:
    if operation.get("x-permission"):
        asked = f"<code>{escape(operation['x-permission'])}</code>"
    else:
        asked = words.say("signed_in" if operation.get("security") else "public", speak)
    return f"<strong>{words.say('permission', speak)}</strong>: {asked}"


def _parameters(operation: Operation, speak: Language) -> str:
    rows = "".join(_parameter(one, speak) for one in operation.get("parameters", ()))
    heads = "".join(f"<th scope=col>{words.say(key, speak)}</th>" for key in ("name", "where", "type", "meaning"))
    return _titled("parameters", f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>", speak) if rows else ""


def _parameter(one: Mapping[str, Any], speak: Language) -> str:
    mark = f" <small>{words.say('required', speak)}</small>" if one.get("required") else ""
    return (
        f"<tr><th scope=row><code>{escape(one['name'])}</code>{mark}</th><td>{words.place(one['in'], speak)}</td>"
        f"<td>{shapes.name(one['schema'], speak)}</td><td>{shapes.text(one.get('description'))}</td></tr>"
    )


def _body(operation: Operation, speak: Language) -> str:
    taken = operation.get("requestBody", {}).get("content", {})
    kinds = "".join(
        f"<p><code>{escape(media)}</code>: {shapes.name(content.get('schema', {}), speak)}</p>" for media, content in taken.items()
    )
    return _titled("body", kinds, speak) if kinds else ""


def _answers(operation: Operation, speak: Language) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(status)}</th><td>{_answer(answer, speak)}</td></tr>" for status, answer in _sorted(operation)
    )
    return _titled("answers", f"<table><tbody>{rows}</tbody></table>", speak)


def _sorted(operation: Operation) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from sorted(operation["responses"].items())


def _answer(answer: Mapping[str, Any], speak: Language) -> str:
    if "$ref" in answer:
        return '<a href="#shape-Problem">Problem</a>'
    kinds = ", ".join(shapes.name(content.get("schema", {}), speak) for content in answer.get("content", {}).values())
    return f"{escape(answer.get('description', ''))} {kinds}"


def _try(method: str, path: str, operation: Operation, *, named: Mapping[str, Any], speak: Language) -> str:
    """A command for a terminal, with an example body."""
    lines = [f"curl -X {method.upper()} http://127.0.0.1:8700{path}"]
    if operation.get("security"):
        lines.append("-H 'Authorization: Bearer rk_…'")
    for media, content in list(operation.get("requestBody", {}).get("content", {}).items())[:1]:
        value = content.get("example") or shapes.example(content.get("schema", {}), named)
        sent = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
        lines += [f"-H 'Content-Type: {media}'", "--data-binary '" + sent.replace("'", "'\\''") + "'"]
    return _titled("try", "<pre tabindex=0>" + escape(" \\\n  ".join(lines), quote=False) + "</pre>", speak)


def _titled(key: str, inner: str, speak: Language) -> str:
    return f"<h4>{words.say(key, speak)}</h4><div class=wide>{inner}</div>"


def _shapes(named: Mapping[str, Any], speak: Language) -> str:
    each = "".join(
        f'<details id="shape-{escape(key)}"><summary><code>{escape(key)}</code></summary><p>{shapes.text(shape.get("description"))}</p>'
        f"<div class=wide>{shapes.table(shape, speak)}</div></details>"
        for key, shape in sorted(named.items())
    )
    return f"<section><h2 id=shapes>{words.say('shapes', speak)}</h2>{each}</section>"


def _problems(speak: Language) -> str:
    rows = "".join(_problem(kind, speak) for _, kind in sorted(problem.declared().items()))
    heads = "".join(f"<th scope=col>{words.say(key, speak)}</th>" for key in ("code", "status", "text"))
    return (
        f"<section><h2 id=problems>{words.say('problems', speak)}</h2><p>{words.say('problems_intro', speak)}</p>"
        f"<div class=wide><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _problem(kind: ProblemType, speak: Language) -> str:
    said = kind.zh if speak == "zh" else kind.en
    status = problems.status_of(kind)
    return f'<tr id="{escape(kind.code)}"><th scope=row><code>{escape(kind.code)}</code></th><td>{status}</td><td>{escape(said)}</td></tr>'
