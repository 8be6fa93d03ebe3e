"""One import, or its baseline, in a process of its own, so that its memory (and its lanes') is its own: prints one line of JSON.

``python -m bench.import_child product|baseline FILE`` with the database's address in ``BENCH_IMPORT_URL``.
"""

import contextlib
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path

import psutil
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
_LOOK_EVERY_S = 0.1


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


class Peak(threading.Thread):
    """The most memory that this process and those it started have resident together, looked at ten times a second.

    What they share (the interpreter, libraries) counts for each of them: the true figure is lower.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb = 0.0

    def run(self) -> None:
        """Look until the process ends."""
        me = psutil.Process()
        while True:
            total = 0
            for process in (me, *me.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
            self.mb = max(self.mb, total / (1 << 20))
            time.sleep(_LOOK_EVERY_S)


def _processor() -> float:
    """Processor seconds of this process and of those it started that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    action = {"product": product, "baseline": baseline}[sys.argv[1]]
    peak = Peak()
    peak.start()
    began, before = time.perf_counter(), _processor()
    found = action(os.environ["BENCH_IMPORT_URL"], Path(sys.argv[2]))
    seconds, processor = time.perf_counter() - began, _processor() - before
    print(json.dumps({**found, "seconds": seconds, "peak_mb": peak.mb, "processor": processor}))
