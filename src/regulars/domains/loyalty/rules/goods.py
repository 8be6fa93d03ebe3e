"""Goods besides points - coupons, rewards, benefits - in the journal: what an entry about them does to a standing.

Folding the journal with :func:`post` rebuilds the coupons in hand and the uses of limits, as ``points.post`` rebuilds a wallet.
"""

from datetime import datetime
from uuid import UUID

from regulars.domains.coupons.model import Held, Move
from regulars.domains.coupons.rules import moving
from regulars.domains.loyalty.model import Decision
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry, Wallet

COUPON = "coupon:"
REWARD, BENEFIT = "reward:", "benefit:"
_PREFIXES = (COUPON, REWARD, BENEFIT)


def is_about(entry: Entry) -> bool:
    """Whether the entry is about goods, not about a unit or a level."""
    return entry.unit.startswith(_PREFIXES)


def post(wallet: Wallet, coupons: dict[UUID, Held], entry: Entry) -> None:
    """Apply one such entry. Raises ``ValueError`` when the journal is not this member's."""
    if entry.unit.startswith(COUPON):
        moving.post(coupons, moving.read(entry))
    points.count(wallet, entry)


def record_move(decision: Decision, move: Move) -> None:
    """Journal a move of a coupon that the member's coupons have taken."""
    entry = Entry(*moving.written(move))
    points.count(decision.standing.wallet, entry)
    decision.entries.append(entry)


def record(decision: Decision, unit: str, kind: str, amount: int, *, at: datetime, ref: UUID, why: dict[str, object]) -> None:
    """Journal what was done with a reward or a benefit; ``caps`` in ``why`` count against the member's limits."""
    entry = Entry(unit, kind, amount, at, NEVER, ALWAYS, ref, why)
    points.count(decision.standing.wallet, entry)
    decision.entries.append(entry)
