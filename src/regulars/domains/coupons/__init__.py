"""Coupons: promises of a discount that a member holds, each under the terms it was issued with, and the price of a cart with some of them.

Holds model, rules, tables and store; only ``loyalty`` changes what a member holds. It never pays more than a cart costs, never uses up a
coupon without effect, and decides the same whatever the order in which coupons are given. Invariant: a member's coupons are the fold of
their moves, and the parts of a discount sum to it exactly.
"""
