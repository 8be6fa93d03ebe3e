"""What the engine announces, one event a decision that changed something; key: the member."""

POINTS_CHANGED = "points.changed"
"""Payload: at, changes [[unit, kind, amount, ref], …]."""
TIER_CHANGED = "tiers.changed"
"""Payload: at, ladder, from, to, reason."""
