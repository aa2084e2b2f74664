"""The OpenAPI document, with the bodies that we read ourselves, and a plain page that lists the operations."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.problems import MEDIA_TYPE, Problem
from api.schemas import BODIES

OPENAPI_PATH = "/api/openapi.json"
_REF = "#/components/schemas/{model}"
_BODY = "x-aftercare-body"

router = APIRouter(include_in_schema=False)


def json_body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """What a route that reads its body itself says about it; the schema is put in when the document is made."""
    return {_BODY: model.__name__, "requestBody": {"required": required, "content": {"application/json": {}}}}


def document(app: FastAPI) -> dict[str, Any]:
    """Returns the OpenAPI document, made once for all applications that have the same routes."""
    wired: FastAPI = app.state.wired
    if wired.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        _add_bodies(made)
        _add_problems(made)
        wired.openapi_schema = made
    return wired.openapi_schema


def _add_bodies(made: dict[str, Any]) -> None:
    models: list[type[BaseModel]] = [*BODIES, Problem]
    wanted: list[tuple[type[BaseModel], Literal["validation"]]] = [(model, "validation") for model in models]
    names, definitions = models_json_schema(wanted, ref_template=_REF)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in definitions.get("$defs", {}).items():
        schemas.setdefault(name, schema)
    references = {model.__name__: reference for (model, _), reference in names.items()}
    for operation in _operations(made):
        body = operation.pop(_BODY, None)
        if body is not None:
            operation["requestBody"]["content"]["application/json"]["schema"] = references[body]
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "from `aftercare token USER`"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "aftercare_session",
            "description": "from the sign-in page",
        },
    }


def _add_problems(made: dict[str, Any]) -> None:
    answer = {
        "description": "Refused; the problem document says why (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
    for path, methods in made["paths"].items():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"]["4XX"] = answer
            if path.startswith("/api/"):
                operation["responses"]["503"] = answer
                operation["security"] = [{"token": []}, {"session": []}]


def _operations(made: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in made["paths"].values() for operation in methods.values()]


@router.get(OPENAPI_PATH)
async def openapi(request: Request) -> JSONResponse:
    """The document."""
    return JSONResponse(document(request.app))


@router.get("/api/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every operation in a table of our own: no script, nothing fetched from elsewhere."""
    made = document(request.app)
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{html.escape(path)}</code></td>"
        f"<td>{html.escape(operation.get('description', ''))}</td></tr>"
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    )
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(made['info']['title'])} API</title>"
        f"<h1>{html.escape(made['info']['title'])} API</h1>"
        f"<p>The whole description: <a href={OPENAPI_PATH}>{OPENAPI_PATH}</a>. "
        "Sign in with <code>Authorization: Bearer</code> and a token from <code>aftercare token USER</code>.</p>"
        f"<table><thead><tr><th>Method<th>Path<th>What it does</thead><tbody>{rows}</tbody></table></html>"
    )
