"""The verbs of the engine. ``apply`` is the only one that changes a standing."""

from regulars.domains.loyalty.service.applying import Answer, Done, apply, handle, tick
from regulars.domains.loyalty.service.publishing import add_draft, list_versions, programmes, publish, roll_back, version
from regulars.domains.loyalty.service.quoting import EPOCH, Cart, CartLine, Quote, hold_for, quote
from regulars.domains.loyalty.service.reading import balances, find_standing, journal, owner_of, standing, tier_projection
from regulars.domains.loyalty.service.taking import Given, OrderGiven, take
from regulars.domains.loyalty.service.verifying import Finding, verify
from regulars.domains.loyalty.service.waiting import on_orders, to_fact

__all__ = [
    "EPOCH",
    "Answer",
    "Cart",
    "CartLine",
    "Done",
    "Finding",
    "Given",
    "OrderGiven",
    "Quote",
    "add_draft",
    "apply",
    "balances",
    "find_standing",
    "handle",
    "hold_for",
    "journal",
    "list_versions",
    "on_orders",
    "owner_of",
    "programmes",
    "publish",
    "quote",
    "roll_back",
    "standing",
    "take",
    "tick",
    "tier_projection",
    "to_fact",
    "verify",
    "version",
]
