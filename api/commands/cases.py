"""Cases from the command line: over HTTP like every other program, the history from the engine itself."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from api.commands import people
from core.errors import AftercareError, Invalid, NotFound, Refused, Unavailable
from core.settings import Settings

_SHORT = timedelta(minutes=5)
_SECONDS = 30.0


async def open_case(settings: Settings, file: Path, user: str, key: str | None) -> dict[str, Any]:
    """Open a case from a JSON file (``-`` reads standard input).

    Args:
        settings: where the API and its database are.
        file: the body of ``POST /cases``.
        user: on whose behalf; needs the right to open cases.
        key: a repeat with the same key is the same case.

    Raises:
        Invalid: the file is not JSON, or the API found a field wrong.
        AftercareError: the API refused, or cannot be reached.
    """
    headers = {"Idempotency-Key": key} if key else {}
    return await call(settings, user, "POST", "/cases", json=_read(file), headers=headers)


def _read(file: Path) -> Any:
    try:
        return json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise Invalid(f"{file} is not JSON: {error}") from None


async def show_case(settings: Settings, case_id: str, user: str) -> dict[str, Any]:
    """A case as the API shows it.

    Raises:
        NotFound: no such case.
        AftercareError: the API refused, or cannot be reached.
    """
    return await call(settings, user, "GET", f"/cases/{case_id}")


async def history(settings: Settings, case_id: str) -> str:
    """The Temporal history of a case's newest run as JSON, as the Replayer and Temporal's tools read it.

    Its content is readable unless the case was erased.

    Raises:
        NotFound: the engine has no such case (any more).
        Unavailable: the engine cannot be reached.
    """
    from temporalio.service import RPCError, RPCStatusCode

    from core.codec import readable
    from core.keys import open_keys
    from core.temporal import connect

    keys = open_keys(settings)
    client = await connect(settings, identity="aftercare-cli", keys=keys)
    try:
        fetched = await client.get_workflow_handle(case_id).fetch_history()
    except RPCError as error:
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}:
            raise NotFound(f"the engine has no case {case_id}: check the id with `aftercare case show`") from None
        raise Unavailable(f"the engine did not answer: {error.message}") from None
    return (await readable(fetched, keys)).to_json()


async def call(settings: Settings, user: str, method: str, path: str, **arguments: Any) -> dict[str, Any]:
    """Ask the running API on behalf of a user.

    Raises:
        AftercareError: the API refused, or cannot be reached.
    """
    token = await people.token(settings, user, _SHORT)
    headers = {"Authorization": f"Bearer {token}", **arguments.pop("headers", {})}
    # The process on this machine, not the public address: that one may be behind a proxy we cannot reach.
    base = f"http://{settings.host}:{settings.port}"
    try:
        async with httpx.AsyncClient(base_url=f"{base}/api/v1", timeout=_SECONDS, trust_env=False) as client:
            answer = await client.request(method, path, headers=headers, **arguments)
    except httpx.TransportError:
        raise Unavailable(f"nothing answers at {base}: start it with `aftercare up`, or set AFTERCARE_PORT") from None
    if answer.is_success:
        result: dict[str, Any] = answer.json() if answer.content else {}
        return result
    raise _as_error(answer)


def _as_error(answer: httpx.Response) -> AftercareError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    detail = str(problem.get("detail") or problem.get("title") or f"the API answered {answer.status_code}")
    findings = [f"{found.get('path')}: {found.get('message')}" for found in problem.get("errors") or []]
    if findings:
        return Invalid("; ".join(findings))
    if answer.status_code == NotFound.status:
        return NotFound(detail)
    if answer.status_code == Unavailable.status:
        return Unavailable(detail)
    return Refused(detail)
