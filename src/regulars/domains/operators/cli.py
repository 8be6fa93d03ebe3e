"""``regulars operators …`` and ``regulars keys …``: for whoever may log in to the machine, so they act as the system.

``app`` and ``keys`` are mounted by the root command, whose callback puts the ``Database`` into ``typer.Context.obj``.
"""

from datetime import timedelta
from typing import Annotated, cast
from uuid import UUID

import typer

from regulars.domains.operators import model, service
from regulars.domains.operators.model import Grant, permissions
from regulars.kernel import ids, problem
from regulars.platform.db import Database


def _both(en: str, zh: str) -> str:
    """A help text in both languages."""
    return f"{en} {zh}"


app = typer.Typer(no_args_is_help=True, help=_both("People who run the programme.", "操作员"))
keys = typer.Typer(no_args_is_help=True, help=_both("API keys of other systems.", "API 密钥"))

_PAGE = 200
_STORE_HELP = _both("Limit it to this store code; may be repeated.", "仅限该门店编码，可重复")


def _database(context: typer.Context) -> Database:
    return cast(Database, context.obj)


@app.command("add")
def add_operator(
    context: typer.Context,
    login: str,
    role: Annotated[list[str], typer.Option(help=_both("A role; may be repeated.", "角色，可重复"))],
    name: Annotated[str, typer.Option(help=_both("The name colleagues see.", "显示名"))] = "",
    store: Annotated[list[str] | None, typer.Option(help=_STORE_HELP)] = None,
) -> None:
    """Add an operator and print the password to hand over. 新增操作员并显示初始密码"""
    grants = [Grant(one, tuple(store or ())) for one in role]
    with _database(context).transaction() as ctx:
        added = service.add_operator(ctx, login=login, name=name or login, grants=grants)
    _print_password(added)


@app.command("list")
def list_operators(context: typer.Context) -> None:
    """List all operators, one a line: id, login, state, roles. 列出操作员"""
    after: str | None = None
    while True:
        with _database(context).reading() as ctx:
            page = service.list_operators(ctx, after=after, limit=_PAGE)
        for operator in page:
            roles = ",".join(_grant(grant) for grant in operator.grants)
            print(ids.encode(model.OPERATOR, operator.operator_id), operator.login, operator.state.value, roles, sep="\t")
        if len(page) < _PAGE:
            return
        after = page[-1].login


@app.command("reset-password")
def reset_password(context: typer.Context, login: str) -> None:
    """Give an operator a new password, end their sessions, and print it. 重置密码"""
    with _database(context).transaction() as ctx:
        found = service.find_by_login(ctx, login)
        if found is None:
            raise problem.NOT_FOUND(what="operator", key=login)
        reset = service.reset_password(ctx, found.operator_id)
    _print_password(reset)


@keys.command("create")
def create_key(
    context: typer.Context,
    name: str,
    *,
    scope: Annotated[list[str] | None, typer.Option(help=_both("A permission; may be repeated.", "权限，可重复"))] = None,
    role: Annotated[str | None, typer.Option(help=_both("A built-in role whose permissions the key gets.", "取内置角色的权限"))] = None,
    store: Annotated[list[str] | None, typer.Option(help=_STORE_HELP)] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help=_both("Days until it ends; without it, it lasts.", "有效天数"))] = None,
) -> None:
    """Create a key and print its text, which is shown only now. 新建密钥，仅显示一次"""
    scopes = list(scope or ()) + _scopes_of(role)
    with _database(context).transaction() as ctx:
        expires_at = ctx.now + timedelta(days=days) if days else None
        made = service.create_key(ctx, name=name, scopes=scopes, stores=store or (), expires_at=expires_at)
    print(made.text)


@keys.command("list")
def list_keys(context: typer.Context) -> None:
    """List all keys, newest first, one a line: id, name, state, last use, scopes. 列出密钥"""
    before: UUID | None = None
    while True:
        with _database(context).reading() as ctx:
            page, now = service.list_keys(ctx, before=before, limit=_PAGE), ctx.now
        for key in page:
            used = key.last_used_at.isoformat(timespec="seconds") if key.last_used_at else "-"
            print(ids.encode(model.KEY, key.key_id), key.name, key.state_at(now).value, used, ",".join(key.scopes), sep="\t")
        if len(page) < _PAGE:
            return
        before = page[-1].key_id


@keys.command("revoke")
def revoke_key(
    context: typer.Context, key: Annotated[str, typer.Argument(help=_both("Its id (key_…), not its text.", "密钥编号"))]
) -> None:
    """Revoke a key, in every process within five seconds. 吊销密钥"""
    with _database(context).transaction() as ctx:
        service.revoke_key(ctx, ids.decode(model.KEY, key))


def _scopes_of(role: str | None) -> list[str]:
    if role is None:
        return []
    found = permissions.BUILT_IN.get(role)
    if found is None:
        raise problem.invalid("role", role, "one of " + ", ".join(sorted(permissions.BUILT_IN)))
    named = permissions.PERMISSIONS if permissions.EVERYTHING in found.permissions else found.permissions
    return sorted(name for name in named if not permissions.PERMISSIONS[name].people_only)


def _print_password(operator: service.NewOperator) -> None:
    print(f"{operator.operator.login}\t{operator.password}")


def _grant(grant: Grant) -> str:
    return grant.role + ("@" + "+".join(grant.stores) if grant.stores else "")
