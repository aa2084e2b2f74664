"""A mail server process, a database, and notices as a workflow would order them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.notice_parts import notice_sending
from activities.notices import NoticeSending
from api.commands.database import migrate
from core.settings import Settings, load
from domain.notices import AUDIENCES, Audience, NoticeKind, NoticeOrder
from store.files import open_files
from store.sessions import Database
from tests.support.mail_server import MailServer, mail_server

AT = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
Order = Callable[..., NoticeOrder]


@pytest.fixture
def mails(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, mails: MailServer) -> Settings:
    made = load(
        home=tmp_path,
        smtp_url=mails.url,
        mail_from="service@example.com",
        session_secret="s" * 40,
        public_url="https://service.example.com",
    )
    migrate(made)
    return made


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def sending(settings: Settings, database: Database) -> NoticeSending:
    return notice_sending(settings, database, open_files(settings))


@pytest.fixture
def order() -> Order:
    def made(kind: NoticeKind = NoticeKind.RECEIVED, **changes: Any) -> NoticeOrder:
        values: dict[str, Any] = {
            "notice_id": "notice-1",
            "kind": kind,
            "audience": AUDIENCES.get(kind, Audience.CUSTOMER),
            "case_id": "C-0000000001",
            "number": "RR-2026-000418",
            "company": "示例设备制造有限公司",
            "language": "en",
            "time_zone": "Asia/Shanghai",
            "to": "zhou@example.com",
            "name": "Ms Zhou",
            "texts": {
                "product": "PX-200 PX200-0042", "task": "Contact the customer", "reason": "They threaten to sue",
                "told": "Half of it is done", "address": "Sample Road 1", "precautions": "Drain the oil",
                "result": "resolved", "title": "After-sales report, March",
            },
            "instants": {"appointment": AT, "promised_for": AT, "due_at": AT},
            "amounts": {"costs": "1234.50"},
            "currency": "CNY",
            "ordered_at": AT,
        }  # fmt: skip
        return NoticeOrder.model_validate({**values, **changes})

    return made
