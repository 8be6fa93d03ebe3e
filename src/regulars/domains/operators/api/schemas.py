"""What the routes of operators take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from regulars.domains.operators import model
from regulars.domains.operators.model import Grant, Operator, Role
from regulars.domains.operators.model import permissions as registry
from regulars.kernel import ids
from regulars.platform.http.strict import Strict


def wire_id(prefix: str, what: str) -> Any:
    """A path parameter that takes an id of this kind. The pattern is for readers of the document: a wrong id is refused by
    ``ids.decode``, whose sentence says what an id looks like.
    """
    pattern = f"^{prefix}_[0-7][0-9abcdefghjkmnpqrstvwxyz]{{25}}$"
    example = f"{prefix}_01jf3q7t5v8x9y0z1a2b3c4d5e"
    return Path(min_length=1, max_length=40, description=what, examples=[example], json_schema_extra={"pattern": pattern})


OperatorKey = Annotated[str, wire_id(model.OPERATOR, "An operator.")]
RoleKey = Annotated[
    str,
    Path(min_length=1, max_length=40, description="A role.", examples=["cashiers"], json_schema_extra={"pattern": "^[a-z0-9_]{2,40}$"}),
]

_Login = Annotated[str, Field(min_length=1, max_length=100, examples=["li.na"])]
_Password = Annotated[str, Field(min_length=1, max_length=1_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=500, examples=["Left the company"])]
Stores = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    Field(max_length=1_000, description="Store codes it is limited to; empty: everywhere.", examples=[["SH-001"]]),
]
PermissionName = Annotated[str, Field(min_length=1, max_length=60, json_schema_extra={"enum": sorted(registry.PERMISSIONS)})]
Scope = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        json_schema_extra={"enum": sorted(one.name for one in registry.PERMISSIONS.values() if not one.people_only)},
    ),
]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Sessions


class LogInIn(Strict):
    """Who signs in."""

    login: _Login
    password: Annotated[_Password, Field(examples=["a quiet harbour at dawn"])]


class PasswordIn(Strict):
    """The password as it is, and as it is to be."""

    current_password: _Password
    new_password: Annotated[
        _Password, Field(description="12 to 128 characters; a few words do well.", examples=["a quiet harbour at dawn"])
    ]


class GrantOut(Out):
    """A role somebody has, limited to `stores` unless that is empty."""

    role: str
    stores: list[str]


class OperatorOut(Out):
    """A person who runs the programme."""

    id: str
    login: str
    name: str
    state: Literal["active", "disabled"]
    must_change_password: bool
    grants: list[GrantOut]
    created_at: datetime


class SessionOut(Out):
    """Who is calling. `csrf_token` goes into the header `X-CSRF-Token` of every change; a key has none and needs none."""

    kind: str
    id: str
    operator: OperatorOut | None
    permissions: list[str]
    csrf_token: str | None


# Operators and roles


class GrantIn(Strict):
    """A role, everywhere or in some stores."""

    role: Annotated[str, Field(min_length=1, max_length=40, examples=["clerk"])]
    stores: Stores = Field(default_factory=list)


_Grants = Annotated[list[GrantIn], Field(max_length=50)]


class OperatorIn(Strict):
    """Somebody new."""

    login: _Login
    name: Annotated[Name, Field(description="What colleagues see.", examples=["李娜"])]
    grants: _Grants


class NameIn(Strict):
    """Another display name."""

    name: Annotated[Name, Field(examples=["李娜"])]


class GrantsIn(Strict):
    """All grants the operator is to have."""

    grants: _Grants


class DisableIn(Strict):
    """Why, and whether the keys they made end too: who made a key has seen its secret."""

    reason: Reason
    revoke_keys: bool


class HandedOverOut(Out):
    """The operator with the password to hand over. It is shown only now, and must be replaced at the first sign-in."""

    operator: OperatorOut
    password: str


class OperatorsOut(Out):
    """A page of operators by login."""

    items: list[OperatorOut]
    next: str | None


class RoleIn(Strict):
    """What a role is called and what its holders may do."""

    name_en: Annotated[Name, Field(examples=["Cashiers"])]
    name_zh: Annotated[Name, Field(examples=["收银员"])]
    permissions: Annotated[list[PermissionName], Field(min_length=1, max_length=200, examples=[["orders.write", "quotes.write"]])]


class RoleOut(Out):
    """A role; `*` among its permissions stands for all of them."""

    role: str
    name_en: str
    name_zh: str
    permissions: list[str]
    built_in: bool


class RolesOut(Out):
    """Every role, the built-in ones first."""

    items: list[RoleOut]


class PermissionOut(Out):
    """A right. `reach` says what becomes of it in a grant limited to stores: left out, checked by store, or carried whole."""

    permission: str
    name_en: str
    name_zh: str
    reach: Literal["brand", "store", "shared"]
    people_only: bool


class PermissionsOut(Out):
    """Every right there is."""

    items: list[PermissionOut]


# From what the services give


def grants(given: list[GrantIn]) -> list[Grant]:
    """The grants as the service takes them."""
    return [Grant(one.role, tuple(one.stores)) for one in given]


def operator(one: Operator) -> OperatorOut:
    """An operator as it is given."""
    return OperatorOut(
        id=ids.encode(model.OPERATOR, one.operator_id),
        login=one.login,
        name=one.name,
        state=one.state.value,
        must_change_password=one.must_change,
        grants=[GrantOut(role=grant.role, stores=list(grant.stores)) for grant in one.grants],
        created_at=one.created_at,
    )


def role(one: Role) -> RoleOut:
    """A role as it is given."""
    return RoleOut(role=one.role, name_en=one.name_en, name_zh=one.name_zh, permissions=sorted(one.permissions), built_in=one.built_in)


def permission(one: registry.Permission) -> PermissionOut:
    """A right as it is given."""
    return PermissionOut(permission=one.name, name_en=one.en, name_zh=one.zh, reach=one.reach.value, people_only=one.people_only)
