from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.pool import NullPool

from store.migrations import upgrade
from store.sessions import new_engine
from store.tables import Base
from store.tables.knowledge import FULL_TEXT


async def _on(url: str, ask: Any) -> Any:
    engine = new_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        answer = await connection.run_sync(ask)
    await engine.dispose()
    return answer


async def test_the_migrated_schema_is_the_one_of_the_models(empty_url: str) -> None:
    upgrade(empty_url)

    def differences(connection: Connection) -> list[Any]:
        own = FULL_TEXT[connection.dialect.name]
        named = {"compare_type": True, "include_object": lambda _object, name, *_rest: name not in own}
        context = MigrationContext.configure(connection, opts=named)
        return list(compare_metadata(context, Base.metadata))

    assert await _on(empty_url, differences) == []


async def test_migrating_again_changes_nothing_and_works_inside_a_running_loop(url: str) -> None:
    before = await _on(url, lambda connection: sorted(inspect(connection).get_table_names()))
    upgrade(url)
    assert await _on(url, lambda connection: sorted(inspect(connection).get_table_names())) == before


async def test_two_that_migrate_at_once_both_succeed(empty_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(upgrade, empty_url) for _ in range(3)]:
            done.result()
    tables = await _on(empty_url, lambda connection: set(inspect(connection).get_table_names()))
    tables -= FULL_TEXT["sqlite"]
    assert tables == {*Base.metadata.tables, "alembic_version"}
