"""Secrets that are shown once: session tokens, key texts, handed-out passwords. Only digests are stored."""

import hashlib
import secrets

from regulars.domains.operators import model
from regulars.domains.operators.model import KeyId
from regulars.kernel import ids
from regulars.kernel.problem import Problem

_SECRET_BYTES = 24
_SECRET_LENGTH = 2 * _SECRET_BYTES
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"


def new_secret() -> str:
    """192 random bits as 48 hexadecimal characters. A fast hash of it is safe to store: there is nothing to guess."""
    return secrets.token_hex(_SECRET_BYTES)


def new_password() -> str:
    """A password to hand out: four groups of five letters and digits that cannot be mistaken for each other, 98 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def digest(text: str) -> bytes:
    """The SHA-256 under which a secret is stored and looked up."""
    return hashlib.sha256(text.encode()).digest()


def csrf_of(token: str) -> str:
    """The value a page must send beside the cookie. Derived from the session's token: it needs no row, and no other site knows it."""
    return hashlib.sha256(b"csrf" + token.encode()).hexdigest()


def key_text(key_id: KeyId, secret: str) -> str:
    """The key as it is given to its owner: ``rk_`` + 26 characters of its id + ``_`` + the secret."""
    return f"{ids.encode(model.KEY_TEXT, key_id)}_{secret}"


def parse_key(text: str) -> tuple[KeyId, str] | None:
    """Id and secret of a key's text, or None when it cannot be one."""
    head, _, secret = text.rpartition("_")
    if len(secret) != _SECRET_LENGTH:
        return None
    try:
        return KeyId(ids.decode(model.KEY_TEXT, head)), secret
    except Problem:
        return None
