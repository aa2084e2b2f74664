"""The API on SQLite, beside an engine in memory."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from core.settings import Settings
from domain.plan import Plan, read_plans
from store.migrations import upgrade
from store.sessions import Database
from tests.api.house import FakeEngine, House, move_in
from tests.support.scene import ROOT


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("api") / "aftercare.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> tuple[Path, dict[str, str]]:
    """A database in which everyone lives, to be copied, and their tokens."""
    file = tmp_path_factory.mktemp("inhabited") / "aftercare.db"
    shutil.copy(empty_database, file)

    async def moved_in() -> dict[str, str]:
        database = Database(f"sqlite:///{file}")
        tokens = await move_in(database)
        await database.dispose()
        return tokens

    return file, asyncio.run(moved_in())


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    """Settings beside a database without anybody."""
    shutil.copy(empty_database, tmp_path / "aftercare.db")
    return Settings(
        home=tmp_path,
        session_secret="not a secret at all, only long enough",
        master_keys=f"m1:{'5a' * 32}",
        public_url="http://house.test",
        max_photo_bytes=200_000,
        max_document_bytes=300_000,
        max_video_bytes=400_000,
    )


@pytest.fixture(scope="session")
def plans() -> dict[str, Plan]:
    return read_plans(ROOT / "plans")


@pytest.fixture
async def house(
    settings: Settings, plans: dict[str, Plan], inhabited: tuple[Path, dict[str, str]]
) -> AsyncIterator[House]:
    file, tokens = inhabited
    shutil.copy(file, settings.home / "aftercare.db")
    database = Database(settings.database_url)
    engine = FakeEngine(database)
    app = create_app(settings, engine=engine, plans=plans)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house.test") as client:
        yield House(app, engine, tokens, client)
    await app.state.parts.database.dispose()
    await database.dispose()
