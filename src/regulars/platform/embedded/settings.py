"""How the embedded PostgreSQL is set: durable, quiet about personal data, fit for two cores and a few gigabytes."""

import sys
from collections.abc import Mapping

DEFAULTS = {
    # Durable: an acknowledged commit survives a power cut.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # After a crash everything is written down before recovery begins. Linux can do that in one call, ten times as fast as file by file.
    "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
    # Only this machine, only with a password.
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    # Two cores, a disk without seek times, long sequential imports.
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "wal_compression": "on",
    "wal_buffers": "16MB",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    # A shift of the machine's zone must not shift a date.
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and the values in them are personal data: the log says what went wrong, not about whom.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    # A client that vanished must not hold its locks for two hours.
    "tcp_keepalives_idle": "60",
    "client_connection_check_interval": "10s",
}


def arguments(options: Mapping[str, str], *, port: int) -> list[str]:
    """The defaults with ``options`` over them, as arguments for ``postgres``: nothing in the data folder can grow stale."""
    merged = {**DEFAULTS, **options, "port": str(port)}
    return [part for name, value in merged.items() for part in ("-c", f"{name}={value}")]
