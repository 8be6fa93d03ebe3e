"""Every SQL statement of operators, by what it is about."""
