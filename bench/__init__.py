"""The product beside its baselines, on one machine and one PostgreSQL: ``python -m bench --help``."""
