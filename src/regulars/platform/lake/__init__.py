"""A lake: what was recorded, as Parquet files beside PostgreSQL, for questions that read everything. Machinery only, no domain words.

Rows are told apart by the transaction that recorded them (:mod:`.recording`). An export takes every row below a *horizon* under which no
transaction can still be running (:mod:`.horizon`), writes immutable files (:mod:`.writing`) and publishes all of them at once by replacing
one manifest (:mod:`.manifests`). The database remembers the last two manifests it knows of (:mod:`.ledger`), so that an export finds out
when either side was restored, and begins again. Readers hold a lease on the manifest they opened (:mod:`.reading`); files that no manifest
names are removed when no reader can need them (:mod:`.sweeping`). Small files are joined (:mod:`.compacting`).

What always holds: what a manifest names is complete on disk before the manifest is; a row is in the lake once or not yet; a process that
is killed at any point leaves the lake as its last manifest says.
"""
