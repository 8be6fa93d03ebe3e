"""How long work goes on trying while the database is away, or while what another process left behind is still being committed."""

import time
from dataclasses import dataclass

from regulars.domains.orders.intake import model as intake
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.batching import Verdict

_OUTAGES, _OUTAGE_FIRST, _OUTAGE_CAP = 120, 0.1, 1.0
_OVERTAKEN, _OVERTAKEN_PAUSE_S = 5, 0.5


@dataclass(slots=True)
class Patience:
    """Counts what went wrong since the last success, and knows whether somebody else's commit may still be under way."""

    outages: int = 0
    overtaken: int = 0

    def renew(self) -> None:
        """Something succeeded: the database is there, and who overtakes us from now on is at work beside us."""
        self.outages = 0
        self.overtaken = _OVERTAKEN

    def bear(self, error: Exception) -> None:
        """Wait a moment when ``error`` will pass: then look how things stand and go on. Raise it again when it won't, or hasn't for long.

        A database that is away comes back. And a process that was killed, or a connection that broke, may leave a commit behind that
        is still being made when we begin: it overtakes us once or twice. Who does so after our own success is another process.
        """
        if batching.verdict(error) is Verdict.outage and self.outages < _OUTAGES:
            self.outages += 1
            self.overtaken = 0
            time.sleep(batching.pause(self.outages, _OUTAGE_FIRST, _OUTAGE_CAP))
        elif isinstance(error, Problem) and error.type == intake.RUNNING and self.overtaken < _OVERTAKEN:
            self.overtaken += 1
            time.sleep(_OVERTAKEN_PAUSE_S)
        else:
            raise error
