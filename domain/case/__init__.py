"""A case: the request it begins with, what people tell it, and its state."""

from domain.case.application import Application, CaseStart, Customer, FaultCategory, ProblemReport, Product, Wish
from domain.case.messages import MESSAGES, Completion, Message, OnBehalfOf, message_problem
from domain.case.state import (
    CaseEnd,
    CaseState,
    CaseStatus,
    ConsentGiven,
    Document,
    Done,
    Hold,
    Information,
    Projection,
    ProjectionReceipt,
    Result,
    TaskState,
    TaskStatus,
)

__all__ = [
    "MESSAGES",
    "Application",
    "CaseEnd",
    "CaseStart",
    "CaseState",
    "CaseStatus",
    "Completion",
    "ConsentGiven",
    "Customer",
    "Document",
    "Done",
    "FaultCategory",
    "Hold",
    "Information",
    "Message",
    "OnBehalfOf",
    "ProblemReport",
    "Product",
    "Projection",
    "ProjectionReceipt",
    "Result",
    "TaskState",
    "TaskStatus",
    "Wish",
    "message_problem",
]
