"""The one place that makes random ids: UUID version 7, so that new rows land together in their index."""

from uuid import UUID

import uuid_utils.compat


def uuid7() -> UUID:
    """A new random UUID of version 7."""
    return uuid_utils.compat.uuid7()
