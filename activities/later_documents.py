"""The activity that issues a document of a closed case again, as a new version made of its complete record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.documents import Documents
from domain.case import CaseState, Document, TaskState
from domain.documents.kinds import DocumentKind
from domain.documents.made import why_not
from domain.documents.order import DocumentOrder, IssueAgain, RecordPoint, languages_of

if TYPE_CHECKING:
    from store.sessions import Database


class LaterDocuments:
    """Issues documents of closed cases; who asked, when and why stays beside each."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database, self._documents = database, documents

    @activity.defn(name="issue_again")
    async def issue_again(self, request: IssueAgain) -> tuple[Document, ...]:
        """Returns the new version in each language of the case's papers, and a new archive index that lists it.

        Run again after it was kept, it returns the same. Raises ApplicationError, not to be retried, when there is no
        such case or the document cannot be made of its record.
        """
        from store.later_documents import keep_later
        from store.queries.cases import find_case
        from store.queries.documents import documents_of, later_documents
        from store.queries.events import all_events

        async with self._database.reading() as session:
            before = await later_documents(session, request.case_id, request_id=request.request_id)
            view = await find_case(session, request.case_id)
            events = await all_events(session, request.case_id)
            known = await documents_of(session, request.case_id)
        if before:
            return before
        if view is None or not events:
            message = "there is no such case"
            raise ApplicationError(message, type="NoSuchCase", non_retryable=True)
        tasks = tuple(one.task for one in view.tasks)
        if refusal := why_not(request.kind, view.state, tasks):
            raise ApplicationError(refusal, type="NothingToIssue", non_retryable=True)
        point = RecordPoint(no=events[-1].no, hash=events[-1].hash)
        issued: tuple[Document, ...] = ()
        for kind in dict.fromkeys((request.kind, DocumentKind.ARCHIVE_INDEX)):
            order = _order(request, kind, view.state, tasks, point, (*known, *issued))
            issued = (*issued, *await self._documents.issue(order))
        async with self._database.session() as session:
            await keep_later(session, request.case_id, request.request_id, issued)
        return issued


def _order(
    request: IssueAgain,
    kind: DocumentKind,
    state: CaseState,
    tasks: tuple[TaskState, ...],
    point: RecordPoint,
    known: tuple[Document, ...],
) -> DocumentOrder:
    languages = tuple(dict.fromkeys(one.language for one in known)) or languages_of(state)
    return DocumentOrder(
        kind=kind,
        languages=languages,
        version=max((one.version for one in known if one.kind == kind), default=0) + 1,
        case=state.model_copy(update={"documents": known}),
        tasks=tasks,
        record=point,
        ordered_at=request.at,
        by=request.by,
        reason=request.reason,
    )
