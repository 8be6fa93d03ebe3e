"""What this slice announces."""

APPROVAL_ASKED = "operators.approval_asked"
"""A command waits for a second person. Payload: approval, kind, asked_by, expires_at; key: the approval."""
APPROVAL_SETTLED = "operators.approval_settled"
"""A waiting command was executed, refused, withdrawn or has expired. Payload: approval, kind, state, decided_by; key: the approval."""
