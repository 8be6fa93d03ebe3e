"""``regulars``: the command line. Commands live in their slices; here they get a database and their errors a face."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from regulars.app import schema, up, wiring, worker
from regulars.app import settings as app_settings
from regulars.domains.insights import cli as insights
from regulars.domains.insights.cli import lake
from regulars.domains.insights.tasks import export_lake
from regulars.domains.loyalty.cli import imports, programme, simulate, verify
from regulars.domains.operators import cli as operators
from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform import clock, embedded, memory
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Regulars · 熟客: first purchases into regulars. 让首购成为熟客。")
_WITHOUT_DATABASE = frozenset({"up", "down", "status", "serve", "worker"})


@app.callback()
def main_options(context: typer.Context) -> None:
    """Give the command its database, unless it brings its own."""
    if context.invoked_subcommand not in _WITHOUT_DATABASE and "--help" not in sys.argv:
        settings = app_settings.load()
        context.obj = context.with_resource(_database(settings))
        context.meta[imports.KEYRING] = lambda: Keyring.load(settings.key_dir)
        context.meta[lake.FOLDER] = settings.data_dir / export_lake.FOLDER
        context.meta[verify.ALSO] = (wiring.lake_differences(settings.data_dir / export_lake.FOLDER),)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    with address(settings) as url:
        schema.upgrade(url)
        db = database.connect(url, clock_=clock.SystemClock(), pool_size=settings.pool_size)
        try:
            yield db
        finally:
            db.close()


@contextmanager
def address(settings: Settings) -> Iterator[str]:
    """``DATABASE_URL``, or the embedded server: the one that runs, else one for as long as this command."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with embedded.borrowed(settings.data_dir / "postgres") as server:
            yield server.url()


@app.command("migrate")
def migrate(
    context: typer.Context,
    revision: Annotated[str, typer.Option("--to", help="A revision; left out: the newest. 版本，缺省为最新。")] = "head",
) -> None:
    """Bring the database to the newest schema. 升级数据库结构。"""
    db: Database = context.obj
    schema.upgrade(db.engine.url.render_as_string(hide_password=False), revision)
    typer.echo(f"schema {schema.head()}")


@app.command("serve")
def _serve() -> int:
    """Run the API server in the foreground. 前台运行 API。"""
    from regulars.app import serve  # noqa: PLC0415 - every other command starts a second sooner without the routes

    return serve.main()


app.command("up")(up.up)
app.command("down")(up.down)
app.command("status")(up.status)
app.command("worker", help="Run the worker in the foreground. 前台运行后台任务。")(worker.main)
app.add_typer(insights.app)
app.add_typer(lake.app, name="lake")
app.add_typer(verify.app)
app.add_typer(programme.app, name="programme")
app.add_typer(simulate.app)
app.add_typer(imports.app, name="import")
app.add_typer(operators.app, name="operators")
app.add_typer(operators.keys, name="keys")


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and the exit code of its kind."""
    memory.collect_rarely()
    try:
        app()
    except Problem as refused:
        typer.echo(str(refused), err=True)
        raise SystemExit(problem.EXIT_CODE[refused.kind]) from None


if __name__ == "__main__":
    main()
