"""What a table needs so that the lake can follow it: each row knows the transaction that recorded it."""

import sqlalchemy as sa

COLUMN = "recorded_in"
"""The number of the recording transaction: PostgreSQL's own, moved on by the epoch (:mod:`.ledger`), so that it never goes back."""


def columns() -> tuple[sa.schema.SchemaItem, ...]:
    """The column and its index, to be the last items of an append-only table. Writers leave the column out: the server fills it.

    A block range index costs next to nothing: rows arrive nearly in the order of their transactions, and only the newest are asked for.
    """
    return (
        sa.Column(COLUMN, sa.BigInteger, nullable=False, server_default=sa.func.txid_current()),
        sa.Index(None, COLUMN, postgresql_using="brin"),
    )
