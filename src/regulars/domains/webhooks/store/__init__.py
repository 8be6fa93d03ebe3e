"""Every SQL statement of webhooks: ``endpoints`` and their secrets, ``log`` of messages, deliveries, attempts, and the ``queue``."""
