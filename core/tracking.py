"""Tracking links: a customer's own page of a case, found by a token that cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from core.errors import NotFound

_TOKEN = re.compile(r"([0-9A-HJKMNP-TV-Z]{10})([A-Za-z0-9_-]{32})")


class TrackingLinks:
    """Makes and reads tokens: the case's own characters, then 192 bits of an HMAC over its id."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"tracking\0" + secret.encode()).digest()

    def _seal(self, case_id: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._key, case_id.encode(), "sha256")[:24]).decode()

    def token(self, case_id: str) -> str:
        """Returns the token of a case, always the same."""
        return case_id.removeprefix("C-") + self._seal(case_id)

    def path(self, case_id: str) -> str:
        """Returns the path of the case's tracking page."""
        return f"/t/{self.token(case_id)}"

    def case_id(self, token: str) -> str:
        """Returns the case of a token. Raises NotFound for one that we did not make."""
        shape = _TOKEN.fullmatch(token)
        if shape is not None:
            case_id = f"C-{shape[1]}"
            if hmac.compare_digest(shape[2], self._seal(case_id)):
                return case_id
        raise NotFound("this tracking link is not one of ours; copy it again from the message you received")
