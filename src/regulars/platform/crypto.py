"""Keys and what is done with them: sealing personal fields, blind indexes, signed tokens.

Three keys live in one file outside the data folder, each in numbered versions: the *key-encryption key* (KEK) wraps every
member's own data key; the *blind-index key* turns a phone number into a digest that can be looked up but not read back; the
*signing key* makes tokens nobody else can make. New versions are added, old ones stay readable.

Erasure: personal fields are sealed under the member's data key, and the only copy of that key is the wrapped one stored with the
member. Once it is deleted nobody can open those fields again, in backups and exports too. A running process keeps the last
few thousand unwrapped keys in memory, so erasure is complete for good when the processes have moved on or restarted.

Losing the key *file* erases everybody. It belongs in a backup of its own, apart from the database's.
"""

import base64
import binascii
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.kernel import problem
from regulars.kernel.problem import Kind, Problem

UNREADABLE = problem.define(
    "keys.unreadable",
    Kind.unavailable,
    en="The keys in {path} cannot be used: {reason}. {remedy}",
    zh="无法使用 {path} 中的密钥：{reason_zh}。{remedy_zh}",
)
NOT_OPENED = problem.define(
    "keys.not_opened",
    Kind.unavailable,
    en="A sealed value does not open: it was changed, belongs to another record, or was sealed under keys that are not here.",
    zh="加密内容无法打开：内容被改动、属于另一条记录，或加密所用的密钥不在此处。",
)
TOKEN_INVALID = problem.define(
    "token.invalid",
    Kind.invalid,
    en="This token was not issued here for this purpose, or was changed on the way. Ask for a new one.",
    zh="该令牌不是由本系统为此用途签发，或已被改动。请重新获取。",
)

FILE = "keyring.json"
_KINDS = ("kek", "blind", "sign")
_FORMAT = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSIONS_MAX = 255
_WRAPPED_BYTES = 1 + _NONCE_BYTES + _KEY_BYTES + 16
_SEALED_FORMAT = b"\x01"
_TOKEN_MAX = 16_384
_CACHED_KEYS = 4096

Keys = Mapping[int, bytes]


@dataclass(frozen=True, slots=True, repr=False)
class _Material:
    """What the file holds: each kind of key by version."""

    kek: Keys
    blind: Keys
    sign: Keys


class Keyring:
    """The house's keys. Threads may share one; another process that rotates is noticed when its new version turns up."""

    __slots__ = ("_cipher", "_keys", "folder")

    def __init__(self, folder: Path, keys: _Material) -> None:
        self.folder = folder
        self._keys = keys
        self._cipher = lru_cache(maxsize=_CACHED_KEYS)(self._unwrap)

    def __repr__(self) -> str:
        return f"Keyring({str(self.folder)!r}, kek versions {sorted(self._keys.kek)})"

    @classmethod
    def load(cls, folder: Path, *, create: bool = True) -> "Keyring":
        """The keys in ``folder``; with ``create`` a missing file is made first (0600 in a folder 0700), once for all processes.

        Raises ``keys.unreadable`` when the file is missing (and ``create`` is off), damaged, or open to other users.
        """
        path = folder / FILE
        if create and not path.exists():
            _make_folder(folder)
            with _locked(folder):
                if not path.exists():
                    _write(path, _Material(**{kind: {1: secrets.token_bytes(_KEY_BYTES)} for kind in _KINDS}))
        return cls(folder, _read(path))

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal characters that tell two keyrings apart and reveal no key; stays the same when keys rotate.

        A database remembers it, so that starting with the wrong key folder is refused instead of found out field by field.
        """
        first = self._keys.kek[min(self._keys.kek)]
        return hmac.digest(first, b"regulars fingerprint", "sha256").hex()[:16]

    # Data keys and sealed fields

    def new_data_key(self) -> bytes:
        """A fresh random data key, wrapped under the newest KEK: 61 bytes to store with the member. Safe for 2^32 members a version."""
        return self._wrap(secrets.token_bytes(_KEY_BYTES))

    def seal(self, wrapped: bytes, plaintext: str, *, aad: bytes) -> bytes:
        """``plaintext`` encrypted (AES-256-GCM) under the data key in ``wrapped``; opens only with the same ``aad``.

        ``aad`` names the place the value belongs to (member and field), so that a sealed value can't be moved to another.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return _SEALED_FORMAT + nonce + self._cipher(wrapped).encrypt(nonce, plaintext.encode(), aad)

    def open(self, wrapped: bytes, sealed: bytes, *, aad: bytes) -> str:
        """What :meth:`seal` was given. Raises ``keys.not_opened`` when the value, the key or the ``aad`` is another."""
        if sealed[:1] != _SEALED_FORMAT or len(sealed) < 1 + _NONCE_BYTES + 16:
            raise NOT_OPENED()
        cipher = self._cipher(wrapped)
        try:
            return cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], aad).decode()
        except InvalidTag as wrong:
            raise NOT_OPENED() from wrong

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same data key under the newest KEK; unchanged when it already is. Sealed fields need no rewriting."""
        self._kek(wrapped)
        if wrapped[0] == max(self._keys.kek):
            return wrapped
        return self._wrap(self._data_key(wrapped))

    def rotate_kek(self) -> int:
        """Add a KEK and return its version; new data keys use it at once, old ones after :meth:`rewrap`."""
        return self._rotate("kek")

    def _kek(self, wrapped: bytes) -> bytes:
        """The KEK that wrapped this data key; the file is read again for a version that another process may have added."""
        if len(wrapped) != _WRAPPED_BYTES:
            raise NOT_OPENED()
        if wrapped[0] not in self._keys.kek:
            self._keys = _read(self.folder / FILE)
        try:
            return self._keys.kek[wrapped[0]]
        except KeyError:
            raise NOT_OPENED() from None

    def _wrap(self, data_key: bytes) -> bytes:
        version = max(self._keys.kek)
        head, nonce = bytes((version,)), os.urandom(_NONCE_BYTES)
        return head + nonce + AESGCM(self._keys.kek[version]).encrypt(nonce, data_key, b"data key" + head)

    def _data_key(self, wrapped: bytes) -> bytes:
        nonce, body = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
        try:
            return AESGCM(self._kek(wrapped)).decrypt(nonce, body, b"data key" + wrapped[:1])
        except InvalidTag as wrong:
            raise NOT_OPENED() from wrong

    def _unwrap(self, wrapped: bytes) -> AESGCM:
        return AESGCM(self._data_key(wrapped))

    # Blind indexes

    def blind(self, kind: str, normalised: str) -> str:
        """The digest to store and look up for a value, e.g. ``blind("phone", "+8613800138000")``: 66 hexadecimal characters,
        the first two the key's version. The caller normalises first; the same text under another ``kind`` gives another digest.
        """
        return _blind(self._keys.blind, max(self._keys.blind), kind, normalised)

    def blinds(self, kind: str, normalised: str) -> list[str]:
        """The digests under every key version, newest first: what a look-up compares with while an index is being rebuilt."""
        return [_blind(self._keys.blind, version, kind, normalised) for version in sorted(self._keys.blind, reverse=True)]

    def rotate_blind(self) -> int:
        """Add a blind-index key and return its version; digests stored before are found through :meth:`blinds`."""
        return self._rotate("blind")

    # Tokens

    def sign(self, purpose: str, payload: bytes) -> str:
        """A URL-safe token ``base64(payload).base64(mac)``. The payload is readable by whoever holds it: no secrets inside."""
        return f"{_b64(payload)}.{_b64(_mac(self._keys.sign[max(self._keys.sign)], purpose, payload))}"

    def verify(self, purpose: str, token: str) -> bytes:
        """The payload of a token signed here for ``purpose``. Raises ``token.invalid`` for any other; expiry is the caller's matter."""
        body, dot, mac = token.partition(".")
        if not dot or len(token) > _TOKEN_MAX or not token.isascii():
            raise TOKEN_INVALID()
        payload, given = _unb64(body), _unb64(mac)
        # Every version is tried, so that a rotated signing key does not end running sessions.
        matches = [hmac.compare_digest(given, _mac(key, purpose, payload)) for key in self._keys.sign.values()]
        if not any(matches):
            raise TOKEN_INVALID()
        return payload

    def _rotate(self, kind: str) -> int:
        path = self.folder / FILE
        with _locked(self.folder):
            now = _read(path)
            old: Keys = getattr(now, kind)
            version = max(old) + 1
            if version > _VERSIONS_MAX:
                raise _unreadable(path, _FULL)
            every = {k: getattr(now, k) for k in _KINDS}
            every[kind] = {**old, version: secrets.token_bytes(_KEY_BYTES)}
            added = _Material(**every)
            # Used only once it is on disk: what is wrapped under a key that a crash takes away is lost.
            _write(path, added)
            self._keys = added
        return version


def _blind(keys: Keys, version: int, kind: str, normalised: str) -> str:
    return f"{version:02x}" + _mac(keys[version], kind, normalised.encode()).hex()


def _mac(key: bytes, purpose: str, payload: bytes) -> bytes:
    """HMAC-SHA256 over the purpose, its length first so that no other (purpose, payload) pair gives the same bytes, and the payload."""
    named = purpose.encode()
    return hmac.digest(key, len(named).to_bytes(4, "big") + named + payload, "sha256")


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as wrong:
        raise TOKEN_INVALID() from wrong
    # The decoder skips characters it does not know and ignores spare bits: only the one spelling we would write is a token.
    if _b64(data) != text:
        raise TOKEN_INVALID()
    return data


# The file. It is written whole to a temporary name and renamed, so a reader sees the old one or the new one, never a part.


@dataclass(frozen=True, slots=True)
class _Reason:
    en: str
    zh: str
    remedy_en: str
    remedy_zh: str


_RESTORE = ("Restore the folder from your backup of the keys.", "请从密钥备份恢复该目录。")
_MISSING = _Reason("the file is missing", "文件不存在", *_RESTORE)
_DAMAGED = _Reason("the file is damaged", "文件已损坏", *_RESTORE)
_DENIED = _Reason(
    "this user may not read it",
    "当前用户无权读取",
    "Run as the user who owns the folder, or set REGULARS_KEY_DIR to a folder of your own.",
    "请以该目录的所有者身份运行，或将 REGULARS_KEY_DIR 设为您自己的目录。",
)
_OPEN = _Reason(
    "other users can reach it",
    "其他用户可以访问",
    "Close it: chmod 700 the folder and chmod 600 the file; if others may have read it, rotate the keys.",
    "请收回权限：目录 chmod 700，文件 chmod 600；如可能已被他人读取，请轮换密钥。",
)
_FULL = _Reason(
    f"{_VERSIONS_MAX} versions are in use",
    f"已用满 {_VERSIONS_MAX} 个版本",
    "Rewrap all data keys and start a new keyring.",
    "请重新包装全部数据密钥并启用新的密钥环。",
)


def _unreadable(path: Path, reason: _Reason) -> Problem:
    return UNREADABLE(path=str(path), reason=reason.en, reason_zh=reason.zh, remedy=reason.remedy_en, remedy_zh=reason.remedy_zh)


def _make_folder(folder: Path) -> None:
    """Make the folder for the owner alone. One that exists is left as it is: its permissions are the administrator's to change."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as denied:
        raise _unreadable(folder, _DENIED) from denied
    _closed_to_others(folder)


def _closed_to_others(path: Path) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise _unreadable(path, _OPEN)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Only one process at a time is inside; the lock ends with the process, so a crash leaves none behind."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as denied:
        raise _unreadable(folder, _DENIED) from denied
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, keys: _Material) -> None:
    held = {kind: {str(v): key.hex() for v, key in sorted(getattr(keys, kind).items())} for kind in _KINDS}
    text = json.dumps({"format": _FORMAT, "keys": held, "checksum": _checksum(held)}, indent=1)
    fresh = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as denied:
        raise _unreadable(path, _DENIED) from denied


def _read(path: Path) -> _Material:
    try:
        _closed_to_others(path.parent)
        _closed_to_others(path)
        document = json.loads(path.read_bytes())
        held = document["keys"]
        if document["format"] != _FORMAT or document["checksum"] != _checksum(held):
            raise _unreadable(path, _DAMAGED)
        return _Material(**{kind: {int(v): _key(text) for v, text in held[kind].items()} for kind in _KINDS})
    except FileNotFoundError as missing:
        raise _unreadable(path, _MISSING) from missing
    except OSError as denied:
        raise _unreadable(path, _DENIED) from denied
    except (ValueError, KeyError, TypeError, AttributeError):
        # The cause is cut off: its text may quote the file.
        raise _unreadable(path, _DAMAGED) from None


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != _KEY_BYTES:
        raise ValueError("wrong length")
    return key


def _checksum(held: Mapping[str, Mapping[str, str]]) -> str:
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()
