from __future__ import annotations

from domain.factories import Factory
from store.factories import keep_factory, list_factories
from store.sessions import Database
from tests.store.making import NOW


async def test_a_factory_is_kept_once_and_replaced_by_the_newer_word(database: Database) -> None:
    first = Factory(name="Linjiang", city="Chengdu", models=("LB-3",))
    newer = Factory(name=" LINJIANG ", city="Mianyang", models=("LB-3", "SX"), signs_in=True)
    async with database.session() as session:
        await keep_factory(session, first, by="qiu", at=NOW)
        await keep_factory(session, Factory(name="Anyang", city="Ningbo"), by="qiu", at=NOW)
    async with database.session() as session:
        await keep_factory(session, newer, by="qiu", at=NOW)
    async with database.reading() as session:
        assert [(one.name, one.city, one.signs_in) for one in await list_factories(session)] == [
            ("Anyang", "Ningbo", False),
            ("LINJIANG", "Mianyang", True),
        ]
