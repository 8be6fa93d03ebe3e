"""Benefits: what a tier or a kind of member may have, so often a period, and what each use has cost.

Holds model, rules, tables and store; it gives nothing by itself, only ``loyalty`` does. What always holds: the uses of a period, less those
given back, never exceed the quota they were given under; a use is given back at most once; its cost is recorded when it happens.
"""
