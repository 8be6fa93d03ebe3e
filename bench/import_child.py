"""One import, or its baseline, in a process of its own, so that its memory is its own: prints one line of JSON.

``python -m bench.import_child product|baseline FILE`` with the database's address in ``BENCH_IMPORT_URL``.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import psycopg
from pyarrow import csv

from bench import place
from regulars.domains.loyalty.tasks import import_orders
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Profile
from regulars.domains.orders.intake.planning import Wish
from regulars.platform.files.opening import Options

_TABLE = """CREATE TABLE baseline (order_number text, order_time timestamp, customer_id text, product text, category text,
              quantity integer, unit_price numeric)"""


def product(url: str, file: Path) -> dict[str, object]:
    """What the command line does: plan and import. ``classes`` says where the rows ended."""
    with place.opened(url) as db:
        plan = intake.plan(file, Wish(overrides={}, profile=Profile(source="bench"), options=Options()))
        done = import_orders.run(db, plan)
    return {"rows": done.counts.rows, "classes": dict(done.counts.classes)}


def baseline(url: str, file: Path) -> dict[str, object]:
    """What a script would do: read the file into columns, and COPY it into one table."""
    table = csv.read_csv(file)
    with psycopg.connect(url) as to:
        to.execute(_TABLE)
        with to.cursor() as cursor, cursor.copy("COPY baseline FROM STDIN (FORMAT csv, HEADER)") as copy, file.open("rb") as source:
            while block := source.read(1 << 20):
                copy.write(block)
    return {"rows": table.num_rows, "classes": {}}


def _peak_mb() -> float:
    """The most memory this process ever had resident. ``getrusage`` would count what the parent had before it started us."""
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    action = {"product": product, "baseline": baseline}[sys.argv[1]]
    began, before = time.perf_counter(), time.process_time()
    found = action(os.environ["BENCH_IMPORT_URL"], Path(sys.argv[2]))
    seconds, processor = time.perf_counter() - began, time.process_time() - before
    print(json.dumps({**found, "seconds": seconds, "peak_mb": _peak_mb(), "processor": processor}))
