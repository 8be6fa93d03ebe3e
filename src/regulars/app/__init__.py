"""Composition only: HTTP, worker, command line, and the one table that says who hears which event."""
