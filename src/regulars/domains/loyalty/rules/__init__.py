"""The pure heart: ``decide(programme, standing, fact) -> Decision``. One file a verb, composed in ``decide``."""
