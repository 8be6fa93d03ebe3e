"""What members' sign-in leaves behind goes by the clock."""

from regulars.domains.members.service import sessions
from regulars.domains.members.store import attempts, codes
from regulars.platform.context import Ctx


def forget_old(ctx: Ctx) -> int:
    """Codes, messages, tries and sessions whose time is over are gone; returns how many rows."""
    return sessions.end_old(ctx) + codes.forget_old(ctx.tx, ctx.now) + attempts.forget_old(ctx.tx, ctx.now)
