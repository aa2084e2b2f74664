"""The activities that send a notice by mail and keep what became of it (X1, R7, T7).

Workflow code imports this module for its types, so what mails and reads templates is imported inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.signs_of_life import signs_of_life
from domain.notices import Audience, NoticeEnd, NoticeOrder, Undeliverable

if TYPE_CHECKING:
    from temporalio.client import Client

    from store.sessions import Database

_BEAT = 4.0
MOST_ATTACHED = 10 * 1024 * 1024
"""Bytes of files that go along; mail servers refuse much more, and the rest is on the customer's page."""


class Refused(Exception):
    """The mail server does not take this mail for this address, now or later."""


class Mailer(Protocol):
    """Hands mails to a mail server."""

    @property
    def sender(self) -> str:
        """The address that mails come from."""

    async def send(self, message: EmailMessage) -> None:
        """Hands one mail over. Raises Refused; anything else may pass by itself."""


@dataclass(frozen=True)
class Reader:
    """Somebody who gets a notice: address, name, language and time zone; None are those of the notice."""

    address: str
    name: str
    language: str | None
    time_zone: str | None


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along."""

    name: str
    content_type: str
    content: bytes


Colleagues = Callable[[Sequence[str], str | None], Awaitable[list[Reader]]]
"""Finds the active people of roles, or the one person, who have an address."""
Files = Callable[[Sequence[str], bool], Awaitable[list[Enclosed]]]
"""Reads stored files by identifier, as many as may go along; for customers, when the second is true, without what a
camera wrote into them."""

Page = Callable[[str, bool], Awaitable[str]]
"""Where a case is seen: by colleagues when the second is true, else by the customer by the link that holds now."""


class NoticeOrders:
    """Sets notices on their way, each as a workflow of its own that outlives its case."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @activity.defn(name="begin_notice")
    async def begin_notice(self, order: NoticeOrder) -> None:
        """Begins the notice; one that was begun before, by an earlier try or before a reset, is not begun again."""
        from temporalio.common import WorkflowIDReusePolicy
        from temporalio.exceptions import WorkflowAlreadyStartedError

        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                "Notice",
                order,
                id=f"{order.case_id}.{order.notice_id}",
                task_queue=activity.info().task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )


class NoticeSending:
    """Sends notices. What was handed over is kept before the activity answers, so that a repeat hands over the rest.

    A worker that dies between the mail server's word and our note of it sends the mail again; its Message-ID is the
    same, so that mail programs and people can tell.
    """

    def __init__(
        self,
        database: Database,
        mailer: Mailer | None,
        colleagues: Colleagues,
        files: Files,
        page: Page,
        plans: Path | None = None,
    ) -> None:
        self._database = database
        self._mailer = mailer
        self._colleagues = colleagues
        self._files = files
        self._page = page
        self._plans = plans

    @activity.defn(name="send_notice")
    async def send_notice(self, order: NoticeOrder) -> NoticeEnd:
        """Returns to how many addresses the notice went.

        Raises ApplicationError, not to be retried, when no address takes it or its text cannot be made.
        """
        if self._mailer is None:
            raise _final("no mail server is set up")
        async with signs_of_life(_BEAT):
            return await self._send(order, self._mailer)

    async def _send(self, order: NoticeOrder, mailer: Mailer) -> NoticeEnd:
        from store.notices import Delivery, begin_delivery, end_delivery, reached

        readers = await self._readers(order)
        if not readers:
            raise _final("nobody has an e-mail address")
        outside = order.audience is Audience.CUSTOMER
        enclosed = await self._files(order.files, outside) if order.files else []
        page = await self._page(order.case_id, not outside)
        refused: list[str] = []
        sent = 0
        for reader in readers:
            mail = self._mail(order, reader, page, enclosed, mailer.sender)
            delivery = Delivery(order.case_id, order.notice_id, reader.address, order.kind.value, mail["Message-ID"])
            async with self._database.session() as session:
                if await reached(session, delivery):
                    sent += 1
                    continue
                await begin_delivery(session, delivery, order.ordered_at)
            try:
                await mailer.send(mail)
            except Refused as no:
                refused.append(str(no))
                async with self._database.session() as session:
                    await end_delivery(session, delivery, reason=str(no)[:500])
                continue
            async with self._database.session() as session:
                await end_delivery(session, delivery)
            sent += 1
        if not sent:
            raise _final(f"the mail server refused it: {'; '.join(refused)}"[:500])
        return NoticeEnd(notice_id=order.notice_id, sent=sent)

    @activity.defn(name="give_up_notice")
    async def give_up_notice(self, given_up: Undeliverable) -> None:
        """Keeps why a notice was not sent."""
        from store.notices import Delivery, give_up

        order = given_up.order
        addressed = order.to or ", ".join(order.roles)
        async with self._database.session() as session:
            delivery = Delivery(order.case_id, order.notice_id, addressed, order.kind.value, "")
            await give_up(session, delivery, order.ordered_at, given_up.reason)

    async def _readers(self, order: NoticeOrder) -> list[Reader]:
        if order.audience is not Audience.CUSTOMER:
            return await self._colleagues(order.roles, order.user)
        return [Reader(order.to, order.name, order.language, order.time_zone)] if order.to else []

    def _mail(
        self, order: NoticeOrder, reader: Reader, page: str, enclosed: Sequence[Enclosed], sender: str
    ) -> EmailMessage:
        from activities.notice_texts import MissingText, mail_of

        try:
            mail = mail_of(order, reader, page, sender, self._plans)
        except MissingText as missing:
            raise _final(str(missing)) from None
        mail["Message-ID"] = message_id(order, reader.address, sender)
        for file in enclosed:
            kind, _, rest = file.content_type.partition("/")
            mail.add_attachment(file.content, maintype=kind, subtype=rest or "octet-stream", filename=file.name)
        return mail


def message_id(order: NoticeOrder, address: str, sender: str) -> str:
    """Returns the Message-ID of a notice to an address: the same however often it is sent."""
    parts = f"{order.case_id}\x1f{order.notice_id}\x1f{address}"
    return f"<{hashlib.sha256(parts.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2] or 'aftercare.invalid'}>"


def _final(reason: str) -> ApplicationError:
    return ApplicationError(reason, type="NoticeNotSent", non_retryable=True)
