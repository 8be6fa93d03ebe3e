"""Tiers: ladders of levels a member climbs by a balance, by tenure or by invitation, keeps for a while, and may lose at a review.

Holds model, rules, tables and store; only ``loyalty`` changes a tier. Invariant: a member's tier changes only through a journal entry.
"""
