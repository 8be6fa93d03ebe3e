"""Tiers: one ladder of levels a member climbs by a unit's balance in a window, keeps for a while, and may lose at a review.

Holds model, rules, tables and store; only ``loyalty`` changes a tier. Invariant: a member's tier changes only through a journal entry.
"""
