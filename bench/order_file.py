"""A file of orders, generated: the same numbers give the same bytes."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

_HEADING = "order_number,order_time,customer_id,product,category,quantity,unit_price\n"
_SINCE = datetime(2022, 1, 1, tzinfo=UTC)
_SPAN = timedelta(days=3 * 365)
_CATEGORIES = ("christmas", "home", "kitchen", "garden")
_ORDERS_A_CUSTOMER = 10


def write(path: Path, *, orders: int, lines: int = 1, seed: int = 7) -> None:
    """``path`` holds ``orders`` orders in the order of their time, three years' worth, ``lines`` rows each; ten a customer on average."""
    rng = random.Random(seed)
    customers = max(1, orders // _ORDERS_A_CUSTOMER)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADING)
        for number in range(orders):
            at = (_SINCE + _SPAN * (number / orders)).strftime("%Y-%m-%d %H:%M:%S")
            customer = 10_000 + int(rng.random() * customers)
            for _ in range(lines):
                drawn = rng.getrandbits(24)
                price = 85 + drawn // 64 % 900
                what = f"sku-{drawn % 3000},{_CATEGORIES[drawn % 4]},{1 + drawn % 6},{price // 100}.{price % 100:02}"
                file.write(f"{number + 1},{at},{customer},{what}\n")
