"""The verbs of experiments: draw the hold-out, keep it, and log who met what."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from regulars.domains.experiments import rules, store
from regulars.domains.experiments.model import DEFAULT_SHARE_BP, MAX_SHARE_BP, STALE, Exposure, HoldOut
from regulars.domains.operators import service as operators
from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.platform import newid
from regulars.platform.context import Ctx

WRITE = "experiments.write"


def hold_out(ctx: Ctx) -> HoldOut:
    """How the hold-out is set. The first call makes the installation's salt and holds out 5 % from then on."""
    found = store.find_settings(ctx.tx)
    if found is None:
        # Another process may do the same at this moment: the row that came first counts for both, so it is read back.
        store.insert_settings(ctx.tx, HoldOut(salt=newid.uuid7().hex, share_bp=DEFAULT_SHARE_BP, on=True, version=1), ctx.now)
        found = store.find_settings(ctx.tx)
    if found is None:
        raise problem.UNAVAILABLE()
    return found


def assign(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, bool]:
    """Each member has its side for ever; True means held out. Idempotent, three statements whatever their number.

    While the hold-out is switched off all are False, but sides are drawn and kept, so that switching it on again is honest.
    """
    settings, wanted = hold_out(ctx), set(member_ids)
    if not wanted:
        return {}
    sides = store.find_assignments(ctx.tx, wanted)
    missing = wanted - sides.keys()
    if missing:
        buckets = {m: rules.bucket(m, settings.salt) for m in missing}
        sides |= store.insert_assignments(ctx.tx, buckets, share_bp=settings.share_bp, at=ctx.now)
    if len(sides) < len(wanted):
        # Assigned by another transaction between our look and our insert, perhaps under another share: theirs counts.
        sides |= store.find_assignments(ctx.tx, wanted - sides.keys())
    return {member: held and settings.on for member, held in sides.items()}


def log_exposures(ctx: Ctx, exposures: Sequence[Exposure]) -> int:
    """Each exposure is in the log; returns how many were new. The same (member, what, at) is one, whoever logs it again."""
    return store.insert_exposures(ctx.tx, exposures, ctx.now) if exposures else 0


def change_hold_out(ctx: Ctx, expected_version: int, *, share_bp: int | None = None, on: bool | None = None) -> HoldOut:
    """The hold-out is set anew: the switch for everybody at once, the share for members that are first seen from now on.

    Needs ``experiments.write``. Raises ``input.invalid`` for a share outside 0..5,000, ``experiments.stale`` for an old version.
    """
    ctx.require(WRITE)
    if share_bp is not None and not 0 <= share_bp <= MAX_SHARE_BP:
        raise problem.invalid("share_bp", share_bp, f"0 to {MAX_SHARE_BP} basis points")
    now = hold_out(ctx)
    changed = replace(
        now,
        share_bp=now.share_bp if share_bp is None else share_bp,
        on=now.on if on is None else on,
        version=expected_version + 1,
    )
    if not store.update_settings(ctx.tx, changed, ctx.now):
        raise STALE(version=expected_version)
    operators.audit(
        ctx,
        action="hold_out.changed",
        entity="hold_out",
        before={"share_bp": now.share_bp, "on": now.on},
        after={"share_bp": changed.share_bp, "on": changed.on},
    )
    return changed
