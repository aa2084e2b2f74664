"""Erasing a case, and the legal holds that keep it from being erased."""

from __future__ import annotations

from fastapi import APIRouter

from api.actions.erasing import erase_case, hold_case, holds_of_case, release_case
from api.bodies import JsonObject, OptionalJsonObject
from api.erasing_shown import CaseErased, HoldShown, HoldsShown
from api.openapi import json_body
from api.parts import PartsDep
from api.rights import Right, require
from api.schemas import LiftBody, ReasonBody
from api.signin import PersonDep

router = APIRouter(tags=["record"])


@router.post("/cases/{case_id}/erase", openapi_extra=json_body(ReasonBody))
async def erase(parts: PartsDep, person: PersonDep, case_id: str, fields: JsonObject) -> CaseErased:
    """Erases a closed case for good: its key is destroyed, and everything personal of it goes. It cannot be undone."""
    return CaseErased.of(await erase_case(parts, person, case_id, fields))


@router.get("/cases/{case_id}/legal-hold")
async def holds(parts: PartsDep, person: PersonDep, case_id: str) -> HoldsShown:
    """Lists the legal holds of a case, the newest first; the first one is in force unless it was lifted."""
    require(person, Right.SEE_CASES)
    return HoldsShown(items=[HoldShown.of(one) for one in await holds_of_case(parts, case_id)])


@router.post("/cases/{case_id}/legal-hold", status_code=201, openapi_extra=json_body(ReasonBody))
async def place(parts: PartsDep, person: PersonDep, case_id: str, fields: JsonObject) -> HoldShown:
    """Places a legal hold: nothing of the case is erased or removed until it is lifted. One in force stays."""
    return HoldShown.of(await hold_case(parts, person, case_id, fields))


@router.delete("/cases/{case_id}/legal-hold", status_code=204, openapi_extra=json_body(LiftBody, required=False))
async def lift(parts: PartsDep, person: PersonDep, case_id: str, fields: OptionalJsonObject) -> None:
    """Lifts the legal hold of a case."""
    await release_case(parts, person, case_id, fields)
