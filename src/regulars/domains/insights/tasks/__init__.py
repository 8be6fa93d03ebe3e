"""What insights does by itself: it keeps the lake up to date."""
