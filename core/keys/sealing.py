"""Sealing with AES-256-GCM: whole values and streams of any length in one format.

A sealed value is `AC1`, the length and name of its key, seven random bytes, then frames: four bytes of length, then the
sealed bytes. The nonce of a frame is the random bytes, the frame's number and whether it is the last one, so that
frames can be neither left out, nor exchanged, nor cut off at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import AftercareError

KEY_BYTES = 32
_MAGIC = b"AC1"
_NONCE = 7
_COUNT = 4
_FRAME = 1024 * 1024
_TAG = 16


class KeyUnknown(AftercareError):
    """This installation has no key of that name."""

    status = 404
    title = "Key not known"


class KeyDestroyed(AftercareError):
    """The key was destroyed: what it sealed is erased. `at` is when, UTC."""

    status = 410
    title = "Erased"

    def __init__(self, subject: str, at: datetime) -> None:
        super().__init__(f"{subject} was erased on {at:%Y-%m-%d %H:%M} UTC: its content cannot be read any more")
        self.subject, self.at = subject, at


class Tampered(AftercareError):
    """Sealed bytes were changed, cut, or belong to another purpose."""

    status = 409
    title = "Changed since it was sealed"


@dataclass(frozen=True)
class CaseKey:
    """The key of one subject, unwrapped. `key_id` may stand anywhere; `secret` is never shown."""

    key_id: str
    subject: str
    secret: bytes = field(repr=False)

    def seal(self, data: bytes, purpose: str) -> bytes:
        """Returns the bytes sealed; they open for the same purpose alone, such as `payload` or `documents/D-1`."""
        return b"".join(self.seal_parts([data], purpose))

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Returns what was sealed. Raises Tampered."""
        return b"".join(self.open_parts([sealed], purpose))

    def seal_parts(self, parts: Iterable[bytes], purpose: str) -> Iterator[bytes]:
        """Seals a stream, a frame of a mebibyte at a time."""
        nonce, name, cipher = os.urandom(_NONCE), self.key_id.encode(), AESGCM(self.secret)
        yield _MAGIC + bytes([len(name)]) + name + nonce
        number, held = 0, bytearray()
        for part in parts:
            held += part
            while len(held) > _FRAME:
                yield self._frame(cipher, nonce, number, bytes(held[:_FRAME]), purpose, last=False)
                del held[:_FRAME]
                number += 1
        yield self._frame(cipher, nonce, number, bytes(held), purpose, last=True)

    def open_parts(self, parts: Iterable[bytes], purpose: str) -> Iterator[bytes]:
        """Opens a stream; what was yielded before Tampered is raised must not be used."""
        cipher, held, source = AESGCM(self.secret), bytearray(), iter(parts)

        def need(count: int) -> bytes:
            while len(held) < count and (part := next(source, None)) is not None:
                held.extend(part)
            if len(held) < count:
                raise Tampered("sealed bytes end too early")
            taken = bytes(held[:count])
            del held[:count]
            return taken

        if need(len(_MAGIC)) != _MAGIC:
            raise Tampered("these bytes are not sealed by Aftercare")
        if (named := need(need(1)[0])) != self.key_id.encode():
            raise Tampered(f"sealed with another key: {named.decode(errors='replace')}")
        nonce, number, last = need(_NONCE), 0, False
        while not last:
            length = int.from_bytes(need(_COUNT), "big")
            if not _TAG <= length <= _FRAME + _TAG:
                raise Tampered("sealed bytes were changed")
            frame = need(length)
            if not held:
                held.extend(next(source, b""))
            last = not held
            try:
                yield cipher.decrypt(_nonce(nonce, number, last), frame, self._bound(purpose))
            except InvalidTag:
                raise Tampered("sealed bytes were changed") from None
            number += 1

    def _frame(self, cipher: AESGCM, nonce: bytes, number: int, data: bytes, purpose: str, *, last: bool) -> bytes:
        sealed = cipher.encrypt(_nonce(nonce, number, last), data, self._bound(purpose))
        return len(sealed).to_bytes(_COUNT, "big") + sealed

    def _bound(self, purpose: str) -> bytes:
        return f"{self.subject}\n{purpose}".encode()


def key_id_in(sealed: bytes) -> str:
    """Returns the name of the key that sealed these bytes. Raises Tampered for bytes that are not sealed."""
    if sealed[: len(_MAGIC)] != _MAGIC or len(sealed) < len(_MAGIC) + 1:
        raise Tampered("these bytes are not sealed by Aftercare")
    start = len(_MAGIC) + 1
    return sealed[start : start + sealed[start - 1]].decode(errors="replace")


def _nonce(random: bytes, number: int, last: bool) -> bytes:
    return random + number.to_bytes(4, "big") + bytes([last])
