"""Trials: who is held out, and the log of who would have met what and when. Results are read in ``insights``.

From the first release a small share of members receives no marketing incentives beyond the programme's basic terms. The share is
drawn by a salted SHA-256 bucket of the member id, stored at first sight and never drawn again, because a hold-out can't be
back-filled and a member who changes sides spoils the comparison.

What always holds: the salt is made once and never changes; a stored assignment never changes; exposures are only ever added.
"""
