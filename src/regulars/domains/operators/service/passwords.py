"""argon2id. Nothing else in the house hashes passwords."""

import threading

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from regulars.domains.operators import rules

# OWASP's floor for argon2id: 19 MiB, two passes, one lane. More memory a guess would be better against a stolen table, but every
# sign-in in flight takes it, and a small machine has to survive a burst of them.
_ARGON = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# At most this many hashes at once: a flood of sign-ins waits here instead of taking the machine's memory (4 x 19 MiB).
_GATE = threading.BoundedSemaphore(4)


def hashed(password: str) -> str:
    """The argon2id hash (PHC format, its own salt) of a password."""
    with _GATE:
        return _ARGON.hash(rules.password(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` has the hash ``stored``. For None (nobody of that name) it takes as long, and is False."""
    clean = rules.password(password)
    if len(clean) > rules.PASSWORD_MAX or not rules.is_text(clean):
        return False
    with _GATE:
        if stored is None:
            _ARGON.hash(clean)
            return False
        try:
            return _ARGON.verify(stored, clean)
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's and should be replaced at the next sign-in."""
    return _ARGON.check_needs_rehash(stored)
