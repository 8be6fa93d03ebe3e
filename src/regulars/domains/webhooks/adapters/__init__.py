"""The way out: names are resolved, addresses checked, requests sent."""
