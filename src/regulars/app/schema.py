"""Every table of the house in one place, and the way a database gets there: Alembic's history, run under a lock."""

import importlib
import pkgutil
from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import Connection

from regulars import domains, platform
from regulars.platform import db

_TABLES = (".tables", ".claims")
_LOCK = 7_314_421
"""The advisory lock that lets one process migrate while the others wait."""


def metadata() -> MetaData:
    """The complete metadata: platform's own tables and each slice's."""
    for package in (platform, domains):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if module.name.endswith(_TABLES):
                importlib.import_module(module.name)
    return db.metadata


def head() -> str:
    """The newest revision this release knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise RuntimeError("the package holds no migrations")
    return found


def upgrade(url: str, revision: str = "head") -> None:
    """The database at ``url`` has the newest schema (or that of ``revision``). Safe to call from several processes at once."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """The database at ``url`` has the schema of an older ``revision``; ``base`` is none at all."""
    _run(url, lambda config: command.downgrade(config, revision))


def check(url: str) -> None:
    """Raises ``alembic.util.CommandError`` when migrations and tables differ."""
    _run(url, command.check)


def _run(url: str, action: Callable[[Config], None]) -> None:
    engine = create_engine(db.sqlalchemy_url(url), connect_args={"options": "-c lock_timeout=30s"})
    try:
        with engine.connect() as connection:
            _locked(connection)
            config = _config()
            config.attributes["connection"] = connection
            action(config)
            connection.commit()
    finally:
        engine.dispose()


def _locked(connection: Connection) -> None:
    # For the session, not the transaction: each migration commits by itself.
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("regulars.app").joinpath("migrations")))
    return config
