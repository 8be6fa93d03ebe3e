"""Pure decisions: who holds what, who may hand out what, when a sign-in is refused, who may settle a request, where a chain breaks."""

import hashlib
import ipaddress
import itertools
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from regulars.domains.operators.model import (
    OPERATOR,
    Approval,
    ApprovalState,
    AuditRow,
    Break,
    BreakKind,
    Grant,
    Policy,
    Seal,
    Session,
    permissions,
    problems,
)
from regulars.kernel import problem

LOGIN_MAX = 100
NAME_MAX = 200
REASON_MAX = 500
PASSWORD_MIN = 12
PASSWORD_MAX = 128
CHAIN_START = hashlib.sha256(b"regulars audit").digest()

# What stays of most guessable passwords when digits and signs are taken away.
_COMMON = frozenset(
    "password passwort passw admin administrator root welcome letmein qwerty qwertyuiop asdfgh asdfghjkl zxcvbnm iloveyou regulars "
    "changeme secret login monkey dragon football baseball sunshine princess woaini mima".split()
)
# Texts


def text(field: str, given: str, *, at_most: int) -> str:
    """``given`` without blanks around it. Raises ``input.invalid`` when it is empty, too long, or holds control characters."""
    clean = unicodedata.normalize("NFC", given).strip()
    if not clean or len(clean) > at_most or not is_text(clean):
        raise problem.invalid(field, given, f"1 to {at_most} characters, none of them a control character")
    return clean


def is_text(given: str) -> bool:
    """Whether it can be written down: no control characters, and no halves of a character, which have no bytes in UTF-8."""
    return not any(unicodedata.category(c) in ("Cc", "Cs") for c in given)


def login(given: str) -> str:
    """The one spelling under which a login is stored: NFKC, lower case, no blanks around. Raises ``input.invalid``."""
    clean = unicodedata.normalize("NFKC", given).strip().casefold()
    if not 2 <= len(clean) <= LOGIN_MAX or any(c.isspace() or unicodedata.category(c)[0] == "C" for c in clean):
        raise problem.invalid("login", given, f"2 to {LOGIN_MAX} characters without blanks, for example li.na or li.na@example.com")
    return clean


def password(given: str) -> str:
    """The form of a password that is hashed: NFKC, so that two keyboards give the same bytes."""
    return unicodedata.normalize("NFKC", given)


def check_password(field: str, given: str, *, login_: str) -> None:
    """Raise ``input.invalid`` unless ``given`` may become the password of ``login_``. The value is never repeated in the problem.

    Length and a few refusals instead of "one capital, one digit" (NIST SP 800-63B, section 5.1.1.2).
    """
    clean = password(given)
    letters = "".join(c for c in clean.casefold() if c.isalpha())
    expected = ""
    if not PASSWORD_MIN <= len(clean) <= PASSWORD_MAX:
        expected = f"{PASSWORD_MIN} to {PASSWORD_MAX} characters"
    elif not is_text(clean):
        expected = "no control characters"
    elif len(set(clean)) < 5:
        expected = "at least 5 different characters"
    elif _is_run(clean):
        expected = "no run of neighbouring characters such as 123456789012"
    elif letters in _COMMON:
        expected = "more than a common word with digits and signs around it"
    elif len(login_) > 2 and login_ in clean.casefold():
        expected = "a password that does not contain the login"
    if expected:
        raise problem.invalid(field, "***", expected)


def _is_run(given: str) -> bool:
    steps = [ord(b) - ord(a) for a, b in itertools.pairwise(given)]
    return 3 * sum(abs(step) <= 1 for step in steps) >= 2 * len(steps)


# Permissions


def held(grants: Iterable[Grant], roles: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a person with these grants holds: permission names, and ``name@store`` beside each one that is limited to stores.

    A grant of a role that no longer exists gives nothing; of a limited grant, what concerns the whole brand is left out.
    """
    whole: set[str] = set()
    limited: dict[str, set[str]] = {}
    for grant in grants:
        names = roles.get(grant.role, frozenset())
        if not grant.stores:
            whole |= names
            continue
        for name in permissions.PERMISSIONS if permissions.EVERYTHING in names else names:
            known = permissions.PERMISSIONS.get(name)
            if known and known.reach is permissions.Reach.shared:
                whole.add(name)
            elif known and known.reach is permissions.Reach.store:
                limited.setdefault(name, set()).update(grant.stores)
    if permissions.EVERYTHING in whole:
        return frozenset({permissions.EVERYTHING})
    bounds = {f"{name}@{store}" for name, stores in limited.items() if name not in whole for store in stores}
    return frozenset(whole | limited.keys() | bounds)


def stores_of(mine: frozenset[str], permission: str) -> frozenset[str] | None:
    """The stores for which ``permission`` is held: None is every store, an empty set none."""
    if permissions.EVERYTHING in mine:
        return None
    if permission not in mine:
        return frozenset()
    bounds = frozenset(p.partition("@")[2] for p in mine if p.startswith(permission + "@"))
    return bounds or None


def beyond(wanted: frozenset[str], mine: frozenset[str]) -> list[str]:
    """The permissions in ``wanted`` that reach further than ``mine``, sorted; empty when all of them may be handed out."""
    if permissions.EVERYTHING in mine:
        return []
    too_much = []
    for name in sorted(p for p in wanted if "@" not in p):
        theirs, own = stores_of(wanted, name), stores_of(mine, name)
        if name not in mine or (own is not None and (theirs is None or not theirs <= own)):
            too_much.append(name)
    return too_much


def known_permissions(field: str, names: Sequence[str], *, for_key: bool = False) -> frozenset[str]:
    """The names as a set. Raises ``input.invalid`` naming the first that does not exist, or that a key may never hold."""
    allowed = sorted(p.name for p in permissions.PERMISSIONS.values() if not (for_key and p.people_only))
    if not names:
        raise problem.invalid(field, "[]", "at least one permission")
    for i, name in enumerate(names):
        if name not in allowed:
            raise problem.invalid(f"{field}[{i}]", name, "one of " + ", ".join(allowed))
    return frozenset(names)


def check_grants(grants: Sequence[Grant], roles: Iterable[str]) -> tuple[Grant, ...]:
    """The grants in order, each role once, its stores sorted. Raises ``input.invalid`` for an unknown or repeated role."""
    existing, seen = sorted(roles), set[str]()
    for i, grant in enumerate(grants):
        if grant.role not in existing:
            raise problem.invalid(f"grants[{i}].role", grant.role, "one of " + ", ".join(existing))
        if grant.role in seen:
            raise problem.invalid(f"grants[{i}].role", grant.role, "each role once; put all its stores into one grant")
        seen.add(grant.role)
    return tuple(sorted(Grant(grant.role, check_stores(f"grants[{i}].stores", grant.stores)) for i, grant in enumerate(grants)))


def check_stores(field: str, stores: Sequence[str]) -> tuple[str, ...]:
    """Store codes, sorted, each once. Raises ``input.invalid`` for one that is empty, over 100 characters or odd."""
    return tuple(sorted({text(f"{field}[{i}]", store, at_most=100) for i, store in enumerate(stores)}))


# Signing in


def network(address: str) -> str:
    """What sign-in attempts of an address are counted under: IPv4 as it is, IPv6 its /64, because one subscriber owns all of it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.IPv6Network((int(ip), 64), strict=False))
    return str(ip)


def locked_until(failures: int, since: datetime, *, limit: int, window: timedelta) -> datetime | None:
    """When the lock-out ends, or None while the attempt that made it ``failures`` is still allowed. ``limit`` attempts a window are."""
    return since + window if failures > limit else None


def session_ended(session: Session, *, now: datetime, policy: Policy) -> bool:
    """Whether the session is over: its time is up, or nobody used it for the idle time."""
    return now >= session.expires_at or now >= session.seen_at + policy.session_idle


# Approvals


def check_pending(approval: Approval, now: datetime, *, shown: str) -> None:
    """Raise ``approvals.settled`` unless the request still waits at ``now``."""
    state = state_at(approval, now)
    if state is not ApprovalState.pending:
        raise problems.SETTLED(approval=shown, state=state.value)


def state_at(approval: Approval, now: datetime) -> ApprovalState:
    """The state a reader sees: a request whose time is up has expired, whether or not the job has come by."""
    if approval.state is ApprovalState.pending and now >= approval.expires_at:
        return ApprovalState.expired
    return approval.state


def check_decider(approval: Approval, *, actor_kind: str, actor_id: str) -> None:
    """Raise unless the actor is a person, and another one than the person behind the request (also behind the asking key)."""
    if actor_kind != "operator" or not actor_id.startswith(OPERATOR + "_"):
        raise problems.ONLY_PEOPLE()
    if actor_id in (approval.asked_by, approval.asked_for):
        raise problems.OWN_REQUEST()


# Audit


def row_hash(previous: bytes, no: int, row: AuditRow) -> bytes:
    """SHA-256 over the hash before and every field of the row, in a spelling that does not depend on the order of keys."""
    fields = [
        no,
        str(row.audit_id),
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor_kind,
        row.actor_id,
        row.action,
        row.entity,
        row.before,
        row.after,
        row.reason,
    ]
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + body.encode()).digest()


def chain(rows: Sequence[AuditRow], *, after: int, previous: bytes) -> list[tuple[int, bytes]]:
    """Number and hash of each row when ``rows`` are appended, in this order, to a chain that ends with ``after`` and ``previous``."""
    links = []
    for no, row in enumerate(rows, after + 1):
        previous = row_hash(previous, no, row)
        links.append((no, previous))
    return links


def first_break(rows: Sequence[AuditRow], *, after: int, previous: bytes) -> Break | None:
    """The first of the sealed ``rows`` (in order of ``no``) that does not continue a chain ending with ``after`` and ``previous``."""
    for expected, row in enumerate(rows, after + 1):
        if row.no != expected:
            return Break(kind=BreakKind.row_missing, no=expected)
        hash_ = row_hash(previous, expected, row)
        if hash_ != row.hash:
            return Break(kind=BreakKind.row_changed, no=expected, audit_id=row.audit_id)
        previous = hash_
    return None


def seal_break(seals: Sequence[Seal], *, hashes: Mapping[int, bytes]) -> Break | None:
    """The first of all ``seals`` (in order of days) that leaves a day out or disagrees with the hash of the last row it names."""
    after: Seal | None = None
    for seal in seals:
        if after and seal.day != after.day + timedelta(days=1):
            return Break(kind=BreakKind.seal_missing, day=after.day + timedelta(days=1))
        before = after.last_no if after else 0
        if seal.last_no != before + seal.rows or hashes.get(seal.last_no) != seal.hash:
            return Break(kind=BreakKind.seal_changed, no=seal.last_no, day=seal.day)
        after = seal
    return None


def next_to_seal(*, last: date | None, oldest: date | None, today: date) -> date | None:
    """The day to seal next: the one after the last seal (or the oldest row's), once it is over in UTC. Empty days are sealed too."""
    day = last + timedelta(days=1) if last else oldest
    return day if day and day < today else None
