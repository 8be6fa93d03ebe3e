"""Gift cards: made by COPY, found by the digest of their code, taken once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.rewards.model import Batch, CardState, GiftCard
from regulars.kernel.ids import MemberId
from regulars.platform import db

_MADE = ("code_hash", "last_four", "batch", "unit", "amount", "currency", "expires_at", "made_at", "made_by")
_COLUMNS = ", ".join((*_MADE, "state", "redeemed_by", "redeemed_at"))


def make(tx: Connection, cards: Sequence[GiftCard]) -> None:
    """Add open cards. A digest that is there already fails the whole batch: the caller's random bytes were not random."""
    db.copy_rows(tx, "gift_cards", _MADE, [tuple(getattr(card, name) for name in _MADE) for card in cards])


def find(tx: Connection, digests: Collection[str]) -> dict[str, GiftCard]:
    """The cards with these digests, by digest. A look-up brings one for each version of the key."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM gift_cards WHERE code_hash = ANY(%(digests)s::text[])", digests=list(digests))
    return {row[0]: _card(row) for row in rows}


def take(tx: Connection, takers: Mapping[str, MemberId], *, at: datetime) -> set[str]:
    """Redeem each card for its taker; return the digests that were taken. Of two who take a card at once, one gets it."""
    rows = db.rows_of(
        tx,
        # Digests in their order, so that two batches that share cards wait for each other and never in a circle.
        """WITH wanted AS (
             SELECT g.code_hash, w.m FROM gift_cards g JOIN unnest(%(c)s::text[], %(m)s::uuid[]) AS w(c, m) ON g.code_hash = w.c
              WHERE g.state = 'open' AND g.expires_at > %(at)s ORDER BY g.code_hash FOR UPDATE OF g)
           UPDATE gift_cards g SET state = 'redeemed', redeemed_by = wanted.m, redeemed_at = %(at)s
             FROM wanted WHERE g.code_hash = wanted.code_hash RETURNING g.code_hash""",
        c=list(takers),
        m=list(takers.values()),
        at=at,
    )
    return {row[0] for row in rows}


def put_back(tx: Connection, takers: Mapping[str, MemberId]) -> set[str]:
    """Open the cards again that these takers hold: for those whose standing was not won after all. Returns the digests that were opened."""
    rows = db.rows_of(
        tx,
        """UPDATE gift_cards g SET state = 'open', redeemed_by = NULL, redeemed_at = NULL
             FROM unnest(%(c)s::text[], %(m)s::uuid[]) AS w(c, m)
            WHERE g.code_hash = w.c AND g.redeemed_by = w.m RETURNING g.code_hash""",
        c=list(takers),
        m=list(takers.values()),
    )
    return {row[0] for row in rows}


def void(tx: Connection, batch: str) -> int:
    """Withdraw every card of the batch that is still open; return how many."""
    rows = db.rows_of(tx, "UPDATE gift_cards SET state = 'void' WHERE batch = %(batch)s AND state = 'open' RETURNING 1", batch=batch)
    return len(rows)


def void_one(tx: Connection, digest: str) -> bool:
    """Withdraw the card of this digest if it is still open; return whether it was."""
    rows = db.rows_of(tx, "UPDATE gift_cards SET state = 'void' WHERE code_hash = %(digest)s AND state = 'open' RETURNING 1", digest=digest)
    return bool(rows)


def batches(tx: Connection) -> list[Batch]:
    """What became of each batch, the newest first."""
    rows = db.rows_of(
        tx,
        # All cards of a batch are made alike, at once.
        """SELECT batch, min(unit), min(currency), min(amount), min(expires_at), min(made_at), min(made_by),
                  count(*), count(*) FILTER (WHERE state = 'redeemed'), count(*) FILTER (WHERE state = 'void'),
                  sum(amount)::bigint, coalesce(sum(amount) FILTER (WHERE state = 'redeemed'), 0)::bigint
             FROM gift_cards GROUP BY batch ORDER BY max(made_at) DESC, batch""",
    )
    names = (
        *("batch", "unit", "currency", "face", "expires_at", "made_at", "made_by"),
        *("cards", "redeemed", "void", "amount", "redeemed_amount"),
    )
    return [Batch(**dict(zip(names, row, strict=True))) for row in rows]


def page(tx: Connection, batch: str, *, state: CardState | None, after: tuple[str, str] | None, limit: int) -> list[GiftCard]:
    """Cards of a batch (in one state) by their last four characters, those behind ``after`` (last four, digest)."""
    last_four, digest = after or ("", "")
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM gift_cards
             WHERE batch = %(batch)s AND (%(state)s::text IS NULL OR state = %(state)s) AND (last_four, code_hash) > (%(four)s, %(digest)s)
             ORDER BY last_four, code_hash LIMIT %(limit)s""",
        batch=batch,
        state=state,
        four=last_four,
        digest=digest,
        limit=limit,
    )
    return [_card(row) for row in rows]


def _card(row: Sequence[Any]) -> GiftCard:
    return GiftCard(
        **dict(zip(_MADE, row, strict=False)),
        state=CardState(row[9]),
        redeemed_by=None if row[10] is None else MemberId(row[10]),
        redeemed_at=row[11],
    )
