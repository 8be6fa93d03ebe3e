"""Signatures after Standard Webhooks: HMAC-SHA256 over id, time and body, under each secret that is valid."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32
"""Of a secret that is made here; the standard asks for 24 to 64."""


def secret_text(key: bytes) -> str:
    """How a secret is shown and given to a verifying library."""
    return PREFIX + base64.b64encode(key).decode()


def secret_key(text: str) -> bytes:
    """The key in a secret's text. Raises ``ValueError``."""
    if not text.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    try:
        return base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as wrong:
        raise ValueError("a secret is base64") from wrong


def headers(message: str, body: str, *, at: datetime, keys: Sequence[bytes]) -> dict[str, str]:
    """The three headers of the standard; one signature a key, so that a receiver may hold any of them while secrets are changed."""
    seconds = int(at.timestamp())
    signed = f"{message}.{seconds}.{body}".encode()
    made = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }
