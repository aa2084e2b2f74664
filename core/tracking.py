"""Tracking links: a customer's own page of a case, found by a token that cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from core.errors import NotFound

_TOKEN = re.compile(r"([0-9A-HJKMNP-TV-Z]{10})([A-Za-z0-9_-]{32})")


class LinkNotValid(NotFound):
    """A tracking link that leads nowhere: made up, replaced, taken back, or its time is over. Which is not said."""

    title = "This link does not work"

    def __init__(self) -> None:
        super().__init__(
            "this tracking link is not valid (any more): it was replaced or taken back, its time is over, or part of "
            "it is missing; ask the person who contacted you for a new one"
        )


class TrackingLinks:
    """Makes and reads tokens: the case's own characters, then 192 bits of an HMAC over its id and the link's version.

    The version is not in the token: whoever reads one knows from the database which version holds.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"tracking\0" + secret.encode()).digest()

    def _seal(self, case_id: str, version: int) -> str:
        content = f"{case_id}.{version}" if version else case_id
        return base64.urlsafe_b64encode(hmac.digest(self._key, content.encode(), "sha256")[:24]).decode()

    def token(self, case_id: str, version: int = 0) -> str:
        """Returns the token of a version of a case's link, always the same."""
        return case_id.removeprefix("C-") + self._seal(case_id, version)

    def path(self, case_id: str, version: int = 0) -> str:
        """Returns the path of the case's tracking page."""
        return f"/t/{self.token(case_id, version)}"

    def named(self, token: str) -> str:
        """Returns the case that a token names, whether or not it opens it. Raises LinkNotValid for another form."""
        shape = _TOKEN.fullmatch(token)
        if shape is None:
            raise LinkNotValid
        return f"C-{shape[1]}"

    def opens(self, token: str, version: int) -> bool:
        """True when the token is this version of the link of the case that it names."""
        case_id = self.named(token)
        return hmac.compare_digest(token, self.token(case_id, version))
