"""The verbs of webhooks: the only door in.

``endpoints`` who is told, under which secret · ``announcing`` what happened becomes messages · ``delivering`` the worker's side ·
``reading`` the log, and sending again.
"""

from regulars.domains.webhooks.rules.catalogue import EVENTS
from regulars.domains.webhooks.service.announcing import on_events, send_test
from regulars.domains.webhooks.service.delivering import LEASE, claim, forget_old, record, signed
from regulars.domains.webhooks.service.endpoints import (
    READ,
    WRITE,
    Draft,
    add,
    change,
    delete,
    disable,
    enable,
    get_endpoint,
    list_endpoints,
    rotate,
    secrets_of,
)
from regulars.domains.webhooks.service.reading import counts, get_delivery, list_deliveries, replay, replay_failed

__all__ = [
    "EVENTS",
    "LEASE",
    "READ",
    "WRITE",
    "Draft",
    "add",
    "change",
    "claim",
    "counts",
    "delete",
    "disable",
    "enable",
    "forget_old",
    "get_delivery",
    "get_endpoint",
    "list_deliveries",
    "list_endpoints",
    "on_events",
    "record",
    "replay",
    "replay_failed",
    "rotate",
    "secrets_of",
    "send_test",
    "signed",
]
