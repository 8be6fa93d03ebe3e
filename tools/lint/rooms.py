"""Things that may happen in one room only: committing, asking the time, making ids, reading the environment, speaking SQL."""

import ast
import re
from collections.abc import Iterator

from tools.lint.house import Finding, House, Source, dotted, imported_names, nodes, resolved, strings

COMMITS = frozenset({"commit", "rollback", "begin", "begin_nested"})
SAVEPOINT_FILES = frozenset({"service", "store"})
UNITS_OF_WORK = frozenset({"transaction", "reading"})
INNER_FILES = frozenset({"service", "store", "tables", "rules", "model", "events", "attributes"})
TRANSACTION_ALLOWED = {
    "operators/service": "authentication happens before there is an actor to put into a Ctx",
}
COMMIT_ALLOWED = {
    "app/schema": "migrations commit one by one, under a lock, before anybody else uses the database",
}
CLOCKS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
    }
)
ID_MAKERS = frozenset({"uuid." + f"uuid{n}" for n in (1, 3, 4, 5, 6, 7, 8)})
ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"})
ENVIRONMENT_ROOMS = frozenset({("app", "settings"), ("platform", "settings")})
SQL_FILES = frozenset({"store", "tables"})
SCHEMA_FILES = frozenset({"schema", "migrations"})  # of app: how a database gets its tables

_SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+.*\sAS\s*\(|"
    r"COPY\s+\w+.*\s(FROM|TO)\s+STD|(CREATE|ALTER|DROP|TRUNCATE|LOCK)\s+(TABLE|DATABASE|INDEX|UNIQUE|VIEW|SEQUENCE|SCHEMA|ROLE)\b)",
    re.DOTALL,
)
_SQL_CLOCK = re.compile(
    r"\b(now\(\)|(clock|statement|transaction)_timestamp\(\)|current_(timestamp|date|time)\b|localtimestamp\b)", re.IGNORECASE
)
_SQL_ID = re.compile(r"\b(gen_random_uuid|uuid_generate_v\d|uuidv[47])\s*\(", re.IGNORECASE)
_TRIGGER = re.compile(r"\bCREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?TRIGGER\b", re.IGNORECASE)


def transactions(house: House) -> Iterator[Finding]:
    """Only platform begins, commits and rolls back; a savepoint is allowed where loyalty or a store gives a part up."""
    for source in house.product:
        if source.room == "platform" or "/".join(source.parts) in COMMIT_ALLOWED:
            continue
        savepoints, names = _savepoints(source), imported_names(source.tree)
        for node in nodes(source.tree):
            # A function of a module of ours that is called begin() is looked at where it stands.
            ours = isinstance(node, ast.Call) and resolved(node.func, names).startswith("regulars.")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not ours:
                yield from _transaction_call(source, node, node.func, savepoints)


def _savepoints(source: Source) -> set[str]:
    """The names that stand for a savepoint in a file that may have one: ``savepoint = ctx.tx.begin_nested()``."""
    if not (source.file == "store" or (source.slice == "loyalty" and source.file in SAVEPOINT_FILES)):
        return set()
    made = (node for node in nodes(source.tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
    opened = (node for node in made if isinstance(node.value, ast.Call) and dotted(node.value.func).endswith(".begin_nested"))
    return {"begin_nested", *(target.id for node in opened for target in node.targets if isinstance(target, ast.Name))}


def _transaction_call(source: Source, node: ast.Call, called: ast.Attribute, savepoints: set[str]) -> Iterator[Finding]:
    verb = called.attr
    savepoint = bool(savepoints) and (verb == "begin_nested" or dotted(called.value) in savepoints)
    if verb in COMMITS and not savepoint:
        yield source.breach(node, "commit", f"{verb}() belongs to platform: take a Ctx and let the edge commit")
    inner = source.slice and source.file in INNER_FILES and f"{source.slice}/{source.file}" not in TRANSACTION_ALLOWED
    if verb in UNITS_OF_WORK and inner:
        yield source.breach(node, "commit", f"{verb}() opens a unit of work inside {source.file}: take the caller's Ctx")


def clocks(house: House) -> Iterator[Finding]:
    """Only platform.clock asks what time it is; a slice's SQL doesn't either, or a moved clock would not reach it."""
    for source in house.product:
        if (source.room, source.file) != ("platform", "clock"):
            yield from _named(source, CLOCKS, "clock", "use ctx.now, or regulars.platform.clock at the edge")
        if source.room == "domains":
            for text in strings(source.tree):
                if _SQL_CLOCK.search(str(text.value)):
                    yield source.breach(text, "clock", "SQL must not ask the time: bind ctx.now")
            yield from _sa_clock(source)


def _sa_clock(source: Source) -> Iterator[Finding]:
    names = imported_names(source.tree)
    for node in nodes(source.tree):
        if isinstance(node, ast.Attribute) and resolved(node, names) in {"sqlalchemy.func.now", "sqlalchemy.func.current_timestamp"}:
            yield source.breach(node, "clock", "SQL must not ask the time: bind ctx.now")


def ids(house: House) -> Iterator[Finding]:
    """Only platform.newid makes random ids; ids of facts are derived by kernel.ids."""
    for source in house.product:
        if (source.room, source.file) == ("platform", "newid"):
            continue
        advice = "use regulars.platform.newid, or kernel.ids.derived for a fact with a business key"
        yield from _named(source, ID_MAKERS, "ids", advice)
        for name in imported_names(source.tree).values():
            if name.partition(".")[0] == "uuid_utils":
                yield source.breach(1, "ids", f"imports {name}: {advice}")
        for text in strings(source.tree):
            if _SQL_ID.search(str(text.value)):
                yield source.breach(text, "ids", "the database must not make ids: " + advice)


def environment(house: House) -> Iterator[Finding]:
    """Only the settings modules read the environment; everybody else is handed a frozen Settings."""
    for source in house.product:
        if (source.room, source.file) not in ENVIRONMENT_ROOMS:
            yield from _named(source, ENVIRONMENT, "environment", "read it in app.settings and pass it down")


def sql_texts(house: House) -> Iterator[Finding]:
    """SQL stands in store, tables and platform only; a trigger nowhere, since it could reach across members."""
    for source in house.sources:
        for text in strings(source.tree):
            if source.parts and _TRIGGER.search(str(text.value)):
                yield source.breach(text, "trigger", "no trigger: write it as a statement of the store")
            if _is_stray_sql(source, str(text.value)):
                yield source.breach(text, "sql", "SQL belongs into store.py or tables.py: give the store a set-based function")


def _is_stray_sql(source: Source, text: str) -> bool:
    """Whether this string of a product file is a statement outside the rooms that may speak SQL."""
    # The third and fourth name: a slice's own store, and that of a package inside it.
    inner = (source.room == "app" and source.file not in SCHEMA_FILES) or (
        source.room == "domains" and not SQL_FILES & set(source.parts[2:4])
    )
    return inner and bool(_SQL.match(text))


def _named(source: Source, banned: frozenset[str], rule: str, advice: str) -> Iterator[Finding]:
    """Each use, or import, of one of the ``banned`` full names."""
    names = imported_names(source.tree)
    for node in nodes(source.tree):
        if isinstance(node, ast.Attribute | ast.Name) and resolved(node, names) in banned:
            yield source.breach(node, rule, f"{resolved(node, names)}: {advice}")
