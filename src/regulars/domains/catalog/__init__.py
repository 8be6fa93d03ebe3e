"""What is sold and where: stores, a tree of categories, products. Written by the brand's systems, read by every other slice.

Rows are put in by their own codes, again and again without harm; nothing is deleted, because old orders go on naming it: a store
or product that is no more becomes inactive. Prices here are labels for people; what an order cost is in the order.

What always holds: the categories form a forest without cycles and each row's ``path`` leads from its root down to itself; a
product's category exists.
"""
