"""Which ids, phones, addresses and names are usable, and in which one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.members.rules import identity
from regulars.kernel.problem import Problem

NOBODY = (
    *("null", "NULL", " None ", "undefined", "guest", "Guest", "anonymous", "test", "TESTING", "n/a", "N/A", "#N/A", "nan", "nil"),
    *("unknown", "default", "-", "--", "?", "*", "0", "000", "0.0", "-1", "-1.0", "'null'", '"undefined"', "[object Object]"),
    *("00000000-0000-0000-0000-000000000000", "walk in", "(null)", "ｎｕｌｌ", "０", "游客", "测试", "未知", "not available"),
)


@pytest.mark.parametrize("text", NOBODY)
def test_edge_23_an_id_that_stands_for_nobody_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.external_id(text)
    (fault,) = refused.value.faults
    assert (refused.value.code, fault.field, fault.value) == ("input.invalid", "external_id", text)
    assert fault.expected == "the id of one customer; this value stands for nobody"


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "a\x00b", "a\tb", "12\u200b34", "\ufeff1234", "12\u202e34", "a\ud800"])
def test_an_id_must_be_visible_and_of_some_length(text: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.external_id(text)
    assert refused.value.faults[0].expected == "1 to 200 visible characters"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" 12346 ", "12346"),
        ("00042", "00042"),
        ("Müller-7", "Müller-7"),
        ("会员42", "会员42"),
        ("x" * 200, "x" * 200),
        ("test1", "test1"),
        ("1", "1"),
    ],
)
def test_an_id_stays_as_it_came_without_outer_spaces(text: str, kept: str) -> None:
    assert identity.external_id(text) == kept


@given(
    st.text(alphabet=st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=200).filter(
        lambda t: not identity.is_placeholder(t)
    )
)
def test_any_visible_id_is_kept_and_stays_itself(text: str) -> None:
    kept = identity.external_id(f" {text} ")
    assert kept == text
    assert identity.external_id(kept) == kept


@pytest.mark.parametrize(
    ("text", "region", "kept"),
    [
        ("13812345678", "CN", "+8613812345678"),
        ("138 1234 5678", "CN", "+8613812345678"),
        ("（138）1234-5678", "CN", "+8613812345678"),
        ("１３８１２３４５６７８", "CN", "+8613812345678"),
        ("+86 138 1234 5678", "GB", "+8613812345678"),
        ("0086 13812345678", "CN", "+8613812345678"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+1 202 555 0143", "CN", "+12025550143"),
    ],
)
def test_a_phone_number_has_one_spelling(text: str, region: str, kept: str) -> None:
    assert identity.phone(text, region) == kept


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("", "CN"),
        ("abc", "CN"),
        ("123", "CN"),
        ("138123456789012345", "CN"),
        ("11111111111", "CN"),
        ("00000000000", "CN"),
        ("13812345678", "ZZ"),
        ("+999 12345678", "CN"),
        ("13812345678 ext 5", "CN"),
        ("7946 0018", "GB"),
    ],
)
def test_an_impossible_phone_number_is_refused(text: str, region: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.phone(text, region)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value) == ("phone", text)
    assert fault.expected == f"a phone number that can exist, with its country code or of region {region}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" Ann.Lee@Example.COM ", "Ann.Lee@example.com"),
        ("a@b.co", "a@b.co"),
        ("o'neil+shop@mail.example.org", "o'neil+shop@mail.example.org"),
        ("王@例子.中国", "王@例子.中国"),
        ("ａ@ｂ.com", "a@b.com"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_an_email_address_has_a_domain_in_small_letters(text: str, kept: str) -> None:
    assert identity.email(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a@", "@b.com", "a@b", "a@b.", "a@.com", "a b@c.com", "a@b..com", ".a@b.com", "a.@b.com", "a..b@c.com", "a@b@c.com",
        "a@-b.com", "a@b-.com", "a@1.2.3.4", "a,b@c.com", "null@example.com", "n/a@example.com", "x" * 65 + "@example.com",
        "a@" + "x" * 64 + ".com", "a@" + ".".join(["x" * 60] * 5) + ".com", "a\x00@b.com", "a@b_c.com\x07",
    ],
)  # fmt: skip
def test_what_is_no_email_address_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.email(text)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value, fault.expected) == ("email", text[:120], "an e-mail address like name@example.com")


@pytest.mark.parametrize(
    ("text", "kept"), [("  Ann   Lee ", "Ann Lee"), ("王 小芳", "王 小芳"), ("Ａｎｎ", "Ann"), ("x" * 200, "x" * 200), ("Na", "Na")]
)
def test_a_name_has_single_spaces(text: str, kept: str) -> None:
    assert identity.name(text) == kept


@pytest.mark.parametrize("text", ["", " ", "x" * 201, "a\x00b", "null", "N/A", "?", "未知"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.name(text)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value, fault.expected) == ("name", text[:120], "a name of 1 to 200 printable characters")


@pytest.mark.parametrize(("text", "kept"), [("", ""), ("  ", ""), (" SH-001 ", "SH-001"), ("pos:4/2", "pos:4/2"), ("x" * 64, "x" * 64)])
def test_a_code_is_short_and_plain(text: str, kept: str) -> None:
    assert identity.code("store", text) == kept


@pytest.mark.parametrize("text", ["x" * 65, "-a", "a b", "店", "a\x1fb"])
def test_another_code_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.code("store", text)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value, fault.expected) == ("store", text, "up to 64 letters, digits and . _ : / -")


@pytest.mark.parametrize(
    ("text", "kept"), [("", ""), ("zh_CN", "zh-CN"), (" en ", "en"), ("zh-Hans-CN", "zh-Hans-CN"), ("es-419", "es-419")]
)
def test_a_locale_is_a_language_tag(text: str, kept: str) -> None:
    assert identity.locale(text) == kept


@pytest.mark.parametrize("text", ["x", "english", "zh-cn", "zh CN", "1"])
def test_another_locale_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.locale(text)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value, fault.expected) == ("locale", text, "a language tag like zh-CN or en")


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Ann Lee", {"ann lee", "ann", "lee"}),
        ("J. R. Tolkien", {"j. r. tolkien", "tolkien"}),
        ("王小芳", {"王小芳", "王", "小芳"}),
        ("王芳", {"王芳", "王", "芳"}),
        ("阿卜杜拉·买买提", {"阿卜杜拉·买买提", "阿卜杜拉", "买买提"}),
        ("STRASSE", {"strasse"}),
        ("Straße", {"strasse"}),
    ],
)
def test_a_name_is_found_by_its_words(name: str, tokens: set[str]) -> None:
    assert identity.name_tokens(name) == tokens


def test_capitals_make_no_second_mailbox() -> None:
    assert identity.email_key("Ann.Lee@example.com") == "ann.lee@example.com"


def test_the_last_four_digits_are_what_shops_ask_for() -> None:
    assert identity.last_four("+8613812345678") == "5678"
