"""What is shown of a personal value to people who may see a member but not reach them."""

import re

import phonenumbers

from regulars.domains.members.model import Field

_HIDDEN = "****"
_CHINESE_MOBILE = re.compile(r"\+86(1\d{2})\d{4}(\d{4})")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def masked(field: Field, value: str) -> str:
    """The value with its telling part hidden: ``138****1234``, ``a****@example.com``, ``王**``, ``A**** S****``; birthdays whole."""
    match field:
        case Field.phone:
            return phone(value)
        case Field.email:
            local, _, domain = value.rpartition("@")
            return f"{local[:1]}{_HIDDEN}@{domain}"
        case Field.name:
            return name(value)
        case Field.birthday:
            return "****-**-**"


def phone(e164: str) -> str:
    """First three and last four digits of a Chinese mobile; of any other number the country code and the last two digits."""
    mobile = _CHINESE_MOBILE.fullmatch(e164)
    if mobile:
        return f"{mobile[1]}{_HIDDEN}{mobile[2]}"
    number = phonenumbers.parse(e164)
    national = str(number.national_number)
    return f"+{number.country_code} {_HIDDEN}{national[-2:]}"


def name(text: str) -> str:
    """A Chinese name keeps its first character, every word of another its first letter. The number of letters hidden isn't told."""
    if _IDEOGRAPH.match(text):
        return text[0] + "**"
    return " ".join(word[0] + _HIDDEN for word in text.split())
