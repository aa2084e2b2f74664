"""Reading what somebody without an account sends: bounded while it is read, and not too often from one place."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message

from api.actions.attachments import size_words, storage_told
from api.problems import TooManyRequests
from api.throttle import Throttle
from core.errors import TooLarge

MOST_FILES = 12
_MOST_FIELDS = 80


async def public_form(request: Request, limit: int) -> FormData:
    """Reads a posted form with its files. Raises TooLarge once it is longer than `limit` bytes, NoRoom."""
    too_large = TooLarge(f"all of it together may have {size_words(limit)} at most; send fewer or smaller photos")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and len(told) < 20 and int(told) > limit:
        raise too_large
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise too_large
        return message

    with storage_told():  # files of a form wait on disk until all of it is here
        return await Request(request.scope, counted).form(max_files=MOST_FILES, max_fields=_MOST_FIELDS)


def address_of(request: Request) -> str:
    """The address that a request comes from, as far as it is known."""
    return request.client.host if request.client else ""


def not_too_often(throttle: Throttle, key: object) -> None:
    """Counts one try. Raises TooManyRequests when there were too many before it."""
    wait = throttle.seconds_to_wait((key,))
    if wait:
        raise TooManyRequests(f"this came too often; try again in {wait} seconds", retry_after=wait)
    throttle.count((key,))
