"""pgbench on the same server: one durable transaction a fact is what others do."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from psycopg import conninfo

from regulars.platform.embedded import binaries

SCALE = 10
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pgbench:
    """pgbench with its tables filled in the database at ``url``; each try lasts ``seconds``."""

    url: str
    seconds: int

    def fill(self) -> None:
        """Its tables are there, at scale 10."""
        self._run("-i", "-q", "-s", str(SCALE))

    def tps(self, clients: int) -> float:
        """Transactions a second of ``clients`` connections: a simple update without contention on branches, prepared."""
        said = self._run("-N", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(self.seconds))
        found = _TPS.search(said)
        if found is None:
            raise RuntimeError(f"pgbench said: {said}")
        return float(found[1])

    def best(self, clients: tuple[int, ...]) -> float:
        """The best of these numbers of connections."""
        return max(self.tps(count) for count in clients)

    def _run(self, *arguments: str) -> str:
        to = conninfo.conninfo_to_dict(self.url)
        # By the environment: a password among the arguments could be read by everybody on the machine.
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        environment = {**os.environ, **{names[name]: str(value) for name, value in to.items() if name in names}}
        done = subprocess.run([_program(), *arguments], check=False, capture_output=True, text=True, env=environment)
        if done.returncode:
            raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
        return done.stdout


def _program() -> Path:
    return binaries.folder(None) / "pgbench"
