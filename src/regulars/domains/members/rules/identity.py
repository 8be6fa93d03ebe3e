"""Which ids, phones, e-mail addresses and names are usable, in which one spelling, and by which words they can be found."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from regulars.kernel import problem

EXTERNAL_ID_MAX = 200
NAME_MAX = 200
EMAIL_MAX = 254
CODE_MAX = 64

# Values that systems write when they know nothing: as an id they would make one member of thousands of strangers.
_PLACEHOLDERS = frozenset(
    {
        "null", "nil", "none", "undefined", "nan", "n/a", "na", "#n/a", "#ref!", "#value!", "unknown", "anonymous", "anon", "guest",
        "test", "testing", "default", "dummy", "empty", "void", "missing", ".", "..", "?", "??", "*", "true", "false", "(null)",
        "(none)", "<null>", "\\n", "[object object]", "not available", "not set", "no id", "walk-in", "walk in",
        "无", "空", "未知", "游客", "访客", "匿名", "测试", "暂无",
    }
)  # fmt: skip
_NO_NAME = frozenset({"null", "nil", "none", "undefined", "nan", "n/a", "unknown", "[object object]", "-", "--", "?", "未知", "无", "空"})
_ZEROS = re.compile(r"[0.\-\s]+|-1(\.0)?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]*")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_EMAIL_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]]+")
_DOMAIN_LABEL = re.compile(r"[^\W_]([\w\-]{0,61}[^\W_])?")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}")


def external_id(text: str) -> str:
    """The caller's id without outer spaces, otherwise as it came: capitals and zeros in front count.

    Raises ``input.invalid`` for an empty, overlong or unprintable id and for one that stands for "nobody" (null, 0, guest …).
    """
    plain = text.strip()
    if not plain or len(plain) > EXTERNAL_ID_MAX or not ((plain.isascii() and plain.isprintable()) or _visible(plain)):
        raise problem.invalid("external_id", text, f"1 to {EXTERNAL_ID_MAX} visible characters")
    if is_placeholder(plain):
        raise problem.invalid("external_id", text, "the id of one customer; this value stands for nobody")
    return plain


def is_placeholder(text: str) -> bool:
    """True when a value is what systems write for "nobody": null, 0, undefined, guest, none, n/a, test …"""
    plain = unicodedata.normalize("NFKC", text).strip().strip("'\"").casefold()
    return not plain or plain in _PLACEHOLDERS or _ZEROS.fullmatch(plain) is not None


@lru_cache(maxsize=4096)
def phone(text: str, region: str) -> str:
    """The number in E.164 (``+8613800138000``); without a country code it belongs to ``region``. Raises ``input.invalid``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    expected = f"a phone number that can exist, with its country code or of region {region}"
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise problem.invalid("phone", text, expected) from None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    digits = str(number.national_number)
    if not possible or number.extension or len(set(digits)) == 1:
        raise problem.invalid("phone", text, expected)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str:
    """The address with its domain in small letters; the part before the @ stays as it was written. Raises ``input.invalid``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    local, at, domain = plain.rpartition("@")
    labels = domain.lower().split(".")
    shaped = (
        bool(at)
        and len(plain) <= EMAIL_MAX
        and len(local) <= 64
        and _printable(plain)
        and _EMAIL_LOCAL.fullmatch(local) is not None
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and len(labels) > 1
        and all(_DOMAIN_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not shaped or local.casefold() in _NO_NAME:
        raise problem.invalid("email", text, "an e-mail address like name@example.com")
    return f"{local}@{domain.lower()}"


def name(text: str) -> str:
    """The name in NFKC with single spaces. Raises ``input.invalid`` when it is empty, overlong, unprintable or says "nobody"."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not plain or len(plain) > NAME_MAX or not _printable(plain) or plain.casefold() in _NO_NAME:
        raise problem.invalid("name", text, f"a name of 1 to {NAME_MAX} printable characters")
    return plain


def code(field: str, text: str) -> str:
    """A short code of ours or the brand's (source, store), or "" when it is not known. Raises ``input.invalid``."""
    plain = text.strip()
    if plain and (len(plain) > CODE_MAX or not _CODE.fullmatch(plain)):
        raise problem.invalid(field, text, f"up to {CODE_MAX} letters, digits and . _ : / -")
    return plain


def locale(text: str) -> str:
    """A language tag like ``zh-CN`` or ``en``, or "" when it is not known. Raises ``input.invalid``."""
    plain = text.strip().replace("_", "-")
    if plain and not _LOCALE.fullmatch(plain):
        raise problem.invalid("locale", text, "a language tag like zh-CN or en")
    return plain


def email_key(normalised: str) -> str:
    """What two spellings of one mailbox share: capitals before the @ make no difference when somebody is looked up."""
    return normalised.casefold()


def name_tokens(normalised: str) -> frozenset[str]:
    """The words a name is found by: the whole name, each word of two letters or more; of a Chinese name the given name too."""
    whole = normalised.casefold()
    tokens = {whole} | {word for word in re.split(r"[\s,.·・]+", whole) if len(word) > 1}
    if _IDEOGRAPHS.fullmatch(whole):
        tokens |= {whole[0], whole[1:]}
    return frozenset(tokens)


def last_four(phone_e164: str) -> str:
    """The last four digits, as shops ask for them at the counter."""
    return phone_e164[-4:]


def _printable(text: str) -> bool:
    """True without control characters (PostgreSQL refuses NUL) and without halves of surrogate pairs (no encoding has them)."""
    return all(unicodedata.category(c) not in ("Cc", "Cs") for c in text)


def _visible(text: str) -> bool:
    """True when nothing in it is invisible: a zero-width space or byte order mark would make a second id that looks the same."""
    return _printable(text) and all(unicodedata.category(c) not in ("Cf", "Zl", "Zp") for c in text)
