"""Problem details (RFC 9457): every refusal as `application/problem+json` with the path of each wrong field."""

from __future__ import annotations

import http
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.languages import say
from core.errors import AftercareError, Invalid, Unauthenticated, Unavailable
from core.logging import get_logger
from domain.tasks import FieldError, field_errors

MEDIA_TYPE = "application/problem+json"
_LONGEST_PATH = 200
_log = get_logger(__name__)


class InvalidFields(Invalid):
    """Several fields do not make sense; `errors` names each by its dotted path."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(FieldError(path=_shown(error.path), message=_shown(error.message)) for error in errors)
        super().__init__(
            "; ".join(f"{error.path}: {error.message}" for error in self.errors), field=self.errors[0].path
        )

    def __str__(self) -> str:
        return self.detail

    @classmethod
    def at(cls, path: str, message: str) -> InvalidFields:
        """One field, one reason."""
        return cls([FieldError(path=path, message=message)])

    @classmethod
    def of(cls, invalid: ValidationError, prefix: str = "") -> InvalidFields:
        """What pydantic found, in plain words, each path under `prefix`."""
        return cls(prefixed(field_errors(invalid), prefix))


class BadRequest(AftercareError):
    """The body cannot be read at all."""

    status = 400
    title = "Cannot be read"


class UnsupportedMediaType(AftercareError):
    """The body is of a kind that this address does not take."""

    status = 415
    title = "Wrong kind of content"


class TooManyRequests(AftercareError):
    """Too often in too short a time; `retry_after` seconds until it may succeed."""

    status = 429
    title = "Too many attempts"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ProblemField(BaseModel):
    """One wrong field."""

    path: str
    message: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ProblemField] = []


def prefixed(errors: Iterable[FieldError], prefix: str) -> list[FieldError]:
    """Puts `prefix` before each path: `outcome` and `costs.0.amount` become `outcome.costs.0.amount`."""
    return [FieldError(path=".".join(part for part in (prefix, e.path) if part), message=e.message) for e in errors]


def _shown(text: str) -> str:
    """Text that someone sent, safe to send back: no half characters, and not without end."""
    return text.encode("utf-8", "replace").decode()[: _LONGEST_PATH * 2]


def problem(
    status: int, title: str, detail: str, errors: Iterable[FieldError] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """Returns a problem document."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": _shown(detail)}
    findings = [{"path": _shown(error.path), "message": _shown(error.message)} for error in errors]
    if findings:
        body["errors"] = findings
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def errors_of(error: AftercareError) -> tuple[FieldError, ...]:
    """The wrong fields that an error names, none for one that is not about a field."""
    if isinstance(error, InvalidFields):
        return error.errors
    return (FieldError(path=error.field, message=error.detail),) if error.field else ()


def wants_page(request: Request) -> bool:
    """True when a person's browser asks, not a program."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _answer(
    request: Request,
    status: int,
    title: str,
    detail: str,
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    page = getattr(request.app.state, "error_page", None)
    if page is not None and wants_page(request):
        shown: Response = page(request, status, title, detail)
        for name, value in (headers or {}).items():
            shown.headers.setdefault(name, value)
        return shown
    told = [FieldError(path=error.path, message=say(error.message)) for error in errors]
    return problem(status, title, say(detail), told, headers)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, AftercareError)  # noqa: S101 - registered for nothing else
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="aftercare"'
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if error.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    if error.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("refused", status=error.status, detail=error.detail)
    return _answer(request, error.status, error.title, error.detail, errors_of(error), headers)


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    findings = []
    for found in error.errors():
        where = [str(part) for part in found["loc"]]
        path = ".".join(where[1:] if where and where[0] in ("body", "query", "path", "header") else where)
        findings.append(FieldError(path=path, message=str(found["msg"])))
    detail = "; ".join(f"{finding.path}: {finding.message}" for finding in findings)
    return _answer(request, 422, Invalid.title, detail, findings)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    title = http.HTTPStatus(error.status_code).phrase
    detail = "there is nothing at this address" if error.detail == title == "Not Found" else str(error.detail)
    return _answer(request, error.status_code, title, detail, headers=error.headers)


async def database_away(request: Request, error: Exception) -> Response:
    """Says that the database cannot be reached."""
    _log.warning("database not reachable", kind=type(error).__name__)
    return await _ours(request, Unavailable("the database cannot be reached; send the same again in a moment"))


async def _line_broke(request: Request, _error: Exception) -> Response:
    """Nobody reads this answer; it only keeps a broken line from being taken for a mistake of ours."""
    return _answer(request, BadRequest.status, BadRequest.title, "the line broke before all of the body was here")


def unexpected(request: Request, error: Exception) -> Response:
    """Logs a mistake of ours and says so. Neither the error's text nor any value is logged: both can be personal."""
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("unexpected error", kind=type(error).__name__, where=where[-12:])
    detail = "this is our mistake; it was logged. Try again, or tell who runs this."
    return _answer(request, 500, "Something failed", detail)


def install(app: FastAPI) -> None:
    """Answers every error of the application as a problem document, or as a page where one was asked for."""
    app.add_exception_handler(AftercareError, _ours)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _line_broke)
    for kind in (OperationalError, InterfaceError, PoolTimeout, ConnectionError):
        app.add_exception_handler(kind, database_away)
