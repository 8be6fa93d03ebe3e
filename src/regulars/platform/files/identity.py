"""Which file this is, by what it holds: a resumed import must not go on with another file under the same name."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from regulars.platform.files import model


@dataclass(frozen=True, slots=True)
class Identity:
    """Length in bytes and SHA-256 (hexadecimal) of a file's content."""

    size: int
    sha256: str


def identify(path: Path) -> Identity:
    """The identity of the file as it is now. Raises ``file.missing``."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Identity(file.tell(), digest)
    except OSError as missing:
        raise model.MISSING(path=str(path)) from missing
