"""Proof that a form which anybody may open came from our own page, and when that page was made.

Nothing is kept: the proof is signed. Its number is also what tells a form that is sent twice from two forms.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from core.errors import Forbidden

_TOKEN = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{32})")


class NotFromOurPage(Forbidden):
    """A form without the proof, or with one that was made for another page."""

    def __init__(self) -> None:
        super().__init__("this did not come from our own page; open the page again and send it from there")


@dataclass(frozen=True)
class Proof:
    """A form of ours. `number` is unlike that of any other form, `age` the seconds since its page was made."""

    number: str
    age: float


class FormTokens:
    """Makes and reads the hidden field of forms that need no sign-in."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"form\0" + secret.encode()).digest()

    def _seal(self, purpose: str, at: str, number: str) -> str:
        digest = hmac.digest(self._key, f"{purpose}\0{at}\0{number}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest[:24]).decode()

    def new(self, purpose: str, now: float) -> str:
        """Returns the field for a form made `now` (real seconds since 1970); `purpose` names its page."""
        at, number = str(int(now)), secrets.token_urlsafe(16)
        return f"{at}.{number}.{self._seal(purpose, at, number)}"

    def read(self, purpose: str, token: object, now: float) -> Proof:
        """Returns the proof. Raises NotFromOurPage."""
        shape = _TOKEN.fullmatch(token) if isinstance(token, str) else None
        if shape is None or not hmac.compare_digest(shape[3], self._seal(purpose, shape[1], shape[2])):
            raise NotFromOurPage
        return Proof(shape[2], now - int(shape[1]))
