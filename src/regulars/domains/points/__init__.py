"""Points, growth value, stamps: units that are granted in lots, spent soonest expiry first, and never lost track of.

Holds model, rules, tables, store and reads; it changes nothing by itself, only ``loyalty`` does. Invariant, per member and unit:
granted + received = available + pending + held - debt + spent + expired + reversed + sent.
"""
