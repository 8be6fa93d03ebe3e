"""The verbs of operators: the only door in, split by what they are about.

``authentication`` who is calling · ``sessions`` signing in · ``people`` and ``roles`` who may do what · ``rights`` what somebody holds ·
``keys`` of other systems · ``approvals`` second opinions · ``auditing`` who did what.
"""

from regulars.domains.operators.service.approvals import (
    Executor,
    Executors,
    approve,
    ask,
    expire_due,
    get_approval,
    list_approvals,
    refuse,
    withdraw,
)
from regulars.domains.operators.service.auditing import Entry, audit, audit_many, list_audit, seal_next, verify_chain
from regulars.domains.operators.service.authentication import COOKIE, CSRF_HEADER, Authenticator, authenticate
from regulars.domains.operators.service.keys import NewKey, create_key, get_key, list_keys, revoke_key
from regulars.domains.operators.service.people import (
    NewOperator,
    add_operator,
    disable,
    enable,
    find_by_login,
    first_run,
    get_operator,
    list_operators,
    rename,
    reset_password,
    set_grants,
)
from regulars.domains.operators.service.rights import list_roles, require_store
from regulars.domains.operators.service.roles import delete_role, put_role
from regulars.domains.operators.service.sessions import Opened, change_password, forget_old, log_in, log_out
from regulars.domains.operators.service.tokens import csrf_of

__all__ = [
    "COOKIE",
    "CSRF_HEADER",
    "Authenticator",
    "Entry",
    "Executor",
    "Executors",
    "NewKey",
    "NewOperator",
    "Opened",
    "add_operator",
    "approve",
    "ask",
    "audit",
    "audit_many",
    "authenticate",
    "change_password",
    "create_key",
    "csrf_of",
    "delete_role",
    "disable",
    "enable",
    "expire_due",
    "find_by_login",
    "first_run",
    "forget_old",
    "get_approval",
    "get_key",
    "get_operator",
    "list_approvals",
    "list_audit",
    "list_keys",
    "list_operators",
    "list_roles",
    "log_in",
    "log_out",
    "put_role",
    "refuse",
    "rename",
    "require_store",
    "reset_password",
    "revoke_key",
    "seal_next",
    "set_grants",
    "verify_chain",
    "withdraw",
]
