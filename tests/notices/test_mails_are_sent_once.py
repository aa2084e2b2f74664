"""A notice is handed to the mail server once for each address, whatever is tried again."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.mailing import SmtpMailer
from activities.notices import NoticeSending
from core.settings import Settings
from domain.notices import NoticeKind, NoticeOrder, Undeliverable
from store.attachments import Attachment, add_attachment
from store.files import open_files
from store.notices import Delivered, Delivery, begin_delivery, notices_of_case
from store.sessions import Database
from store.users import User, create_user
from tests.notices.conftest import AT, Order
from tests.support.mail_server import MailServer, mail_server

CASE = "C-0000000001"


async def sent(sending: NoticeSending, order: NoticeOrder) -> int:
    return (await ActivityEnvironment().run(sending.send_notice, order)).sent


async def a_colleague(database: Database, user: str, email: str | None, *roles: str, language: str = "en") -> None:
    person = User(user, user.title(), roles, AT, email=email, language=language, time_zone="Europe/Rome")
    async with database.session() as session:
        await create_user(session, person)


async def test_the_customer_reads_it_in_their_language_and_zone(
    sending: NoticeSending, mails: MailServer, order: Order
) -> None:
    assert await sent(sending, order(NoticeKind.APPOINTMENT, language="zh-CN", name="周女士")) == 1
    (mail,) = mails.mails()
    assert mail["To"] == "zhou@example.com"
    assert mail["Subject"] == "服务预约 RR-2026-000418"
    assert "示例设备制造有限公司" in mail["From"]
    text = mail.get_content()
    assert text.lstrip().startswith("周女士，您好：")
    assert "2026-11-18 09:30" in text, "09:30 in Shanghai"
    assert "https://service.example.com/t/0000000001" in text, "the customer's own page, never a colleague's"


async def test_a_repeat_sends_nothing_again(sending: NoticeSending, mails: MailServer, order: Order) -> None:
    for _ in range(3):
        assert await sent(sending, order()) == 1
    assert len(mails.mails()) == 1


async def test_one_whose_end_was_never_heard_of_is_sent_again_with_the_same_message_id(
    sending: NoticeSending, mails: MailServer, order: Order, database: Database
) -> None:
    await sent(sending, order())
    (first,) = mails.mails()
    async with database.session() as session:
        delivery = Delivery(CASE, "notice-1", "zhou@example.com", "received", first["Message-ID"])
        await begin_delivery(session, delivery, AT)  # as a worker leaves it that dies before it hears the answer
    await sent(sending, order())
    assert [mail["Message-ID"] for mail in mails.mails()] == [first["Message-ID"]] * 2
    async with database.reading() as session:
        (row,) = await notices_of_case(session, CASE)
    assert (row.status, row.tries) == (Delivered.SENT, 3)


async def test_an_address_that_bounces_is_told_and_not_tried_again(
    sending: NoticeSending, mails: MailServer, order: Order, database: Database
) -> None:
    with pytest.raises(ApplicationError, match="550 no such mailbox") as refused:
        await sent(sending, order(to="gone@example.com"))
    assert refused.value.non_retryable
    assert mails.mails() == []
    async with database.reading() as session:
        (row,) = await notices_of_case(session, CASE)
    assert (row.status, row.reason) == (Delivered.REFUSED, "550 no such mailbox")


async def test_one_told_to_come_back_is_tried_again(sending: NoticeSending, order: Order) -> None:
    with pytest.raises(Exception, match="busy") as later:
        await sent(sending, order(to="busy@example.com"))
    assert not isinstance(later.value, ApplicationError)


async def test_a_mail_server_that_is_away_is_waited_for(sending: NoticeSending, order: Order, tmp_path: Path) -> None:
    with mail_server(tmp_path / "other") as other:
        away = other.port
    sending._mailer = SmtpMailer(f"smtp://127.0.0.1:{away}", "service@example.com")
    with pytest.raises(OSError, match=r".*"):
        await sent(sending, order())
    with mail_server(tmp_path / "back", away) as back:
        assert await sent(sending, order()) == 1
        assert len(back.mails()) == 1


async def test_every_colleague_of_a_role_gets_their_own_and_one_bounce_stops_nobody(
    sending: NoticeSending, mails: MailServer, order: Order, database: Database
) -> None:
    await a_colleague(database, "anna", "anna@example.com", "service_manager", language="it")
    await a_colleague(database, "bert", "gone@example.com", "service_manager")
    await a_colleague(database, "carl", None, "service_manager")
    await a_colleague(database, "dora", "dora@example.com", "finance")
    assert await sent(sending, order(NoticeKind.MISSED, to=None, roles=("service_manager",))) == 1
    (mail,) = mails.mails()
    assert (mail["To"], mail["Subject"]) == (
        "anna@example.com",
        "Scadenza passata: Contattare il cliente, RR-2026-000418",
    )
    assert "https://service.example.com/cases/C-0000000001" in mail.get_content()


async def test_a_role_in_which_nobody_has_an_address_is_said(sending: NoticeSending, order: Order) -> None:
    with pytest.raises(ApplicationError, match="nobody has an e-mail address"):
        await sent(sending, order(NoticeKind.SPECIAL_CASE, to=None, roles=("general_manager",)))


async def test_what_is_given_up_keeps_its_reason(sending: NoticeSending, order: Order, database: Database) -> None:
    given_up = Undeliverable(order=order(), reason="the mail server was away for two days")
    await ActivityEnvironment().run(sending.give_up_notice, given_up)
    async with database.reading() as session:
        (row,) = await notices_of_case(session, CASE)
    assert (row.status, row.reason) == (Delivered.GIVEN_UP, "the mail server was away for two days")


async def test_files_go_along_and_too_large_ones_stay_on_the_customers_page(
    sending: NoticeSending, mails: MailServer, order: Order, database: Database, settings: Settings
) -> None:
    store = open_files(settings)
    kept = await store.write(b"%PDF-1.7 steps")
    async with database.session() as session:
        for number, size in enumerate((kept.size, 50_000_000)):
            await add_attachment(
                session,
                Attachment(
                    attachment_id=f"F-000000000{number}", sha256=kept.sha256, file_name=f"steps-{number}.pdf",
                    content_type="application/pdf", size=size, uploaded_by="su.mei", uploaded_at=datetime.now(UTC),
                ),
            )  # fmt: skip
    files = ("F-0000000000", "F-0000000001", "F-0000000009")
    await sent(sending, order(NoticeKind.SOLUTION, files=files))
    (mail,) = mails.mails()
    enclosed = [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()]
    assert enclosed == [("steps-0.pdf", b"%PDF-1.7 steps")]


async def test_a_customer_gets_pictures_without_position_and_camera(
    sending: NoticeSending, mails: MailServer, order: Order, database: Database, settings: Settings
) -> None:
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Sample Cameras"
    Image.new("RGB", (60, 40), "red").save(photo, "JPEG", exif=exif)
    assert b"Sample Cameras" in photo.getvalue()
    kept = await open_files(settings).write(photo.getvalue())
    async with database.session() as session:
        await add_attachment(
            session,
            Attachment(
                attachment_id="F-0000000000", sha256=kept.sha256, file_name="valve.jpg", content_type="image/jpeg",
                size=kept.size, uploaded_by="su.mei", uploaded_at=datetime.now(UTC),
            ),
        )  # fmt: skip
    await sent(sending, order(NoticeKind.SOLUTION, files=("F-0000000000",)))
    ((name, content),) = [(part.get_filename(), part.get_content()) for part in mails.mails()[0].iter_attachments()]
    assert name == "valve.webp"
    assert b"Sample Cameras" not in content
    assert Image.open(io.BytesIO(content)).size == (60, 40)


async def test_a_report_goes_to_its_roles_with_the_paper(
    sending: NoticeSending, mails: MailServer, order: Order, database: Database
) -> None:
    await a_colleague(database, "anna", "anna@example.com", "quality_manager")
    report = order(NoticeKind.REPORT, case_id="R-quality-20260302-20260308", to=None, roles=("quality_manager",))
    assert await sent(sending, report) == 1
    (mail,) = mails.mails()
    assert mail["Subject"] == "After-sales report, March"
    assert "https://service.example.com/reports/issued" in mail.get_content()
