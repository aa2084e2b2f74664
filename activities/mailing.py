"""Handing mails to the mail server over SMTP."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from activities.notices import Refused

_PATIENCE = 30.0
_PORTS = {"smtp": 25, "smtps": 465}


class SmtpMailer:
    """Hands mails to one server, `smtp://[user:password@]host[:port]` (STARTTLS where offered) or `smtps://`."""

    def __init__(self, url: str, sender: str) -> None:
        """Raises ValueError for an address of another kind."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("smtp_url: is not of the kind smtp://host:25 or smtps://host:465")
        self.sender = sender
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = parts.scheme == "smtps"

    async def send(self, message: EmailMessage) -> None:
        """Hands one mail over. Raises Refused when the server does not take it now or later, OSError or SMTPException
        when it may later."""
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                timeout=_PATIENCE,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(500 <= one.code < 600 for one in refused.recipients):
                raise Refused("; ".join(f"{one.code} {one.message}" for one in refused.recipients)) from None
            raise
        except aiosmtplib.SMTPDataError as refused:
            if 500 <= refused.code < 600:
                raise Refused(f"{refused.code} {refused.message}") from None
            raise
