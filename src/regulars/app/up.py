"""``up``, ``down`` and ``status``: the whole house on one machine, from nothing to an API that answers, and back.

``up`` leaves a supervisor behind (this module run as a program), which keeps database, worker and API running and says how far it is in
``data/run/supervisor.json``. Everything it prints is in the language of the terminal.
"""

import contextlib
import http.client
import json
import locale
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import typer

from regulars.app import demo as demo_data
from regulars.app import demo_members, schema
from regulars.app import settings as app_settings
from regulars.domains.insights.tasks import export_lake
from regulars.domains.operators import service as operators
from regulars.kernel import problem
from regulars.kernel.problem import Kind, Problem
from regulars.kernel.text import Text
from regulars.platform import clock, embedded, log, processes
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from regulars.platform.settings import Settings

_ANSWER_WITHIN_S = 120.0
_TRIES_OF_A_CHILD = 4
_STEADY_S = 3.0
_LOOK_EVERY_S = 0.1
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - the addresses that mean "all", to be asked through loopback

PORT_TAKEN = problem.define(
    "up.port_taken",
    Kind.conflict,
    en="Port {port} of {host} is used by another program. Stop it, or set REGULARS_PORT to another port.",
    zh="{host} 的端口 {port} 已被其他程序占用。请停止该程序，或将 REGULARS_PORT 设为其他端口。",
)
FAILED = problem.define(
    "up.failed",
    Kind.unavailable,
    en="{what} did not start: {reason}. More in {log}",
    zh="{what} 未能启动：{reason}。详见 {log}",
)
TOO_SLOW = problem.define(
    "up.too_slow",
    Kind.unavailable,
    en="The API did not say it is ready within {seconds} seconds: {reason}. More in {log}",
    zh="API 在 {seconds} 秒内未就绪：{reason}。详见 {log}",
)

_PHASES = {
    processes.Phase.foundation: Text("Starting the database …", "正在启动数据库……"),
    processes.Phase.preparing: Text("Bringing the schema up to date …", "正在更新数据库结构……"),
    processes.Phase.running: Text("Starting the API and the worker …", "正在启动 API 与后台任务……"),
}
_ALREADY = Text("Already running (process {pid}).", "已在运行（进程 {pid}）。")
_ANOTHER = Text("Another `up` or `down` is at work; waiting for it.", "另一个 up 或 down 正在执行，等待其完成。")
_ADMIN = Text(
    "Administrator: sign in as {login} with {password} (shown only now; it must be changed at the first sign-in).",
    "管理员：账号 {login}，初始密码 {password}（仅显示这一次，首次登录须修改）。",
)
_ADMIN_KNOWN = Text(
    "Administrator: made at the first start; a new password with `regulars operators reset-password admin`.",
    "管理员：首次启动时已创建；重置密码请运行 `regulars operators reset-password admin`。",
)
_WHERE = Text(
    "\nRegulars runs.\n  Console  {url}/console/\n  Member pages  {url}/my/\n  API and its documentation  {url}/docs\n"
    "  Health  {url}/health/ready\n  Metrics {url}/metrics\n  Data    {data}\n  Logs    {logs}\n  Stop    make down",
    "\n熟客已启动。\n  运营后台    {url}/console/\n  会员页面    {url}/my/\n  接口与文档  {url}/docs\n"
    "  健康检查    {url}/health/ready\n  指标        {url}/metrics\n  数据        {data}\n  日志        {logs}\n  停止        make down",
)
_STOPPED = Text("Stopped.", "已停止。")
_NOTHING = Text("Nothing was running.", "没有正在运行的服务。")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where one installation keeps what."""

    data: Path

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    def server(self) -> embedded.Server:
        return embedded.Server(self.data / "postgres", log=self.logs / "postgres.log")


def up(*, foreground: bool = False, demo: bool = True) -> None:
    """Start everything, import the demo, say where to look. 启动全部服务，导入演示数据，并显示访问地址。

    Afterwards database, schema, API and worker are there and answer; with ``demo`` the demo brand is imported and reported. What runs
    already is left as it is, so a second call takes seconds. In the ``foreground`` it stays, shows the logs, and stops all when it is
    told to end. Raises ``up.…``, ``embedded.…`` or ``settings.invalid``, which say what to do; what it started is stopped again.
    """
    settings = app_settings.load()
    if settings.port == 0:
        raise problem.invalid("REGULARS_PORT", 0, "a port from 1 to 65535, so that `up` knows where to look")
    places = _Places(settings.data_dir)
    with _one_at_a_time(places):
        supervisor = _ensure_supervisor(settings, places, tied=foreground)
        try:
            _wait_for_answer(settings, places, supervisor)
        except BaseException:
            if supervisor is not None:  # what this call started and nobody can use must not go on trying in the background
                processes.stop(places.run)
                supervisor.wait()
            raise
        _furnish(settings, places, demo=demo)
    _say(_WHERE, url=_url(settings), data=places.data, logs=places.logs)
    if foreground:
        _stay(places, supervisor)


def down() -> None:
    """Stop everything; what was acknowledged is on disk. 停止全部服务，已确认的数据均已落盘。"""
    places = _Places(app_settings.load().data_dir)
    with _one_at_a_time(places):
        was_there = processes.stop(places.run)
        places.server().stop()  # only finds something when a supervisor was killed a moment ago
    _say(_STOPPED if was_there else _NOTHING)


def status() -> None:
    """Say what runs; the exit code is not 0 unless all is well. 查看运行状态；若有异常则退出码不为 0。"""
    settings = app_settings.load()
    places = _Places(settings.data_dir)
    found = processes.find(places.run)
    if found is None or not found.alive:
        _say(_NOTHING)
        raise typer.Exit(problem.EXIT_CODE[Kind.unavailable])
    typer.echo(f"supervisor\t{found.supervisor.pid}\t{found.phase}\t{found.note}")
    if settings.database_url is None:
        server = places.server()
        identity = server.identity()
        typer.echo(f"database\t{identity.pid if identity else '-'}\t{'running' if server.running() else 'down'}")
    for name, child in found.children.items():
        typer.echo(f"{name}\t{child.pid}\t{'running' if child.alive() else 'down'}\trestarts: {found.restarts.get(name, 0)}")
    reason = _not_ready(settings) or _unsteady(found)
    typer.echo(f"health\t{_url(settings)}/health/ready\t{reason or 'ready'}")
    if reason is not None:
        raise typer.Exit(problem.EXIT_CODE[Kind.unavailable])


def main() -> int:
    """Be the supervisor until told to stop; the exit code says why it ended."""
    try:
        settings = app_settings.load()
        log.configure(settings.log_level)
        return 0 if _supervisor(settings).run() else problem.EXIT_CODE[Kind.conflict]
    except Problem as refused:
        typer.echo(str(refused), err=True)
        return problem.EXIT_CODE[refused.kind]


def _supervisor(settings: Settings) -> processes.Supervisor:
    places = _Places(settings.data_dir)
    server = None if settings.database_url else places.server()

    def prepare() -> None:
        schema.upgrade(_address(settings, places))

    return processes.Supervisor(
        places.run,
        logs=places.logs,
        foundation=server,
        prepare=prepare,
        # The API last: it stops first, and what it took in is worked off.
        children=[
            processes.Child(name="worker", command=[sys.executable, "-m", "regulars.app.worker"], grace_s=settings.shutdown_seconds + 10),
            processes.Child(name="api", command=[sys.executable, "-m", "regulars.app.serve"], grace_s=settings.shutdown_seconds + 10),
        ],
    )


def _address(settings: Settings, places: _Places) -> str:
    return settings.database_url.get_secret_value() if settings.database_url else places.server().url()


@contextmanager
def _one_at_a_time(places: _Places) -> Iterator[None]:
    """Two calls of ``up`` at once, or one beside a ``down``, wait for each other."""
    try:
        places.run.mkdir(parents=True, exist_ok=True)
        places.logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem.invalid("REGULARS_DATA_DIR", places.data, f"a folder that can be written ({error.strerror})") from error
    lock = processes.Lock(places.run / "up.lock")
    if not lock.take():
        _say(_ANOTHER)
        while not lock.take():
            time.sleep(_LOOK_EVERY_S)
    try:
        yield
    finally:
        lock.give_back()


def _ensure_supervisor(settings: Settings, places: _Places, *, tied: bool) -> "subprocess.Popen[bytes] | None":
    """A supervisor runs: the one found (``None``), or one started now, which with ``tied`` ends with this process."""
    while (found := processes.find(places.run)) and found.alive and found.phase != processes.Phase.failed:
        if found.phase != processes.Phase.stopping:
            _say(_ALREADY, pid=found.supervisor.pid)
            return None
        time.sleep(_LOOK_EVERY_S)
    _require_free(settings)
    command = [sys.executable, "-m", "regulars.app.up"]
    with (places.logs / "supervisor.log").open("ab") as output:
        if tied:
            return processes.launch(command, output=output)
        # A session of its own: it outlives this terminal.
        return subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def _require_free(settings: Settings) -> None:
    with contextlib.suppress(OSError), socket.create_connection((_host(settings), settings.port), timeout=1):
        raise PORT_TAKEN(host=settings.host, port=settings.port)


def _wait_for_answer(settings: Settings, places: _Places, supervisor: "subprocess.Popen[bytes] | None") -> None:
    """The API says it is ready. Recovery and migrations take what they take; from then on there is a deadline."""
    said = None
    deadline = None
    while True:
        found = processes.find(places.run)
        if found is None or not found.alive:
            if supervisor is None or supervisor.poll() is not None:
                raise _died(places, supervisor)
        elif found.phase != said:
            said = found.phase
            if said in _PHASES and supervisor is not None:
                _say(_PHASES[processes.Phase(said)])
        if found is not None and found.alive and said == processes.Phase.running:
            deadline = deadline or time.monotonic() + _ANSWER_WITHIN_S
            reason = _not_ready(settings) or _unsteady(found)
            if reason is None:
                return
            _require_hope(places, found, reason, deadline=deadline)
        time.sleep(_LOOK_EVERY_S)


def _died(places: _Places, supervisor: "subprocess.Popen[bytes] | None") -> Problem:
    left = processes.find(places.run)
    own = left is not None and supervisor is not None and left.supervisor.pid == supervisor.pid
    reason = left.note if left is not None and own and left.note else _tail(places.logs / "supervisor.log")
    return FAILED(what="Regulars", reason=reason, log=str(places.logs / "supervisor.log"))


def _require_hope(places: _Places, found: processes.Status, reason: str, *, deadline: float) -> None:
    """Raise when a child died again and again, or time is up."""
    for name, count in found.restarts.items():
        if count >= _TRIES_OF_A_CHILD:
            file = places.logs / f"{name}.log"
            raise FAILED(what=name, reason=_tail(file), log=str(file))
    if time.monotonic() > deadline:
        raise TOO_SLOW(seconds=int(_ANSWER_WITHIN_S), reason=reason, log=str(places.logs / "api.log"))


def _unsteady(found: processes.Status) -> str | None:
    """Which child is down, or was restarted only just now and may die again."""
    now = clock.SystemClock().now().timestamp()
    for name, child in found.children.items():
        if not child.alive() or (found.restarts.get(name) and now - child.started < _STEADY_S):
            return f"{name}: restarts"
    return None


def _not_ready(settings: Settings) -> str | None:
    """``None`` when the API says it is ready, else what it says or why it doesn't."""
    asked = http.client.HTTPConnection(_host(settings), settings.port, timeout=5)
    try:
        asked.request("GET", "/health/ready")
        answer = asked.getresponse()
        body = answer.read(10_000)
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        asked.close()
    if answer.status == http.client.OK:
        return None
    with contextlib.suppress(ValueError, AttributeError):
        return ", ".join(f"{name}: {said}" for name, said in json.loads(body)["checks"].items() if said != "ok")
    return f"status {answer.status}"


def _furnish(settings: Settings, places: _Places, *, demo: bool) -> None:
    """The first administrator exists, with ``demo`` the demo brand, and the lake holds what there is."""
    db = database.connect(_address(settings, places), clock_=clock.SystemClock(), pool_size=2)
    try:
        with db.transaction() as ctx:
            made = operators.first_run(ctx)
        if made is None:
            _say(_ADMIN_KNOWN)
        else:
            _say(_ADMIN, login=made.operator.login, password=made.password)
        if demo:
            demo_data.ensure(db)
            if settings.shows_dev_inbox:
                for member in demo_members.ensure(db, keyring=Keyring.load(settings.key_dir)):
                    _say(member.line)
        export_lake.run(db, settings.data_dir / export_lake.FOLDER, always=False, patience_s=_ANSWER_WITHIN_S)
    finally:
        db.close()


def _stay(places: _Places, supervisor: "subprocess.Popen[bytes] | None") -> None:
    """Show the logs until told to end; then stop what this call started. Raises ``up.failed`` when the supervisor ends by itself."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    shown = {file: file.stat().st_size for file in places.logs.glob("*.log")}
    try:
        while not asked:
            _show_new(places, shown)
            if supervisor is not None and supervisor.poll() is not None:
                raise _died(places, supervisor)
            time.sleep(_LOOK_EVERY_S)
        if supervisor is not None:
            processes.stop(places.run)
            _say(_STOPPED)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show_new(places: _Places, shown: dict[Path, int]) -> None:
    """Print what was added to each log since the last look; one that shrank was rotated and is shown from its start."""
    for file in sorted(places.logs.glob("*.log")):
        size = file.stat().st_size
        start = shown.get(file, 0) if size >= shown.get(file, 0) else 0
        if size > start:
            with file.open("rb") as content:
                content.seek(start)
                for line in content.read(size - start).decode("utf-8", "replace").splitlines():
                    typer.echo(f"{file.stem:<10} | {line}")
        shown[file] = size


def _tail(file: Path) -> str:
    with contextlib.suppress(OSError):
        lines = file.read_bytes()[-4_000:].decode("utf-8", "replace").splitlines()
        return " | ".join(line.strip() for line in lines[-5:]) or "-"
    return "-"


def _host(settings: Settings) -> str:
    return _EVERYWHERE.get(settings.host, settings.host)


def _url(settings: Settings) -> str:
    host = _host(settings)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _say(text: Text, **fields: object) -> None:
    language = locale.getlocale(locale.LC_CTYPE)[0] or "en"
    typer.echo(text.in_(language).format(**fields))


if __name__ == "__main__":
    sys.exit(main())
