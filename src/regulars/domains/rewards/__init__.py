"""Rewards: what the rewards mall offers for points, or points and cash, the orders members placed there, gift cards, and codes to hand out.

Holds model, rules, tables and store; it takes no points and gives nothing by itself, only ``loyalty`` does. What always holds: an order is
cancelled at most once and only before it is fulfilled, or its code seen; it then gives back exactly what it took; every change of it says
who and when; of a gift card only a keyed digest of its code is kept, and it is taken at most once; codes to hand out are sealed, and each
is one order's.
"""
