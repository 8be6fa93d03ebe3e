"""Gift cards: made by COPY, found by the digest of their code, taken once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.rewards.model import Batch, CardState, GiftCard, Origin, Owed
from regulars.kernel.ids import MemberId
from regulars.platform import db

_MADE = (
    *("code_hash", "last_four", "batch", "unit", "amount", "currency", "expires_at", "made_at", "made_by"),
    *("price", "sold_order", "sold_to", "origin"),
)
_COLUMNS = ", ".join((*_MADE, "state", "redeemed_by", "redeemed_at"))


def make(tx: Connection, cards: Sequence[GiftCard]) -> None:
    """Add open cards. A digest that is there already fails the whole batch: the caller's random bytes were not random."""
    rows = [(*(getattr(card, name) for name in _MADE[:-1]), card.origin and card.origin.value) for card in cards]
    db.copy_rows(tx, "gift_cards", _MADE, rows)


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
                  sum(amount)::bigint, coalesce(sum(amount) FILTER (WHERE state = 'redeemed'), 0)::bigint,
                  min(price), min(sold_order), (array_agg(sold_to))[1], min(origin)
             FROM gift_cards GROUP BY batch ORDER BY max(made_at) DESC, batch""",
    )
    names = (
        *("batch", "unit", "currency", "face", "expires_at", "made_at", "made_by"),
        *("cards", "redeemed", "void", "amount", "redeemed_amount"),
        *("price", "sold_order", "sold_to"),
    )
    return [Batch(**dict(zip(names, row, strict=False)), origin=_origin(row[-1])) for row in rows]


def owed(tx: Connection, *, at: datetime) -> list[Owed]:
    """What all cards that were not withdrawn come to at ``at``, by origin (sold, given, not said), unit and currency."""
    rows = db.rows_of(
        tx,
        f"""WITH cards AS (
              SELECT origin, unit, currency, amount, CASE origin WHEN 'given' THEN 0 ELSE price END AS received,
                     CASE WHEN state = 'redeemed' THEN 'redeemed' WHEN expires_at > %(at)s THEN 'open' ELSE 'lapsed' END AS now
                FROM gift_cards WHERE state <> 'void')
            SELECT origin, unit, currency, {", ".join(_sums(now) for now in ("open", "lapsed", "redeemed"))}
              FROM cards GROUP BY origin, unit, currency ORDER BY origin DESC NULLS LAST, unit, currency""",
        at=at,
    )
    return [_owed(row) for row in rows]


def _sums(now: str) -> str:
    """Number, face and what was received of the cards that stand so; the latter is not known where nobody said."""
    only = f"FILTER (WHERE now = '{now}')"
    received = f"CASE WHEN origin IS NOT NULL THEN coalesce(sum(received) {only}, 0)::bigint END"
    return f"count(*) {only}, coalesce(sum(amount) {only}, 0)::bigint, {received}"


def _owed(row: Sequence[Any]) -> Owed:
    names = ("open", "lapsed", "redeemed")
    sums = {f"{name}_{what}": row[3 + 3 * n + m] for n, name in enumerate(names) for m, what in enumerate(("cards", "amount", "received"))}
    return Owed(origin=_origin(row[0]), unit=row[1], currency=row[2], **sums)


def _origin(stored: str | None) -> Origin | None:
    return None if stored is None else Origin(stored)


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
        **dict(zip(_MADE[:-1], row, strict=False)),
        origin=_origin(row[12]),
        state=CardState(row[13]),
        redeemed_by=None if row[14] is None else MemberId(row[14]),
        redeemed_at=row[15],
    )
