"""What sending notices needs from outside: the mail server, colleagues' addresses, files, links to pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from activities.notices import MOST_ATTACHED, Colleagues, Enclosed, Files, Mailer, NoticeSending, Reader
from core.errors import NotConfigured
from core.tracking import TrackingLinks
from store.attachments import find_attachments
from store.users import find_user, list_users

if TYPE_CHECKING:
    from core.settings import Settings
    from store.files import FileStore
    from store.sessions import Database


def notice_sending(settings: Settings, database: Database, files: FileStore) -> NoticeSending:
    """Wires the sending of notices. Raises NotConfigured when the mail server's address cannot be read."""
    return NoticeSending(
        database, _mailer(settings), _colleagues(database), _enclosed(database, files), _pages(settings)
    )


def _mailer(settings: Settings) -> Mailer | None:
    if not settings.mails:
        return None
    from activities.mailing import SmtpMailer

    try:
        return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
    except ValueError as wrong:
        raise NotConfigured(str(wrong), field="AFTERCARE_SMTP_URL") from None


def _colleagues(database: Database) -> Colleagues:
    async def find(roles: Sequence[str], user: str | None) -> list[Reader]:
        async with database.reading() as session:
            one = await find_user(session, user) if user else None
            people = [one] if one else await list_users(session)
        wanted = [p for p in people if p.active and p.email and (one is not None or set(p.roles) & set(roles))]
        return [Reader(p.email, p.name, p.language, p.time_zone) for p in wanted if p.email]

    return find


def _enclosed(database: Database, files: FileStore) -> Files:
    async def read(attachment_ids: Sequence[str]) -> list[Enclosed]:
        async with database.reading() as session:
            known = await find_attachments(session, attachment_ids)
        found, room = [], MOST_ATTACHED
        for attachment_id in attachment_ids:
            file = known.get(attachment_id)
            if file is None or file.size > room:
                continue  # the customer's page has it
            room -= file.size
            found.append(Enclosed(file.file_name, file.content_type, await files.read(file.sha256)))
        return found

    return read


def _pages(settings: Settings) -> Callable[[str, bool], str]:
    links = TrackingLinks(settings.secret()) if settings.mails else None

    def page(case_id: str, ours: bool) -> str:
        own = f"/cases/{case_id}"
        return f"{settings.public_url}{own if ours or links is None else links.path(case_id)}"

    return page
