"""The plain words of the whole house: money, periods, ids, problems, conditions, attributes, effects. Pure: no I/O, no clock."""
