"""Erasing cases and holding them: who may, for what reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.ids import known_case_id
from api.parts import Parts
from api.reading import read
from api.rights import Person, Right, require
from api.schemas import LiftBody, ReasonBody
from core.errors import NotFound, Refused
from core.keys import open_keys
from store.erasing import (
    AlreadyErased,
    CaseUnknown,
    Erased,
    Eraser,
    Hold,
    NotHeld,
    holds_of,
    lift_hold,
    place_hold,
)


async def erase_case(parts: Parts, person: Person, case_id: str, fields: Mapping[str, Any]) -> Erased:
    """Erases a closed case for good; of one that is erased it says when that was.

    Raises Forbidden, InvalidFields, NotFound, Refused (open, or under a legal hold), Unavailable.
    """
    actor = require(person, Right.ERASE)
    body = read(ReasonBody, fields)
    async with open_keys(parts.settings) as keys:
        eraser = Eraser(parts.database, parts.files, keys, parts.engine, parts.pace)
        return await eraser.erase(known_case_id(case_id), by=actor.user, reason=body.reason)


async def hold_case(parts: Parts, person: Person, case_id: str, fields: Mapping[str, Any]) -> Hold:
    """Places a legal hold on a case; one that is in force stays. Raises Forbidden, InvalidFields, NotFound, Refused."""
    actor = require(person, Right.HOLD)
    body = read(ReasonBody, fields)
    try:
        async with parts.database.session() as session:
            return await place_hold(session, known_case_id(case_id), by=actor.user, reason=body.reason)
    except CaseUnknown:
        raise NotFound("there is no such case") from None
    except AlreadyErased:
        raise Refused("this case is erased: there is nothing left to hold") from None


async def release_case(parts: Parts, person: Person, case_id: str, fields: Mapping[str, Any]) -> Hold:
    """Lifts the legal hold of a case. Raises Forbidden, InvalidFields, NotFound when none is in force."""
    actor = require(person, Right.HOLD)
    body = read(LiftBody, fields)
    try:
        async with parts.database.session() as session:
            return await lift_hold(session, known_case_id(case_id), by=actor.user, reason=body.reason)
    except NotHeld:
        raise NotFound("no legal hold of this case is in force") from None


async def holds_of_case(parts: Parts, case_id: str) -> tuple[Hold, ...]:
    """Returns every legal hold that a case had, the newest first."""
    async with parts.database.reading() as session:
        return await holds_of(session, known_case_id(case_id))
