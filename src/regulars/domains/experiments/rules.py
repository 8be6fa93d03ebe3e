"""Who is held out: pure arithmetic on the member id, the same in every process and for ever."""

import hashlib
from uuid import UUID

from regulars.domains.experiments.model import BASIS


def bucket(member_id: UUID, salt: str) -> int:
    """0..9999, evenly spread: the first eight bytes of SHA-256 of the salt, a zero byte and the id's sixteen, modulo 10,000.

    Another salt shuffles the members anew, so hold-outs for different purposes do not overlap by more than chance.
    """
    digest = hashlib.sha256(salt.encode() + b"\0" + member_id.bytes).digest()
    return int.from_bytes(digest[:8], "big") % BASIS


def held_out(member_id: UUID, salt: str, share_bp: int) -> bool:
    """True for ``share_bp`` of every 10,000 members. A larger share keeps everybody whom a smaller one held out."""
    return bucket(member_id, salt) < share_bp
