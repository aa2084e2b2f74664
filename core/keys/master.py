"""Master keys: they wrap the keys of cases, and stay outside every database and backup.

A home that `aftercare up` started keeps its own in a private file; elsewhere the setting gives them, newest first:
`m2:<64 hexadecimal signs>,m1:<...>`. The first wraps; the others still unwrap until everything is wrapped anew.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import NotConfigured, Refused
from core.keys.sealing import KEY_BYTES, Tampered
from core.settings import MASTER_KEYS_FILE, write_private

if TYPE_CHECKING:
    from core.settings import Settings

_NONCE = 12
_ONE = re.compile(r"([a-z][a-z0-9-]{0,30}):([0-9a-f]{64})")
_VARIABLE = "AFTERCARE_MASTER_KEYS"


class MasterKeys:
    """The master keys of an installation, newest first."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys
        self.newest = next(iter(keys))

    def __contains__(self, name: str) -> bool:
        return name in self._keys

    def wrap(self, key_id: str, secret: bytes) -> bytes:
        """Returns a case's key sealed with the newest master key."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._keys[self.newest]).encrypt(nonce, secret, key_id.encode())

    def unwrap(self, key_id: str, wrapped: bytes, master: str) -> bytes:
        """Returns a case's key.

        Raises:
            NotConfigured: the master key that wrapped it is not among ours.
            Tampered: the wrapped key was changed.
        """
        if master not in self._keys:
            raise NotConfigured(f"the master key {master} is missing, which wraps keys of cases", field=_VARIABLE)
        try:
            return AESGCM(self._keys[master]).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], key_id.encode())
        except InvalidTag:
            raise Tampered(f"the wrapped key {key_id} was changed, or {master} is another key than it was") from None


def master_keys(settings: Settings) -> MasterKeys:
    """Reads the master keys. Raises NotConfigured when there are none: nothing is made up in their place."""
    given = settings.master_keys.get_secret_value()
    if (file := settings.master_keys_in_home) is not None:
        given = file.read_text()  # as it is now: a rotation changes it while processes run
    if not given:
        raise NotConfigured(
            f"set {_VARIABLE} to m1:KEY, KEY from `openssl rand -hex 32`, the same for every API process and worker",
            field=_VARIABLE,
        )
    keys: dict[str, bytes] = {}
    for one in re.split(r"[,\s]+", given.strip()):
        if (match := _ONE.fullmatch(one)) is None or match[1] in keys:
            raise NotConfigured("must be name:64 hexadecimal signs, by commas, each name once", field=_VARIABLE)
        keys[match[1]] = bytes.fromhex(match[2])
    return MasterKeys(keys)


def ensure_master_keys(home: Path) -> None:
    """Makes the first master key of a home, once."""
    path = home / MASTER_KEYS_FILE
    if not path.exists():
        write_private(path, f"m1:{secrets.token_hex(KEY_BYTES)}\n")


def add_master_key(home: Path) -> str:
    """Puts a new master key before the others of a home and returns its name.

    Raises Refused where the keys come from the setting: then whoever keeps them adds one.
    """
    path = home / MASTER_KEYS_FILE
    try:
        lines = path.read_text().split()
    except FileNotFoundError:
        raise Refused(f"this home keeps no master keys: put a new one first in {_VARIABLE}, then run this") from None
    numbers = [int(line[1 : line.index(":")]) for line in lines if re.match(r"m\d+:", line)]
    name = f"m{max(numbers, default=0) + 1}"
    write_private(path, "\n".join([f"{name}:{secrets.token_hex(KEY_BYTES)}", *lines]) + "\n")
    return name


def keep_master_keys(home: Path, count: int) -> None:
    """Leaves the newest master keys of a home; only after every key is wrapped by one of them."""
    path = home / MASTER_KEYS_FILE
    write_private(path, "\n".join(path.read_text().split()[:count]) + "\n")
