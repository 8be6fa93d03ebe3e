"""One embedded PostgreSQL: started, watched and stopped by the one process that holds its folder's lock."""

import contextlib
import errno
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from regulars.kernel.problem import Problem
from regulars.platform import processes
from regulars.platform.embedded import binaries, cluster, problems, runuser, settings

APP = "regulars"
_HOST = "127.0.0.1"
# Below the range the kernel lends to outgoing connections, so that a restart finds its port free.
_FIRST_PORT, _LAST_PORT = 20_000, 29_999
_STOP_GRACE_S = 60.0
_LOG_BYTES = 10_000_000


class Server:
    """PostgreSQL with its data in ``folder``, for programs on this machine only.

    ``options`` are PostgreSQL settings over the durable defaults; ``port`` is fixed when given, else chosen once and kept.
    ``log`` is the file PostgreSQL writes to, by default in the folder. Making the object touches nothing.
    """

    def __init__(self, folder: Path, *, options: Mapping[str, str] | None = None, port: int | None = None, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.log = log or self.folder / "postgres.log"
        self._cluster = self.folder / "cluster"
        self._secrets = self.folder / "secrets.json"
        self._state = self.folder / "server.json"
        self._lock = processes.Lock(self.folder / "lock")
        self._options = dict(options or {})
        self._port = port
        self._child: subprocess.Popen[bytes] | None = None
        self._said_from = 0

    def start(self, *, deadline_s: float = 120.0) -> None:
        """The server answers; the role ``regulars`` may make databases, and one called ``regulars`` is there.

        This process owns the server: when it dies, however it dies, the server shuts down. Called again this restarts a server that
        died, and does nothing to one that lives.

        On Linux the life of the server hangs on the *thread* that calls this. Raises the problems of :mod:`.problems`.
        """
        if self._child and self._child.poll() is None:
            return
        keep = self._lock.held
        try:
            self._own()
            self._start(time.monotonic() + deadline_s, deadline_s)
        except BaseException as error:
            # An owner whose restart failed stays the owner: nobody may take its place between two of its tries.
            self._end_child()
            if not keep:
                self._lock.give_back()
            if isinstance(error, OSError):
                raise self._explain(error) from error
            raise

    def stop(self) -> None:
        """Nothing runs in the folder any more and all is on disk. Also ends what a killed owner left.

        Raises ``embedded.in_use`` when another living process owns the server.
        """
        if not self.folder.is_dir():
            return
        self._own()
        self._let_go()

    def running(self) -> bool:
        """Whether the server was ready and its process still lives, whichever process owns it."""
        if self._child is not None:
            return self._child.poll() is None
        found = self.identity()
        return found is not None and found.alive()

    @property
    def owned(self) -> bool:
        """Whether this object started the server and so has to stop it."""
        return self._lock.held

    def identity(self) -> processes.Identity | None:
        """The process of the last server that became ready in this folder; it may be gone."""
        return processes.from_fields(processes.read_json(self._state))

    def url(self, database: str = APP) -> str:
        """The address of ``database`` for the role ``regulars``, with its password. Raises ``embedded.not_running``."""
        return self._address(APP, "app", database)

    def admin_url(self, database: str = "postgres") -> str:
        """The same for the superuser; for backups and repairs only."""
        return self._address(cluster.ADMIN, "admin", database)

    def _address(self, role: str, secret: str, database: str) -> str:
        password = processes.read_json(self._secrets).get(secret)
        port = processes.read_json(self._state).get("port")
        if not isinstance(password, str) or not isinstance(port, int):
            raise problems.NOT_RUNNING(folder=str(self.folder))
        return f"postgresql://{role}:{password}@{_HOST}:{port}/{database}"

    def _own(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._lock.take():
            raise problems.IN_USE(pid=self._lock.holder(), folder=str(self.folder))

    def _start(self, until: float, deadline_s: float) -> None:
        run_as = runuser.choose(self._cluster)
        programs = binaries.folder(run_as)
        cluster.clear(self._cluster)
        self._child = None
        self._prepare(programs, run_as)
        tries = 1 if self._port else 3
        for attempt in range(tries):
            port = self._choose_port(keep=attempt == 0)
            try:
                self._launch(programs, run_as, port=port)
                began = self._wait(port, until=until, deadline_s=deadline_s)
                self._settle(port)
                # Only now may others find it: before, the application's role and database may be missing.
                processes.write_json(self._state, {**processes.as_fields(began), "port": port})
                return
            except Problem as problem:
                # Between looking and listening another program may have taken the port; then another one will do.
                if problem.type is not problems.PORT_TAKEN or attempt + 1 == tries:
                    raise

    def _choose_port(self, *, keep: bool) -> int:
        """The fixed port, or the one used last when ``keep``, or any that is free."""
        kept = processes.read_json(self._state).get("port")
        if self._port is not None:
            if not _free(self._port):
                raise problems.PORT_TAKEN(port=self._port)
            return self._port
        if keep and isinstance(kept, int) and _free(kept):
            return kept
        for _ in range(200):
            port = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT + 1)
            if _free(port):
                return port
        raise problems.PORT_TAKEN(port=f"{_FIRST_PORT}–{_LAST_PORT}")

    def _prepare(self, programs: Path, run_as: processes.RunAs | None) -> None:
        if not self._secrets.exists():
            if self._cluster.exists():
                raise problems.WRONG_PASSWORD(folder=str(self.folder), file=str(self._secrets))
            processes.write_json(self._secrets, {"admin": secrets.token_urlsafe(24), "app": secrets.token_urlsafe(24)})
        if self._cluster.exists():
            cluster.check(self._cluster, installed=binaries.version(programs, run_as), run_as=run_as)
            return
        password = str(processes.read_json(self._secrets)["admin"])
        sync = self._options.get("fsync", "on") == "on"
        cluster.create(self._cluster, programs=programs, run_as=run_as, password=password, sync=sync)

    def _launch(self, programs: Path, run_as: processes.RunAs | None, *, port: int) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        processes.rotate(self.log, limit=_LOG_BYTES)
        with self.log.open("ab") as output:
            self._said_from = output.tell()
            self._child = processes.launch(
                [programs / "postgres", "-D", cluster.seen_as(self._cluster, run_as), *settings.arguments(self._options, port=port)],
                output=output,
                cwd=self._cluster,
                environment=cluster.ENVIRONMENT,
                run_as=run_as,
                when_parent_dies=signal.SIGINT,  # PostgreSQL's "fast": roll back, write all down, leave
            )

    def _wait(self, port: int, *, until: float, deadline_s: float) -> processes.Identity:
        """Wait for an answer. Recovery after a crash counts as starting: the deadline has to leave room for it."""
        child = self._launched()
        began = processes.identify(child.pid)
        password = str(processes.read_json(self._secrets)["admin"])
        while time.monotonic() < until:
            if child.poll() is not None:
                raise problems.from_log(
                    self._said(),
                    folder=str(self.folder),
                    log=str(self.log),
                    step=f"exit code {child.returncode}",
                    free_mb=cluster.free_mb(self.folder),
                    port=port,
                )
            try:
                with self._admin(port, password) as asked:
                    asked.execute("SELECT 1")
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise problems.WRONG_PASSWORD(folder=str(self.folder), file=str(self._secrets)) from error
                time.sleep(0.05)
                continue
            if began is not None and child.poll() is None:
                return began
        raise problems.TOO_SLOW(seconds=int(deadline_s), log=str(self.log), tail=" | ".join(self._said().splitlines()[-6:]))

    def _admin(self, port: int, password: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=_HOST, port=port, user=cluster.ADMIN, password=password, dbname="postgres", connect_timeout=5, autocommit=True
        )

    def _settle(self, port: int) -> None:
        """The application's role and database are there. The role is no superuser: injected SQL must not reach the machine's files."""
        secret = processes.read_json(self._secrets)
        with self._admin(port, str(secret["admin"])) as admin:
            if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone() is None:
                admin.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {} IN ROLE pg_monitor, pg_checkpoint, pg_signal_backend").format(
                        sql.Identifier(APP), sql.Literal(str(secret["app"]))
                    )
                )
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [APP]).fetchone() is None:
                admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(APP), sql.Identifier(APP)))

    def _let_go(self) -> None:
        self._end_child()
        cluster.clear(self._cluster)
        self._lock.give_back()

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            for number, seconds in ((signal.SIGINT, _STOP_GRACE_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
                until = time.monotonic() + seconds
                # Said again every second: one that is only just beginning may not have heard the first.
                while child.poll() is None and time.monotonic() < until:
                    child.send_signal(number)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        child.wait(1.0)

    def _launched(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            raise problems.NOT_RUNNING(folder=str(self.folder))
        return self._child

    def _said(self) -> str:
        with self.log.open("rb") as file:
            file.seek(self._said_from)
            return file.read(100_000).decode("utf-8", "replace")

    def _explain(self, error: OSError) -> Problem:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return problems.DISK_FULL(folder=str(self.folder), free_mb=cluster.free_mb(self.folder))
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            return problems.NO_ACCESS(path=str(error.filename or self.folder), reason=error.strerror)
        return problems.FAILED(step="preparing", log=str(self.log), tail=str(error))


def _free(port: int) -> bool:
    """Whether nobody listens on ``port`` at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
        return True
