"""Pure decisions: where to, signed how, when again, which event as what."""
