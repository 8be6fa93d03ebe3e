"""Make the demo's cut of the public retail file: ``python tools/demo_cut.py SOURCE.parquet TARGET.parquet``.

Kept are all lines of every third customer (chosen by a hash of the number, so that each keeps its whole history) and every third
invoice without a customer. Added are a category, from words in the description, and a made-up name, marked as such.
"""

import hashlib
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_SHARE = 3
_CATEGORIES = (
    ("christmas", ("CHRISTMAS", "XMAS", "SANTA", "REINDEER", "ADVENT")),
    ("kitchen", ("MUG", "CUP", "TEA", "CAKE", "PLATE", "BOWL", "JAR", "LUNCH")),
    ("bags", ("BAG", "PURSE")),
    ("lights", ("LIGHT", "CANDLE", "LANTERN", "T-LIGHT")),
    ("garden", ("GARDEN", "FLOWER", "PLANT", "BIRD")),
    ("paper", ("CARD", "PAPER", "WRAP", "NOTEBOOK", "STICKER")),
)
_FAMILY = ("Ash", "Birch", "Cedar", "Hazel", "Linden", "Maple", "Rowan", "Willow", "林", "梅", "杨", "柳", "桂", "柏", "桐", "桑")
_GIVEN = (
    "Amber",
    "Blue",
    "Coral",
    "Dawn",
    "Echo",
    "Flint",
    "Gale",
    "Haven",
    "小雨",
    "晓风",
    "若云",
    "清泉",
    "星辰",
    "晨曦",
    "暖阳",
    "明月",
)


def chosen(key: str) -> bool:
    """Whether this customer, or invoice without one, is in the cut."""
    return hashlib.sha256(key.encode()).digest()[0] % _SHARE == 0


def category(description: str | None) -> str:
    """The first category one of whose words is in the description, else ``other``."""
    words = (description or "").upper()
    return next((name for name, signs in _CATEGORIES if any(sign in words for sign in signs)), "other")


def name(customer: int) -> str:
    """A made-up name that says that it is one."""
    digest = hashlib.sha256(str(customer).encode()).digest()
    given, family = _GIVEN[digest[1] % len(_GIVEN)], _FAMILY[digest[2] % len(_FAMILY)]
    made = f"{family}{given}" if given[0] > "z" and family[0] > "z" else f"{given} {family}"
    return f"{made} (demo)"


def cut(source: pa.Table) -> pa.Table:
    """The cut, in the file's own order."""
    customers, invoices = source.column("Customer ID").to_pylist(), source.column("Invoice").to_pylist()
    keys = [f"customer {int(who)}" if who is not None else f"invoice {number}" for who, number in zip(customers, invoices, strict=True)]
    table = source.filter(pa.array([chosen(key) for key in keys])).drop_columns(["Country"])
    who = [None if number is None else int(number) for number in table.column("Customer ID").to_pylist()]
    table = table.set_column(table.schema.get_field_index("Customer ID"), "Customer ID", pa.array(who, pa.int32()))
    categories = pa.array([category(text) for text in table.column("Description").to_pylist()])
    names = pa.array([None if number is None else name(number) for number in who])
    return table.drop_columns(["Description"]).append_column("Category", categories).append_column("Name", names)


def main() -> int:
    """Write the cut; the exit code is 1 when it is too large to ship."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    table = cut(pq.read_table(source)).replace_schema_metadata(None)
    pq.write_table(table, target, compression="zstd", compression_level=19, use_dictionary=True)
    size = target.stat().st_size
    sys.stdout.write(f"{table.num_rows} rows, {size} bytes\n")
    return int(size > 3_000_000)


if __name__ == "__main__":
    sys.exit(main())
