"""The programme engine: load the standings, decide by pure rules, record once. The only way a member's standing changes.

It never reads the clock, never asks a network, never changes history. Invariants: a fact with the same business key counts once;
a refund takes back exactly what its lines were granted; a quote equals the commit that follows; replaying the decisions of a member
gives the stored standing, to the point.
"""
