"""Pure numerics: numpy in, numpy or plain numbers out. No I/O, no clock, no knowledge of members or orders.

``proportions`` intervals of rates and of their difference · ``quantiles`` of counted values · ``survival`` time to an event that
some have not reached yet.
"""
