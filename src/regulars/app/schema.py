"""Every table of the house in one place: imports each slice's ``tables`` so that the metadata is complete."""

import importlib
import pkgutil

from sqlalchemy import MetaData
from sqlalchemy.engine import Engine

from regulars import domains, platform
from regulars.platform import db


def metadata() -> MetaData:
    """The complete metadata: platform's own tables and each slice's."""
    for package in (platform, domains):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if module.name.endswith((".tables", ".claims", ".outbox", ".timers")):
                importlib.import_module(module.name)
    return db.metadata


def create(engine: Engine) -> None:
    """Create the whole schema in an empty database."""
    metadata().create_all(engine)
