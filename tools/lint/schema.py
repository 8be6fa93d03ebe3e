"""What the tables themselves must show: member data is keyed by member, nothing crosses members, privacy knows every such table."""

import importlib
import importlib.util
import sys
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from tools.lint.house import Finding, House

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

KEYS = ("member_id", "subject_id")
_IMPORT = "about a file that is being taken in; its rows and its sealed personal values go when it ends"
_CATALOG = "what is sold and where; the same for every member"
_OPERATORS = "about the people who operate the programme, not about members"
_REACH = "addresses of other systems that operators write down, not about members"
UNKEYED = {
    "claims": "uniqueness that spans members is keyed by what must be unique; privacy drops an erased subject's claims",
    "outbox": "a queue in order of recording; an event's payload carries ids only, and delivered rows go",
    "outbox_retries": "deliveries of outbox rows that failed; they carry ids only",
    "timers": "what is due when, by kind and key; a payload carries ids only",
    "job_progress": "how far a coarse job is",
    "lakes": "which lakes were filled from this database, up to which transaction",
    "lake_epochs": "how transaction numbers go on in another cluster",
    "job_askers": "who asked for a coarse job, by the job",
    "uploads": "files that operators sent; they are removed after a while",
    "simulations": "what operators asked of all members' history at once, as sums; its examples hold ids only",
    "reassessment_previews": "who would move under another table, as sums; its samples hold ids only",
    "verifications": "what a proof of the ledger came to, as sums; the first disagreements name members by id only",
    "reassessments": "how far a re-assessment of everybody is, as sums; it names the first refused members by id only",
    "upload_imports": "which of those files is imported how, by whom",
    "imports": _IMPORT,
    "import_lanes": _IMPORT,
    "import_rows": _IMPORT,
    "import_people": _IMPORT,
    "import_quarantine": "rows of a file that were refused: no member has them; personal values are hidden",
    "import_mappings": "which column means what, under a name",
    "refunds_waiting": "a refund that came before its order waits under the order's number: its subject is not known yet",
    "counters": "budgets and stocks, which all members share",
    "reward_codes": "keyed by a digest of the code, which is in a pool once; until an order has it, it is nobody's",
    "reward_code_batches": "an upload: the sealed key of its codes, no member's data",
    "reward_code_parts": "codes of an upload that have not come in yet, sealed; they are nobody's",
    "gift_cards": "keyed by a digest of the code, which is unique across members; until it is redeemed nobody has it",
    "coupon_batches": "which codes were made for which coupon; the same for every member",
    "coupon_codes": "uniqueness that spans members: a code is taken once; whoever took it holds a row of member_coupons",
    "programme_versions": "what operators wrote; the same for every member",
    "holdout_settings": "one row: the share that is held out and its salt",
    "stores": _CATALOG,
    "categories": _CATALOG,
    "products": _CATALOG,
    "operators": _OPERATORS,
    "operators_setup": _OPERATORS,
    "member_codes": "one-time codes by a keyed digest of a phone or e-mail address, whether a member has it or not; gone after minutes",
    "member_attempts": "how often something was tried, by a keyed digest of a contact, an address or a card; gone after a day",
    "operator_grants": _OPERATORS,
    "operator_roles": _OPERATORS,
    "operator_sessions": _OPERATORS,
    "operator_attempts": _OPERATORS,
    "api_keys": _OPERATORS,
    "approvals": "commands that wait for a second pair of eyes, by whoever asked",
    "audit": "a chain in order of time; it names members by id only",
    "webhook_endpoints": _REACH,
    "webhook_secrets": _REACH,
    "webhook_messages": "what is told to other systems, in order of time; bodies carry ids only, and go after thirty days",
    "webhook_deliveries": "whom each of these messages goes to; gone with it",
    "webhook_attempts": "what came back from other systems; gone with the message",
    "audit_seals": "one row a day of the audit chain",
}
REGISTRY = "regulars.domains.privacy.registry"
_PLACE = "src/regulars/app/schema.py"


def schema(house: House) -> Iterator[Finding]:
    """Load the product below ``house.root`` and walk its tables."""
    if not (house.root / _PLACE).exists():
        return
    sys.path.insert(0, str(house.root / "src"))
    try:
        metadata = importlib.import_module("regulars.app.schema").metadata()
        known = set(importlib.import_module(REGISTRY).KNOWN) if _exists(REGISTRY) else None
    finally:
        sys.path.pop(0)
    yield from walk(metadata, known, UNKEYED)


def _exists(module: str) -> bool:
    """Whether a module is there, its packages included."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def walk(metadata: "MetaData", known: Collection[str] | None, unkeyed: Collection[str]) -> Iterator[Finding]:
    """Every breach in the tables; ``known`` are privacy's, None while there is no privacy slice."""
    for table in metadata.sorted_tables:
        if table.name not in unkeyed:
            yield from _keyed(table)
            yield from _unique(table)
            yield from _references(table)
        if known is not None and table.name not in known and any(name in table.columns for name in KEYS):
            yield _breach("privacy", f"{table.name} names members but {REGISTRY}.KNOWN does not list it: it would survive an erasure")
    for name in sorted(set(known or ()) - {table.name for table in metadata.sorted_tables}):
        yield _breach("privacy", f"{REGISTRY}.KNOWN lists {name}, but there is no such table")


def _keyed(table: "Table") -> Iterator[Finding]:
    first = next((column.name for column in table.primary_key.columns), "")
    if first not in KEYS:
        yield _breach("keyed", f"{table.name}: the primary key begins with {first or 'nothing'}, not with member_id or subject_id")


def _unique(table: "Table") -> Iterator[Finding]:
    """Unique indexes and constraints of a member table begin with the member, so that they never cross members."""
    from sqlalchemy import UniqueConstraint  # noqa: PLC0415 - the other checks run without any library

    unique = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    unique += [list(i.columns) for i in table.indexes if i.unique]
    for columns in unique:
        if not columns or columns[0].name not in KEYS:
            named = ", ".join(column.name for column in columns)
            yield _breach("crossing", f"{table.name}: unique ({named}) crosses members: take a claim instead")


def _references(table: "Table") -> Iterator[Finding]:
    """A foreign key of a member table stays within one member."""
    for constraint in table.foreign_key_constraints:
        first = next(iter(constraint.elements))
        if first.parent.name not in KEYS or first.column.name not in KEYS:
            yield _breach("crossing", f"{table.name}: the foreign key on {first.parent.name} can cross members: check it in the service")


def _breach(rule: str, text: str) -> Finding:
    return Finding(path=_PLACE, line=1, rule=rule, text=text)
