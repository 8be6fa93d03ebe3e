"""Benefits at work: each use is counted against its quota and costs what it costs; a use that did not happen gives its quota back."""

from datetime import datetime

from regulars.domains.benefits import model as benefits_model
from regulars.domains.benefits import rules as benefits
from regulars.domains.benefits.model import Use
from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Programme
from regulars.domains.loyalty.rules import goods
from regulars.domains.loyalty.rules.reading import member_values


def used(programme: Programme, decision: Decision, fact: model.BenefitUsed, moment: datetime) -> None:
    """Use a benefit. Raises who may have it, ``benefits.quota_used``, ``benefits.used_up``, ``benefits.cost_missing``."""
    after = decision.standing
    made = benefits.use(
        benefits.get(programme.benefits, fact.benefit),
        member_values(programme, after, fact.at),
        after.wallet.usage,
        use_id=fact.ref,
        at=fact.at,
        zone=programme.zone,
        joined_at=after.joined_at,
        quantity=fact.quantity,
        cost=fact.cost,
        order_ref=fact.order_ref,
        held_out=after.held_out,
    )
    _record(decision, made, kind="use", at=moment)
    decision.answer |= {"benefit": made.benefit, "cost": made.cost}


def taken_back(decision: Decision, fact: model.BenefitReversed, moment: datetime) -> None:
    """Give the quota of a use back. Raises ``benefits.use_unknown``; a second time changes nothing."""
    use = decision.standing.uses.get(fact.ref)
    if use is None:
        raise benefits_model.USE_UNKNOWN(use=str(fact.ref))
    back = benefits.reverse(use, at=moment)
    if back is not None:
        _record(decision, back, kind="give_back", at=moment)
    decision.answer["reversed"] = use.quantity


def _record(decision: Decision, use: Use, *, kind: str, at: datetime) -> None:
    why: dict[str, object] = {"cost": use.cost, "level": use.level}
    caps = [[name, day.isoformat(), amount] for (name, day), amount in use.counters.items()]
    goods.record(decision, f"benefit:{use.benefit}", kind, use.quantity, at=at, ref=use.use_id, why=why | ({"caps": caps} if caps else {}))
    decision.standing.uses[use.use_id] = use
