"""The JSON routes under /api/v1, and the two that tell whether the process is well."""

from fastapi import APIRouter

from api.routes import (
    access,
    actions,
    articles,
    attachments,
    cases,
    documents,
    engineers,
    erasing,
    factories,
    health,
    notices,
    plans,
    products,
    record,
    reports,
    resumable,
    shipments,
    tasks,
)

api = APIRouter(prefix="/api/v1")
for part in (
    cases,
    record,
    erasing,
    access,
    tasks,
    engineers,
    resumable,
    attachments,
    documents,
    notices,
    shipments,
    plans,
    products,
    factories,
    reports,
    articles,
    actions,
):
    api.include_router(part.router)

__all__ = ["api", "health"]
