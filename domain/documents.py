"""What a document of a case is made from."""

from __future__ import annotations

from enum import StrEnum

from domain.case import CaseState, TaskState
from domain.model import Frozen, Instant


class DocumentKind(StrEnum):
    """Papers a case issues."""

    SERVICE_CONFIRMATION = "service_confirmation"
    """What the customer accepted and signed (R8)."""
    REQUIREMENT_FORM = "requirement_form"
    """The Customer Service Requirement Form: what was asked for as it was registered, what was done, and the customer's
    signature as proof of acceptance (M1, M8)."""
    HANDOVER_FORM = "handover_form"
    """What was taken back from the customer, in which condition, and who signed for it (M6)."""
    CASE_FILE = "case_file"
    """Work order, reports, service records, costs and papers of the whole case, filed together (R10)."""


class DocumentOrder(Frozen):
    """Orders one document of a case, made from its state and tasks as they are recorded."""

    kind: DocumentKind
    language: str
    version: int
    case: CaseState
    tasks: tuple[TaskState, ...]
    ordered_at: Instant
