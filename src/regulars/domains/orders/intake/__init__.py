"""Order files: which column means what, what each row says, and which earlier line a refund gives back.

A file is taken in two passes. *Reading* checks its rows one by one; good ones are spooled, bad ones quarantined with their reason.
*Assembly* reads the spool in the order of customers and time and makes orders and refunds of it. Recording them is not done here:
``loyalty`` does, since a standing changes with every order.

What always holds: every row of a file ends in exactly one class; the same file read again makes the same facts, row for row;
nothing is recorded before the whole file has been read.
"""
