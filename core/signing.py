"""The keys an installation signs its archives with: Ed25519, kept in the home or given by a setting.

The newest key signs. A key is made known by the one before it: that one signs the public part of the new one, so that
whoever trusts an old key can tell that the new one is of the same installation. The private part of an old key is
thrown away when the home rotates; the public parts stay for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import Invalid, NotConfigured, Refused
from core.settings import write_private

if TYPE_CHECKING:
    from core.settings import Settings

SIGNING_FILE = "signing-keys.json"
_FORMAT = 1
_ENDORSES = b"aftercare: this key signs after me\n"
_SEED = 32


@dataclass(frozen=True)
class PublicKey:
    """A key as an auditor gets it. `endorsement` is the signature of the key before it over this one's public part.

    `made_at` is real UTC, None where nobody noted it (keys of the setting).
    """

    public: bytes
    made_at: datetime | None = None
    endorsed_by: str | None = None
    endorsement: bytes | None = None

    @property
    def key_id(self) -> str:
        """The name of the key: `s-` and the beginning of the SHA-256 of its public part."""
        return key_id_of(self.public)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """True when this key made the signature over exactly this message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def endorses(self, other: PublicKey) -> bool:
        """True when this key made the other one known."""
        return (
            other.endorsed_by == self.key_id
            and other.endorsement is not None
            and self.signed(_ENDORSES + other.public, other.endorsement)
        )

    def as_json(self, *, dated: bool = True) -> dict[str, Any]:
        """The key in plain JSON, as `aftercare audit keys show` prints it; archives carry it without its date."""
        shown: dict[str, Any] = {"key_id": self.key_id, "algorithm": "Ed25519", "public": self.public.hex()}
        if self.made_at and dated:
            shown["made_at"] = self.made_at.isoformat()
        if self.endorsed_by and self.endorsement:
            shown |= {"endorsed_by": self.endorsed_by, "endorsement": self.endorsement.hex()}
        return shown

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> PublicKey:
        """Reads what `as_json` gave. Raises ValueError for anything else, a name that is not the key's own included."""
        try:
            public = bytes.fromhex(given["public"])
            made = given.get("made_at")
            key = cls(
                public,
                datetime.fromisoformat(made) if made else None,
                given.get("endorsed_by"),
                bytes.fromhex(given["endorsement"]) if given.get("endorsement") else None,
            )
        except (KeyError, TypeError, AttributeError) as wrong:
            raise ValueError(f"is no public key: {wrong}") from None
        if len(public) != _SEED or given.get("key_id", key.key_id) != key.key_id:
            raise ValueError("is no public key: its name or length is not that of an Ed25519 key")
        return key


def key_id_of(public: bytes) -> str:
    """Returns the name of a public key."""
    return "s-" + hashlib.sha256(public).hexdigest()[:16]


class SigningKeys:
    """The keys of this installation, oldest first; the last one signs."""

    def __init__(self, private: Ed25519PrivateKey, known: Sequence[PublicKey]) -> None:
        self._private = private
        self.known = tuple(known)

    @property
    def current(self) -> PublicKey:
        """The key that signs."""
        return self.known[-1]

    def sign(self, message: bytes) -> bytes:
        """Returns the signature of the newest key over exactly these bytes."""
        return self._private.sign(message)

    def rotated(self) -> SigningKeys:
        """Returns the keys with a new one that the present one endorses."""
        return SigningKeys.following(self, Ed25519PrivateKey.generate(), datetime.now(UTC))

    @classmethod
    def first(cls) -> SigningKeys:
        """Returns a new key that no other made known."""
        private = Ed25519PrivateKey.generate()
        return cls(private, (PublicKey(private.public_key().public_bytes_raw(), datetime.now(UTC)),))

    @classmethod
    def following(cls, before: SigningKeys | None, private: Ed25519PrivateKey, made_at: datetime | None) -> SigningKeys:
        """Returns the keys with one more, made known by the last of them."""
        public = private.public_key().public_bytes_raw()
        if before is None:
            return cls(private, (PublicKey(public, made_at),))
        key = PublicKey(public, made_at, before.current.key_id, before.sign(_ENDORSES + public))
        return cls(private, (*before.known, key))


def open_signing(settings: Settings) -> SigningKeys:
    """Returns the keys of the setting, else those of the home.

    Raises:
        NotConfigured: neither has any, or what is there cannot be read.
    """
    given = settings.signing_keys.get_secret_value()
    if given:
        return _of_setting(given)
    path = settings.home / SIGNING_FILE
    try:
        return _read(path)
    except FileNotFoundError:
        message = "is needed to sign archives, 64 hexadecimal digits from `openssl rand -hex 32`"
        raise NotConfigured(message, field="AFTERCARE_SIGNING_KEYS") from None


def known_keys(settings: Settings) -> tuple[PublicKey, ...]:
    """Returns every public key this installation signed with; none where it never made one. Raises NotConfigured."""
    if not settings.signing_keys.get_secret_value() and not (settings.home / SIGNING_FILE).exists():
        return ()
    return open_signing(settings).known


def ensure_signing_keys(home: Path) -> None:
    """Makes the home's first key, once."""
    path = home / SIGNING_FILE
    if not path.exists():
        _write(path, SigningKeys.first())


def rotate(settings: Settings) -> SigningKeys:
    """Gives the home a new key, made known by the present one whose private part goes; returns the keys.

    Raises:
        Refused: the keys come from the setting, where a person puts the new one.
        NotConfigured: there is no key yet.
    """
    if settings.signing_keys.get_secret_value():
        raise Refused(
            "the keys come from AFTERCARE_SIGNING_KEYS: put a new one from `openssl rand -hex 32` in front of the"
            " others, with a comma between, and start the workers anew"
        )
    keys = open_signing(settings).rotated()
    _write(settings.home / SIGNING_FILE, keys)
    return keys


def read_trusted(path: Path) -> tuple[PublicKey, ...]:
    """Returns the public keys of a file that `aftercare audit keys show` printed.

    Raises:
        Invalid: the file cannot be read or holds no keys.
    """
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        keys = tuple(PublicKey.from_json(one) for one in given["keys"])
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}", field="--trust") from None
    except (ValueError, KeyError, TypeError) as wrong:
        message = f"{path} is no file of public keys as `aftercare audit keys show` prints it ({wrong})"
        raise Invalid(message, field="--trust") from None
    if not keys:
        raise Invalid(f"{path} holds no key", field="--trust")
    return keys


def public_json(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Returns the public keys as the file that is handed to an auditor."""
    return {"format": _FORMAT, "keys": [key.as_json() for key in keys]}


def vouched_for(key: PublicKey, between: Iterable[PublicKey], trusted: Iterable[PublicKey]) -> PublicKey | None:
    """Returns the trusted key that stands behind a key: itself, or the one from which endorsements lead to it."""
    known = {one.key_id: one for one in between}
    anchors = {one.public: one for one in trusted}
    for _ in range(len(known) + 1):
        if key.public in anchors:
            return key
        before = known.get(key.endorsed_by or "") or next(
            (one for one in anchors.values() if one.key_id == key.endorsed_by), None
        )
        if before is None or not before.endorses(key):
            return None
        key = before
    return None


def _of_setting(given: str) -> SigningKeys:
    """Reads `newest,older,oldest`; each is the private part as 64 hexadecimal digits."""
    keys: SigningKeys | None = None
    for part in reversed(given.replace(",", " ").split()):
        keys = SigningKeys.following(keys, _private(part), None)
    if keys is None:
        raise NotConfigured("holds no key", field="AFTERCARE_SIGNING_KEYS")
    return keys


def _private(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
    except ValueError:
        message = "each key is 64 hexadecimal digits, as `openssl rand -hex 32` prints them; the newest first"
        raise NotConfigured(message, field="AFTERCARE_SIGNING_KEYS") from None


def _read(path: Path) -> SigningKeys:
    text = path.read_text(encoding="utf-8")
    try:
        kept = json.loads(text)
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["private"]))
        known = [PublicKey.from_json(one) for one in kept["keys"]]
    except (ValueError, KeyError, TypeError) as wrong:
        raise NotConfigured(f"{path} cannot be used: {wrong}; bring it back from a backup") from None
    if not known or known[-1].public != private.public_key().public_bytes_raw():
        raise NotConfigured(f"{path} holds a private key that is not its last one: bring it back from a backup")
    return SigningKeys(private, known)


def _write(path: Path, keys: SigningKeys) -> None:
    private = keys._private.private_bytes_raw()  # noqa: SLF001 - the one place that keeps it
    write_private(path, json.dumps({**public_json(keys.known), "private": private.hex()}, indent=2) + "\n")
