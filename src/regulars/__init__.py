"""Regulars · 熟客: an open platform that turns first purchases into regulars.

Rooms, top to bottom: ``app`` > ``domains`` > ``platform`` | ``science`` > ``kernel``. docs/architecture.md draws the house.
"""
