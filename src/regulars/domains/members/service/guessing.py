"""Codes that are worth something - coupons, gift cards - typed by whoever holds one: who guesses too often has to wait."""

from collections.abc import Sequence
from datetime import timedelta

from regulars.domains.members.model import TOO_MANY_TRIES, Limit
from regulars.domains.members.service import codes
from regulars.domains.members.store import attempts
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

PER_CALLER = Limit(100, timedelta(minutes=15))
"""One caller may be a shop's whole site, so it gets more wrong codes than one member does."""
PER_MEMBER = Limit(10, timedelta(minutes=15))


def count(ctx: Ctx, kind: str, *, member_id: MemberId | None, keyring: Keyring) -> Problem | None:
    """One more try at a code of ``kind`` is counted for the caller and for the member it is meant for.

    ``members.too_many_tries`` is returned and not raised, so that the try stays counted: the caller commits, then raises.
    """
    wait = codes.over(ctx, _steps(ctx, kind, member_id, keyring))
    return None if wait is None else TOO_MANY_TRIES(retry_after=wait)


def take_back(ctx: Ctx, kind: str, *, member_id: MemberId | None, keyring: Keyring) -> None:
    """The try was no wrong guess: it counts no more."""
    attempts.give_back(ctx.tx, [place for place, _ in _steps(ctx, kind, member_id, keyring)])


def _steps(ctx: Ctx, kind: str, member_id: MemberId | None, keyring: Keyring) -> Sequence[codes.Step]:
    steps = [(codes.place(f"{kind}.caller", ctx.actor.id, keyring), PER_CALLER)]
    if member_id is not None:
        steps.append((codes.place(f"{kind}.member", member_id.hex, keyring), PER_MEMBER))
    return steps
