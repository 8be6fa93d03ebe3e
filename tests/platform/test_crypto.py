"""Keys, sealed fields, blind indexes and tokens."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.problem import Problem
from regulars.platform import crypto
from regulars.platform.crypto import Keyring


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def code_of(caught: "pytest.ExceptionInfo[Problem]") -> str:
    return caught.value.code


def test_missing_keys_are_made_for_the_owner_alone(folder: Path) -> None:
    Keyring.load(folder)
    assert (mode(folder), mode(folder / crypto.FILE)) == (0o700, 0o600)
    assert [p.name for p in folder.iterdir()] == ["keyring.json"]


def test_loading_twice_gives_the_same_keys(folder: Path) -> None:
    first, second = Keyring.load(folder), Keyring.load(folder)
    wrapped = first.new_data_key()
    sealed = first.seal(wrapped, "+8613800138000", aad=b"m1.phone")
    assert second.open(wrapped, sealed, aad=b"m1.phone") == "+8613800138000"
    assert second.fingerprint == first.fingerprint
    assert second.blind("phone", "x") == first.blind("phone", "x")


def test_two_folders_hold_different_keys(tmp_path: Path) -> None:
    one, other = Keyring.load(tmp_path / "a"), Keyring.load(tmp_path / "b")
    assert one.fingerprint != other.fingerprint
    with pytest.raises(Problem) as caught:
        other.open(one.new_data_key(), b"\x01" + bytes(40), aad=b"")
    assert code_of(caught) == "keys.not_opened"


def test_processes_that_start_at_once_end_with_the_same_keys(folder: Path) -> None:
    script = (
        "import sys, pathlib; from regulars.platform.crypto import Keyring; sys.stdin.readline();"
        "print(Keyring.load(pathlib.Path(sys.argv[1])).fingerprint)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = {process.communicate()[0] for process in started}
    assert said == {Keyring.load(folder).fingerprint + "\n"}
    assert [p.name for p in folder.iterdir()] == ["keyring.json"]


def test_nothing_secret_shows_in_repr(folder: Path) -> None:
    keyring = Keyring.load(folder)
    held = json.loads((folder / crypto.FILE).read_text())["keys"]
    assert repr(keyring) == f"Keyring({str(folder)!r}, kek versions [1])"
    shown = repr(keyring) + str(keyring) + repr(keyring._keys)
    assert not any(key in shown for kind in held.values() for key in kind.values())


# The file


def test_without_create_a_missing_file_is_named_with_its_remedy(folder: Path) -> None:
    with pytest.raises(Problem) as caught:
        Keyring.load(folder, create=False)
    assert code_of(caught) == "keys.unreadable"
    assert caught.value.text("en") == (
        f"The keys in {folder}/keyring.json cannot be used: the file is missing. Restore the folder from your backup of the keys."
    )
    assert caught.value.text("zh") == f"无法使用 {folder}/keyring.json 中的密钥：文件不存在。请从密钥备份恢复该目录。"
    assert not folder.exists()


@pytest.mark.parametrize("exposed", [0o640, 0o604, 0o660, 0o666])
def test_a_file_others_can_reach_is_refused_and_left_as_it_is(folder: Path, exposed: int) -> None:
    Keyring.load(folder)
    (folder / crypto.FILE).chmod(exposed)
    with pytest.raises(Problem) as caught:
        Keyring.load(folder)
    assert code_of(caught) == "keys.unreadable"
    assert "chmod 600" in caught.value.text("en")
    assert mode(folder / crypto.FILE) == exposed


def test_a_folder_others_can_enter_is_refused_before_keys_are_made_in_it(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with pytest.raises(Problem) as caught:
        Keyring.load(folder)
    assert "chmod 700" in caught.value.text("en")
    assert list(folder.iterdir()) == []
    assert mode(folder) == 0o755


def damaged_key(text: str) -> str:
    document = json.loads(text)
    first = document["keys"]["kek"]["1"]
    document["keys"]["kek"]["1"] = ("0" if first[0] != "0" else "1") + first[1:]
    return json.dumps(document)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: "[]",
        lambda text: "\x00\xff",
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text.replace('"blind"', '"blond"'),
        damaged_key,
    ],
)
def test_a_damaged_file_is_refused_and_its_content_not_repeated(folder: Path, damage: "type[str]") -> None:
    Keyring.load(folder)
    path = folder / crypto.FILE
    path.write_text(damage(path.read_text()))
    with pytest.raises(Problem) as caught:
        Keyring.load(folder)
    assert code_of(caught) == "keys.unreadable"
    assert "damaged" in caught.value.text("en")
    assert caught.value.__cause__ is None


# Data keys and sealed fields


def test_a_wrapped_data_key_is_61_bytes_and_begins_with_its_version(folder: Path) -> None:
    keyring = Keyring.load(folder)
    wrapped = keyring.new_data_key()
    assert (len(wrapped), wrapped[0]) == (61, 1)
    assert keyring.new_data_key() != wrapped


@given(text=st.text(max_size=200), aad=st.binary(max_size=30))
def test_what_is_sealed_opens_again(tmp_path_factory: pytest.TempPathFactory, text: str, aad: bytes) -> None:
    keyring = Keyring.load(tmp_path_factory.getbasetemp() / "property-keys")
    text = text.encode("utf-8", "ignore").decode()
    wrapped = keyring.new_data_key()
    sealed = keyring.seal(wrapped, text, aad=aad)
    assert keyring.open(wrapped, sealed, aad=aad) == text
    assert len(sealed) == 1 + 12 + len(text.encode()) + 16


def test_the_same_text_sealed_twice_looks_different(keyring: Keyring) -> None:
    wrapped = keyring.new_data_key()
    assert keyring.seal(wrapped, "Li Na", aad=b"") != keyring.seal(wrapped, "Li Na", aad=b"")


def test_a_sealed_value_opens_only_whole_in_its_place_and_under_its_key(keyring: Keyring) -> None:
    wrapped = keyring.new_data_key()
    sealed = keyring.seal(wrapped, "Li Na", aad=b"m1.name")
    attempts = [
        (wrapped, sealed, b"m2.name"),
        (wrapped, sealed[:-1], b"m1.name"),
        (wrapped, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"m1.name"),
        (wrapped, b"\x02" + sealed[1:], b"m1.name"),
        (wrapped, b"", b"m1.name"),
        (keyring.new_data_key(), sealed, b"m1.name"),
        (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), sealed, b"m1.name"),
        (b"\x02" + wrapped[1:], sealed, b"m1.name"),
        (b"", sealed, b"m1.name"),
    ]
    for key, value, aad in attempts:
        with pytest.raises(Problem) as caught:
            keyring.open(key, value, aad=aad)
        assert code_of(caught) == "keys.not_opened"


def test_the_kek_version_byte_is_authenticated(folder: Path) -> None:
    keyring = Keyring.load(folder)
    wrapped = keyring.new_data_key()
    keyring.rotate_kek()
    with pytest.raises(Problem):
        keyring.seal(b"\x02" + wrapped[1:], "Li Na", aad=b"")


def test_sealing_is_aes_256_gcm_under_the_data_key(keyring: Keyring) -> None:
    wrapped = keyring.new_data_key()
    data_key = AESGCM(keyring._keys.kek[1]).decrypt(wrapped[1:13], wrapped[13:], b"data key\x01")
    sealed = keyring.seal(wrapped, "Li Na", aad=b"m1.name")
    assert len(data_key) == 32
    assert AESGCM(data_key).decrypt(sealed[1:13], sealed[13:], b"m1.name") == b"Li Na"


def test_unwrapped_keys_are_kept_up_to_a_bound(keyring: Keyring) -> None:
    wrapped = keyring.new_data_key()
    keyring.seal(wrapped, "a", aad=b"")
    keyring.seal(wrapped, "b", aad=b"")
    found = keyring._cipher.cache_info()
    assert (found.hits, found.misses, found.maxsize) == (1, 1, 4096)


# Rotation


def test_after_rotation_old_data_keys_still_open_and_rewrapping_moves_them(folder: Path) -> None:
    keyring = Keyring.load(folder)
    old = keyring.new_data_key()
    sealed = keyring.seal(old, "Li Na", aad=b"")
    assert keyring.rotate_kek() == 2
    assert keyring.new_data_key()[0] == 2
    assert keyring.open(old, sealed, aad=b"") == "Li Na"
    new = keyring.rewrap(old)
    assert (new[0], len(new)) == (2, 61)
    assert keyring.open(new, sealed, aad=b"") == "Li Na"
    assert keyring.rewrap(new) == new
    assert Keyring.load(folder).open(new, sealed, aad=b"") == "Li Na"


def test_another_process_notices_a_rotation_when_it_meets_the_new_version(folder: Path) -> None:
    here, there = Keyring.load(folder), Keyring.load(folder)
    there.rotate_kek()
    wrapped = there.new_data_key()
    sealed = there.seal(wrapped, "Li Na", aad=b"")
    assert here.new_data_key()[0] == 1
    assert here.open(wrapped, sealed, aad=b"") == "Li Na"
    assert here.new_data_key()[0] == 2


def test_two_rotations_at_once_give_two_versions(folder: Path) -> None:
    here, there = Keyring.load(folder), Keyring.load(folder)
    assert (here.rotate_kek(), there.rotate_kek()) == (2, 3)
    assert sorted(Keyring.load(folder)._keys.kek) == [1, 2, 3]
    assert mode(folder / crypto.FILE) == 0o600


def test_the_fingerprint_outlives_rotation(folder: Path) -> None:
    keyring = Keyring.load(folder)
    before = keyring.fingerprint
    keyring.rotate_kek()
    assert keyring.fingerprint == before
    assert len(before) == 16


def test_a_rotation_that_cannot_be_written_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = Keyring.load(folder)

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(Problem):
            keyring.rotate_kek()
    assert keyring.new_data_key()[0] == 1
    assert sorted(Keyring.load(folder)._keys.kek) == [1]
    assert keyring.rotate_kek() == 2


def test_versions_end_at_255(folder: Path) -> None:
    keyring = Keyring.load(folder)
    crypto._write(folder / crypto.FILE, crypto._Material(kek={255: bytes(32)}, blind={1: bytes(32)}, sign={1: bytes(32)}))
    with pytest.raises(Problem) as caught:
        keyring.rotate_kek()
    assert "255 versions are in use" in caught.value.text("en")


# Blind indexes


def test_a_blind_index_is_stable_and_tells_kinds_apart(keyring: Keyring) -> None:
    digest = keyring.blind("phone", "+8613800138000")
    assert digest == keyring.blind("phone", "+8613800138000")
    assert (len(digest), digest[:2]) == (66, "01")
    assert int(digest, 16) > 0
    others = {keyring.blind("email", "+8613800138000"), keyring.blind("phone", "+8613800138001"), keyring.blind("phon", "e+8613800138000")}
    assert digest not in others
    assert len(others) == 3


def test_after_a_new_blind_key_the_old_digest_is_still_among_those_to_look_up(keyring: Keyring) -> None:
    old = keyring.blind("phone", "1")
    assert keyring.rotate_blind() == 2
    new = keyring.blind("phone", "1")
    assert new[:2] == "02"
    assert keyring.blinds("phone", "1") == [new, old]


# Tokens


@given(payload=st.binary(max_size=300))
def test_a_token_gives_its_payload_back(tmp_path_factory: pytest.TempPathFactory, payload: bytes) -> None:
    keyring = Keyring.load(tmp_path_factory.getbasetemp() / "property-keys")
    token = keyring.sign("quote", payload)
    assert keyring.verify("quote", token) == payload
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_token_is_good_for_its_purpose_only_and_only_unchanged(keyring: Keyring, tmp_path: Path) -> None:
    token = keyring.sign("quote", b"hello")
    body, _, mac = token.partition(".")
    forged = [
        "",
        ".",
        body,
        body + ".",
        "." + mac,
        token + "A",
        token + "=",
        token + "\n",
        " " + token,
        body[:-1] + "." + mac,
        body + "." + mac[:-1],
        body + ".." + mac,
        body + "." + mac[:5] + "!" + mac[5:],
        "aGVsbG9" + "." + mac,
        "é" + token,
        "A" * 20_000 + "." + mac,
        Keyring.load(tmp_path / "other").sign("quote", b"hello"),
    ]
    for attempt in [*forged]:
        with pytest.raises(Problem) as caught:
            keyring.verify("quote", attempt)
        assert code_of(caught) == "token.invalid"
    with pytest.raises(Problem):
        keyring.verify("session", token)
    assert keyring.verify("quote", token) == b"hello"


def test_purpose_and_payload_cannot_trade_characters(keyring: Keyring) -> None:
    mac = keyring.sign("ab", b"c").partition(".")[2]
    with pytest.raises(Problem):
        keyring.verify("a", "YmM." + mac)


def test_the_token_problem_speaks_both_languages() -> None:
    assert crypto.TOKEN_INVALID().text("en") == (
        "This token was not issued here for this purpose, or was changed on the way. Ask for a new one."
    )
    assert crypto.TOKEN_INVALID().text("zh") == "该令牌不是由本系统为此用途签发，或已被改动。请重新获取。"
