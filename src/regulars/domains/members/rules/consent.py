"""What a history of consent records allows. The strictest reading wins wherever there are two."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from regulars.domains.members.model import Consent
from regulars.kernel import problem
from regulars.kernel.ids import SubjectId

EVERY = "*"
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_POLICY_MAX = 100

Topic = tuple[str, str]


def topic(field: str, text: str) -> str:
    """A purpose or a channel: a small word like ``marketing`` or ``sms``, or ``*`` for every one. Raises ``input.invalid``."""
    if text != EVERY and not _WORD.fullmatch(text):
        raise problem.invalid(field, text, "a word of small letters like marketing or sms, or * for every one")
    return text


def policy(text: str) -> str:
    """The version of the text that was shown. Raises ``input.invalid`` when it is missing: consent to nothing in particular is none."""
    plain = text.strip()
    if not 1 <= len(plain) <= _POLICY_MAX or not plain.isprintable():
        raise problem.invalid("policy_version", text, f"the version of the text that was shown, 1 to {_POLICY_MAX} characters")
    return plain


def current(history: Iterable[Consent]) -> dict[Topic, Consent]:
    """The record that counts for each (purpose, channel) that was ever named, of a member of one or several subjects.

    The latest of each subject; of two at the same instant, and of two subjects, the one that refuses.
    """
    per_subject: dict[tuple[Topic, SubjectId], Consent] = {}
    for record in history:
        key = ((record.purpose, record.channel), record.subject_id)
        if key not in per_subject or _order(record) > _order(per_subject[key]):
            per_subject[key] = record
    out: dict[Topic, Consent] = {}
    for (name, _), record in sorted(per_subject.items(), key=lambda item: item[0]):
        if name not in out or (out[name].granted and not record.granted):
            out[name] = record
    return out


def allowed(history: Sequence[Consent], purpose: str, channel: str) -> bool:
    """True when the member agreed to ``purpose`` on ``channel`` and did not take it back, there or for every one, since.

    Silence is not consent. Of a member of several subjects each one that ever said something about it must agree.
    """
    latest: dict[SubjectId, Consent] = {}
    for record in history:
        if record.purpose in (purpose, EVERY) and record.channel in (channel, EVERY):
            known = latest.get(record.subject_id)
            if known is None or _order(record) > _order(known):
                latest[record.subject_id] = record
    return bool(latest) and all(record.granted for record in latest.values())


def _order(record: Consent) -> tuple[datetime, bool]:
    """Later counts more; at the same instant a refusal does."""
    return record.at, not record.granted
