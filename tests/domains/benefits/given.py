"""One benefit with plain defaults, and a use of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from regulars.domains.benefits import rules
from regulars.domains.benefits.model import Benefit, Kind, Use
from regulars.kernel import periods
from regulars.kernel.audience import Audience
from regulars.kernel.quotas import Quota, UsageKey
from regulars.kernel.text import Text

LONDON = periods.zone("Europe/London")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOINED = datetime(2024, 5, 10, 12, tzinfo=UTC)
SILVER = {"member.tier": "silver"}
MEMBER = {"member.tier": "member"}
DELIVERY = Benefit(
    id="delivery",
    label=Text("Free delivery", "免运费"),
    kind=Kind.free_delivery,
    audience=Audience(tiers=(("silver", Text("Silver", "银卡")),)),
    quota=Quota(times=2, period="month"),
    unit_cost=300,
)


def delivery(**more: Any) -> Benefit:
    """Free delivery twice a month for silver, at 3.00 each, changed as named."""
    return replace(DELIVERY, **more)


def used(benefit: Benefit = DELIVERY, usage: Mapping[UsageKey, int] | None = None, *, no: int = 1, at: datetime = NOON, **more: Any) -> Use:
    """One use by a silver member at noon."""
    values = more.pop("values", SILVER)
    return rules.use(benefit, values, usage or {}, use_id=UUID(int=no), at=at, zone=LONDON, joined_at=JOINED, **more)
