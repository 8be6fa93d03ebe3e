"""Every table of the house that is keyed by a member or a subject: whether it holds personal data, and what becomes of its rows."""

from dataclasses import dataclass
from enum import StrEnum


class Exported(StrEnum):
    """What a member is given when it asks what is held of it."""

    opened = "opened"
    """In clear, by the slice that sealed it."""
    rows = "rows"
    """Row by row, as it is stored."""
    no = "no"
    """Nothing: it says nothing about the member that other tables do not say."""


class Erased(StrEnum):
    """What becomes of the rows when a member is erased."""

    deleted = "deleted"
    """They are gone."""
    emptied = "emptied"
    """The row stays as an anchor, everything telling in it is gone."""
    kept = "kept"
    """They stay under ids that lead to nobody any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """``key`` is the column that says whose the row is. ``personal``: it holds data that tells who somebody is (sealed or blind)."""

    key: str
    personal: bool
    exported: Exported
    erased: Erased
    why: str


def _table(key: str, exported: Exported, erased: Erased, why: str, *, personal: bool = False) -> Known:
    return Known(key=key, personal=personal, exported=exported, erased=erased, why=why)


_MEMBER, _SUBJECT = "member_id", "subject_id"
_LEDGER = "The ledger has to add up for ever; it holds ids, amounts and times."

KNOWN: dict[str, Known] = {
    # Who the member is: told and forgotten by the members slice itself, which holds the keys.
    "members": _table(_MEMBER, Exported.opened, Erased.emptied, "The ledger refers to it; its external id is taken out.", personal=True),
    "member_keys": _table(
        _MEMBER, Exported.no, Erased.deleted, "Without the data key nothing sealed can be read, wherever it was copied to."
    ),
    "member_fields": _table(_MEMBER, Exported.opened, Erased.deleted, "Phone, e-mail, name and birthday, sealed.", personal=True),
    "member_blinds": _table(_MEMBER, Exported.no, Erased.deleted, "Keyed digests of the fields, to be found by.", personal=True),
    "member_notes": _table(_MEMBER, Exported.opened, Erased.deleted, "What staff wrote, sealed.", personal=True),
    "member_duplicates": _table(_MEMBER, Exported.no, Erased.deleted, "Says that two members gave the same phone or e-mail."),
    "consents": _table(_MEMBER, Exported.opened, Erased.kept, "Proof of what was agreed; a final no to everything is added."),
    "member_sessions": _table(
        _MEMBER, Exported.opened, Erased.deleted, "Where the member is signed in, told as devices; tokens as digests."
    ),
    "member_inbox": _table(
        _MEMBER, Exported.no, Erased.deleted, "Sign-in codes as a phone would show them, in development; gone in minutes.", personal=True
    ),
    "subject_members": _table(_MEMBER, Exported.rows, Erased.deleted, "Whose the facts are: without it they are anonymous."),
    "subjects": _table(_SUBJECT, Exported.no, Erased.kept, "An id and the time it was opened."),
    "claims": _table(_SUBJECT, Exported.no, Erased.emptied, "Keyed by the key. The external id stays taken, and leads nowhere."),
    # Trial.
    "holdout_members": _table(_MEMBER, Exported.rows, Erased.kept, "Results stay honest only if nobody leaves the comparison."),
    "exposures": _table(_MEMBER, Exported.rows, Erased.kept, "Results stay honest only if nobody leaves the comparison."),
    # Facts.
    "orders": _table(_SUBJECT, Exported.rows, Erased.kept, "Accounts have to be kept; what was bought, under an id that leads to nobody."),
    "refunds": _table(_SUBJECT, Exported.rows, Erased.kept, "Accounts have to be kept."),
    # Programme.
    "standings": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "listed_members": _table(_MEMBER, Exported.no, Erased.kept, "A copy of numbers in the standing, to sort lists by."),
    "decisions": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "journal": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "point_lots": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "point_totals": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "point_holds": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "point_usage": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "tier_standings": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "member_coupons": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "benefit_uses": _table(_MEMBER, Exported.rows, Erased.kept, _LEDGER),
    "reward_orders": _table(_MEMBER, Exported.rows, Erased.kept, "Points were spent on it; where it went is a reference to an address."),
    "reward_order_events": _table(_MEMBER, Exported.rows, Erased.kept, "Who of the staff did what to the order, and when."),
}
