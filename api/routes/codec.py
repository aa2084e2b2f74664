"""The codec server: opens what the engine keeps sealed for its Web UI and command line, by Temporal's codec protocol.

It takes the JSON of `Payloads` and answers the same. The Web UI comes with the session of who is signed in here, the
command line with a token.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads

from api.looked import also_looked
from api.opening import OF_NO_CASE, opened, sealed_for
from api.parts import PartsDep
from api.problems import BadRequest, TooManyRequests
from api.route_rights import Kind
from api.signin import PersonDep
from api.throttle import Throttle
from core.errors import Invalid, TooLarge

router = APIRouter(prefix="/codec", include_in_schema=False)
MOST_BYTES = 8 * 1024 * 1024
"""More than the engine sends at once: it refuses payloads above 2 MB."""
MOST_PAYLOADS = 2_000
OFTEN = Throttle(limit=6000, seconds=60)
"""Requests of one person: the Web UI makes one for each payload of a history, and again as the history grows."""
GUESSES = Throttle(limit=100, seconds=3600)
"""Payloads of one person that no key of ours sealed: nobody finds out by trying what was sealed."""


@router.options("/decode")
@router.options("/encode")
async def ask_first() -> Response:
    """What a browser asks before it sends another site's request; the answer is in the headers, or it is no."""
    return Response(status_code=204)


@router.post("/decode")
async def decode(request: Request, parts: PartsDep, person: PersonDep) -> Response:
    """Opens payloads and notes whose case was read.

    Raises BadRequest, TooLarge, TooManyRequests, Unavailable.
    """
    _not_too_often(person.user_id)
    found = await opened(await _payloads(request), parts.keys())
    for _ in range(found.wrong):
        GUESSES.count(person.user_id)
    for case_id in found.cases:
        also_looked(request, person, Kind.CASE, case_id)
    if found.others:
        also_looked(request, person, Kind.EXPORT, OF_NO_CASE)
    return _answer(found.payloads)


@router.post("/encode")
async def encode(
    request: Request,
    parts: PartsDep,
    person: PersonDep,
    x_workflow_id: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Seals payloads with the key of the workflow that the header `X-Workflow-Id` names, which Temporal's own pages do
    not send: what belongs to no workflow could not be erased with its case.

    Raises Invalid without it, KeyDestroyed, and as `decode`.
    """
    _not_too_often(person.user_id)
    if not x_workflow_id:
        raise Invalid(
            "what is sealed belongs to a workflow, and this request names none: send X-Workflow-Id, or tell the case "
            "by its own page, which records who did it",
            field="X-Workflow-Id",
        )
    return _answer(await sealed_for(x_workflow_id, await _payloads(request), parts.keys()))


async def _payloads(request: Request) -> Payloads:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise TooLarge(f"at most {MOST_BYTES} bytes can be opened at once")
    try:
        found = json_format.Parse(bytes(body), Payloads(), ignore_unknown_fields=True)
    except (json_format.ParseError, UnicodeDecodeError, RecursionError):
        raise BadRequest("the body is not the JSON of Temporal's Payloads") from None
    if len(found.payloads) > MOST_PAYLOADS:
        raise TooLarge(f"at most {MOST_PAYLOADS} payloads can be opened at once")
    return found


def _answer(payloads: Payloads) -> Response:
    return Response(json_format.MessageToJson(payloads, indent=None), media_type="application/json")


def _not_too_often(user_id: str) -> None:
    """Counts one request. Raises TooManyRequests."""
    if wait := max(OFTEN.seconds_to_wait(user_id), GUESSES.seconds_to_wait(user_id)):
        raise TooManyRequests(f"this came too often; try again in {wait} seconds", retry_after=wait)
    OFTEN.count(user_id)
