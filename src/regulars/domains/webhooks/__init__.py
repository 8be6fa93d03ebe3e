"""Webhooks: what happened, told to other systems as signed requests, until they have it.

It hears events by name and payload from the outbox and knows nothing of how they came about. It never sends personal data, only ids,
codes, amounts and times; never follows a redirect; never connects to an address of the brand's own network unless the installation
names it.

Invariants: an event and its deliveries are committed together; a delivery is sent at least once, under the same ``webhook-id`` each
time, or ends as failed after ten attempts over three days; a worker that lost its lease records nothing; what is signed is what is sent,
byte by byte; secrets are sealed at rest and shown once. No order is promised. Messages and their log are kept for thirty days.
"""
