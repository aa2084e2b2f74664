"""What sending notices needs from outside: the mail server, colleagues' addresses, files, links to pages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from pathlib import PurePath
from typing import TYPE_CHECKING

from activities.documents import PDF
from activities.notices import MOST_ATTACHED, Colleagues, Enclosed, Files, Mailer, NoticeSending, Page, Reader
from core.errors import NotConfigured
from core.tracking import TrackingLinks
from store.attachments import Attachment, find_attachments
from store.pictures import CONTENT_TYPE, MADE_OF, NotShown, Pictures, Shown
from store.tracking_links import link_of
from store.users import find_user, list_users
from store.videos import BARED, bare_video

if TYPE_CHECKING:
    from core.settings import Settings
    from store.files import FileStore
    from store.sessions import Database


def notice_sending(settings: Settings, database: Database, files: FileStore) -> NoticeSending:
    """Wires the sending of notices. Raises NotConfigured when the mail server's address cannot be read."""
    return NoticeSending(
        database,
        _mailer(settings),
        _colleagues(database),
        _enclosed(database, files),
        _pages(settings, database),
        settings.plans_dir,
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
    async def read(attachment_ids: Sequence[str], outside: bool) -> list[Enclosed]:
        async with database.reading() as session:
            known = await find_attachments(session, attachment_ids)
        found, room = [], MOST_ATTACHED
        for attachment_id in attachment_ids:
            file = known.get(attachment_id)
            if file is None or file.size > room:
                continue  # the customer's page has it
            content = await _bared(files, file) if outside else _as_kept(file, await files.read(file.sha256))
            if content is not None:
                room -= len(content.content)
                found.append(content)
        return found

    return read


def _as_kept(file: Attachment, content: bytes) -> Enclosed:
    return Enclosed(file.file_name, file.content_type, content)


async def _bared(files: FileStore, file: Attachment) -> Enclosed | None:
    """A file as customers get it: pictures and videos without position and camera, papers as they are; or nothing."""
    try:
        if file.content_type in MADE_OF:
            picture = await Pictures(files).of(file.sha256, file.content_type, Shown.CUSTOMER)
            return Enclosed(f"{PurePath(file.file_name).stem}.webp", CONTENT_TYPE, picture)
        if file.content_type in BARED:
            async with aclosing(bare_video(files, file.sha256, file.content_type)) as video:
                return _as_kept(file, b"".join([chunk async for chunk in video]))
    except NotShown:
        return None
    return _as_kept(file, await files.read(file.sha256)) if file.content_type == PDF else None


def _pages(settings: Settings, database: Database) -> Page:
    links = TrackingLinks(settings.secret()) if settings.mails else None

    async def page(case_id: str, ours: bool) -> str:
        if ours or links is None:
            own = "/reports/issued" if case_id.startswith("R-") else f"/cases/{case_id}"
            return f"{settings.public_url}{own}"
        async with database.reading() as session:
            link = await link_of(session, case_id)
        return f"{settings.public_url}{links.path(case_id, link.version)}"

    return page
