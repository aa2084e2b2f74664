"""Reading JSON that may be hostile: size, depth, encoding and kind are checked before anything else sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from api.problems import BadRequest, UnsupportedMediaType
from core.errors import TooLarge

_DEEPEST = 30


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return read


def read_json(body: bytes) -> Any:
    """Returns the value. Raises BadRequest for what is not JSON, too deep, or holds half a character."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except UnicodeDecodeError:
        raise BadRequest("the body is not UTF-8") from None
    except RecursionError:
        raise BadRequest("the body is nested too deeply") from None
    except ValueError as broken:  # malformed, a number of thousands of digits, NaN
        raise BadRequest(f"the body is not JSON: {str(broken)[:200]}") from None
    _check(value)
    return value


def _check(value: Any) -> None:
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        found, depth = waiting.pop()
        if depth > _DEEPEST:
            raise BadRequest(f"the body is nested more than {_DEEPEST} levels deep")
        if isinstance(found, str):
            try:
                found.encode()
            except UnicodeEncodeError:
                raise BadRequest("the body holds half a character (a lone surrogate)") from None
        elif isinstance(found, dict):
            waiting.extend((part, depth + 1) for pair in found.items() for part in pair)
        elif isinstance(found, list):
            waiting.extend((part, depth + 1) for part in found)


async def limited_body(request: Request, limit: int) -> bytes:
    """Returns the whole body. Raises TooLarge as soon as it is longer than `limit` bytes."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and len(told) < 20 and int(told) > limit:
        raise TooLarge(f"the body is larger than {limit} bytes")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"the body is larger than {limit} bytes")
    return bytes(body)


def _object(*, may_be_empty: bool) -> Callable[[Request], Any]:
    async def read(request: Request) -> dict[str, Any]:
        body = await limited_body(request, request.app.state.parts.settings.max_body_bytes)
        if not body.strip() and may_be_empty:
            return {}
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise UnsupportedMediaType("send the body as application/json")
        value = read_json(body)
        if not isinstance(value, dict):
            raise BadRequest("the body is not a JSON object")
        return value

    return read


JsonObject = Annotated[dict[str, Any], Depends(_object(may_be_empty=False))]
"""The body as a JSON object."""
OptionalJsonObject = Annotated[dict[str, Any], Depends(_object(may_be_empty=True))]
"""The body as a JSON object; no body is an empty one."""
