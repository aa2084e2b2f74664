"""The application with pages on SQLite, an engine that remembers, and people of several roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser as Chromium

from api.app import create_app
from api.signin import SESSION_COOKIE
from core.settings import Settings
from domain.plan import read_plan
from store.migrations import upgrade
from store.projection import write_projection
from store.sessions import Database
from store.sign_ins import new_session
from store.users import User, create_user, hash_password
from tests.pages.looks import launched
from tests.pages.making import FakeEngine, MadeCase, virtual_now
from tests.pages.strict_client import Browser

PASSWORD = "correct horse"
PEOPLE = {
    "lin": ("Lin Yue", ("customer_service",), None, ()),
    "mei": ("Mei Zhou", ("customer_service",), None, ()),
    "wei": ("Wei Shen", ("engineer",), "浙江", ("noise",)),
    "tom": ("Tom Hale", ("engineer",), "Yorkshire", ("leak",)),
    "dan": ("Dan Qian", ("dispatcher",), None, ()),
    "gao": ("Gao An", ("general_manager",), None, ()),
    "audra": ("Audra Ning", ("auditor",), None, ()),
    "admin": ("Admin", ("admin",), None, ()),
}
PLAN = read_plan(Path(__file__).resolve().parents[2] / "plans" / "rapid-response.toml")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("pages") / "empty.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file.read_bytes()


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory, migrated: bytes) -> bytes:
    """A database in which everyone lives, to be copied."""
    file = tmp_path_factory.mktemp("inhabited") / "aftercare.db"
    file.write_bytes(migrated)

    async def move_in() -> None:
        database = Database(f"sqlite:///{file}")
        hashed = await hash_password(PASSWORD)
        async with database.session() as session:
            for user_id, (name, roles, region, skills) in PEOPLE.items():
                user = User(user_id, name, roles, datetime.now(UTC), regions=(region,) if region else (), skills=skills)
                await create_user(session, user, hashed)
        await database.dispose()

    asyncio.run(move_in())
    return file.read_bytes()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@asynccontextmanager
async def opened_app(home: Path, inhabited: bytes, engine: FakeEngine) -> AsyncIterator[FastAPI]:
    """The application on a database of its own, in which everyone lives."""
    (home / "aftercare.db").write_bytes(inhabited)
    settings = Settings(
        home=home,
        session_secret="a secret that is only used in tests, and long enough",
        master_keys=f"m1:{'5a' * 32}",
    )
    made = create_app(settings, engine=engine, plans={PLAN.name: PLAN})
    yield made
    await made.state.parts.database.dispose()


@pytest.fixture
async def app(tmp_path: Path, inhabited: bytes, engine: FakeEngine) -> AsyncIterator[FastAPI]:
    async with opened_app(tmp_path, inhabited, engine) as app:
        yield app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_chromium() -> AsyncIterator[Chromium]:
    """One for all tests of a process that take it by `tests.pages.in_chromium`."""
    async with launched() as browser:
        yield browser


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pages.test") as client:
        yield Browser(client)


@pytest.fixture
async def browse(app: FastAPI) -> AsyncIterator[Callable[[str], Awaitable[Browser]]]:
    """Signs people in, each with a browser of their own."""
    clients: list[httpx.AsyncClient] = []

    async def as_user(user: str) -> Browser:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://pages.test")
        clients.append(client)
        now = datetime.now(UTC)
        async with app.state.parts.database.session() as session:
            cookie, _ = await new_session(session, user, now=now, expires_at=now + timedelta(hours=1))
        client.cookies.set(SESSION_COOKIE, cookie)
        return Browser(client)

    yield as_user
    for client in clients:
        await client.aclose()


@pytest.fixture
def made_case(app: FastAPI) -> Callable[..., MadeCase]:
    def make(number: int = 1, text: str = "Rattles since Monday") -> MadeCase:
        return MadeCase(PLAN, f"C-{number:010d}", virtual_now(), text)

    return make


@pytest.fixture
def project(app: FastAPI) -> Callable[[MadeCase], Awaitable[None]]:
    """Writes a case as the worker would."""

    async def write(made: MadeCase) -> None:
        async with app.state.parts.database.session() as session:
            await write_projection(session, "run-1", made.now, made.projection())

    return write
