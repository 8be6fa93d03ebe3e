"""The verbs of members: the only door in. Every one is safe against itself and takes the caller's open transaction.

``enrolment`` finding and making many · ``registration`` one by name · ``profiles`` reading, changing, closing · ``search`` ·
``consents`` · ``notes`` · ``erasure`` forgetting.
"""

from regulars.domains.members.service.consents import Said, allowed, current, history, record
from regulars.domains.members.service.enrolment import (
    enrol,
    enrol_each,
    find_by_external,
    find_by_subject,
    open_subjects,
    refs,
    subjects,
)
from regulars.domains.members.service.erasure import Known, forget, known
from regulars.domains.members.service.notes import add_note, list_notes
from regulars.domains.members.service.profiles import (
    attribute_values,
    close,
    duplicates,
    get_member,
    get_profile,
    get_ref,
    profiles,
    reveal,
    update,
)
from regulars.domains.members.service.registration import Registered, register
from regulars.domains.members.service.search import Criteria, list_members

__all__ = [
    "Criteria",
    "Known",
    "Registered",
    "Said",
    "add_note",
    "allowed",
    "attribute_values",
    "close",
    "current",
    "duplicates",
    "enrol",
    "enrol_each",
    "find_by_external",
    "find_by_subject",
    "forget",
    "get_member",
    "get_profile",
    "get_ref",
    "history",
    "known",
    "list_members",
    "list_notes",
    "open_subjects",
    "profiles",
    "record",
    "refs",
    "register",
    "reveal",
    "subjects",
    "update",
]
