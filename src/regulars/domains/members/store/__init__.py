"""Every SQL statement of the members slice: ``people`` (rows and subjects), ``personal`` (sealed fields, blind indexes, who holds a
value), ``search``, ``consents``, ``notes``. Each takes many rows and returns many, in the caller's transaction.
"""
