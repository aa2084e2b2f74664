"""The factories that make the products."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.actions.factories import keep_one
from api.bodies import JsonObject
from api.openapi import json_body
from api.parts import PartsDep
from api.rights import Right, require
from api.routes.query import Filter, text
from api.signin import PersonDep
from domain.factories import Factory, for_model
from store.factories import list_factories

router = APIRouter(tags=["factories"])


class FactoriesPage(BaseModel):
    """Every factory."""

    items: tuple[Factory, ...]
    next: str | None


@router.get("/factories")
async def factories(parts: PartsDep, person: PersonDep, model: Filter = None) -> FactoriesPage:
    """Lists the factories by name; with a model, those that make it come first."""
    require(person, Right.SEE_CASES)
    asked = text(model, "model")
    async with parts.database.reading() as session:
        known = await list_factories(session)
    return FactoriesPage(items=for_model(known, asked) if asked else known, next=None)


@router.post("/factories", status_code=201, openapi_extra=json_body(Factory))
async def keep(parts: PartsDep, person: PersonDep, fields: JsonObject) -> Factory:
    """Keeps a factory; one of the same name is replaced."""
    return await keep_one(parts, person, fields)
