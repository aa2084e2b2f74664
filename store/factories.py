"""Factories: kept by procurement, read where one is chosen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.factories import Factory
from domain.warranty import model_key
from store.statements import insert_into
from store.tables import FactoryRow


async def keep_factory(session: AsyncSession, factory: Factory, *, by: str, at: datetime) -> None:
    """Keeps what is known of a factory; what was known under its name before is replaced."""
    values = {"factory": factory.model_dump(mode="json"), "by": by, "at": at}
    new = insert_into(session, FactoryRow).values(factory_key=model_key(factory.name), **values)
    await session.execute(new.on_conflict_do_update(index_elements=[FactoryRow.factory_key], set_=values))


async def list_factories(session: AsyncSession) -> tuple[Factory, ...]:
    """Returns every factory by name."""
    rows = await session.scalars(select(FactoryRow).order_by(FactoryRow.factory_key))
    return tuple(Factory.model_validate(row.factory) for row in rows)
