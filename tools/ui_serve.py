"""``python tools/ui_serve.py``: the whole application with the demo brand, on a free port, for looking at screens and testing them.

The first start imports the demo into a template database on the server of ``TEST_DATABASE_URL`` (about half a minute); every later start
clones it in a second or two. Each run gets its own clone, dropped at its end, so that whatever is clicked there is gone afterwards.

    python tools/ui_serve.py                     prints the addresses and the sign-ins, serves until Ctrl-C
    python tools/ui_serve.py --port 8801         another port than a free one
    python tools/ui_serve.py --fresh             makes the template anew, after a migration or a change of the demo
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from regulars.app import demo, schema, serve
from regulars.app import settings as app_settings
from regulars.domains.insights.tasks import export_lake
from regulars.domains.members import service as members
from regulars.domains.operators import model as operator_model
from regulars.domains.operators import service as operators
from regulars.domains.operators.model import Grant
from regulars.kernel import ids
from regulars.platform import clock, log
from regulars.platform import db as database
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.settings import Settings

PASSWORD = "osmanthus tea at nine"  # noqa: S105 - of throw-away databases that hold nothing but the demo
OPERATORS = {"admin": "admin", "lin.clerk": "clerk"}
"""Sign-ins of the demo server and their roles; all with ``PASSWORD``."""
_NAMES = ("李伟", "王芳", "Amelia Thornton", "陈静怡", "Oliver Bennett", "欧阳若琳", "Zoë O'Connell", "赵敏", "司马相如", "Grace Wu")
_MIGRATIONS = Path(schema.__file__).parent / "migrations" / "versions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The template database of this source tree, and the keys its personal fields are sealed with."""

    server: str
    name: str
    keys: Path

    @property
    def url(self) -> str:
        """The template's address."""
        return _renamed(self.server, self.name)

    def forget(self) -> None:
        """The keys are gone: the server will not be there again."""
        shutil.rmtree(self.keys.parent, ignore_errors=True)


def place(server: str) -> Place:
    """Where the template of this source tree lives: a change of the migrations or of the demo's programme is another one."""
    content = hashlib.sha256()
    for file in [*sorted(_MIGRATIONS.glob("*.py")), Path(demo.__file__), Path(__file__)]:
        content.update(file.read_bytes())
    name = f"regulars_ui_{content.hexdigest()[:12]}"
    # Somebody else's template of the same name, on another server, has other keys.
    owner = hashlib.sha256(f"{os.getuid()} {server}".encode()).hexdigest()[:12]
    return Place(server=server, name=name, keys=Path(tempfile.gettempdir()) / f"{name}_{owner}" / "keys")


def ensure(where: Place, *, fresh: bool = False) -> None:
    """The template exists and is complete. Made under another name first: one that was interrupted is never mistaken for it."""
    with psycopg.connect(where.server, autocommit=True) as raw:
        raw.execute("SELECT pg_advisory_lock(hashtext(%s))", [where.name])  # two first starts at once: the second waits
        known = raw.execute("SELECT 1 FROM pg_database WHERE datname = %s", [where.name]).fetchone()
        if known and where.keys.exists() and not fresh:
            return
        making = f"{where.name}_making"
        for name in (making, where.name):
            raw.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(where.keys, ignore_errors=True)
        raw.execute(f'CREATE DATABASE "{making}"')
        _fill(_renamed(where.server, making), where.keys)
        raw.execute(f'ALTER DATABASE "{making}" RENAME TO "{where.name}"')


def _fill(url: str, keys: Path) -> None:
    schema.upgrade(url)
    db = database.connect(url, clock_=clock.SystemClock(), pool_size=4)
    keyring = Keyring.load(keys)
    try:
        _add_operators(db)
        # Tests of goods bring goods of their own.
        demo.ensure(db, keyring=keyring, parts=demo.PROGRAMME[:1])
        _name_some(db, keyring)
    finally:
        db.close()


def _add_operators(db: Database) -> None:
    with db.transaction() as ctx:
        first = operators.first_run(ctx)
    if first is None:
        raise RuntimeError("a fresh database has its first operator already")
    admin = _settle(db, first)
    for login, role in OPERATORS.items():
        if login != first.operator.login:
            with db.transaction(admin) as ctx:
                made = operators.add_operator(ctx, login=login, name=login, grants=[Grant(role=role)])
            _settle(db, made)


def _settle(db: Database, made: operators.NewOperator) -> Actor:
    """The operator has ``PASSWORD`` and may work; given as the caller they are."""
    actor = Actor(kind="operator", id=ids.encode(operator_model.OPERATOR, made.operator.operator_id), permissions=frozenset({"*"}))
    operators.change_password(db, actor, current=made.password, new=PASSWORD)
    return actor


def _name_some(db: Database, keyring: Keyring) -> None:
    """The shop's data has no names; some members get one, a phone and a note, so that screens show what they are made for."""
    with db.transaction() as ctx:
        found = members.list_members(ctx, members.Criteria(), keyring=keyring, after=None, limit=len(_NAMES) * 4)
        for number, row in enumerate(found[:: max(1, len(found) // len(_NAMES))][: len(_NAMES)]):
            changes = {"name": _NAMES[number], "phone": f"1381234{1000 + number}", "email": f"regular{number}@example.com"}
            members.update(ctx, row.member_id, changes, expected_version=row.version, keyring=keyring, region="CN")
            members.add_note(ctx, row.member_id, "喜欢晚上联系；上次询问过礼盒。", keyring=keyring)


@contextlib.contextmanager
def clone(where: Place) -> Iterator[str]:
    """The address of a copy of the template, dropped afterwards."""
    name = f"{where.name}_{uuid4().hex[:8]}"
    with psycopg.connect(where.server, autocommit=True) as raw:
        raw.execute("SELECT pg_advisory_lock(hashtext(%s))", [where.name])  # a template can be copied by one session at a time
        raw.execute(f'CREATE DATABASE "{name}" TEMPLATE "{where.name}"')
    try:
        yield _renamed(where.server, name)
    finally:
        with psycopg.connect(where.server, autocommit=True) as raw:
            raw.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def settings(where: Place, *, port: int) -> Iterator[Settings]:
    """Settings of a server on a clone of the template and a data folder of its own, with the lake in it."""
    with clone(where) as url, tempfile.TemporaryDirectory(prefix="regulars-ui-") as folder:
        made = app_settings.load(data_dir=Path(folder) / "data", key_dir=where.keys, database_url=url, port=port)
        _fill_lake(url, made.data_dir / export_lake.FOLDER)
        yield made


def _fill_lake(url: str, folder: Path) -> None:
    """The lake holds what the database holds: no worker runs here that would export it."""
    db = database.connect(url, clock_=clock.SystemClock(), pool_size=1)
    try:
        export_lake.run(db, folder, always=False)
    finally:
        db.close()


def _renamed(url: str, name: str) -> str:
    head, _, _ = url.rpartition("/")
    return f"{head}/{name}"


def main() -> int:
    """Serve the demo until Ctrl-C; the exit code says why it ended."""
    parser = argparse.ArgumentParser(description="Serve the demo brand for looking at screens.")
    parser.add_argument("--port", type=int, default=8780, help="default 8780; 0 picks a free one, see the log line serve.listening")
    parser.add_argument("--fresh", action="store_true", help="make the template database anew")
    asked = parser.parse_args()
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        print("Set TEST_DATABASE_URL to a PostgreSQL whose role may create databases.", file=sys.stderr)
        return 2
    where = place(server)
    ensure(where, fresh=asked.fresh)
    with settings(where, port=asked.port) as made:
        log.configure("warning" if asked.port else "info")
        print(f"Console http://127.0.0.1:{asked.port}/console/   member pages http://127.0.0.1:{asked.port}/my/")
        print(f"Sign in as {' or '.join(OPERATORS)} with: {PASSWORD}", flush=True)
        serve.serve(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
