"""Codes stay in the house, to be read at ``GET /v1/dev/inbox``: for development and the demo, where no message is ever sent."""

from collections.abc import Callable
from dataclasses import dataclass

from regulars.domains.members.model import CodeMessage


@dataclass(frozen=True, slots=True)
class DevInbox:
    """Hands each message to ``keep`` instead of a provider."""

    keep: Callable[[CodeMessage], None]

    def send(self, message: CodeMessage) -> None:
        """The message is in the inbox."""
        self.keep(message)
