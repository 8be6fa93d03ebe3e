"""Orders and refunds: what members bought, exactly as it was told to us.

An order is immutable and always read whole, so its lines travel inside its row. It never computes points. Invariants: one order
per (source, number) for ever; refunds of a line never exceed the line.
"""
