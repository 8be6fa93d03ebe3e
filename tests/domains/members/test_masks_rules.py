"""What is shown of a personal value."""

import pytest

from regulars.domains.members.model import Field
from regulars.domains.members.rules import masks


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (Field.phone, "+8613812341234", "138****1234"),
        (Field.phone, "+442079460018", "+44 ****18"),
        (Field.phone, "+12025550143", "+1 ****43"),
        (Field.phone, "+862112345678", "+86 ****78"),
        (Field.email, "ann.lee@example.com", "a****@example.com"),
        (Field.email, "a@example.com", "a****@example.com"),
        (Field.name, "王芳", "王**"),
        (Field.name, "欧阳小芳", "欧**"),
        (Field.name, "Ann Lee", "A**** L****"),
        (Field.birthday, "1990-05-17", "****-**-**"),
        (Field.birthday, "lunar:08-15", "****-**-**"),
    ],
)
def test_the_telling_part_is_hidden(field: Field, value: str, shown: str) -> None:
    assert masks.masked(field, value) == shown
