"""The API on SQLite, beside an engine in memory."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from core.settings import Settings
from store.migrations import upgrade
from store.sessions import Database
from tests.api.house import FakeEngine, House, move_in


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("api") / "aftercare.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
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


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    database = Database(settings.database_url)
    engine = FakeEngine(database)
    app = create_app(settings, engine=engine)
    tokens = await move_in(database)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house.test") as client:
        yield House(app, engine, tokens, client)
    await app.state.parts.database.dispose()
    await database.dispose()
