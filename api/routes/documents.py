"""Documents that a case issued."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.ids import known_case_id
from api.parts import Parts, PartsDep
from api.rights import Person, Right, require
from api.routes.attachments import file_response
from api.shown import DocumentsPage
from api.signin import PersonDep
from core.errors import NotFound
from store.queries.cases import case_exists
from store.queries.documents import documents_of, find_document

router = APIRouter(tags=["documents"])


@router.get("/cases/{case_id}/documents")
async def documents(parts: PartsDep, person: PersonDep, case_id: str) -> DocumentsPage:
    """Lists what was issued for a case, with kind, language, version and hash."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        found = await documents_of(session, known_case_id(case_id))
        if not found and not await case_exists(session, case_id):
            raise NotFound("there is no such case")
    return DocumentsPage(items=list(found), next=None)


@router.get("/documents/{document_id}", response_class=Response)
async def document(parts: PartsDep, person: PersonDep, document_id: str) -> Response:
    """Gives the file of a document, to be saved."""
    return await _file(parts, person, document_id, shown=False)


@router.get("/documents/{document_id}/preview", response_class=Response)
async def preview(parts: PartsDep, person: PersonDep, document_id: str) -> Response:
    """Gives the file of a document, to be shown by the browser in place."""
    return await _file(parts, person, document_id, shown=True)


async def _file(parts: Parts, person: Person, document_id: str, *, shown: bool) -> Response:
    require(person, Right.SEE_CASES)
    if not document_id.isascii() or not document_id.isprintable() or len(document_id) > 200:
        raise NotFound("there is no such document")
    async with parts.database.reading() as session:
        found = await find_document(session, document_id)
    if found is None:
        raise NotFound("there is no such document")
    return await file_response(parts, found[1].file, paper=shown)
