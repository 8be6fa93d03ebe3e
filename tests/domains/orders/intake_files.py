"""Order files for tests, and what is read from them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from regulars.domains.orders.intake import assembly, checks, columns, times
from regulars.domains.orders.intake.assembly import GivenBack, Group, Sale, Spooled
from regulars.domains.orders.intake.model import Bad, Profile, SpoolRow
from regulars.kernel import periods
from regulars.platform.files.model import Batch

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = ("Invoice", "InvoiceDate", "Customer ID", "StockCode", "Quantity", "Price")


def checked(
    rows: Iterable[Sequence[str]],
    header: Sequence[str] = HEADER,
    profile: Profile | None = None,
    *,
    overrides: dict[str, str] | None = None,
    settlement: str = "",
) -> tuple[list[SpoolRow], list[Bad]]:
    """The good rows and the bad ones of a table, numbered from 2 as in a file with a header."""
    profile = profile or Profile()
    form = "ymd" if profile.date_format == "auto" else profile.date_format
    reader = times.Times(form, periods.zone(profile.zone), profile.moved_days)
    mapping = columns.chosen(header, overrides or {})
    checker = checks.Checker(header, mapping, profile, now=NOW, times=reader, settlement=settlement)
    table = [[*row, ""] for row in rows]
    return checker.check(Batch(table, range(2, len(table) + 2)))


def row(
    number: str = "1001",
    when: str = "2009-12-01 07:45:00",
    customer: str = "13085",
    product: str = "85048",
    quantity: str = "12",
    price: str = "6.95",
) -> tuple[str, ...]:
    """A row of ``HEADER``."""
    return (number, when, customer, product, quantity, price)


def grouped(rows: Iterable[SpoolRow], profile: Profile | None = None) -> list[Group]:
    """The groups that the rows become, sorted as the spool sorts them."""
    spool = list(rows)
    first: dict[str, datetime] = {}
    owner: dict[str, str] = {}
    for one in spool:
        first[one.order_no] = min(first.get(one.order_no, one.at), one.at)
        owner[one.order_no] = owner.get(one.order_no) or one.customer
    spool.sort(key=lambda r: (owner[r.order_no] == "", owner[r.order_no], first[r.order_no], r.order_no, r.row_no))
    stream = (Spooled(owner[r.order_no], r.order_no, r.row_no, r.customer, r.at, r.product, r.quantity, r.price, *r[7:]) for r in spool)
    return list(assembly.groups(stream, profile or Profile()))


def sale(group: Group) -> Sale:
    assert isinstance(group, Sale)
    return group


def refund(group: Group) -> GivenBack:
    assert isinstance(group, GivenBack)
    return group


def written(path: Path, rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file of the rows."""
    path.write_text("\n".join(",".join(one) for one in [header, *rows]) + "\n", encoding="utf-8")
    return path
