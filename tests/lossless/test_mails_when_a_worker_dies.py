"""A worker killed while it mails: every mail arrives, once each; what a server had taken already bears the same id."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from core.embedded.process import Child
from domain.case import CaseStart
from domain.clocks import Pace
from domain.notices import NoticeKind
from store.notices import Delivered, notices_of_case
from store.sessions import Database
from tests.lossless.witness import until
from tests.support.mail_server import MailServer, mail_server
from tests.support.real_server import RealServer
from tests.support.scene import APPLICATION, EPOCH, ROOT, person, rapid_response

_START_WITHIN = 60


@pytest.fixture
def mails(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path / "mails") as running:
        yield running


@pytest.fixture
async def product_worker(
    mortal_server: RealServer, queue: str, mails: MailServer, database: Database, tmp_path: Path
) -> AsyncIterator[Callable[[], Child]]:
    """Starts the product's own worker as a process; database and server, where it leaves schedules, are the test's."""
    children: list[Child] = []
    variables = {
        "AFTERCARE_HOME": str(tmp_path),
        "AFTERCARE_TEMPORAL_ADDRESS": mortal_server.address,
        "AFTERCARE_TASK_QUEUE": queue,
        "AFTERCARE_SMTP_URL": mails.url,
        "AFTERCARE_MAIL_FROM": "service@example.com",
        "AFTERCARE_SESSION_SECRET": "s" * 40,
        "AFTERCARE_MASTER_KEYS": f"m1:{'5a' * 32}",
        "AFTERCARE_SIGNING_KEYS": "6b" * 32,
    }

    def started() -> Child:
        log = tmp_path / f"product-{time.monotonic_ns()}.log"
        environment = {**os.environ, **variables, "PYTHONPATH": str(ROOT)}
        child = Child("worker", [sys.executable, "-m", "worker"], log=log, environment=environment, announces=True)
        child.start()
        children.append(child)
        return child

    yield started
    for child in children:
        child.kill()


async def opened(client: Client, queue: str) -> str:
    """Opens a case of a customer who reads Chinese mail."""
    case_id = f"C-{time.time_ns() % 10**10:010d}"
    customer = {**APPLICATION["customer"], "email": "chen.yu@example.com"}
    start = CaseStart.model_validate(
        {
            "case_id": case_id, "plan": rapid_response(), "pace": Pace(epoch=EPOCH), "notices": True,
            "application": {**APPLICATION, "customer": customer}, "applied_at": EPOCH,
            "opened_by": person("customer_service"),
        }
    )  # fmt: skip
    await client.start_workflow("ServiceCase", start, id=case_id, task_queue=queue)
    return case_id


async def there(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _START_WITHIN
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen"
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(("when", "copies"), [("wait", 1), ("hold", 2)])
async def test_a_mail_on_its_way_when_the_worker_is_killed_arrives(
    *, mortal_server: RealServer, queue: str, mails: MailServer, database: Database,
    product_worker: Callable[[], Child], when: str, copies: int,
) -> None:  # fmt: skip
    (mails.folder / when).touch()  # the server does not take the mail yet; or has it, and does not say so yet
    first = product_worker()
    case_id = await opened(await mortal_server.connect(), queue)
    await there((mails.folder / "reached").exists, "a mail reaching the server")
    if when == "hold":
        await there(lambda: bool(mails.mails()), "a mail being taken")
    os.kill(first.pid, 9)
    first.kill()
    (mails.folder / when).unlink()
    product_worker()

    async def all_sent() -> bool:
        async with database.reading() as session:
            rows = await notices_of_case(session, case_id)
        # the deadline of a request this old passes at once; nobody is there to be told of that
        received = [row for row in rows if row.kind == NoticeKind.RECEIVED]
        return bool(received) and all(row.status is Delivered.SENT for row in received)

    await until("every mail to be sent", all_sent, within=200)
    received = [mail for mail in mails.mails() if "已收到" in mail["Subject"]]
    assert len(received) == copies
    assert len({mail["Message-ID"] for mail in received}) == 1
    assert all(case_id in mail.get_content() for mail in received)
