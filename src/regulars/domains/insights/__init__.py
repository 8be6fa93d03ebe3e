"""What the numbers say: repurchase, retention, activity, revenue, tiers, points. Every number comes with its definition.

It reads what all others record: the report straight from PostgreSQL, the metrics from the lake, which it fills. It changes nothing
outside the lake.
"""
