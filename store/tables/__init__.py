"""Every table by name."""

from store.columns import Base
from store.tables.people import SessionRow, TokenRow, UserRow
from store.tables.projection import CaseRow, DocumentRow, EventRow, TaskRow
from store.tables.work import AssignmentRow, AttachmentRow, SubmissionRow, WorkOrderCounterRow, WorkOrderRow

__all__ = [
    "AssignmentRow",
    "AttachmentRow",
    "Base",
    "CaseRow",
    "DocumentRow",
    "EventRow",
    "SessionRow",
    "SubmissionRow",
    "TaskRow",
    "TokenRow",
    "UserRow",
    "WorkOrderCounterRow",
    "WorkOrderRow",
]
