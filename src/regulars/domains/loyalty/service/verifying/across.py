"""What no member's own books can show: claims, orders, decisions and refunds that belong together, each check one statement."""

from collections.abc import Callable, Iterator, Mapping

from regulars.domains.loyalty.service.verifying.finding import Finding, differences
from regulars.domains.loyalty.store import counters, replay
from regulars.platform.context import Ctx


def _orders_without_claim(ctx: Ctx) -> Iterator[Finding]:
    for member, source, number in replay.orders_without_claim(ctx.tx):
        yield Finding(
            what="claim", member=member, where=f"order {source}:{number}", stored="missing or another's", expected="the order's own claim"
        )


def _claims_without_order(ctx: Ctx) -> Iterator[Finding]:
    for subject, key in replay.claims_without_order(ctx.tx):
        yield Finding(what="claim", member=subject, where=key.replace("\x1f", ":"), stored="a claim", expected="the order it was taken for")


def _orders_without_decision(ctx: Ctx) -> Iterator[Finding]:
    for member, source, number in replay.orders_without_decision(ctx.tx):
        yield Finding(
            what="decision", member=member, where=f"order {source}:{number}", stored="missing", expected="a decision about the order"
        )


def _refund_sums(ctx: Ctx) -> Iterator[Finding]:
    for member, source, number, stored, summed in replay.refund_sums(ctx.tx):
        yield Finding(what="refund", member=member, where=f"order {source}:{number}", stored=str(stored), expected=str(summed))


def _counters(ctx: Ctx) -> Iterator[Finding]:
    yield from differences("counter", None, counters.everything(ctx.tx), counters.recorded(ctx.tx))


CHECKS: Mapping[str, Callable[[Ctx], Iterator[Finding]]] = {
    "orders without claim": _orders_without_claim,
    "claims without order": _claims_without_order,
    "orders without decision": _orders_without_decision,
    "refund sums": _refund_sums,
    "shared counters": _counters,
}
"""By name, in the order of their findings."""
