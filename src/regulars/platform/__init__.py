"""Machinery without domain: database, batching, outbox, jobs, HTTP, crypto, settings, clock, log."""
