"""The retail file worked out by hand: its rows sorted out and its refunds matched in plain Python, its numbers asked in plain SQL.

Nothing here is shared with the product: it follows the definitions once more, from the raw file.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

Row = tuple[Any, ...]
CHANNEL = "['web', 'app', 'phone'][1 + CAST(right(number, 2) AS INTEGER) % 3]"
"""The file tells no channel; this one follows from the order's number, so that both sides can be told the same."""


@dataclass
class Lot:
    """What is left of a line that was sold: pieces and pence."""

    number: str
    pieces: int
    left: int
    pence: int
    worth: int

    def take(self, pieces: int) -> int:
        """Give back so many pieces; returns what they were worth. What stays is rounded down, the last piece takes the rest."""
        self.left -= pieces
        stays = min(self.worth, self.pence * self.left // self.pieces)
        taken, self.worth = self.worth - stays, stays
        return taken


@dataclass
class Book:
    """Sales as they are made and given back."""

    sales: dict[str, list[Any]] = field(default_factory=dict)
    refunds: list[Row] = field(default_factory=list)
    shelf: dict[Row, list[Lot]] = field(default_factory=lambda: defaultdict(list))
    matched: int = 0
    unmatched: int = 0

    def sell(self, number: str, customer: int | None, told: datetime, rows: Sequence[Row]) -> None:
        """Equal rows add up to one line; a line is worth its pieces times its price, in pence."""
        lines: dict[Row, int] = defaultdict(int)
        for _, _, _, product, price, quantity, _ in rows:
            lines[product, price, quantity] += quantity
        total = 0
        for (product, price, _), pieces in sorted(lines.items()):
            worth = pence(pieces * price)
            total += worth
            self.shelf[customer, product, price].append(Lot(number, pieces, pieces, worth, worth))
        self.sales[number] = [number, customer, told, total, 0, min(row[3] for row in rows), rows[0][6]]

    def give_back(self, number: str, customer: int | None, told: datetime, rows: Sequence[Row]) -> None:
        """Each row is taken from earlier lines of the same customer, product and price, the first sold first, whole or not at all."""
        parts: dict[str | None, int] = defaultdict(int)
        for _, _, _, product, price, quantity, _ in rows:
            wanted = abs(quantity)  # one refund states its pieces without a minus sign
            # Nobody known is not the same customer twice.
            lots = [] if customer is None else [lot for lot in self.shelf[customer, product, price] if lot.left]
            if sum(lot.left for lot in lots) < wanted:
                self.unmatched += 1
                parts[None] += pence(wanted * price)
                continue
            self.matched += 1
            for lot in lots:
                pieces = min(wanted, lot.left)
                worth = lot.take(pieces) if pieces else 0
                parts[lot.number] += worth
                self.sales[lot.number][4] += worth
                wanted -= pieces
        self.refunds += [(number, customer, told, order, amount) for order, amount in parts.items()]


class Hand:
    """The file's orders and refunds in a database of their own, with days of ``zone``."""

    def __init__(self, file: Path, zone: str) -> None:
        self.zone = zone
        self.sql = duckdb.connect()
        self.sql.execute(
            f"""CREATE TABLE lines AS SELECT * FROM (
                  SELECT Invoice AS number, StockCode AS product, Quantity AS quantity, CAST(Price AS DECIMAL(18, 4)) AS price,
                         CAST("Customer ID" AS BIGINT) AS customer, CAST(InvoiceDate AS TIMESTAMP) AS told, Country AS store,
                         row_number() OVER () AS no
                    FROM '{file}')
                WHERE number NOT LIKE 'A%' AND price >= 0 AND (number LIKE 'C%' OR quantity > 0)"""
        )
        book = self._read()
        self.classes = book.matched, book.unmatched
        self._keep(
            "sales", ("number", "customer", "told", "total", "refunded", "product", "store"), [tuple(row) for row in book.sales.values()]
        )
        self._keep("given_back", ("number", "customer", "told", "order_number", "total"), book.refunds)
        local = f"CAST(timezone('{zone}', timezone('Europe/London', {{}})) AS DATE)"
        told, joined = local.format("told"), local.format("min(told)")
        for statement in (
            f"TABLE orders AS SELECT *, {CHANNEL} AS channel, {told} AS day, refunded = 0 OR refunded < total AS kept FROM sales",
            f"TABLE refunds AS SELECT *, {told} AS day FROM given_back",
            f"TABLE customers AS SELECT customer, {joined} AS joined FROM lines WHERE customer IS NOT NULL GROUP BY customer",
            "VIEW kept AS SELECT * FROM orders WHERE kept AND customer IS NOT NULL",
            """TABLE days AS
               SELECT customer, day, row_number() OVER w AS n, day - lag(day) OVER w AS gap, lead(day) OVER w - day AS next_gap,
                      min(day) OVER (PARTITION BY customer) AS first, max(day) OVER (PARTITION BY customer) AS last
                 FROM (SELECT DISTINCT customer, day FROM kept) WINDOW w AS (PARTITION BY customer ORDER BY day)""",
            "VIEW bounds AS SELECT min(day) AS first, max(day) AS last FROM orders",
        ):
            self.sql.execute("CREATE " + statement)

    def add(self, name: str, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        """A table of what the file cannot tell: what the engine decided, as PostgreSQL holds it."""
        self._keep(name, columns, rows)

    def rows(self, statement: str) -> list[Row]:
        """What the statement gives."""
        return self.sql.execute(statement).fetchall()

    def _read(self) -> Book:
        invoices: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("SELECT number, customer, told, product, price, quantity, store FROM lines ORDER BY no"):
            invoices[row[0]].append(row)
        book = Book()
        # A refund is later than a sale of the same minute: its number begins with a letter.
        for told, number in sorted((min(row[2] for row in rows), number) for number, rows in invoices.items()):
            act = book.give_back if number.startswith("C") else book.sell
            act(number, invoices[number][0][1], told, invoices[number])
        return book

    def _keep(self, name: str, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        made = pa.table({column: [row[place] for row in rows] for place, column in enumerate(columns)})
        self.sql.register("made", made)
        self.sql.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
        self.sql.unregister("made")


def pence(pounds: Any) -> int:
    """Pounds as whole pence, half to even."""
    return round(Fraction(pounds) * 100)
