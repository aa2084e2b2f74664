"""The API on the real Temporal server: what the fake engine of the other tests cannot vouch for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from temporalio.worker import Worker

import activities
from api.app import create_app
from core.settings import Settings
from core.temporal import connect
from store.sessions import Database
from tests.api.house import CONTACTED, House, application, move_in, problem
from tests.support.real_server import RealServer
from workflows import WORKFLOWS, worker_runner

Working = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    running = RealServer(tmp_path_factory.mktemp("engine"))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def settings(settings: Settings, server: RealServer) -> Settings:
    queue = f"api-{time.monotonic_ns()}"
    return settings.model_copy(update={"temporal_address": server.address, "task_queue": queue})


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    database = Database(settings.database_url)
    tokens = await move_in(database)
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house.test", timeout=30) as client:
        yield House(app, app.state.parts.engine, tokens, client)
    await app.state.parts.database.dispose()
    await database.dispose()


@pytest.fixture
def working(settings: Settings, server: RealServer) -> Working:
    @asynccontextmanager
    async def worker() -> AsyncIterator[None]:
        client = await connect(settings, identity="test-worker")
        async with (
            activities.build(settings, client) as wired,
            Worker(
                client,
                task_queue=settings.task_queue,
                workflows=WORKFLOWS,
                activities=wired,
                workflow_runner=worker_runner(),
            ),
        ):
            yield

    return worker


async def _until(ask: Callable[[], Any], seconds: float = 20) -> Any:
    until = time.monotonic() + seconds
    while not (found := await ask()):
        assert time.monotonic() < until, "it did not come"
        await asyncio.sleep(0.05)
    return found


async def _offered(house: House, case_id: str, kind: str) -> str:
    """Waits for an open task of a kind and returns its id."""

    async def look() -> str | None:
        items = (await house.get("admin", f"/tasks?case_id={case_id}&state=ready")).json()["items"]
        items += (await house.get("admin", f"/tasks?case_id={case_id}&state=reserved")).json()["items"]
        return next((task["task_id"] for task in items if task["kind"] == kind), None)

    return str(await _until(look))


async def _done(house: House, user: str, case_id: str, kind: str, **outcome: Any) -> None:
    task = await _offered(house, case_id, kind)
    answer = await house.complete(user, task, outcome, f"s-{task}")
    assert answer.status_code == 200, answer.text


async def _closed(house: House, case_id: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        shown: dict[str, Any] = (await house.get("lin", f"/cases/{case_id}")).json()
        return shown if shown["state"] == "closed" else None

    found: dict[str, Any] = await _until(look)
    return found


async def test_a_case_is_worked_from_its_opening_to_its_archive_and_opened_again(
    house: House, working: Working
) -> None:
    async with working():
        case_id = await house.open()
        await _done(house, "lin", case_id, "contact_customer", **CONTACTED)
        await _done(house, "lin", case_id, "remote_diagnosis", result="solved", findings="The guard was not closed")
        signed = {"checks": "Runs", "signed_by": "Chen Yu", "signature": "electronic", "evidence": "Mail of today"}
        acceptance = await _offered(house, case_id, "acceptance")
        role = (await house.get("admin", f"/tasks/{acceptance}")).json()["role"]
        doer = {"engineer": "zhou", "customer_service": "lin"}[role]
        await _done(house, doer, case_id, "acceptance", decision="accepted", **signed)
        await _done(house, "admin", case_id, "settlement", cost_list="Handed over", payment="nothing_due")
        await _done(house, "lin", case_id, "follow_up", reached="yes", satisfaction=5)
        closed = await _closed(house, case_id)
        assert closed["result"] == "resolved"
        assert closed["work_order"].startswith("RR-")
        deadlines = (await house.get("lin", f"/cases/{case_id}/deadlines")).json()["items"]
        first = next(deadline for deadline in deadlines if deadline["task"] == "contact_customer")
        assert (first["budget"], first["source"], first["since"]) == ("12 h", "R3", "application")
        assert first["steps"][0]["text"].startswith("The clock starts")
        papers = (await house.get("lin", f"/cases/{case_id}/documents")).json()["items"]
        assert {paper["kind"] for paper in papers} == {"service_confirmation", "archive_index"}
        paper = await house.get("lin", f"/documents/{papers[0]['document_id']}")
        assert paper.content.startswith(b"%PDF")
        history = (await house.get("audit", f"/cases/{case_id}/history")).json()
        assert len(history["events"]) > 20
        refused = await house.post("lin", f"/cases/{case_id}/signals/withdraw", {"reason": "Too late"})
        assert "resolved" in problem(refused, 409)["detail"]
        again = await house.post("lin", f"/cases/{case_id}/reopen", {}, key="again")
        assert again.status_code == 201, again.text
        repeat = await house.post("lin", f"/cases/{case_id}/reopen", {}, key="again")
        assert (repeat.status_code, repeat.json()) == (200, again.json())
        shown = (await house.get("lin", f"/cases/{again.json()['case_id']}")).json()
        assert shown["reopened_from"] == case_id


async def test_the_same_key_at_the_same_moment_is_one_case(house: House, working: Working) -> None:
    async with working():
        answers = await asyncio.gather(*(house.post("lin", "/cases", application(), key="k-1") for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
        assert len({answer.json()["case_id"] for answer in answers}) == 1
        other = await house.post("lin", "/cases", application(request="replacement"), key="k-1")
        problem(other, 409)


async def test_of_many_completions_at_once_one_counts(house: House, working: Working) -> None:
    async with working():
        task = f"{await house.open()}.contact_customer"
        await _offered(house, task.split(".", maxsplit=1)[0], "contact_customer")
        mine = [house.complete("lin", task, CONTACTED, "s-lin") for _ in range(3)]
        theirs = [house.complete("bai", task, CONTACTED, f"s-bai-{n}") for n in range(3)]
        answers = await asyncio.gather(*mine, *theirs)
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(200) == (3 if statuses[0] == 200 else 1), [answer.text for answer in answers]
        assert set(statuses) <= {200, 409}
        done = (await house.get("lin", f"/tasks/{task}")).json()["done"]
        refusals = [answer.json()["detail"] for answer in answers if answer.status_code == 409]
        assert any(done["by"]["name"] in detail for detail in refusals)


async def test_while_every_worker_is_dead_completions_and_messages_are_taken_and_count_later(
    house: House, working: Working
) -> None:
    async with working():
        case_id = await house.open()
        task = await _offered(house, case_id, "contact_customer")
    answer = await house.post("lin", f"/cases/{case_id}/signals/add_information", {"text": "It is the left blade"})
    assert answer.status_code == 202
    assert (await house.complete("lin", task, CONTACTED)).status_code == 200
    assert (await house.complete("lin", task, CONTACTED)).json()["repeated"] is True
    assert (await house.get("lin", f"/tasks/{task}")).json()["submitted_at"] is not None
    problem(await house.complete("bai", task, CONTACTED, "s-2"), 409)
    opened = await house.post("lin", "/cases", application())
    assert opened.status_code == 201
    assert (await house.get("lin", f"/cases/{opened.json()['case_id']}")).json()["projected"] is False
    async with working():
        await _offered(house, case_id, "remote_diagnosis")
        shown = (await house.get("lin", f"/cases/{case_id}")).json()
        assert [entry["text"] for entry in shown["information"]] == ["It is the left blade"]
        await _offered(house, opened.json()["case_id"], "contact_customer")


async def test_the_api_serves_and_says_so_while_the_engine_cannot_be_reached(settings: Settings) -> None:
    away = settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    database = Database(away.database_url)
    tokens = await move_in(database)
    app = create_app(away)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://house.test", timeout=30) as client,
    ):
        house = House(app, app.state.parts.engine, tokens, client)
        assert (await client.get("/readyz")).json() == {
            "status": "unavailable",
            "engine": "unreachable",
            "database": "ok",
        }
        assert (await house.get("lin", "/cases")).status_code == 200
        problem(await house.post("lin", "/cases", application()), 503)
    await database.dispose()
