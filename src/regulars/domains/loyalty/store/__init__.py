"""Every SQL statement of the engine. Set-based: a batch costs a fixed number of statements, whatever its size."""
