"""Whether the process lives, and whether what it needs can be reached."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from api.parts import Parts, PartsDep

router = APIRouter(tags=["health"])
_PATIENCE = 3.0


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "something that is needed cannot be reached"}})
async def readyz(parts: PartsDep) -> JSONResponse:
    """Engine and database can be reached: 200 when both, 503 naming the one that cannot."""
    engine, database = await asyncio.gather(_engine(parts), _database(parts))
    well = engine and database
    shown = {"engine": "ok" if engine else "unreachable", "database": "ok" if database else "unreachable"}
    return JSONResponse({"status": "ok" if well else "unavailable", **shown}, 200 if well else 503)


async def _engine(parts: Parts) -> bool:
    try:
        return await asyncio.wait_for(parts.engine.ready(), _PATIENCE)
    except TimeoutError:
        return False


async def _database(parts: Parts) -> bool:
    try:
        await asyncio.wait_for(parts.database.ping(), _PATIENCE)
    except (TimeoutError, SQLAlchemyError, OSError):
        return False
    return True
