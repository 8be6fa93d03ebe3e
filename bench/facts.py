"""Members and orders for benchmarks: the same numbers give the same facts on every machine."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from itertools import accumulate

from regulars.domains.loyalty import document
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import OrderPaid, Programme
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment
from regulars.domains.orders.model import Line, Order
from regulars.kernel import ids
from regulars.kernel.ids import MemberId, OrderId, SubjectId
from regulars.platform import clock
from regulars.platform.db import Database

SOURCE = "bench"
EXTERNAL = "m"
_CATEGORIES = ("christmas", "home", "kitchen", "garden")
_PRODUCTS = 3_000
_BETWEEN = timedelta(seconds=4)
_HISTORY = timedelta(days=120)
_ENROL_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Orders ``first`` to ``first + count`` of a shop: ``lines`` each, members drawn by a Zipf law of exponent ``skew`` (0: uniformly)."""

    members: Sequence[MemberId]
    since: datetime
    first: int
    count: int
    lines: int = 3
    skew: float = 0.0
    seed: int = 7


def programme_text() -> str:
    """The demo's programme: base, category, tier, second-order and weekend rules."""
    return resources.files("regulars.demo").joinpath("programme.yaml").read_text("utf-8")


def programme() -> Programme:
    """The same, compiled."""
    return document.build(document.read(programme_text()), 1)


def since() -> datetime:
    """When the first order was paid: long enough ago that two and a half million orders lie in the past."""
    return clock.SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0) - _HISTORY


def prepare(db: Database, count: int, *, joined_at: datetime, text: str = "") -> list[MemberId]:
    """The programme ``text`` (the demo's, when empty) is published and ``count`` members (``m0`` …) are enrolled; returns them in order."""
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, text or programme_text()).version)
    made: list[MemberId] = []
    for start in range(0, count, _ENROL_AT_ONCE):
        wanted = [Enrolment(external_id=f"{EXTERNAL}{i}", joined_at=joined_at) for i in range(start, min(count, start + _ENROL_AT_ONCE))]
        with db.transaction() as ctx:
            made += [ref.member_id for ref in members.enrol(ctx, wanted)]
    return made


def orders(mix: Mix, *, stream: int = 0, streams: int = 1) -> list[OrderPaid]:
    """The facts of ``mix`` whose member belongs to ``stream``, in the order they were paid."""
    rng = random.Random(f"{mix.seed}/{mix.first}/{mix.skew}/{mix.lines}")
    drawn = _drawn(rng, mix)
    seeds = [rng.getrandbits(32) for _ in range(mix.count)]
    return [
        _paid(mix, mix.first + i, mix.members[at], seed)
        for i, (at, seed) in enumerate(zip(drawn, seeds, strict=True))
        if mix.members[at].int % streams == stream
    ]


def _drawn(rng: random.Random, mix: Mix) -> list[int]:
    size = len(mix.members)
    if not mix.skew:
        return rng.choices(range(size), k=mix.count)
    shares = list(accumulate(1 / rank**mix.skew for rank in range(1, size + 1)))
    return rng.choices(range(size), cum_weights=shares, k=mix.count)


def _paid(mix: Mix, index: int, member: MemberId, seed: int) -> OrderPaid:
    at = mix.since + index * _BETWEEN
    number = f"{mix.lines}-{index}"
    return OrderPaid(
        order=Order(
            order_id=OrderId(ids.derived(at, "order", SOURCE, number)),
            subject_id=SubjectId(member),
            member_id=member,
            source=SOURCE,
            number=number,
            paid_at=at,
            currency="GBP",
            lines=tuple(_line(no, seed) for no in range(1, mix.lines + 1)),
        )
    )


def _line(no: int, seed: int) -> Line:
    # A step of a linear congruence a line: a random generator an order would cost more than the rest of it.
    drawn = (seed * 1_103_515_245 + no * 12_345) & 0x7FFFFFFF
    quantity = 1 + drawn % 6
    return Line(no, f"sku-{drawn % _PRODUCTS}", quantity, quantity * (85 + drawn // 64 % 900), category=_CATEGORIES[drawn // 16 % 4])
