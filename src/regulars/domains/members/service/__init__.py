"""The verbs of members: the only door in. Every one is safe against itself and takes the caller's open transaction.

``enrolment`` finding and making many · ``registration`` one by name · ``profiles`` reading, changing, closing · ``search`` ·
``consents`` · ``notes`` · ``erasure`` forgetting. Members' own side: ``codes`` · ``sessions`` · ``cards`` · ``mine`` · ``inbox``.
"""

from regulars.domains.members.service.cards import Face, face, identify
from regulars.domains.members.service.codes import ask, ask_own, dev_inbox, own_masked_contact, send, words
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
from regulars.domains.members.service.inbox import keep, messages
from regulars.domains.members.service.mine import Answer, answer, answers, change_own, close_own, language, limit_own, own
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
from regulars.domains.members.service.sessions import (
    APP_HEADER,
    COOKIE,
    SignedIn,
    authenticate,
    device_of,
    devices,
    note_use,
    open_session,
    sign_out,
)
from regulars.domains.members.service.tidying import forget_old

__all__ = [
    "APP_HEADER",
    "COOKIE",
    "Answer",
    "Criteria",
    "Face",
    "Known",
    "Registered",
    "Said",
    "SignedIn",
    "add_note",
    "allowed",
    "answer",
    "answers",
    "ask",
    "ask_own",
    "attribute_values",
    "authenticate",
    "change_own",
    "close",
    "close_own",
    "current",
    "dev_inbox",
    "device_of",
    "devices",
    "duplicates",
    "enrol",
    "enrol_each",
    "face",
    "find_by_external",
    "find_by_subject",
    "forget",
    "forget_old",
    "get_member",
    "get_profile",
    "get_ref",
    "history",
    "identify",
    "keep",
    "known",
    "language",
    "limit_own",
    "list_members",
    "list_notes",
    "messages",
    "note_use",
    "open_session",
    "open_subjects",
    "own",
    "own_masked_contact",
    "profiles",
    "record",
    "refs",
    "register",
    "reveal",
    "send",
    "sign_out",
    "subjects",
    "update",
    "words",
]
