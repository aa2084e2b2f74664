"""Keeping the factories and what they make (T2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.parts import Parts
from api.reading import read
from api.rights import Person, Right, require
from domain.factories import Factory
from store.factories import keep_factory


async def keep_one(parts: Parts, person: Person, fields: Mapping[str, Any]) -> Factory:
    """Keeps a factory; one of the same name is replaced. Raises Forbidden, InvalidFields."""
    actor = require(person, Right.KEEP_FACTORIES)
    factory = read(Factory, fields)
    async with parts.database.session() as session:
        await keep_factory(session, factory, by=actor.user, at=parts.now())
    return factory
